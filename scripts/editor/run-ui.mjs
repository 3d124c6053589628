// Packages the extension, installs it into a real VS Code in a browser, and runs the mocha suite of src/test/ui against
// that window:
//   node scripts/editor/run-ui.mjs results.json
// PORTSIDE_TEST_VSIX takes a package that exists, PORTSIDE_TEST_GREP picks tests by title, PORTSIDE_CHROMIUM names another
// browser. Screenshots go to artifacts/ui, those of failed tests too.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { supported } from '../../tools/editor-host/setup.mjs';
import { launchChromium } from './chromium.mjs';
import { createProfile, freePort, installExtension, startCodeServer, windowUrl } from './code-server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const output = resolve(process.argv[2] ?? join(root, 'out/results/ui.json'));
const artifacts = join(root, 'artifacts/ui');

if (supported) process.exitCode = await runUi();
else {
  const reason = `the editor and its browser exist as packages for Linux x64 only, not for ${process.platform}-${process.arch}`;
  mkdirSync(dirname(output), { recursive: true });
  const skipped = [{ title: 'the suite on the packaged extension', reason }];
  writeFileSync(output, JSON.stringify({ passed: [], failed: [], skipped }));
}

async function runUi() {
  const vsix = process.env.PORTSIDE_TEST_VSIX ?? packageExtension();
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });
  const proxyPort = await freePort();
  const profile = createProfile({ 'portside.port': proxyPort });
  let server, context;
  const users = [];
  try {
    await installExtension(profile, vsix);
    server = await startCodeServer(profile);
    context = await launchChromium(profile.browser);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(windowUrl(server, profile));
    /** A browser of its own: the editor keeps there what it knows of a person, their secrets and accounts among it. */
    const newUser = async ({ language = 'en' } = {}) => {
      const browser = await launchChromium(join(profile.folder, `user-${users.length}`));
      users.push(browser);
      await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
      const window = browser.pages()[0] ?? (await browser.newPage());
      // What the workbench is told by the server when a language pack is there; its own texts stay English without one.
      await window.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
      await window.goto(windowUrl(server, profile));
      return { page: window, leave: () => browser.close() };
    };
    /** An editor of its own whose folder nobody trusts yet: it asks, as editors do. */
    const wary = async () => {
      const own = createProfile({ 'portside.port': await freePort() });
      await installExtension(own, vsix);
      const ownServer = await startCodeServer(own, { trusting: false });
      const browser = await launchChromium(own.browser);
      users.push(browser);
      const window = browser.pages()[0] ?? (await browser.newPage());
      await window.goto(windowUrl(ownServer, own));
      const leave = async () => {
        await browser.close();
        await ownServer.stop();
        own.remove();
      };
      return { page: window, leave };
    };
    // What src/test/ui/workbench.ts gives to the tests.
    globalThis.portsideWorkbench = { page, profile, artifacts, vsix, proxyPort, freePort, newUser, wary };
    return await runMocha(page);
  } finally {
    for (const user of users) await user.close();
    await context?.close();
    await server?.stop();
    profile.remove();
  }
}

function packageExtension() {
  const vsix = join(root, 'out/portside.vsix');
  mkdirSync(dirname(vsix), { recursive: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [vsce, 'package', '--no-dependencies', '--out', vsix];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the extension could not be packaged');
  return vsix;
}

async function runMocha(page) {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 90_000,
    forbidOnly: true,
    reporter: join(root, 'scripts/results-reporter.cjs'),
    reporterOptions: { output },
    ...(process.env.PORTSIDE_TEST_GREP ? { grep: process.env.PORTSIDE_TEST_GREP } : {}),
  });
  const folder = process.env.PORTSIDE_TEST_FOLDER ?? join(root, 'out/test/ui');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.js'));
  for (const file of files.sort()) mocha.addFile(join(folder, file));
  const pictures = [];
  const failures = await new Promise((done) => {
    mocha.run(done).on('fail', (test) => {
      const name = test.fullTitle().replace(/[^\w-]+/g, '-');
      const picture = page.screenshot({ path: join(artifacts, `failed-${name}.png`) });
      pictures.push(picture.catch((error) => console.error(`no screenshot: ${error.message}`)));
    });
  });
  await Promise.all(pictures);
  return failures > 0 ? 1 : 0;
}
