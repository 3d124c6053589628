/** The first run of somebody new (SPEC 7.8): through the walkthrough, with the mouse, from nothing to the first answer. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { fetchText, isFree } from '../support/local-port';
import { runCommand, stopProxy, workbench } from './workbench';

const { profile, proxyPort, artifacts } = workbench;
const MACHINE_SETTINGS = join(profile.data, 'Machine/settings.json');
const OPEN_ON_INSTALL = 'workbench.welcomePage.walkthroughs.openOnInstall';

describe('the first run', () => {
  let page: Page;
  let leave: () => Promise<void>;
  let settingsBefore: string;

  const step = (id: string): Locator =>
    page.locator(`.getting-started-step[data-step-id="portside.portside#getStarted#${id}"]`);
  const isTicked = async (id: string) =>
    (await step(id).locator('[role="checkbox"]').getAttribute('aria-checked')) === 'true';
  const ticked = (id: string) => step(id).locator('[role="checkbox"][aria-checked="true"]').waitFor();
  /** Opens a step, as a click on its title does, and presses its button. */
  const press = async (id: string, button: string) => {
    if ((await step(id).getAttribute('aria-expanded')) !== 'true') await step(id).locator('h3').click();
    await step(id).getByRole('button', { name: button, exact: true }).click();
  };
  const toasts = () => page.locator('.notifications-toasts .notification-list-item');
  const monitor = () => page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  const dismiss = async (text: string) => {
    const toast = toasts().filter({ hasText: text });
    await toast.waitFor();
    await toast.hover();
    await toast.locator('.codicon-notifications-clear').click();
    await toast.waitFor({ state: 'detached' });
  };
  const run = (title: string) => runCommand(title, page);
  /** Waits until the setting for terminals is kept, for the machine; the palette follows it a moment later. */
  const isKept = async (value: boolean) => {
    const kept = new RegExp(`"portside\\.terminalEnvironment": ${value}`);
    const end = Date.now() + 10_000;
    while (!kept.test(readFileSync(MACHINE_SETTINGS, 'utf8'))) {
      assert.ok(Date.now() < end, `portside.terminalEnvironment never became ${value}`);
      await page.waitForTimeout(100);
    }
    await page.waitForTimeout(500);
  };
  const statusSays = (text: string) =>
    page.locator('[id="portside.portside.status"]').filter({ hasText: text }).waitFor({ timeout: 60_000 });

  before(async function () {
    this.timeout(120_000);
    // The port is that of the machine: who else uses it stops first.
    await stopProxy();
    settingsBefore = readFileSync(MACHINE_SETTINGS, 'utf8');
    const settings = JSON.parse(settingsBefore) as Record<string, unknown>;
    writeFileSync(MACHINE_SETTINGS, JSON.stringify({ ...settings, [OPEN_ON_INSTALL]: true }));
    ({ page, leave } = await workbench.newUser());
    await statusSays('Portside: stopped');
  });
  after(async () => {
    await leave();
    writeFileSync(MACHINE_SETTINGS, settingsBefore);
  });

  it('opens the walkthrough by itself, with nothing done and nothing said', async () => {
    const title = page.locator('.category-title:visible', { hasText: 'Get started with Portside' });
    await title.first().waitFor();
    for (const id of ['account', 'start', 'health', 'agent', 'request'])
      assert.equal(await isTicked(id), false, id);
    assert.equal(await toasts().count(), 0);
    // The picture stands beside the steps where there is room.
    await page.keyboard.press('Control+b');
    await page.locator('.getting-started-media iframe.webview.ready').waitFor();
  });

  it('an account: the demo needs no key', async () => {
    await press('account', 'Use Demo Account');
    await ticked('account');
    assert.equal(await isTicked('start'), false);
  });

  it('start: the proxy runs, and only the status bar says so', async () => {
    await press('start', 'Start Proxy');
    await statusSays(`Portside: running on ${proxyPort} (1)`);
    await ticked('start');
    assert.equal(await toasts().count(), 0);
    assert.equal((await fetchText(`http://127.0.0.1:${proxyPort}/healthz`)).status, 200);
  });

  it('health: the proxy’s own answer is shown', async () => {
    await press('health', 'Check Health');
    await ticked('health');
    await dismiss('{"status":"ok"}');
  });

  it('an agent: one click lets new terminals know the address, one command takes that back', async () => {
    await press('agent', 'Use in New Terminals');
    await ticked('agent');
    await isKept(true);
    await run('Portside: Leave New Terminals Alone');
    await isKept(false);
    await run('Portside: Use Portside in New Terminals');
    await isKept(true);
    await run('Portside: Leave New Terminals Alone');
    await isKept(false);
    assert.equal(await isTicked('agent'), true);
    assert.equal(await toasts().count(), 0);
  });

  it('the first answer: asked for with a click, and there it is', async () => {
    assert.equal(await isTicked('request'), false);
    await press('request', 'Send a Test Request');
    const toast = toasts().filter({ hasText: 'Hello from Portside' });
    await toast.waitFor();
    await ticked('request');
    await page.screenshot({ path: join(artifacts, 'first-run-done.png') });
    await toast.getByRole('button', { name: 'Open Monitor' }).click();
    const row = monitor().getByRole('row').filter({ hasText: 'portside-test' });
    await row.waitFor();
    assert.match(await row.innerText(), /portside-demo/);
  });

  it('settings: the page of the machine opens, which is where Portside’s are', async () => {
    await monitor().getByRole('button', { name: 'Settings of the monitor' }).click();
    const settings = page.locator('.monaco-modal-editor-block');
    await settings.locator('.setting-item', { hasText: 'Capture Bodies' }).first().waitFor();
    await settings
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
    await settings.waitFor({ state: 'detached' });
  });

  it('all is done, and stays so in a new window', async () => {
    await page.reload();
    await statusSays('Portside: ');
    await run('Portside: Get Started');
    for (const id of ['account', 'start', 'health', 'agent', 'request']) await ticked(id);
  });

  it('stops with a click on the status bar item', async () => {
    await page.locator('[id="portside.portside.status"]').click();
    const row = page.locator('.quick-input-list .monaco-list-row');
    await row
      .filter({ hasText: /Stop Proxy|Start Proxy/ })
      .first()
      .waitFor();
    if (await row.filter({ hasText: 'Stop Proxy' }).count())
      await row.filter({ hasText: 'Stop Proxy' }).click();
    await statusSays('Portside: stopped');
    assert.equal(await isFree(proxyPort), true);
  });
});
