// Starts and stops what is measured, each in a process of its own, and reads what that process has used.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillMonitor } from './fill-monitor.mjs';
import { API_KEY } from './load.mjs';
import { STREAM_DIALECTS, streamModel } from './translated-streams.mjs';

const here = import.meta.dirname;
const CLI = join(here, '..', 'dist', 'cli.js');
const PRELOAD = ['--import', join(here, 'report-usage.mjs')];
const folder = mkdtempSync(join(tmpdir(), 'portside-bench-'));
const running = new Set();
let started = 0;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Whether nginx can be run on this machine. */
export const hasNginx = () => spawnSync('nginx', ['-v']).status === 0;

/** Starts a Node program that prints one line of JSON with its `url` when it listens. */
async function startNode(name, args, execArgv = PRELOAD, stderr = 'inherit') {
  const child = spawn(process.execPath, [...execArgv, ...args], {
    stdio: ['ignore', 'pipe', stderr, 'ipc'],
    // What a process leaves behind is nobody's, the next one's neither.
    env: { ...process.env, PORTSIDE_STATE: join(folder, `state-${++started}`) },
  });
  running.add(child);
  const said = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = line.startsWith('{') ? JSON.parse(line) : {};
      if (message.event === 'listening') resolve(message);
      else if (message.event === 'error') reject(new Error(`${name}: ${message.message}`));
    });
  });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${name} ended`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(question);
    });
  const port = Number(new URL(said.url).port);
  return { ...said, name, port, ask, usage: (how = 'usage') => ask(how), stop: () => stop(child) };
}

function stop(child) {
  return new Promise((resolve) => {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', resolve);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}

/** The local provider that every target sends to. */
export const startUpstream = () => startNode('upstream', [join(here, 'upstream.mjs')]);

/** Node's practical floor: see bare.mjs. */
export const startBare = (upstream) => startNode('bare', [join(here, 'bare.mjs'), upstream.url]);

/** What Portside is told: one account at the upstream, a key asked for on every path. */
const portsideSettings = (upstream) => ({
  port: 0,
  authMode: 'strict',
  apiKey: API_KEY,
  accounts: [
    { id: 'bench', provider: 'openai-compatible', baseUrl: `${upstream.url}/v1`, key: 'sk-bench-upstream' },
  ],
});

/** One account of each dialect, told apart by the model: for translated streams. */
const translatingSettings = (upstream) => ({
  ...portsideSettings(upstream),
  accounts: STREAM_DIALECTS.map((dialect) => ({
    id: dialect,
    provider: 'openai-compatible',
    dialect,
    baseUrl: dialect.startsWith('openai') ? `${upstream.url}/v1` : upstream.url,
    key: 'sk-bench-upstream',
    models: [streamModel(dialect)],
  })),
});

/** The product as users run it without an editor. */
export const startPortside = (upstream) => serve('portside', portsideSettings(upstream));

/** A change of the configuration file is looked for every 400 ms, and acts on the next request. */
const APPLIED_MS = 1000;

/**
 * The same with a monitor that is switched while it runs, by `record(enabled)`: how a process was compiled and laid out in
 * memory makes a greater difference than the monitor.
 */
export async function startSwitched(upstream) {
  const settings = (enabled) => ({
    ...portsideSettings(upstream),
    monitor: { enabled, file: join(folder, 'switched.db') },
  });
  // It tells of every change.
  const target = await serve('switched', settings(true), 'ignore');
  const record = async (enabled) => {
    writeConfig('switched', settings(enabled));
    await sleep(APPLIED_MS);
  };
  return { ...target, record };
}

/** The same while bodies are kept, within `maxMiB` on disk. */
export async function startCapturing(upstream, maxMiB) {
  const file = join(folder, 'capturing.db');
  const monitor = { captureBodies: true, bodyLimitKiB: 2048, maxMiB, file };
  return { ...(await serve('capturing', { ...portsideSettings(upstream), monitor })), file };
}

/** The same over a database that holds records already. */
export async function startWithRecords(upstream, count) {
  const file = join(folder, 'filled.db');
  await fillMonitor(file, count);
  return serve('filled', { ...portsideSettings(upstream), monitor: { file, maxRecords: 1_000_000 } });
}

/** Two keys of one provider, of which the first is always at its limit: every request is served by the second. */
export const startFailingOver = (upstream) => {
  const settings = portsideSettings(upstream);
  const [account] = settings.accounts;
  // It tells of every failure: a thousand lines that nobody wants to read here.
  const settingsOfTwo = {
    ...settings,
    stickySessions: false,
    accounts: [{ ...account, id: 'limited', key: 'sk-bench-limited', priority: 1 }, account],
  };
  return serve('failing over', settingsOfTwo, 'ignore');
};

/** The same with accounts of every dialect. */
export const startTranslating = (upstream) => serve('translating', translatingSettings(upstream));

/** @returns the path of the file */
function writeConfig(name, settings) {
  const config = join(folder, `${name.replaceAll(' ', '-')}.json`);
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  return config;
}

function serve(name, settings, stderr) {
  const config = writeConfig(name, settings);
  return startNode(name, [CLI, 'serve', '--config', config, '--json'], PRELOAD, stderr);
}

/** A stand-in for the extension host with the proxy in its worker; `utilization()` since it was last asked. */
export async function startEditorHost(upstream) {
  const settings = JSON.stringify({ ...portsideSettings(upstream), port: await freePort() });
  const host = await startNode('editor host', [join(here, 'editor-host.mjs'), settings], []);
  return { ...host, utilization: async () => (await host.ask('utilization')).utilization };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The near-physical limit: nginx as one process, buffering off so that streams flow. */
export async function startNginx(upstream) {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    config,
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; client_max_body_size 100m; client_body_buffer_size 1m; tcp_nodelay on;
  ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join(' ')}
  upstream provider { server ${new URL(upstream.url).host}; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
    }
  }
}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  for (let tries = 0; ; tries += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answered) break;
    if (tries === 50 || child.exitCode !== null) throw new Error('nginx did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // The scheduler's own count of the process's nanoseconds on a CPU; nginx has no thread but its first.
  const usage = () =>
    Promise.resolve({
      cpuUs: Number(readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000,
    });
  return { name: 'nginx', url: `http://127.0.0.1:${port}`, port, usage, stop: () => stop(child) };
}
