import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { askProxy, MODELS, startModelServer, type ModelServer } from './model-server';
import {
  accountNamed,
  addCompatibleAccount,
  addDemoAccount,
  beginAnew,
  dialog,
  everythingIn,
  press,
  startInPanel,
  statusSays,
  stopInPanel,
  workbench,
} from './workbench';

const WRONG_KEY = 'sk-wrong-canary-0123456789';
const NEW_KEY = 'sk-new-canary-0123456789';
const { page, proxyPort } = workbench;

describe('accounts in the panel', () => {
  let panel: Frame;
  let upstream: ModelServer;

  before(async () => {
    panel = await beginAnew();
    upstream = await startModelServer();
  });
  after(() => upstream.close());
  beforeEach(() => (upstream.asked = []));

  const account = (label: string) => accountNamed(panel, label);
  const inState = (label: string, state: string) =>
    account(label).and(panel.locator(`[data-state="${state}"]`));
  const form = () => panel.locator('portside-account-form');
  const labels = () => panel.locator('.account-label').allInnerTexts();
  const closed = () => form().waitFor({ state: 'detached' });
  const edit = (label: string) => account(label).getByTestId('edit').click();

  it('says that there are none, and what to do', async () => {
    await panel.getByTestId('no-accounts').waitFor();
    await panel.getByTestId('no-accounts').getByRole('button', { name: 'Use Demo Account' }).waitFor();
  });

  it('adds the demo account, which needs nothing', async () => {
    await addDemoAccount(panel);
    assert.equal(await panel.getByTestId('account').count(), 1);
    assert.equal(await panel.getByTestId('account').getAttribute('data-state'), 'healthy');
  });

  it('asks for a key and a base URL where they are needed, before anything is sent', async () => {
    await panel.getByTestId('add-account').click();
    await panel.getByTestId('save-account').click();
    assert.equal(await panel.locator('#account-key').getAttribute('aria-invalid'), 'true');
    await panel.getByText('The API key is missing.').waitFor();
    await panel.locator('#account-provider').selectOption('openai-compatible');
    await panel.getByTestId('save-account').click();
    assert.equal(await panel.locator('#account-base-url').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(upstream.asked, []);
  });

  it('tries a key with one call, and shows what the provider says about a wrong one', async () => {
    upstream.mood = 'refuses';
    await panel.locator('#account-base-url').fill(upstream.baseUrl);
    await panel.locator('#account-key').fill(WRONG_KEY);
    await panel.getByTestId('save-account').click();
    await panel.getByTestId('test-failed').getByText('This key opens no door here.').waitFor();
    assert.deepEqual(upstream.asked, [`Bearer ${WRONG_KEY}`]);
    assert.equal(await panel.getByTestId('account').count(), 1);
  });

  it('keeps no trace of the typed key in the page', async () => {
    assert.equal(await panel.locator('#account-key').inputValue(), '');
    const text = await everythingIn(panel);
    assert.ok(text.includes('This key opens no door here.'));
    assert.ok(!text.includes(WRONG_KEY));
  });

  it('tries the held key again, and adds the account when the provider takes it', async () => {
    upstream.mood = 'takes';
    await panel.locator('#account-label').fill('Local');
    await panel.getByTestId('test-failed').getByRole('button', { name: 'Try again' }).click();
    await closed();
    assert.deepEqual(upstream.asked, [`Bearer ${WRONG_KEY}`]);
    assert.deepEqual(await labels(), ['Demo', 'Local']);
  });

  it('shows what is kept of an account but never its key', async () => {
    await edit('Local');
    assert.equal(await panel.locator('#account-label').inputValue(), 'Local');
    assert.equal(await panel.locator('#account-base-url').inputValue(), upstream.baseUrl);
    assert.equal(await panel.locator('#account-key').inputValue(), '');
    assert.equal(await panel.locator('#account-key').getAttribute('placeholder'), 'Kept; type to replace');
    assert.ok(!(await everythingIn(panel)).includes(WRONG_KEY));
  });

  it('fetches the models with the key that is kept; what is ticked is used', async () => {
    await panel.getByTestId('fetch-models').click();
    const list = panel.getByTestId('listed-models');
    await list.waitFor();
    assert.deepEqual(await list.locator('.check').allInnerTexts(), MODELS);
    assert.deepEqual(upstream.asked, [`Bearer ${WRONG_KEY}`]);
    await list.getByLabel('Search models').fill('local');
    assert.equal(await list.locator('.check').count(), 2);
    await list.getByLabel('local-2').check();
    await list.getByLabel('local-1').check();
    assert.equal(await panel.locator('#account-models').inputValue(), 'local-2\nlocal-1');
    await list.getByLabel('local-2').uncheck();
    await panel.getByText('3 listed, 1 chosen').waitFor();
  });

  it('says which field is wrong, also in a part that was folded away', async () => {
    await form().getByText('Advanced').click();
    await panel.locator('#account-weight').fill('0');
    await form().getByText('Advanced').click();
    await panel.getByTestId('save-account').click();
    await panel.getByText('The weight must be a number above 0').waitFor();
    assert.equal(await panel.locator('#account-weight').getAttribute('aria-invalid'), 'true');
    await panel.locator('#account-weight').fill('2.5');
  });

  it('keeps an edited account without asking the provider when nothing of its key changed', async () => {
    await panel.locator('#account-label').fill('Renamed');
    await panel.locator('#account-maxConcurrent').fill('4');
    await panel.getByTestId('save-account').click();
    await closed();
    assert.deepEqual(upstream.asked, []);
    assert.deepEqual(await labels(), ['Demo', 'Renamed']);
    await edit('Renamed');
    assert.equal(await panel.locator('#account-models').inputValue(), 'local-1');
    assert.equal(await panel.locator('#account-weight').inputValue(), '2.5');
    assert.equal(await panel.locator('#account-maxConcurrent').inputValue(), '4');
  });

  it('tests a new key before it replaces the old one, and saves it anyway when it shall', async () => {
    upstream.mood = 'refuses';
    await panel.locator('#account-key').fill(NEW_KEY);
    await panel.getByTestId('save-account').click();
    const failed = panel.getByTestId('test-failed');
    await failed.getByText('This key opens no door here.').waitFor();
    assert.deepEqual(upstream.asked, [`Bearer ${NEW_KEY}`]);
    assert.ok(!(await everythingIn(panel)).includes(NEW_KEY));
    await failed.getByRole('button', { name: 'Save anyway' }).click();
    await closed();
    assert.ok(!(await everythingIn(panel)).includes(NEW_KEY));
  });

  it('tests an account again', async () => {
    upstream.mood = 'takes';
    upstream.asked = [];
    await account('Renamed').getByRole('button', { name: 'Test again' }).click();
    await account('Renamed').getByText('Test passed').waitFor();
    assert.deepEqual(upstream.asked, [`Bearer ${NEW_KEY}`]);
    upstream.mood = 'refuses';
    await account('Renamed').getByRole('button', { name: 'Test again' }).click();
    await account('Renamed').getByText('This key opens no door here.').waitFor();
    upstream.mood = 'takes';
  });

  it('moves accounts by button and by keyboard, and the focus stays', async () => {
    await addCompatibleAccount(panel, { label: 'Third', baseUrl: upstream.baseUrl, key: 'sk-third-0123' });
    const up = account('Third').getByTestId('move-up');
    const inOrder = (first: string) => panel.getByTestId('account').first().getByText(first).waitFor();
    assert.equal(await account('Third').getByTestId('move-down').getAttribute('aria-disabled'), 'true');
    await up.click();
    await panel.getByTestId('account').nth(1).getByText('Third').waitFor();
    assert.deepEqual(await labels(), ['Demo', 'Third', 'Renamed']);
    await page.keyboard.press('Alt+ArrowUp');
    await inOrder('Third');
    assert.deepEqual(await labels(), ['Third', 'Demo', 'Renamed']);
    const focused = await panel.evaluate<string>('document.activeElement.getAttribute("aria-label")');
    assert.equal(focused, 'Move Third up');
    await page.keyboard.press('Alt+ArrowDown');
    await inOrder('Demo');
  });

  it('an account that is off does not count, also while the proxy runs', async () => {
    await startInPanel(panel);
    await statusSays('(3)');
    await account('Third').getByRole('switch').uncheck();
    await statusSays('(2)');
    await inState('Third', 'off').getByText('Disabled by you').waitFor();
    await account('Third').getByRole('switch').check();
    await statusSays('(3)');
    await account('Third').getByRole('switch').uncheck();
  });

  it('shows what the proxy counts', async () => {
    assert.equal(await askProxy(proxyPort, 'local-1'), 200);
    const numbers = account('Renamed').getByTestId('account-numbers');
    await numbers.getByText('100%').waitFor();
    assert.match(await numbers.innerText(), /In flight\s+0[^]*Served\s+1/);
  });

  it('counts down while an account rests, and wakes it by hand', async () => {
    upstream.mood = 'limits';
    await askProxy(proxyPort, 'local-1');
    upstream.mood = 'takes';
    const words = account('Renamed').getByText(/Cooling, back in (10:00|9:\d\d)/);
    const resting = account('Renamed').getByTestId('resting-models');
    await words.or(resting).first().waitFor();
    // A limit is booked for the account or for the model, as its provider counts.
    if (await resting.isVisible()) await resting.locator('summary').click();
    const [left] = /\d+:\d\d/.exec(await words.innerText()) ?? [];
    await words.filter({ hasNotText: left! }).waitFor();
    const clear = account('Renamed').getByRole('button', { name: /^Clear/ });
    await clear.first().click();
    await words.waitFor({ state: 'detached' });
    await inState('Renamed', 'healthy').waitFor();
  });

  it('says that the provider refuses a key, until a test passes', async () => {
    upstream.mood = 'refuses';
    await askProxy(proxyPort, 'local-1');
    await inState('Renamed', 'disabled')
      .getByText(/^Disabled by the provider: .*opens no door/)
      .waitFor();
    upstream.mood = 'takes';
    await account('Renamed').getByRole('button', { name: 'Test again' }).click();
    await inState('Renamed', 'healthy').waitFor();
    await stopInPanel(panel);
  });

  it('asks before it removes', async () => {
    const remove = account('Renamed').getByRole('button', { name: /^Remove/ });
    await remove.click();
    await press(dialog('Its key is forgotten'), 'Cancel');
    assert.equal(await panel.getByTestId('account').count(), 3);
    await remove.click();
    await press(dialog('Its key is forgotten'), 'Remove');
    await account('Renamed').waitFor({ state: 'detached' });
    await account('Demo').waitFor();
  });
});
