import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { fetchText, freePort } from '../support/local-port';
import { beginAnew } from './portside';

const UPSTREAM_KEY = 'upstream-canary-0123456789abcdef';

describe('secrets', () => {
  let proxy: Controller;
  let port: number;

  before(async () => {
    ({ proxy, port } = await beginAnew());
  });
  after(() => proxy.stop());

  it('the local key is sk- and 48 hex digits, and stays the same', async () => {
    const key = await proxy.apiKey();
    assert.match(key, /^sk-[0-9a-f]{48}$/);
    assert.equal(await proxy.apiKey(), key);
  });

  it('a regenerated key is another one, and acts at once', async () => {
    const before = await proxy.apiKey();
    const after = await proxy.regenerateApiKey();
    assert.match(after, /^sk-[0-9a-f]{48}$/);
    assert.notEqual(after, before);
    assert.equal(await proxy.apiKey(), after);
  });

  it('a key of the user is taken when it is valid (SPEC 2.4)', async () => {
    for (const wrong of ['', 'sk-short', 'key-0123456789', 'sk-with space 12']) {
      await assert.rejects(proxy.setApiKey(wrong), wrong);
    }
    await proxy.setApiKey('sk-of-my-own-choice');
    assert.equal(await proxy.apiKey(), 'sk-of-my-own-choice');
    await proxy.regenerateApiKey();
  });

  it('the command puts the key on the clipboard and gives it to nobody', async () => {
    assert.equal(await vscode.commands.executeCommand('portside.copyApiKey'), undefined);
    assert.equal(await vscode.env.clipboard.readText(), await proxy.apiKey());
  });

  it('no key stands in settings, logs or any other file of the editor', async () => {
    const data = process.env['PORTSIDE_TEST_DATA'];
    assert.ok(data, 'the runner says where the editor keeps its data');
    const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
    const account = { provider: 'openai-compatible', label: 'Canary', baseUrl, key: UPSTREAM_KEY } as const;
    const test = await proxy.testAccount(account);
    assert.equal(test.ok, false);
    assert.ok(!test.message.includes(UPSTREAM_KEY));
    await proxy.addAccount(account);
    await proxy.start();
    const key = await proxy.apiKey();
    await fetchText(`http://127.0.0.1:${port}/v1/models`, { authorization: `Bearer ${key}` });
    await fetchText(`http://127.0.0.1:${port}/v1beta/models?key=${key}`);
    await proxy.stop();

    const log = await logText(data);
    assert.match(log, /127\.0\.0\.1:\d+/);
    const found = filesUnder(data).filter((file) => {
      const bytes = readFileSync(file);
      return bytes.includes(key) || bytes.includes(UPSTREAM_KEY);
    });
    assert.deepEqual(found, []);
  });
});

/** The extension's own log, once it says that the proxy stopped: the editor writes it a moment later. */
async function logText(data: string): Promise<string> {
  const end = Date.now() + 10_000;
  for (;;) {
    const file = filesUnder(join(data, 'logs')).find((each) => each.endsWith('Portside.log'));
    const text = file === undefined ? '' : readFileSync(file, 'utf8');
    if (/stopped/i.test(text) || Date.now() > end) return text;
    await new Promise((later) => setTimeout(later, 100));
  }
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
