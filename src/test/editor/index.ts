/**
 * Runs the suite inside the editor's extension host. @vscode/test-electron calls it, with a desktop editor as with the
 * server that stands in for it.
 */
import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Resolves when all tests passed, rejects with the number of those that failed. */
export async function run(): Promise<void> {
  const output = process.env['PORTSIDE_TEST_RESULTS'];
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 60_000,
    forbidOnly: true,
    reporter: join(root, 'scripts/results-reporter.cjs'),
    reporterOptions: { output },
    ...(process.env['PORTSIDE_TEST_GREP'] ? { grep: process.env['PORTSIDE_TEST_GREP'] } : {}),
  });
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.js')).sort())
    mocha.addFile(join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} ${failures === 1 ? 'test' : 'tests'} failed`);
}
