// Builds the bundles of the product: the extension, the proxy core (loaded on first start, in its worker), the keeper of
// the monitor's records (in a worker of its own), the command line, and the scripts of panel and monitor.
// `--outdir=<folder>` puts them elsewhere than into dist/; `--tests` builds the test files into out/ instead.
import { build, context } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainVscode } from './scripts/plain-vscode.mjs';
import { prices } from './scripts/prices/plugin.mjs';

const has = (flag) => process.argv.includes(`--${flag}`);
const production = has('production');
const outdir = process.argv.find((arg) => arg.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [prices()],
};

const product = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    outdir,
    plugins: [...node.plugins, plainVscode()],
    external: ['vscode', './proxy.js'],
    // Its other form asks for its files in a way that cannot be bundled.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  },
  { ...node, entryPoints: { proxy: 'src/proxy/thread.ts' }, outdir },
  { ...node, entryPoints: { monitor: 'src/proxy/monitor-thread.ts' }, outdir },
  {
    ...node,
    entryPoints: { cli: 'src/proxy/cli.ts' },
    outdir,
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...node,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    tsconfig: 'src/webview/tsconfig.json',
    entryPoints: { panel: 'src/webview/panel.ts', monitor: 'src/webview/monitor.ts' },
    outdir: join(outdir, 'webview'),
    loader: { '.css': 'text', '.ttf': 'file', '.svg': 'text' },
  },
];

// Test bundles keep packages outside: the official SDKs are loaded as their users load them.
const testFiles = () =>
  readdirSync('src/test', { recursive: true })
    .filter((file) => /\.test\.ts$|^editor[\\/]index\.ts$/.test(file))
    .map((file) => join('src/test', file));

if (has('tests')) {
  rmSync('out/test', { recursive: true, force: true });
  await build({
    ...node,
    minify: false,
    sourcemap: 'inline',
    entryPoints: testFiles(),
    outbase: 'src/test',
    outdir: 'out/test',
    packages: 'external',
    external: ['vscode'],
  });
} else {
  rmSync(outdir, { recursive: true, force: true });
  if (has('watch')) {
    for (const options of product) await (await context(options)).watch();
  } else {
    await Promise.all(product.map((options) => build(options)));
  }
}
