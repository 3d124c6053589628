/** Terminals of two windows over one proxy (SPEC 1.10, 7.4): whoever runs it, the new terminals of both lead to it. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addDemoAccount, beginAnew, startInPanel, statusSays, stopProxy, workbench } from './workbench';

const { page: first, profile, proxyPort } = workbench;
const STATUS = '[id="portside.portside.status"]';
const RUNNING = `Portside: running on ${proxyPort} (1)`;
const SETTINGS = join(profile.data, 'Machine/settings.json');
const NAMES = /^(OPENAI|ANTHROPIC|GOOGLE_GEMINI|GEMINI)_(BASE_URL|API_KEY|AUTH_TOKEN)$/;

const says = (page: Page, text: string) =>
  page.locator(STATUS).filter({ hasText: text }).waitFor({ timeout: 30_000 });

/** As `runCommand`, in any window. */
async function command(page: Page, title: string): Promise<void> {
  await page.bringToFront();
  const input = page.locator('.quick-input-widget input[aria-label^="Type the name of a command"]');
  for (let tries = 0; tries < 8 && !(await input.isVisible()); tries += 1) {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: 3_000 }).catch(() => undefined);
  }
  await input.fill(`>${title}`);
  const label = page.locator('.label-name', { hasText: new RegExp(`^\\s*${title}\\s*$`) });
  await page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).first().click();
  await input.waitFor({ state: 'hidden' });
}

describe('terminals of several windows', function () {
  this.timeout(180_000);
  let second: Page;
  let folder: string;
  let settings: string;
  let count = 0;

  /** The variables that a new terminal of a window has, by what its shell writes down. */
  async function variables(page: Page): Promise<Record<string, string>> {
    const file = join(folder, `env-${count++}`);
    const terminals = page.locator('.terminal-wrapper.active .xterm-helper-textarea');
    await command(page, 'Terminal: Create New Terminal');
    await terminals.first().waitFor();
    const end = Date.now() + 30_000;
    while (!existsSync(`${file}.done`)) {
      assert.ok(Date.now() < end, 'the terminal did what was typed');
      await terminals.first().focus();
      await page.keyboard.type(` env >${file}; : >${file}.done\n`);
      for (let wait = 0; wait < 60 && !existsSync(`${file}.done`); wait += 1) await page.waitForTimeout(50);
    }
    await command(page, 'Terminal: Kill the Active Terminal Instance');
    const lines = readFileSync(file, 'utf8').split('\n');
    const pairs = lines.map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)] as const);
    return Object.fromEntries(pairs.filter(([name]) => NAMES.test(name)));
  }
  const lead = (found: Record<string, string>) => {
    const { OPENAI_API_KEY: key, ...rest } = found;
    assert.match(key ?? '', /^sk-/);
    assert.deepEqual(rest, {
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${proxyPort}`,
      ANTHROPIC_AUTH_TOKEN: key,
      OPENAI_BASE_URL: `http://127.0.0.1:${proxyPort}/v1`,
      GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${proxyPort}`,
      GEMINI_API_KEY: key,
    });
    return key;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portside-terminals-'));
    settings = readFileSync(SETTINGS, 'utf8');
    second = await first.context().newPage();
    await first.bringToFront();
    const panel = await beginAnew();
    await addDemoAccount(panel);
    await startInPanel(panel);
    await statusSays(RUNNING);
    const wanted = { 'portside.terminalEnvironment': true, 'portside.authMode': 'strict' };
    writeFileSync(SETTINGS, JSON.stringify({ ...(JSON.parse(settings) as object), ...wanted }));
    await second.goto(first.url());
    await says(second, RUNNING);
  });
  after(async () => {
    await second.close();
    await first.bringToFront();
    await stopProxy();
    writeFileSync(SETTINGS, settings);
    rmSync(folder, { recursive: true, force: true });
  });

  it('lead to the proxy with its key, in the window that runs it and in the one beside it', async () => {
    const key = lead(await variables(first));
    assert.equal(lead(await variables(second)), key);
    const answer = await fetch(`http://127.0.0.1:${proxyPort}/v1/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    assert.equal(answer.status, 200);
  });

  it('say in the terminal’s own words where they lead', async () => {
    await command(second, 'Terminal: Create New Terminal');
    await second.locator('.single-terminal-tab, .terminal-tabs-entry').first().hover();
    await second.locator('.monaco-hover').getByText('Show Environment Contributions').click();
    // The editor shows blanks as other characters than they are.
    await second
      .locator('.editor-instance .view-lines', { hasText: /Portside\sleads\sclaude,\scodex,\sgemini/ })
      .waitFor({ timeout: 30_000 });
    await command(second, 'Terminal: Kill the Active Terminal Instance');
  });

  it('go on when the window that ran it is loaded anew and the other takes over', async () => {
    await first.bringToFront();
    await first.reload();
    await says(second, RUNNING);
    await says(first, RUNNING);
    const key = lead(await variables(second));
    assert.equal(lead(await variables(first)), key);
  });

  it('leave no key in the editor’s files', async () => {
    const key = lead(await variables(second));
    const files = readdirSync(profile.data, { recursive: true, encoding: 'utf8' })
      .map((name) => join(profile.data, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
    assert.ok(files.length > 0 && files.some((file) => file.endsWith('codex')), 'launchers are among them');
    for (const file of files) assert.ok(!readFileSync(file, 'latin1').includes(key!), file);
  });

  it('are left alone in both when one stops it', async () => {
    await command(second, 'Portside: Stop Proxy');
    await says(first, 'Portside: stopped');
    assert.deepEqual(await variables(second), {});
    assert.deepEqual(await variables(first), {});
  });
});
