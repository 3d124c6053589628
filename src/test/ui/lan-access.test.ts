import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { isFree } from '../support/local-port';
import { addDemoAccount, beginAnew, dialog, goTo, press, statusSays, workbench } from './workbench';

describe('LAN access in the panel', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
  });
  after(async () => {
    await goTo(panel, 'Access');
    await panel.getByLabel('Authentication').selectOption('auto');
    await goTo(panel, 'Proxy');
    await panel.getByLabel(/Let other machines/).uncheck();
    await panel.getByTestId('lan-warning').waitFor({ state: 'detached' });
  });

  it('warns, and auto comes to mean that the key is asked for', async () => {
    await goTo(panel, 'Proxy');
    assert.equal(await panel.getByTestId('lan-warning').count(), 0);
    await panel.getByLabel(/Let other machines/).check();
    await panel.getByTestId('lan-warning').getByText('who has the API key').waitFor();
    await goTo(panel, 'Access');
    await panel.getByTestId('auth-meaning').getByText('auto means all_except_health').waitFor();
  });

  it('without a key the warning is stronger, and a start asks first', async () => {
    await panel.getByLabel('Authentication').selectOption('off');
    await goTo(panel, 'Proxy');
    await panel.getByTestId('lan-warning').getByText('no key is asked for').waitFor();
    await panel.getByTestId('start-stop').click();
    const question = dialog('Open the proxy to your network without a key?');
    await question.waitFor();
    await press(question, 'Cancel');
    await question.waitFor({ state: 'detached' });
    await statusSays('Portside: stopped');
    assert.equal(await isFree(workbench.proxyPort), true);
  });
});
