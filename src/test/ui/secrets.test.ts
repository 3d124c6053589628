import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { fetchText, freePort } from '../support/local-port';
import {
  beginAnew,
  copiedBy,
  everythingIn,
  openPanel,
  reload,
  startInPanel,
  stopInPanel,
  workbench,
} from './workbench';

const UPSTREAM_KEY = 'sk-upstream-canary-0123456789';
const { profile, proxyPort } = workbench;

describe('nothing secret', () => {
  let panel: Frame;
  let key: string;

  before(async () => {
    panel = await beginAnew();
    await panel.getByTestId('add-account').click();
    await panel.getByLabel('Provider').selectOption('openai-compatible');
    await panel.locator('#add-base-url').fill(`http://127.0.0.1:${await freePort()}/v1`);
    await panel.locator('#add-key').fill(UPSTREAM_KEY);
    await panel.getByTestId('test-and-add').click();
    await panel.getByTestId('add-failed').getByRole('button', { name: 'Add Anyway' }).click();
    await panel.getByTestId('account').waitFor();
    key = await copiedBy(() => panel.getByTestId('copy-key').click());
    assert.match(key, /^sk-/);
    await startInPanel(panel);
    await fetchText(`http://127.0.0.1:${proxyPort}/v1/models`, { authorization: `Bearer ${key}` });
    await fetchText(`http://127.0.0.1:${proxyPort}/v1beta/models?key=${key}`);
  });
  after(() => beginAnew());

  it('is in the page of the panel, as it was and when it is made anew', async () => {
    for (const text of [await everythingIn(panel), await afterReload()]) {
      assert.ok(!text.includes(key), 'the local key');
      assert.ok(!text.includes(UPSTREAM_KEY), 'the upstream key');
    }
  });

  async function afterReload(): Promise<string> {
    await stopInPanel(panel);
    await reload();
    panel = await openPanel();
    await panel.getByTestId('account').waitFor();
    return everythingIn(panel);
  }

  it('is in settings, logs, or any other file that the editor wrote', () => {
    const files = readdirSync(profile.data, { recursive: true, encoding: 'utf8' })
      .map((name) => join(profile.data, name))
      .filter((file) => statSync(file).isFile());
    assert.ok(files.some((file) => file.endsWith('settings.json')));
    assert.ok(files.some((file) => file.endsWith('Portside.log')));
    const leaks = files.filter((file) => {
      const bytes = readFileSync(file);
      return bytes.includes(key) || bytes.includes(UPSTREAM_KEY);
    });
    assert.deepEqual(leaks, []);
  });
});
