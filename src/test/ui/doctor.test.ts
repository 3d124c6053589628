import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { startModelServer, type ModelServer } from './model-server';
import {
  addCompatibleAccount,
  beginAnew,
  closeSideBar,
  copiedBy,
  everythingIn,
  goTo,
  panelFrame,
  runCommand,
  screenshot,
  statusSays,
  stopProxy,
  THEMES,
  type ThemeKind,
  useTheme,
  workbench,
} from './workbench';
import { violations } from './violations';

const { page } = workbench;
const KEY = 'sk-canary-of-doctor-0123456789';

describe('the doctor', () => {
  let panel: Frame;
  let upstream: ModelServer;

  before(async () => {
    upstream = await startModelServer();
    panel = await beginAnew();
    await closeSideBar();
    await addCompatibleAccount(panel, { label: 'First', baseUrl: upstream.baseUrl, key: KEY });
    upstream.mood = 'refuses';
    await addCompatibleAccount(panel, {
      label: 'Second',
      baseUrl: upstream.baseUrl,
      key: `${KEY}-bad`,
      anyway: true,
    });
    upstream.mood = 'takes';
  });
  after(async () => {
    await useTheme('dark');
    await stopProxy();
    upstream.close();
  });

  const check = (id: string): Locator => panel.locator(`[data-testid="check"][data-check="${id}"]`);
  const finding = (id: string, text: string | RegExp): Locator =>
    check(id).getByTestId('finding').filter({ hasText: text });
  const summary = () => panel.getByTestId('doctor-summary').filter({ hasText: /\S/ });
  const ended = async (): Promise<void> => {
    await panel.locator('portside-doctor section[aria-busy="false"]').waitFor();
    await summary().waitFor();
  };

  it('runs from the palette, on a page of its own', async () => {
    await goTo(panel, 'Proxy');
    await runCommand('Portside: Run Doctor');
    panel = await panelFrame();
    await panel.locator('[role="tab"][aria-selected="true"]', { hasText: 'Doctor' }).waitFor();
    await ended();
    await finding('port', 'The proxy does not run').waitFor();
    await finding('providers', 'First: ').waitFor();
    assert.ok((await panel.getByTestId('check').count()) >= 18);
    await screenshot('doctor-stopped');
  });

  it('mends what it found, and looks again', async () => {
    await finding('port', 'does not run')
      .getByRole('button', { name: /^Start Proxy/ })
      .click();
    await statusSays('Portside: running');
    await finding('port', 'is served by this window').waitFor();
    await finding('health', 'answers within').waitFor();
    await finding('base-urls', 'Gemini').and(panel.locator('[data-severity="ok"]')).waitFor();
  });

  it('keeps the focus where one goes on from when its button is gone', async () => {
    await stopProxy();
    await panel.getByTestId('run-doctor').click();
    await finding('port', 'does not run').waitFor();
    const start = finding('port', 'does not run').getByRole('button', { name: /^Start Proxy/ });
    await start.focus();
    await page.keyboard.press('Enter');
    await finding('port', 'is served by this window').waitFor();
    await panel.locator('[data-testid="run-doctor"]:focus').waitFor();
  });

  it('tells a refused key in its provider’s words', async () => {
    upstream.mood = 'refuses';
    await panel.getByTestId('run-doctor').click();
    await finding('providers', 'First does not work').waitFor();
    upstream.mood = 'takes';
    assert.match(await finding('providers', 'First does not work').innerText(), /opens no door/);
    assert.match(await summary().innerText(), /^Errors: [1-9]\d*\. Warnings: \d+\.$/);
  });

  it('copies a report without keys and without the name of the home folder; the page has none either', async () => {
    const report = await copiedBy(() => panel.getByTestId('copy-report').click());
    assert.match(report, /^### Portside doctor · \d{4}-/);
    assert.match(report, /❌ First does not work/);
    assert.doesNotMatch(report, /canary|\/home\/|\/root\b|\/Users\//);
    assert.doesNotMatch(await everythingIn(panel), /canary/);
  });

  for (const kind of Object.keys(THEMES) as ThemeKind[])
    it(`axe finds nothing in a ${kind} theme`, async () => {
      await useTheme(kind);
      panel = await panelFrame();
      await ended();
      const found = await violations(panel);
      await panel.getByTestId('run-doctor').scrollIntoViewIfNeeded();
      await screenshot(`doctor-${kind}`);
      await panel.getByTestId('check').last().scrollIntoViewIfNeeded();
      await screenshot(`doctor-${kind}-end`);
      assert.deepEqual(found, []);
    });

  it('needs no sideways scrolling in a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    try {
      await panel.getByTestId('run-doctor').scrollIntoViewIfNeeded();
      await screenshot('doctor-narrow');
      const overflow = await panel.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0);
    } finally {
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });
});
