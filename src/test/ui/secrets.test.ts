import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { fetchText, freePort } from '../support/local-port';
import {
  addCompatibleAccount,
  beginAnew,
  copiedBy,
  everythingIn,
  goTo,
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
    const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
    await addCompatibleAccount(panel, { label: 'Closed', baseUrl, key: UPSTREAM_KEY, anyway: true });
    await goTo(panel, 'Access');
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
    await goTo(panel, 'Accounts');
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
