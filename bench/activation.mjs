// Times the extension's activation in a process of its own, with a stand-in for the editor's API that does nothing.
// Node's own modules are loaded before: the editor's process has them long since. Prints one line of JSON: `loadMs` to
// read dist/extension.js, `activateMs` for activate() until its promise settles.
import 'node:crypto';
import 'node:fs/promises';
import 'node:http';
import Module, { createRequire } from 'node:module';
import 'node:net';
import { join } from 'node:path';
import 'node:worker_threads';
import { makeEditor } from './editor-stub.mjs';

const { vscode, context } = makeEditor(join(import.meta.dirname, '..'));
const load = Module._load;
Module._load = function (request, ...rest) {
  return request === 'vscode' ? vscode : load.call(this, request, ...rest);
};

const start = performance.now();
const extension = createRequire(import.meta.url)('../dist/extension.js');
const loaded = performance.now();
await extension.activate(context);
const activated = performance.now();
console.log(JSON.stringify({ loadMs: loaded - start, activateMs: activated - loaded }));
await extension.deactivate?.();
process.exit();
