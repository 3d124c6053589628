import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import type { AccountTest, RouteExplanation } from '../../shared/status';
import { fetchText, freePort } from '../support/local-port';
import { beginAnew, eventually } from './portside';

const UPSTREAM_KEY = 'upstream-canary-of-accounts-0123456789';
const PASSPHRASE = 'correct horse battery';

describe('accounts', () => {
  let proxy: Controller;
  let port: number;

  beforeEach(async () => {
    ({ proxy, port } = await beginAnew());
  });
  afterEach(async () => {
    await proxy.stop();
    for (const { name } of proxy.clientKeys()) await proxy.removeClientKey(name);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const demo = (label: string) => proxy.addAccount({ provider: 'demo', key: '', label });
  const order = () => proxy.accounts().map(({ label }) => label);

  it('are edited, moved and switched off, and the running proxy follows', async () => {
    for (const label of ['A', 'B', 'C']) await demo(label);
    await proxy.start();
    await proxy.moveAccount('demo-3', 0);
    assert.deepEqual(order(), ['C', 'A', 'B']);
    assert.equal((await proxy.editAccount('demo', { fields: { label: 'First', priority: 5 } })).ok, true);
    await proxy.setAccountEnabled('demo-2', false);
    await eventually(
      () =>
        proxy
          .status()
          .accounts.map(({ id }) => id)
          .join() === 'demo-3,demo,demo-2',
      'the order reaches the core',
    );
    await eventually(() => proxy.status().activeAccounts === 2, 'one is switched off');
    assert.deepEqual(order(), ['C', 'First', 'B']);
  });

  it('the command to re-test one gives the verdict', async () => {
    await demo('A');
    const test = await vscode.commands.executeCommand<AccountTest>('portside.retestAccount', 'demo');
    assert.equal(test.ok, true);
  });

  it('the command to edit one opens the panel', async () => {
    await demo('A');
    assert.equal(await vscode.commands.executeCommand('portside.editAccount', 'demo'), 'demo');
    await eventually(
      () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Portside')),
      'the panel is open',
    );
  });

  it('an edit with a key that nobody takes changes nothing unless anyway', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
    const fields = { label: 'Lab', baseUrl };
    await proxy.addAccount({ provider: 'openai-compatible', key: '', ...fields });
    const edit = { fields: { ...fields, label: 'Changed' }, key: UPSTREAM_KEY };
    const refused = await proxy.editAccount('openai-compatible', edit);
    assert.equal(refused.ok, false);
    assert.ok(!refused.message.includes(UPSTREAM_KEY));
    assert.deepEqual(order(), ['Lab']);
    assert.equal(proxy.accounts()[0]?.hasKey, false);
    await proxy.editAccount('openai-compatible', { ...edit, anyway: true });
    assert.deepEqual(order(), ['Changed']);
    assert.equal(proxy.accounts()[0]?.hasKey, true);
  });

  it('leave with their keys under a passphrase and come back, and no key lies in a file', async () => {
    const data = process.env['PORTSIDE_TEST_DATA'];
    assert.ok(data, 'the runner says where the editor keeps its data');
    await proxy.addAccount({ provider: 'openai', key: UPSTREAM_KEY, label: 'Work' });
    const { key } = await proxy.addClientKey({ name: 'ci' });
    const text = await proxy.exportAccounts(PASSPHRASE);
    assert.ok(!text.includes(UPSTREAM_KEY));
    await proxy.removeAccount('openai');
    const { file, known } = await proxy.readAccounts(text);
    assert.deepEqual(known, []);
    await assert.rejects(proxy.importAccounts(file, { known: 'skip', passphrase: 'something else' }), {
      code: 'WRONG_PASSPHRASE',
    });
    assert.deepEqual(proxy.accounts(), []);
    const result = await proxy.importAccounts(file, { known: 'skip', passphrase: PASSPHRASE });
    assert.deepEqual([result.added, result.keyless], [['openai'], []]);
    assert.equal(proxy.accounts()[0]?.hasKey, true);
    const found = readdirSync(data, { recursive: true, encoding: 'utf8' })
      .map((name) => join(data, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
      .filter((path) => [UPSTREAM_KEY, key].some((secret) => readFileSync(path).includes(secret)));
    assert.deepEqual(found, []);
  });

  it('a route of the settings shows in the explanation of a name, also while stopped', async () => {
    await demo('A');
    await proxy.updateSetting('routes', { 'claude-*': ['demo/portside-demo'] });
    try {
      const ask = { model: 'claude-sonnet-4-5', protocol: 'anthropic' };
      const told = await vscode.commands.executeCommand<RouteExplanation>('portside.testRoute', ask);
      assert.deepEqual(told.rule, { pattern: 'claude-*', targets: ['demo/portside-demo'] });
      assert.deepEqual(
        told.candidates.map(({ account, model }) => [account, model]),
        [['A', 'portside-demo']],
      );
      assert.equal(proxy.status().state, 'stopped');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    } finally {
      await proxy.updateSetting('routes', {});
    }
  });

  it('a client’s key admits it as soon as it is made, until it is removed', async () => {
    await demo('A');
    await proxy.updateSetting('authMode', 'strict');
    try {
      await proxy.start();
      const { key } = await proxy.addClientKey({ name: 'ci', requestsPerMinute: 1_000 });
      const status = async () =>
        (await fetchText(`http://127.0.0.1:${port}/v1/models`, { authorization: `Bearer ${key}` })).status;
      await eventually(async () => (await status()) === 200, 'the key admits');
      await proxy.refresh();
      assert.equal(proxy.clientKeys()[0]?.name, 'ci');
      await proxy.removeClientKey('ci');
      await eventually(async () => (await status()) === 401, 'the key admits no more');
    } finally {
      await proxy.updateSetting('authMode', 'auto');
    }
  });

  it('a setting of one z.ai model leaves the others as they are', async () => {
    const section = vscode.workspace.getConfiguration('portside');
    const defaults = proxy.settings().zai.models;
    try {
      await section.update('zai.models', { opus: 'mine' }, vscode.ConfigurationTarget.Global);
      await eventually(() => proxy.settings().zai.models.opus === 'mine', 'the editor took the setting');
      assert.deepEqual(proxy.settings().zai.models, { ...defaults, opus: 'mine' });
    } finally {
      await section.update('zai.models', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
