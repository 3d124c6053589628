import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  copiedBy,
  goTo,
  quickPick,
  runCommand,
  startInPanel,
  stopInPanel,
  workbench,
} from './workbench';

const { proxyPort } = workbench;
const url = `http://127.0.0.1:${proxyPort}`;

describe('quick start and health check', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    await goTo(panel, 'Quick start');
  });

  for (const [tab, base] of [
    ['OpenAI Python', `${url}/v1`],
    ['OpenAI JS', `${url}/v1`],
    ['Claude Code', url],
    ['Gemini Python', url],
    ['curl', `${url}/v1/chat/completions`],
  ] as const) {
    it(`${tab}: the right base URL, a placeholder on the screen, the key in the copy`, async () => {
      await panel.getByRole('tab', { name: tab, exact: true }).click();
      const shown = await panel.getByTestId('snippet-code').innerText();
      assert.match(shown, new RegExp(`['"]${base.replaceAll('.', '\\.')}['"]`));
      assert.ok(shown.includes('YOUR_API_KEY') && !/sk-[0-9a-f]{48}/.test(shown));
      const text = await copiedBy(() => panel.getByTestId('copy-snippet').click());
      assert.match(text, /sk-[\w-]{7,}/);
      const key = /sk-[\w-]{7,}/.exec(text)![0];
      assert.equal(text.trim(), shown.trim().replaceAll('YOUR_API_KEY', key));
    });
  }

  for (const shell of ['bash, zsh', 'fish', 'PowerShell']) {
    it(`${shell}: the variables of all agents`, async () => {
      await panel.getByRole('tab', { name: shell, exact: true }).click();
      const text = await copiedBy(() => panel.getByTestId('copy-environment').click());
      for (const part of ['ANTHROPIC_BASE_URL', 'GOOGLE_GEMINI_BASE_URL', `${url}/v1`, 'sk-']) {
        assert.ok(text.includes(part), part);
      }
    });
  }

  it('Copy Base URL asks for which client', async () => {
    for (const [kind, base] of [
      ['OpenAI', `${url}/v1`],
      ['Anthropic', url],
      ['Gemini', url],
    ] as const) {
      const text = await copiedBy(async () => {
        await runCommand('Portside: Copy Base URL');
        await quickPick(kind).click();
      });
      assert.equal(text, base);
    }
  });

  it('the health check says that nothing answers while the proxy is stopped', async () => {
    await goTo(panel, 'Proxy');
    await panel.getByTestId('check-health').click();
    await panel.getByTestId('health-answer').getByText('No answer').waitFor();
  });

  it('the health check shows the answer of the running proxy as it came', async () => {
    await startInPanel(panel);
    await panel.getByTestId('check-health').click();
    const answer = panel.getByTestId('health-answer');
    await answer.getByText('Healthy: status 200').waitFor();
    assert.equal(await answer.locator('code').innerText(), '{"status":"ok"}');
    await stopInPanel(panel);
  });
});
