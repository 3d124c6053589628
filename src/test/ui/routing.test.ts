import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { addDemoAccount, beginAnew, everythingIn, goTo, workbench } from './workbench';

const ZAI_KEY = 'zai-canary-0123456789';

describe('routing in the panel', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    await goTo(panel, 'Routing');
  });

  const route = (pattern: string) => panel.locator(`[data-testid="route"][data-pattern="${pattern}"]`);
  /** What stands in the editor's settings, once it is so. */
  async function settings(name: string, expected: unknown): Promise<void> {
    const file = join(workbench.profile.data, 'Machine/settings.json');
    const read = (): unknown => {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[`portside.${name}`];
      } catch {
        // The editor is writing it.
        return undefined;
      }
    };
    for (let tries = 0; tries < 50; tries += 1) {
      if (JSON.stringify(read()) === JSON.stringify(expected)) return;
      await workbench.page.waitForTimeout(100);
    }
    assert.deepEqual(read(), expected);
  }

  it('changes the scheduling, the last of quick choices wins', async () => {
    await panel.getByRole('radio', { name: 'Cache first' }).focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('ArrowDown');
    await settings('scheduling', 'performance_first');
    assert.equal(await panel.getByRole('radio', { name: 'Performance first' }).isChecked(), true);
    await panel.getByText('Only “Cache first” keeps conversations').waitFor();
    await panel.getByRole('radio', { name: 'Cache first' }).check();
    await panel.locator('#sticky').uncheck();
    await settings('stickySessions', false);
    await panel.locator('#sticky').check();
    await panel.locator('#preferred').selectOption({ label: 'Demo' });
    await panel.locator('#preferred').selectOption('');
  });

  it('says what is wrong with a route, beside the field', async () => {
    await panel.getByTestId('add-route').click();
    await panel.getByTestId('save-route').click();
    await panel.getByText('The pattern is missing.').waitFor();
    await panel.getByText('At least one target is needed.').waitFor();
    await panel.locator('#route-pattern').fill('claude-*');
    await panel.locator('#route-targets').fill('gemini-*');
    await panel.getByTestId('save-route').click();
    await panel.getByText('A target is one model, not a pattern: gemini-*').waitFor();
  });

  it('adds a route, edits it into a chain, and shows it', async () => {
    await panel.locator('#route-targets').fill('demo/portside-demo');
    await panel.getByTestId('save-route').click();
    await route('claude-*').getByText('demo/portside-demo').waitFor();
    await settings('routes', { 'claude-*': 'demo/portside-demo' });
    await route('claude-*').getByTestId('edit-route').click();
    await panel.locator('#route-targets').fill('nobody/nothing, demo/portside-demo');
    await panel.getByTestId('save-route').click();
    await route('claude-*').getByText('nobody/nothing').waitFor();
    assert.deepEqual(await route('claude-*').locator('.chain li').allInnerTexts(), [
      'nobody/nothing',
      'demo/portside-demo',
    ]);
    await settings('routes', { 'claude-*': ['nobody/nothing', 'demo/portside-demo'] });
  });

  it('does not take a second route for the same pattern', async () => {
    await panel.getByTestId('add-route').click();
    await panel.locator('#route-pattern').fill('claude-*');
    await panel.locator('#route-targets').fill('x');
    await panel.getByTestId('save-route').click();
    await panel.getByText('There is a route for this pattern already.').waitFor();
    await panel.locator('portside-routes').getByRole('button', { name: 'Cancel' }).click();
  });

  it('shows where a name would go, while the proxy is stopped', async () => {
    await panel.locator('#test-model').fill('claude-opus-4-5');
    await panel.locator('#test-protocol').selectOption('anthropic');
    await panel.getByTestId('explain-route').click();
    const found = panel.getByTestId('route-explanation');
    await found.getByText('claude-*', { exact: true }).waitFor();
    const candidate = found.getByTestId('candidate').filter({ hasText: 'Demo' }).first();
    await candidate.getByText('portside-demo').waitFor();
    await candidate.getByText(/passed through|translated to/).waitFor();
  });

  it('keeps the answer true when a route goes', async () => {
    await route('claude-*')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await route('claude-*').waitFor({ state: 'detached' });
    await panel.getByTestId('route-explanation').getByText('No route takes this name.').waitFor();
    await settings('routes', {});
  });

  it('sets z.ai dispatch, its key and its models; the key is never in the page', async () => {
    await panel.getByRole('radio', { name: 'Fallback' }).check();
    await settings('zai.dispatchMode', 'fallback');
    await panel.getByTestId('zai-key-missing').waitFor();
    await panel.getByTestId('save-zai-key').click();
    await panel.locator('portside-zai').getByText('The API key is missing.').waitFor();
    await panel.locator('#zai-key').fill(ZAI_KEY);
    await panel.getByTestId('save-zai-key').click();
    await panel.getByTestId('zai-key-kept').waitFor();
    await panel.getByTestId('zai-key-missing').waitFor({ state: 'detached' });
    assert.ok(!(await everythingIn(panel)).includes(ZAI_KEY));
    await panel.locator('#zai-opus').fill('glm-5');
    await panel.locator('#zai-opus').blur();
    await settings('zai.models', { opus: 'glm-5', sonnet: 'glm-4.6', haiku: 'glm-4.5-air' });
    await panel.locator('portside-zai').getByRole('button', { name: 'Forget' }).click();
    await panel.locator('#zai-key').waitFor();
    await panel.locator('#zai-opus').fill('glm-4.6');
    await panel.locator('#zai-opus').blur();
    await panel.getByRole('radio', { name: 'Off', exact: true }).check();
    await settings('zai.dispatchMode', 'off');
  });
});
