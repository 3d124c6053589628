import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  closeSideBar,
  copiedBy,
  openPanel,
  panelFrame,
  pickFromMenu,
  runCommand,
  screenshot,
  startInPanel,
  statusItem,
  statusSays,
  THEMES,
  type ThemeKind,
  useTheme,
  workbench,
} from '../workbench';
import { violations } from '../violations';

const { page, profile, proxyPort } = workbench;

/** Sends one request through the proxy as this client. */
async function request(
  client: string,
  model = 'portside-demo',
  path = '/v1/chat/completions',
): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${proxyPort}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': `${client}/1.2` },
    body: JSON.stringify({
      model,
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Say hello.' }],
    }),
  });
  await answer.text();
}

/** The document of the monitor, once its table is there. */
async function monitorFrame(): Promise<Frame> {
  await page.locator('.tab.active', { hasText: 'Portside Monitor' }).waitFor();
  const frame = await panelFrame();
  await frame.getByRole('grid').waitFor();
  return frame;
}

/** The row of a client's request. */
const rowOf = (frame: Frame, client: string): Locator =>
  frame.locator('.rows [role="row"]:visible', { hasText: client });

describe('the monitor in the window', () => {
  let panel: Frame;
  let monitor: Frame;

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    await startInPanel(panel);
    await request('before-opening');
  });
  after(async () => {
    await useTheme('dark');
    await runCommand('View: Close All Editors');
    await beginAnew();
  });

  it('opens by its command, and shows what was there before', async () => {
    await runCommand('Portside: Open Monitor');
    monitor = await monitorFrame();
    await rowOf(monitor, 'before-opening').waitFor();
  });

  it('shows a request that ends while it is open', async () => {
    await request('while-open');
    await rowOf(monitor, 'while-open').waitFor();
  });

  it('opens from the panel, and has caught up with what it missed while it was hidden', async () => {
    panel = await openPanel();
    await request('while-hidden');
    await panel.getByTestId('open-monitor').click();
    monitor = await monitorFrame();
    await rowOf(monitor, 'while-hidden').waitFor();
    await rowOf(monitor, 'while-open').waitFor();
  });

  it('opens from the menu of the status bar, as the one tab that there is', async () => {
    await pickFromMenu('Open Monitor');
    monitor = await monitorFrame();
    assert.equal(await page.locator('.tab', { hasText: 'Portside Monitor' }).count(), 1);
  });

  it('works by keyboard: arrows to a row, Enter for its details, Escape back', async () => {
    await monitor.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const details = monitor.getByRole('article', { name: 'Details of the request' });
    await details.waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    assert.equal(await monitor.evaluate('document.activeElement.getAttribute("role")'), 'grid');
  });

  it('copies a request as curl to the clipboard, without a key', async () => {
    await rowOf(monitor, 'while-open').click();
    const text = await copiedBy(() => monitor.getByTestId('copy-curl').click());
    assert.match(text, /^curl /m);
    assert.doesNotMatch(text, /sk-/);
    await monitor.getByTestId('close').click();
  });

  it('switches the keeping of bodies on and off, as the setting of this machine', async () => {
    const settings = (): Record<string, unknown> =>
      JSON.parse(readFileSync(join(profile.data, 'Machine/settings.json'), 'utf8')) as Record<
        string,
        unknown
      >;
    for (const capture of [true, false]) {
      await monitor.getByTestId('capture').click();
      await monitor.locator(`[data-testid="capture"][aria-pressed="${capture}"]`).waitFor();
      await until(
        () => settings()['portside.monitor.captureBodies'] === capture,
        `the setting is ${capture}`,
      );
    }
  });

  for (const kind of Object.keys(THEMES) as ThemeKind[]) {
    it(`looks right in a ${kind} theme, and axe finds nothing`, async () => {
      if (kind === 'dark') {
        await Promise.all(['claude-cli', 'codex', 'opencode', 'gemini-cli'].map((client) => request(client)));
        await request('claude-cli', 'portside-demo', '/v1/messages');
        await request('strange', 'no-such-model');
        await closeSideBar();
      }
      await useTheme(kind);
      monitor = await monitorFrame();
      await rowOf(monitor, 'strange').waitFor();
      await screenshot(`monitor-workbench-${kind}`);
      assert.deepEqual(await violations(monitor), []);
      await rowOf(monitor, 'while-open').click();
      await monitor.getByRole('article', { name: 'Details of the request' }).waitFor();
      await screenshot(`monitor-workbench-${kind}-details`);
      assert.deepEqual(await violations(monitor), []);
      await monitor.getByTestId('close').click();
    });
  }

  it('comes back after a reload of the window, with its records, while the proxy is stopped', async () => {
    // Not the browser's own reload: that one does not wait until the editor has kept what is open.
    const reloaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
    await runCommand('Developer: Reload Window');
    await reloaded;
    await statusItem().waitFor({ timeout: 60_000 });
    await statusSays('Portside: stopped');
    monitor = await monitorFrame();
    await rowOf(monitor, 'while-hidden').waitFor();
    await rowOf(monitor, 'before-opening').waitFor();
  });

  it('writes its records to the file that is named in the dialog', async () => {
    await monitor.getByRole('button', { name: /^Export/ }).click();
    await monitor.getByText(/JSON Lines/).click();
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await until(
      async () => /workspace\/portside-\d{4}-\d\d-\d\d\.jsonl$/.test(await input.inputValue()),
      'a name is proposed',
    );
    const file = join(profile.workspace, 'records.jsonl');
    await input.fill(file);
    await page.keyboard.press('Enter');
    await until(() => existsSync(file), 'there is a file');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const clients = lines.map((line) => (JSON.parse(line) as { client?: string }).client);
    assert.ok(clients.includes('before-opening') && clients.includes('while-hidden'), clients.join());
  });
});

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never came true: ${what}`);
    await page.waitForTimeout(50);
  }
}
