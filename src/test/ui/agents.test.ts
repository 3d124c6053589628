import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  clearNotifications,
  closeSideBar,
  dialog,
  goTo,
  notification,
  openPanel,
  panelFrame,
  press,
  quickPick,
  runCommand,
  screenshot,
  startInPanel,
  stopProxy,
  useTheme,
  workbench,
} from './workbench';

const { page, profile } = workbench;
const home = join(dirname(profile.data), 'home');
const folder = join(home, '.claude');
const settings = join(folder, 'settings.json');
/** Comments, a tab, CRLF and a key that Portside does not know. */
const OWN =
  '{\r\n\t// mine\r\n\t"permissions": { "allow": ["Read"] }, /* kept */\r\n\t"unknown": [1,2 ,3]\r\n}';

describe('agents in the panel', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await closeSideBar();
  });
  beforeEach(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(settings, OWN);
    chmodSync(settings, 0o640);
    panel = await openPanel();
    await goTo(panel, 'Agents');
    await panel.getByTestId('look-at-agents').click();
  });
  after(async () => {
    await useTheme('dark');
    await stopProxy();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (): Locator => panel.locator('[data-agent="claude-code"]');
  const button = (name: string) => row().getByRole('button', { name: `${name} Claude Code` });
  const says = (words: string) => row().locator('.agent-state').filter({ hasText: words }).waitFor();
  const question = page.locator('.quick-input-widget').filter({ hasText: 'Write' });

  const diff = page.locator('.monaco-diff-editor');

  /** Answers what is asked beside the diff; the panel is there again then. */
  async function answer(label: 'Write' | 'Cancel'): Promise<void> {
    await question.waitFor();
    await diff.first().waitFor();
    await quickPick(label).click();
    await question.waitFor({ state: 'hidden' });
    await diff.first().waitFor({ state: 'detached' });
    panel = await panelFrame();
    await panel.locator('main').waitFor();
  }

  /** Nothing is left to put back when it is done. */
  async function disconnect(): Promise<void> {
    await button('Disconnect').click();
    await button('Disconnect').waitFor({ state: 'detached' });
  }

  for (const theme of ['dark', 'light'] as const)
    it(`one is connected after a look at what would change, and is as it was after all, in a ${theme} theme`, async () => {
      await useTheme(theme);
      await says('Not connected');
      await button('Connect').click();
      await question.waitFor();
      const added = page.locator('.monaco-diff-editor .editor.modified');
      await added.getByText('ANTHROPIC_BASE_URL').waitFor();
      await screenshot(`agents-diff-${theme}`);
      assert.equal(readFileSync(settings, 'utf8'), OWN, 'nothing is written yet');
      await answer('Write');
      await says('Connected');
      const written = readFileSync(settings, 'utf8');
      assert.ok(written.startsWith(OWN.replace(/\r\n\}$/, '')));
      assert.match(written, /"ANTHROPIC_BASE_URL": "http:\/\/127\.0\.0\.1:\d+"/);
      await clearNotifications();
      await screenshot(`agents-connected-${theme}`);

      await disconnect();
      await says('Not connected');
      assert.equal(readFileSync(settings, 'utf8'), OWN);
      assert.equal(statSync(settings).mode & 0o777, 0o640);
    });

  it('nothing is written when the answer is no', async () => {
    await button('Connect').click();
    await answer('Cancel');
    await says('Not connected');
    assert.equal(readFileSync(settings, 'utf8'), OWN);
  });

  it('a file that was not there is gone after all, with its folder', async () => {
    rmSync(folder, { recursive: true });
    await button('Connect').click();
    await answer('Write');
    await says('Connected');
    await disconnect();
    assert.ok(!existsSync(folder));
  });

  it('an agent of two files shows both in one look', async () => {
    const gemini = join(home, '.gemini');
    mkdirSync(gemini);
    writeFileSync(join(gemini, 'settings.json'), OWN);
    const of = (name: string) => panel.getByRole('button', { name: `${name} Gemini CLI` });
    await of('Connect').click();
    await page.locator('.monaco-diff-editor').nth(1).waitFor();
    await screenshot('agents-diff-of-two');
    await answer('Write');
    await of('Disconnect').click();
    await of('Disconnect').waitFor({ state: 'detached' });
    assert.deepEqual(readdirSync(gemini), ['settings.json']);
    assert.equal(readFileSync(join(gemini, 'settings.json'), 'utf8'), OWN);
    rmSync(gemini, { recursive: true });
  });

  it('a broken file is told of, and opens at the place', async () => {
    writeFileSync(settings, '{\n  "env": oops\n}');
    await panel.getByTestId('look-at-agents').click();
    await says('Cannot be read');
    await row().getByText('Line 2, column 10: This is no valid JSON').waitFor();
    await screenshot('agents-broken');
    await row().getByRole('button', { name: 'Open the file of Claude Code' }).click();
    await page.locator('.statusbar-item', { hasText: 'Ln 2, Col 10' }).waitFor();
    await runCommand('View: Close Editor');
    assert.equal(readFileSync(settings, 'utf8'), '{\n  "env": oops\n}');
  });

  it('an agent with an old key is offered to be connected again', async () => {
    await addDemoAccount(panel);
    await goTo(panel, 'Access');
    await panel.locator('#auth-mode').selectOption('strict');
    await startInPanel(panel);
    await goTo(panel, 'Agents');
    await button('Connect').click();
    await answer('Write');
    await says('Connected');
    const first = readFileSync(settings, 'utf8');
    await runCommand('Portside: Regenerate API Key');
    await press(dialog(/Replace the API key/), 'Regenerate');
    const told = notification('Claude Code: connected before');
    await told.waitFor();
    await says('Has an old key');
    await screenshot('agents-old-key');
    await press(told, 'Reconnect');
    await answer('Write');
    await says('Connected');
    assert.notEqual(readFileSync(settings, 'utf8'), first);
    await disconnect();
    await says('Not connected');
    assert.equal(readFileSync(settings, 'utf8'), OWN);
    await goTo(panel, 'Access');
    await panel.locator('#auth-mode').selectOption('auto');
    await stopProxy();
  });
});
