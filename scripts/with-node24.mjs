// Runs a script with a Node.js that has what Portside's tests need (node:sqlite, zstd, running packages of today):
//   node scripts/with-node24.mjs [--optional] script.js [arguments ...]
// The running Node where that is new enough, else the one of tools/editor-host, which is installed when missing.
// With --optional nothing is installed: what is there must do. Output, exit code, SIGINT, SIGTERM and SIGHUP pass through.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import { installNode, nodePath, supported } from '../tools/editor-host/setup.mjs';

/** The oldest Node.js that will do: zstd and `node:sqlite` without a flag, and the packages that drive the browser run. */
const OLDEST = [22, 17];

/**
 * Path of a Node.js that is new enough.
 * @param {{ optional?: boolean }} [options] `optional`: rather the running one than an installation.
 * @throws when this machine has none and there is no package for it.
 */
export function findNode({ optional = false } = {}) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  if (optional) return supported && existsSync(nodePath) ? nodePath : process.execPath;
  if (!supported) {
    throw new Error(`This needs Node.js ${OLDEST.join('.')} or newer; this is ${process.versions.node}.`);
  }
  installNode();
  return nodePath;
}

function main(args) {
  const optional = args[0] === '--optional';
  const script = optional ? args.slice(1) : args;
  if (script.length === 0) {
    console.error('usage: node scripts/with-node24.mjs [--optional] script.js [arguments ...]');
    process.exit(2);
  }
  const child = spawn(findNode({ optional }), script, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm ends the shell between it and us, and a shell ends without a word: whoever ends `npm start` means the program.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250).unref();
  // Ctrl+C in a terminal reaches the child by itself; a second one would read as impatience.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  // A signal that ended the child becomes the exit code a shell would give it.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
