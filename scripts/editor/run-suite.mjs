// Runs the mocha suite of src/test/editor inside a real VS Code, through @vscode/test-electron:
//   node scripts/editor/run-suite.mjs results.json
// On Linux x64 `code-shim.mjs` stands in for the desktop editor (code-server, shown in Chromium): it needs the package
// registry alone. Elsewhere, and with PORTSIDE_EDITOR=desktop, the desktop editor is downloaded; where it cannot be had,
// the suite is reported as skipped.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { supported } from '../../tools/editor-host/setup.mjs';
import { findNode } from '../with-node24.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const output = resolve(process.argv[2] ?? join(root, 'out/results/editor.json'));
const desktop = process.env.PORTSIDE_EDITOR === 'desktop' || !supported;

const vscodeExecutablePath = desktop ? await download() : join(here, 'code-shim.mjs');
if (vscodeExecutablePath) {
  const data = mkdtempSync(join(tmpdir(), 'portside-editor-'));
  // The shim's first line asks for `node`: let that be one which can run it.
  process.env.PATH = `${dirname(findNode())}:${process.env.PATH}`;
  try {
    await runTests({
      vscodeExecutablePath,
      // The second brings language models, as extensions of model makers do.
      extensionDevelopmentPath: [root, join(root, 'src/test/editor/model-maker')],
      extensionTestsPath: join(root, 'out/test/editor/index.js'),
      // The stand-in makes a profile of its own and says where; it takes no arguments of the desktop's.
      extensionTestsEnv: { PORTSIDE_TEST_RESULTS: output, PORTSIDE_TEST_DATA: data },
      launchArgs: ['--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${data}`],
    });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The desktop editor's path, or undefined after writing the suite down as skipped. */
async function download() {
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: join(root, 'out/vscode') });
  } catch (error) {
    if (supported) throw error;
    const reason = `the editor could not be downloaded: ${error.message}`;
    mkdirSync(dirname(output), { recursive: true });
    const skipped = [{ title: 'the suite inside the editor', reason }];
    if (!existsSync(output)) writeFileSync(output, JSON.stringify({ passed: [], failed: [], skipped }));
    return undefined;
  }
}
