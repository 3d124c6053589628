// A real VS Code on a free port of this machine: code-server, with a home, settings and extensions of its own that
// live in one throw-away folder.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { codeServerPath, installEditor, installNode, nodePath } from '../../tools/editor-host/setup.mjs';

/** Settings that keep the window quiet: no welcome, no updates, no offers. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'workbench.enableExperiments': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'terminal.integrated.gpuAcceleration': 'off',
  // On a busy machine a closing palette gives the focus back late, and the pick it opened would close again.
  'workbench.quickOpen.closeOnFocusLost': false,
  'workbench.reduceMotion': 'on',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
};

/** The same, of machine scope: here the user's own do not count. */
const QUIET_MACHINE = { 'workbench.welcomePage.walkthroughs.openOnInstall': false };

/**
 * A new profile of the editor in a temporary folder.
 * @param {Record<string, unknown>} [machineSettings] settings of machine scope, as Portside's are.
 * @returns {Profile}
 * @typedef {{ folder: string, data: string, workspace: string, browser: string, log: string, remove(): void }} Profile
 *   `log`: the server's own output. `browser`: the profile of the browser, where the editor keeps secrets.
 */
export function createProfile(machineSettings = {}) {
  installNode();
  installEditor();
  const folder = mkdtempSync(join(tmpdir(), 'portside-editor-'));
  const at = (name) => join(folder, name);
  for (const name of ['home', 'extensions', 'workspace', 'browser', 'data/User', 'data/Machine']) {
    mkdirSync(at(name), { recursive: true });
  }
  writeFileSync(at('config.yaml'), '{}\n');
  const profile = {
    folder,
    data: at('data'),
    workspace: at('workspace'),
    browser: at('browser'),
    log: at('server.log'),
    remove() {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  writeFileSync(at('data/User/settings.json'), JSON.stringify(QUIET, null, 2));
  const ofMachine = { ...QUIET_MACHINE, ...machineSettings };
  writeFileSync(at('data/Machine/settings.json'), JSON.stringify(ofMachine, null, 2));
  return profile;
}

/** Installs a packaged extension into the profile. Rejects with what the editor said. */
export async function installExtension(profile, vsix) {
  const child = spawn(nodePath, [codeServerPath, ...folders(profile), '--install-extension', vsix], {
    env: cleanEnvironment(profile),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`The editor does not take ${vsix}:\n${said}`);
}

/** Puts an unpacked extension into a profile whose editor has not run yet. */
export function placeExtension(profile, folder) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const target = join(profile.folder, 'extensions', `${publisher}.${name}-${version}`);
  cpSync(folder, target, { recursive: true });
}

/**
 * Starts the server and waits until it answers.
 * @param {Profile} profile
 * @param {{ testDriver?: boolean, trusting?: boolean, env?: Record<string, string>, port?: number }} [options]
 *   `trusting`: asks nobody whether a folder is trusted. `testDriver`: let the page be
 *   told which extension under development and which tests to load. It suppresses notifications, so UI tests do without.
 */
export async function startCodeServer(profile, { testDriver = false, trusting = true, env = {}, port } = {}) {
  const chosen = port ?? (await freePort());
  const authority = `127.0.0.1:${chosen}`;
  const log = openSync(profile.log, 'a');
  const args = [
    codeServerPath,
    ...['--auth', 'none', '--bind-addr', authority, ...folders(profile)],
    ...['--disable-telemetry', '--disable-update-check'],
    ...(trusting ? ['--disable-workspace-trust'] : []),
    '--disable-getting-started-override',
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  // Its own process group: the server starts extension hosts and watchers, and all must end with it.
  const child = spawn(nodePath, args, {
    env: cleanEnvironment(profile, env),
    stdio: ['ignore', log, log],
    detached: true,
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  // However this process ends, the server does not stay behind.
  process.once('exit', () => signalGroup(child.pid, 'SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const server = {
    authority,
    url: `http://${authority}`,
    port: chosen,
    /** Ends the server and all it started. */
    async stop() {
      signalGroup(child.pid, 'SIGTERM');
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 5000))]);
      signalGroup(child.pid, 'SIGKILL');
    },
  };
  const end = Date.now() + 60_000;
  while (!(await answers(`${server.url}/healthz`))) {
    if (child.exitCode !== null || Date.now() > end) {
      await server.stop();
      throw new Error(`code-server did not come up:\n${readFileSync(profile.log, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return server;
}

/**
 * The address of a window on the profile's workspace.
 * @param {string[][]} [payload] pairs for a server with the test driver.
 */
export function windowUrl(server, profile, payload = []) {
  const query = new URLSearchParams({ folder: profile.workspace });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.url}/?${query}`;
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .on('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });
}

const folders = (profile) => [
  ...['--config', join(profile.folder, 'config.yaml')],
  ...['--user-data-dir', profile.data],
  ...['--extensions-dir', join(profile.folder, 'extensions')],
];

/** Nothing of this machine's settings or keys reaches the editor, and the editor asks no gallery. */
function cleanEnvironment(profile, more = {}) {
  const kept = ['LANG', 'LC_ALL', 'TERM', 'SHELL', 'TMPDIR'].filter((name) => process.env[name]);
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    HOME: join(profile.folder, 'home'),
    PATH: `${dirname(nodePath)}:${process.env.PATH}`,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...more,
  };
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
