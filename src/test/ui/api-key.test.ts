import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { fetchText } from '../support/local-port';
import {
  addDemoAccount,
  beginAnew,
  copiedBy,
  dialog,
  everythingIn,
  goTo,
  openPanel,
  press,
  reload,
  runCommand,
  startInPanel,
  stopInPanel,
  workbench,
} from './workbench';

const KEY = /^sk-[0-9a-f]{48}$/;
const { proxyPort } = workbench;

describe('the api key in the panel', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await goTo(panel, 'Access');
  });

  const field = () => panel.getByTestId('api-key');
  const copyKey = () => copiedBy(() => panel.getByTestId('copy-key').click());

  it('is masked, and not in the page at all', async () => {
    assert.match(await field().inputValue(), /^•+$/);
    const key = await copyKey();
    assert.match(key, KEY);
    assert.ok(!(await everythingIn(panel)).includes(key));
  });

  it('is shown on demand alone, and hidden again when the focus goes elsewhere', async () => {
    await panel.getByTestId('reveal-key').click();
    await panel.getByRole('button', { name: 'Hide', exact: true }).waitFor();
    const shown = await field().inputValue();
    assert.match(shown, KEY);
    assert.equal(shown, await copyKey());
    await panel.getByTestId('add-client-key').focus();
    await panel.getByRole('button', { name: 'Reveal', exact: true }).waitFor();
    assert.ok(!(await everythingIn(panel)).includes(shown));
  });

  it('is the same from the palette, and after the window was loaded anew', async () => {
    const key = await copyKey();
    await reload();
    assert.equal(await copiedBy(() => runCommand('Portside: Copy API Key')), key);
    panel = await openPanel();
    await goTo(panel, 'Access');
    assert.equal(await copyKey(), key);
  });

  it('is replaced after a question', async () => {
    const before = await copyKey();
    await panel.getByTestId('regenerate-key').click();
    await press(dialog('Replace the API key'), 'Cancel');
    assert.equal(await copyKey(), before);
    await panel.getByTestId('regenerate-key').click();
    await press(dialog('Replace the API key'), 'Regenerate');
    await dialog('Replace the API key').waitFor({ state: 'detached' });
    let after = before;
    for (let tries = 0; after === before && tries < 20; tries += 1) after = await copyKey();
    assert.match(after, KEY);
    assert.notEqual(after, before);
  });

  it('can be one of the user’s own, when it is valid', async () => {
    await panel.getByTestId('edit-key').click();
    const editor = panel.getByTestId('api-key-editor');
    for (const [wrong, why] of [
      ['key-0123456789', 'must start with "sk-"'],
      ['sk-short', 'at least 10 characters'],
    ] as const) {
      await editor.fill(wrong);
      await panel.getByTestId('api-key-problem').getByText(why).waitFor();
    }
    await editor.fill('sk-chosen-by-hand');
    await panel.locator('portside-key').getByRole('button', { name: 'Save', exact: true }).click();
    await field().waitFor();
    assert.equal(await copyKey(), 'sk-chosen-by-hand');
    assert.ok(!(await everythingIn(panel)).includes('sk-chosen-by-hand'));
  });

  it('is asked for at once when the mode of authentication says so', async () => {
    await addDemoAccount(panel);
    await startInPanel(panel);
    await goTo(panel, 'Access');
    const healthz = `http://127.0.0.1:${proxyPort}/healthz`;
    await panel.getByLabel('Authentication').selectOption('strict');
    await panel.getByTestId('auth-meaning').getByText('Every request needs the API key').waitFor();
    const key = await copyKey();
    assert.equal((await fetchText(healthz)).status, 401);
    assert.equal((await fetchText(healthz, { 'x-api-key': key })).status, 200);
    await panel.getByLabel('Authentication').selectOption('auto');
    await panel.getByTestId('auth-meaning').getByText('LAN access is off, so auto means off').waitFor();
    await stopInPanel(panel);
    assert.equal(await panel.getByTestId('auth-meaning').count(), 1);
  });
});
