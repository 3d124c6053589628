// Runs the project's checks and tests, all or those named:
//   node scripts/test.mjs [types] [lint] [format] [unit] [protocol] [editor] [ui]
// Goes on after a failing step; the last line is `N passed, N failed, N skipped`. Types, lint and format count as one
// each, the other steps as many as they have tests. Exit code 1 when anything failed or nothing ran.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './with-node24.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const resultsFolder = join(root, 'out/results');
const minutes = (count) => count * 60_000;

/** After its results are written a step may take this long to end; longer means that something was left open. */
const LINGER_MS = 20_000;

const STEPS = {
  types: () => check(['npm', 'run', '--silent', 'types']),
  lint: () => check(['npm', 'run', '--silent', 'lint']),
  format: () => check(['npm', 'run', '--silent', 'format']),
  unit: () => mocha('unit', minutes(5)),
  protocol: () => mocha('protocol', minutes(8)),
  editor: () => editorStep('editor', 'scripts/editor/run-suite.mjs', minutes(6)),
  ui: () => editorStep('ui', 'scripts/editor/run-ui.mjs', minutes(9)),
};

/** A result in the words of the reporter: lists of { title, error? , reason? }. */
const empty = () => ({ passed: [], failed: [], skipped: [] });

async function check(command) {
  const { failure } = await run(command, minutes(5));
  const title = command.at(-1);
  return failure ? { ...empty(), failed: [{ title, error: failure }] } : { ...empty(), passed: [{ title }] };
}

let testsBuilt;
/** Builds the tests into out/test, once for all steps. */
function buildTests() {
  testsBuilt ??= run([process.execPath, 'esbuild.mjs', '--tests'], minutes(2));
  return testsBuilt;
}

let productBuilt;
/** Builds the product into dist/, once for all steps: protocol tests may run the command line, the editor's the rest. */
function buildProduct() {
  productBuilt ??= run([process.execPath, 'esbuild.mjs', '--production'], minutes(2));
  return productBuilt;
}

async function mocha(name, limit) {
  if (name !== 'unit') {
    const product = await buildProduct();
    if (product.failure) return brokenStep(name, `building the product: ${product.failure}`);
  }
  const built = await buildTests();
  if (built.failure) return brokenStep(name, `building the tests: ${built.failure}`);
  if (testFiles(name).length === 0) return brokenStep(name, `there are no tests in src/test/${name}`);
  const output = freshResults(name);
  const program = [
    findNode(),
    'node_modules/mocha/bin/mocha.js',
    '--reporter-option',
    `output=${output}`,
    `out/test/${name}/**/*.test.js`,
  ];
  return results(name, output, await run(program, limit, { output }));
}

async function editorStep(name, script, limit) {
  for (const [what, build] of [
    ['product', buildProduct],
    ['tests', buildTests],
  ]) {
    const built = await build();
    if (built.failure) return brokenStep(name, `building the ${what}: ${built.failure}`);
  }
  if (testFiles(name).length === 0) return brokenStep(name, `there are no tests in src/test/${name}`);
  const output = freshResults(name);
  return results(name, output, await run([findNode(), script, output], limit, { output }));
}

function testFiles(name) {
  const folder = join(root, 'out/test', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.js'));
}

function freshResults(name) {
  const file = join(resultsFolder, `${name}.json`);
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(file, { force: true });
  return file;
}

const brokenStep = (name, error) => ({ ...empty(), failed: [{ title: name, error }] });

/** What the step wrote, plus one failure when the process itself went wrong in a way no test shows. */
function results(name, file, { failure }) {
  if (!existsSync(file)) return brokenStep(name, failure ?? 'ended without results');
  const found = JSON.parse(readFileSync(file, 'utf8'));
  const count = found.passed.length + found.failed.length + found.skipped.length;
  if (failure && found.failed.length === 0) found.failed.push({ title: name, error: failure });
  else if (count === 0) found.failed.push({ title: name, error: 'no test ran' });
  return found;
}

/**
 * Runs a command with its output on the screen.
 * @returns `failure`: why it went wrong, absent when it ended with 0 in time.
 */
function run([program, ...args], limit, { output } = {}) {
  return new Promise((resolve) => {
    // Its own group, so that a step that hangs goes with everything it started.
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    let failure;
    const kill = (why) => {
      failure ??= why;
      signalGroup(child, 'SIGTERM');
      setTimeout(() => signalGroup(child, 'SIGKILL'), 3000).unref();
    };
    const timer = setTimeout(() => kill(`took longer than ${limit / 60_000} min`), limit);
    let written;
    const watch = setInterval(() => {
      if (!output || !existsSync(output)) return;
      written ??= Date.now();
      if (Date.now() - written > LINGER_MS)
        kill('the tests ended, their process did not: something is left open');
    }, 1000);
    const interrupted = () => {
      signalGroup(child, 'SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const end = (why) => {
      clearTimeout(timer);
      clearInterval(watch);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ failure: failure ?? why });
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(code === 0 ? undefined : `exit ${code ?? signal}`));
  });
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) {
  console.error(`unknown step: ${unknown.join(', ')} (there are ${Object.keys(STEPS).join(', ')})`);
  process.exit(2);
}
const total = empty();
const table = [];
for (const name of asked.length > 0 ? asked : Object.keys(STEPS)) {
  console.log(`\n=== ${name} ===`);
  const begin = Date.now();
  let found;
  try {
    found = await STEPS[name]();
  } catch (error) {
    found = brokenStep(name, error.message);
  }
  for (const list of Object.keys(total))
    total[list].push(...found[list].map((one) => ({ step: name, ...one })));
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  const line = `${name}: ${summary(found)} in ${seconds} s`;
  table.push(line);
  console.log(`--- ${line}`);
}
if (table.length > 1) console.log(`\n${table.join('\n')}`);
if (total.skipped.length > 0) {
  console.log('\nSkipped:');
  for (const { step, title, reason } of total.skipped)
    console.log(`  ${step}: ${title}: ${reason ?? 'no reason given'}`);
}
if (total.failed.length > 0) {
  console.log('\nFailed:');
  for (const { step, title, error } of total.failed)
    console.log(`  ${step}: ${title}: ${String(error).split('\n')[0]}`);
}
console.log(`\n${summary(total)}`);
process.exitCode = total.failed.length > 0 || total.passed.length === 0 ? 1 : 0;

function summary({ passed, failed, skipped }) {
  return `${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`;
}
