import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { fetchText, isFree, occupy, release } from '../support/local-port';
import {
  beginAnew,
  clearNotifications,
  goTo,
  notification,
  openPanel,
  pickFromMenu,
  press,
  reload,
  runCommand,
  startInPanel,
  statusItem,
  statusSays,
  stopInPanel,
  stopProxy,
  workbench,
} from './workbench';

const { page, proxyPort } = workbench;
const url = `http://127.0.0.1:${proxyPort}`;

describe('start and stop, by hand', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
  });
  after(async () => {
    await stopProxy();
    await clearNotifications();
  });

  it('the status bar says that the proxy is stopped', async () => {
    await statusSays('Portside: stopped');
    assert.match((await statusItem().locator('a').getAttribute('aria-label')) ?? '', /Portside is stopped/);
  });

  it('Start Proxy without accounts says so and offers three ways on (SPEC 1.4)', async () => {
    await runCommand('Portside: Start Proxy');
    const toast = notification('no available accounts, please add an account first');
    await toast.waitFor();
    const words = await toast.locator('.notification-list-item-message').innerText();
    assert.equal(words.trim(), 'no available accounts, please add an account first');
    const buttons = await toast.locator('.notification-list-item-buttons-container a').allInnerTexts();
    assert.deepEqual(buttons, ['Add Account', 'Detect Local Servers', 'Use Demo Account']);
    await statusSays('Portside: failed');
    await panel
      .getByTestId('failure')
      .getByText('no available accounts, please add an account first')
      .waitFor();
    await press(toast, 'Use Demo Account');
    await statusSays(`Portside: running on ${proxyPort} (1)`);
    assert.equal((await fetchText(`${url}/healthz`)).body, '{"status":"ok"}');
  });

  it('a second Start Proxy is no error, and shows nothing', async () => {
    await runCommand('Portside: Start Proxy');
    await page.waitForTimeout(1000);
    assert.equal(await notification(/./).count(), 0);
    await statusSays('Portside: running');
  });

  it('Stop Proxy frees the port', async () => {
    await runCommand('Portside: Stop Proxy');
    await statusSays('Portside: stopped');
    assert.equal(await isFree(proxyPort), true);
  });

  it('a click on the status bar item opens the menu, which starts and stops', async () => {
    await pickFromMenu('Start Proxy');
    await statusSays('Portside: running');
    assert.equal((await fetchText(`${url}/healthz`)).status, 200);
    await pickFromMenu('Stop Proxy');
    await statusSays('Portside: stopped');
    assert.equal(await isFree(proxyPort), true);
  });

  it('the panel starts and stops, and locks the port while the proxy runs', async () => {
    panel = await openPanel();
    await goTo(panel, 'Proxy');
    const port = panel.getByLabel('Port', { exact: true });
    assert.equal(await port.isEditable(), true);
    assert.equal(await port.inputValue(), String(proxyPort));
    await startInPanel(panel);
    assert.equal(await panel.getByTestId('url').innerText(), url);
    assert.equal(await port.isEditable(), false);
    await panel.getByTestId('port-locked').waitFor();
    await statusSays('Portside: running');
    await stopInPanel(panel);
    assert.equal(await port.isEditable(), true);
    await statusSays('Portside: stopped');
  });

  it('the panel says what is wrong with a port, and keeps the old one', async () => {
    const port = panel.getByLabel('Port', { exact: true });
    for (const wrong of ['0', '65536', '80a', '']) {
      await port.fill(wrong);
      await port.blur();
      await panel.getByTestId('port-problem').waitFor();
    }
    await port.fill(String(proxyPort));
    await port.blur();
    await panel.getByTestId('port-problem').waitFor({ state: 'detached' });
  });

  it('a port in use is named, and the next free one is offered in the notification', async () => {
    const other = await occupy(proxyPort);
    try {
      await runCommand('Portside: Start Proxy');
      const toast = notification(`failed to start server: failed to bind address 127.0.0.1:${proxyPort}:`);
      await toast.waitFor();
      await statusSays('Portside: failed');
      const offer = toast.getByRole('button', { name: /^Use Port \d+$/ });
      const port = Number(/\d+/.exec(await offer.innerText())?.[0]);
      assert.notEqual(port, proxyPort);
      await offer.click();
      await statusSays(`Portside: running on ${port}`);
      assert.equal((await fetchText(`http://127.0.0.1:${port}/healthz`)).body, '{"status":"ok"}');
    } finally {
      await release(other);
    }
    await runCommand('Portside: Stop Proxy');
    await statusSays('Portside: stopped');
    const field = panel.getByLabel('Port', { exact: true });
    await field.fill(String(proxyPort));
    await field.blur();
    await panel.getByText(`Where clients find the proxy: ${url}`).waitFor();
  });

  it('the panel offers the next free port as well', async () => {
    const other = await occupy(proxyPort);
    try {
      await panel.getByTestId('start-stop').click();
      const failure = panel.getByTestId('failure');
      await failure.getByText(`failed to bind address 127.0.0.1:${proxyPort}`).waitFor();
      const offer = failure.getByRole('button', { name: /port \d+/ });
      await offer.waitFor();
      assert.notEqual(Number(/\d+/.exec(await offer.innerText())?.[0]), proxyPort);
    } finally {
      await release(other);
    }
    await failureIsOver();
  });

  /** Starts on the port that is free again. */
  async function failureIsOver(): Promise<void> {
    await panel.getByTestId('failure').getByRole('button', { name: 'Try again' }).click();
    await statusSays('Portside: running');
  }

  it('a window that closes takes its proxy with it', async () => {
    await statusSays('Portside: running');
    assert.equal(await isFree(proxyPort), false);
    await reload();
    await statusSays('Portside: stopped');
    assert.equal(await isFree(proxyPort), true);
  });
});
