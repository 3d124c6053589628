// Stands for the extension host: starts the proxy core in its worker with the extension's own code
// (src/host/thread/proxy-thread.ts) and tells how busy its own thread is. `node editor-host.mjs <settings JSON>`
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'portside-bench-host-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, 'host.cjs');
await build({
  stdin: {
    contents: `export { ProxyThread } from './src/host/thread/proxy-thread';
      export { proxySettingsSchema } from './src/shared/settings';`,
    resolveDir: root,
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile: bundle,
});
const { ProxyThread, proxySettingsSchema } = createRequire(import.meta.url)(bundle);

const settings = proxySettingsSchema.parse(JSON.parse(process.argv[2]));
const quiet = () => undefined;
const log = {
  debug: quiet,
  info: quiet,
  warn: (text) => console.error(text),
  error: (text) => console.error(text),
};
const fail = (error) => {
  throw error;
};

const start = performance.now();
const thread = new ProxyThread({
  script: join(root, 'dist', 'proxy.js'),
  log,
  onStatus: quiet,
  onExchanges: quiet,
  onDeath: fail,
});
await thread.configure(settings);
const status = await thread.start();
const startMs = performance.now() - start;

let last = performance.eventLoopUtilization();
process.on('message', () => {
  const now = performance.eventLoopUtilization();
  process.send({ utilization: performance.eventLoopUtilization(now, last).utilization });
  last = now;
});
process.on('disconnect', () => process.exit());
console.log(JSON.stringify({ event: 'listening', url: status.listening.url, startMs }));
