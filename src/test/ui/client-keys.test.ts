import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { askProxy } from './model-server';
import {
  addDemoAccount,
  beginAnew,
  copiedBy,
  dialog,
  everythingIn,
  goTo,
  press,
  startInPanel,
  stopInPanel,
  workbench,
} from './workbench';

describe('client keys in the panel', () => {
  let panel: Frame;
  let key = '';

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    await startInPanel(panel);
    await goTo(panel, 'Access');
  });
  after(async () => {
    await panel.getByLabel('Authentication').selectOption('auto');
    await stopInPanel(panel);
  });

  const row = () => panel.locator('[data-testid="client-key"][data-name="My agent"]');

  it('says what is wrong with a new one, beside the field', async () => {
    await panel.getByTestId('add-client-key').click();
    await panel.locator('#client-key-name').fill('a/b');
    await panel.locator('#client-key-limit').fill('none');
    await panel.getByTestId('save-client-key').click();
    await panel.getByText('A name has letters, digits').waitFor();
    await panel.getByText('This must be a whole number from 1 to 1000000.').waitFor();
  });

  it('shows a new key once, with a copy', async () => {
    await panel.locator('#client-key-name').fill('My agent');
    await panel.locator('#client-key-models').fill('portside-*');
    await panel.locator('#client-key-expires').fill('2031-12-31');
    await panel.locator('#client-key-limit').fill('2');
    await panel.getByTestId('save-client-key').click();
    const made = panel.getByTestId('made-client-key');
    key = await made.locator('code').innerText();
    assert.match(key, /^sk-[0-9a-f]{48}$/);
    assert.equal(await copiedBy(() => panel.getByTestId('copy-client-key').click()), key);
    await made.getByRole('button', { name: 'Done' }).click();
    assert.ok(!(await everythingIn(panel)).includes(key));
    for (const text of ['12/31/2031', 'portside-*', '2 / min', 'Not yet'])
      await row().getByText(text).waitFor();
  });

  it('admits with it, holds to its bounds, and shows what was done with it', async () => {
    await panel.getByLabel('Authentication').selectOption('strict');
    await panel.getByTestId('auth-meaning').getByText('Every request needs the API key').waitFor();
    const ask = (model: string) => askProxy(workbench.proxyPort, model, key);
    assert.equal(await ask('portside-demo'), 200);
    assert.equal(await ask('portside-demo'), 200);
    assert.equal(await ask('portside-demo'), 429);
    await row().getByText('refused').waitFor();
    await row()
      .getByText(/tokens in/)
      .waitFor();
  });

  it('asks before it removes one, which then admits nobody', async () => {
    await row()
      .getByRole('button', { name: /^Remove/ })
      .click();
    await press(dialog(/Remove/), 'Remove');
    await row().waitFor({ state: 'detached' });
    const ask = () => askProxy(workbench.proxyPort, 'portside-demo', key);
    let status = await ask();
    // The proxy hears of it a moment after the panel does.
    for (let tries = 0; status !== 401 && tries < 50; tries += 1) {
      await workbench.page.waitForTimeout(100);
      status = await ask();
    }
    assert.equal(status, 401);
  });
});
