import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  dialog,
  everythingIn,
  press,
  startInPanel,
  statusSays,
  stopInPanel,
} from './workbench';

const WRONG_KEY = 'sk-wrong-canary-0123456789';

describe('accounts in the panel', () => {
  let panel: Frame;
  let upstream: Server;
  let baseUrl: string;
  let asked: (string | undefined)[] = [];
  let accepts = false;

  before(async () => {
    panel = await beginAnew();
    upstream = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json');
      if (accepts) {
        response.end('{"object":"list","data":[{"id":"local-1","object":"model"}]}');
        return;
      }
      response.statusCode = 401;
      response.end('{"error":{"message":"This key opens no door here.","code":"invalid_api_key"}}');
    });
    await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
    baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  });
  after(() => void upstream.close());
  beforeEach(() => (asked = []));

  const account = (label: string) => panel.getByTestId('account').filter({ hasText: label });

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
    await panel.getByLabel('Provider').selectOption('openai-compatible');
    await panel.getByTestId('test-and-add').click();
    assert.equal(await panel.locator('#add-base-url').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(asked, []);
  });

  it('tries a key with one call, and shows what the provider says about a wrong one', async () => {
    await panel.locator('#add-base-url').fill(baseUrl);
    await panel.locator('#add-key').fill(WRONG_KEY);
    await panel.getByTestId('test-and-add').click();
    const failed = panel.getByTestId('add-failed');
    await failed.getByText('This key opens no door here.').waitFor();
    assert.deepEqual(asked, [`Bearer ${WRONG_KEY}`]);
    assert.equal(await panel.getByTestId('account').count(), 1);
  });

  it('keeps no trace of the typed key in the page', async () => {
    assert.equal(await panel.locator('#add-key').inputValue(), '');
    const page = await everythingIn(panel);
    assert.ok(page.includes('This key opens no door here.'));
    assert.ok(!page.includes(WRONG_KEY));
  });

  it('tries the held key again, and adds the account when the provider takes it', async () => {
    accepts = true;
    await panel.getByTestId('test-and-add').click();
    await panel.locator('portside-account-form').waitFor({ state: 'detached' });
    assert.deepEqual(asked, [`Bearer ${WRONG_KEY}`]);
    assert.equal(await panel.getByTestId('account').count(), 2);
  });

  it('tests an account again', async () => {
    const compatible = panel.getByTestId('account').nth(1);
    await compatible.getByRole('button', { name: /^Test/ }).click();
    await compatible.getByText('Test passed').waitFor();
    accepts = false;
    await compatible.getByRole('button', { name: /^Test/ }).click();
    await compatible.getByText('This key opens no door here.').waitFor();
  });

  it('an account that is off does not count, also while the proxy runs', async () => {
    await startInPanel(panel);
    await statusSays('(2)');
    await panel.getByTestId('account').nth(1).getByRole('switch').uncheck();
    await statusSays('(1)');
    await panel.getByTestId('account').nth(1).getByRole('switch').check();
    await statusSays('(2)');
    await stopInPanel(panel);
  });

  it('asks before it removes', async () => {
    const remove = panel
      .getByTestId('account')
      .nth(1)
      .getByRole('button', { name: /^Remove/ });
    await remove.click();
    await press(dialog('Its key is forgotten'), 'Cancel');
    assert.equal(await panel.getByTestId('account').count(), 2);
    await remove.click();
    await press(dialog('Its key is forgotten'), 'Remove');
    await panel.getByTestId('account').nth(1).waitFor({ state: 'detached' });
    await account('Demo').waitFor();
  });
});
