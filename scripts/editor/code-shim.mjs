#!/usr/bin/env node
// Stands in for the desktop `code` executable: takes what @vscode/test-electron passes to it, runs the suite in the
// extension host of code-server, and exits with the suite's code. 124 means that the suite did not end in time.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { createProfile, placeExtension, startCodeServer, windowUrl } from './code-server.mjs';

const SUITE_LIMIT_MS = 240_000;
const artifacts = join(dirname(fileURLToPath(import.meta.url)), '../../artifacts/editor');

const argumentsOf = (name) =>
  process.argv.filter((one) => one.startsWith(`--${name}=`)).map((one) => one.slice(name.length + 3));
const [extension, ...companions] = argumentsOf('extensionDevelopmentPath');
const [tests] = argumentsOf('extensionTestsPath');

const profile = createProfile();
// A window takes one extension under development: others are installed.
for (const folder of companions) placeExtension(profile, folder);
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name.startsWith('PORTSIDE_TEST_')),
);
const server = await startCodeServer(profile, {
  testDriver: true,
  env: { ...env, PORTSIDE_TEST_DATA: profile.data },
});
let context;
try {
  context = await launchChromium(profile.browser);
  process.exitCode = await runSuite(context);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await context?.close();
  await server.stop();
  profile.remove();
}

async function runSuite(browser) {
  await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const ended = Promise.withResolvers();
  await page.exposeFunction('codeAutomationLog', (_type, args) => {
    if (isOfSuite(String(args[0]))) console.log(...args);
  });
  await page.exposeFunction('codeAutomationExit', (code) => ended.resolve(code));
  const remote = (path) => `vscode-remote://${server.authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(tests)],
    ['enableProposedApi', ''],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  await page.goto(windowUrl(server, profile, payload));
  const limit = setTimeout(() => ended.resolve('late'), SUITE_LIMIT_MS);
  const code = await ended.promise;
  clearTimeout(limit);
  if (code === 0) return 0;
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, code === 'late' ? 'timeout.png' : 'failed.png') });
  return code === 'late' ? 124 : 1;
}

/** The workbench writes its own log here too, some 200 lines; PORTSIDE_TEST_LOG=all shows them. */
function isOfSuite(text) {
  const workbench =
    /^(%c|\[|\d{4}-\d\d-\d\d|Ignoring fetching|Creating a socket|Resolv(ing|ed) connection|Missing property)/;
  return process.env.PORTSIDE_TEST_LOG === 'all' || !workbench.test(text);
}
