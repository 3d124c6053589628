import { testController, until, type TestController } from '../../test-controller';
import { editor } from '../../vscode-stub';
import assert from 'node:assert/strict';
import { clearCooling } from '../../../../../host/commands/accounts/clear-cooling';
import { addClientKey, removeClientKey } from '../../../../../host/commands/client-key-commands';
import { detectLocalServers } from '../../../../../host/commands/accounts/detect-local-servers';
import { editAccount } from '../../../../../host/commands/accounts/edit-account';
import { exportAccounts } from '../../../../../host/commands/accounts/export-accounts';
import { importAccounts } from '../../../../../host/commands/accounts/import-accounts';
import { retestAccount } from '../../../../../host/commands/accounts/retest-account';
import { startProxy } from '../../../../../host/commands/start-proxy';
import { testRoute } from '../../../../../host/commands/test-route';
import { BAD_KEY, RESTING_MODEL } from '../../stand-in-core';

const KEY = 'upstream-CANARY-0123456789';
const PASSPHRASE = 'correct horse battery';
const FILE = '/home/me/accounts.json';

describe('the commands for accounts', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  const add = (label: string, key = KEY) => it_.controller.addAccount({ provider: 'openai', key, label });
  const written = () => Buffer.from(editor.disk.get(FILE) ?? []).toString();
  const labels = () => it_.controller.accounts().map(({ label }) => label);

  it('Edit Account opens the panel with its form', async () => {
    await add('Mine');
    editor.pick.push('Mine');
    assert.equal(await editAccount(it_.context), 'openai');
    assert.deepEqual(it_.opened, ['openai']);
    assert.equal(await editAccount(it_.context, 'nobody'), undefined);
  });

  describe('Re-test Account', () => {
    it('is quiet when the provider takes the key', async () => {
      await add('Mine');
      assert.equal((await retestAccount(it_.context, 'openai'))?.ok, true);
      assert.deepEqual(editor.shown, []);
    });

    it('shows the provider’s words without the key, and what can be done', async () => {
      await add('Mine', BAD_KEY);
      editor.pick.push('Mine');
      editor.press.push('Edit');
      assert.equal((await retestAccount(it_.context))?.ok, false);
      assert.equal(editor.shown[0]?.message, 'Mine does not work: API key not valid: [redacted]');
      assert.deepEqual(editor.shown[0].buttons, ['Re-test', 'Edit']);
      await until(() => it_.opened.length > 0);
    });
  });

  describe('Clear Cooling', () => {
    it('offers the accounts and models that rest, with the reasons', async () => {
      assert.equal(await clearCooling(it_.context), false);
      assert.match(editor.shown[0]?.message ?? '', /No account rests/);
      const models = [RESTING_MODEL];
      await it_.controller.addAccount({ provider: 'openai', key: KEY, label: 'Mine', models });
      await startProxy(it_.context);
      editor.pick.push('Mine');
      assert.equal(await clearCooling(it_.context), true);
      assert.deepEqual(
        editor.asked[0]?.rows.map(({ label, description, detail }) => [label, description, detail]),
        [
          ['Mine', undefined, 'requests per minute'],
          ['Mine', RESTING_MODEL, 'tokens per day'],
        ],
      );
      assert.equal(it_.controller.status().accounts[0]?.state, 'healthy');
      assert.equal(it_.controller.status().accounts[0]?.models?.length, 1);
    });
  });

  describe('Export Accounts', () => {
    it('writes no key when told to leave them out', async () => {
      await add('Mine');
      editor.pick.push('Without Keys');
      editor.files.push(FILE);
      assert.equal(await exportAccounts(it_.context), true);
      assert.match(written(), /"portside-accounts"/);
      assert.doesNotMatch(written(), /CANARY|scrypt/);
    });

    it('asks twice for the passphrase, and writes nothing when the two differ', async () => {
      await add('Mine');
      editor.pick.push('With Keys');
      editor.type.push(PASSPHRASE, 'something else');
      await assert.rejects(exportAccounts(it_.context), /not the same/);
      assert.equal(editor.disk.size, 0);
    });

    it('writes nothing when the user turns back at any question', async () => {
      await add('Mine');
      assert.equal(await exportAccounts(it_.context), false);
      editor.pick.push('With Keys');
      assert.equal(await exportAccounts(it_.context), false);
      editor.pick.push('With Keys');
      editor.type.push(PASSPHRASE);
      assert.equal(await exportAccounts(it_.context), false);
      editor.pick.push('Without Keys');
      assert.equal(await exportAccounts(it_.context), false);
      assert.equal(editor.disk.size, 0);
    });
  });

  describe('Import Accounts', () => {
    /** Exports what there is, with or without keys, and leaves the file to be picked. */
    const exported = async (passphrase?: string) => {
      const text = await it_.controller.exportAccounts(passphrase);
      editor.disk.set(FILE, Buffer.from(text));
      editor.files.push(FILE);
    };

    it('brings accounts and keys to where there are none', async () => {
      await add('Mine');
      await add('Other', 'other-CANARY-0123456789');
      await exported(PASSPHRASE);
      for (const { id } of it_.controller.accounts()) await it_.controller.removeAccount(id);
      editor.type.push(PASSPHRASE);
      assert.deepEqual((await importAccounts(it_.context))?.added, ['openai', 'openai-2']);
      assert.deepEqual(labels(), ['Mine', 'Other']);
      assert.equal(it_.secrets.get('portside.account.openai-2'), 'other-CANARY-0123456789');
      assert.doesNotMatch(JSON.stringify([...it_.memory]), /CANARY/);
      assert.deepEqual(editor.shown, []);
    });

    it('asks again after a wrong passphrase, and changes nothing meanwhile', async () => {
      await add('Mine');
      await exported(PASSPHRASE);
      await it_.controller.removeAccount('openai');
      editor.type.push('wrong passphrase');
      assert.equal(await importAccounts(it_.context), undefined);
      assert.deepEqual(it_.controller.accounts(), []);
      assert.equal(it_.secrets.has('portside.account.openai'), false);
    });

    for (const [answer, list, key] of [
      ['Skip', ['New'], 'new-CANARY-0123456789'],
      ['Replace', ['Old'], KEY],
      ['Keep Both', ['New', 'Old'], 'new-CANARY-0123456789'],
    ] as const)
      it(`${answer}: what is here already is treated so`, async () => {
        await add('Old');
        await exported(PASSPHRASE);
        await it_.controller.removeAccount('openai');
        await add('New', 'new-CANARY-0123456789');
        editor.pick.push(answer);
        editor.type.push(PASSPHRASE);
        await importAccounts(it_.context);
        assert.deepEqual(labels(), list);
        assert.equal(it_.secrets.get('portside.account.openai'), key);
        if (answer === 'Keep Both') assert.equal(it_.secrets.get('portside.account.openai-2'), KEY);
      });

    it('changes nothing when the question about known ones is closed', async () => {
      await add('Old');
      await exported();
      assert.equal(await importAccounts(it_.context), undefined);
      assert.deepEqual(labels(), ['Old']);
    });

    it('without keys switches off what needs one, and says so', async () => {
      await add('Mine');
      await exported();
      await it_.controller.removeAccount('openai');
      assert.deepEqual((await importAccounts(it_.context))?.keyless, ['openai']);
      assert.equal(it_.controller.accounts()[0]?.enabled, false);
      assert.match(editor.shown[0]?.message ?? '', /switched off: openai/);
    });

    it('without keys lets a replaced account keep its key only while it goes where it went', async () => {
      await add('Mine');
      await exported();
      editor.pick.push('Replace');
      await importAccounts(it_.context);
      assert.equal(it_.secrets.get('portside.account.openai'), KEY);
      const text = await it_.controller.exportAccounts();
      const led = text.replace(
        '"provider": "openai"',
        '"provider": "openai", "baseUrl": "https://evil.example/v1"',
      );
      assert.notEqual(led, text);
      editor.disk.set(FILE, Buffer.from(led));
      editor.files.push(FILE);
      editor.pick.push('Replace');
      assert.deepEqual((await importAccounts(it_.context))?.keyless, ['openai']);
      assert.equal(it_.secrets.has('portside.account.openai'), false);
    });

    it('refuses a file that is none, or too large, and changes nothing', async () => {
      for (const [bytes, reason] of [
        [Buffer.from('{}'), /no file of accounts/],
        [Buffer.alloc(5 * 1024 * 1024), /larger/],
      ] as const) {
        editor.disk.set(FILE, bytes);
        editor.files.push(FILE);
        await assert.rejects(importAccounts(it_.context), reason);
      }
      assert.deepEqual(it_.controller.accounts(), []);
    });
  });

  describe('Add Client Key', () => {
    it('asks for name and limits, copies the key and shows it this once', async () => {
      editor.type.push('ci', '2030-12-31', 'claude-*, gpt-5', '60');
      assert.equal(await addClientKey(it_.context), 'ci');
      const key = it_.secrets.get('portside.clientKey.ci') ?? '';
      assert.match(key, /^sk-[0-9a-f]{48}$/);
      assert.equal(editor.clipboard, key);
      assert.equal(editor.shown[0]?.detail, key);
      assert.deepEqual(it_.controller.clientKeys(), [
        {
          name: 'ci',
          expires: '2030-12-31',
          models: ['claude-*', 'gpt-5'],
          requestsPerMinute: 60,
          expired: false,
        },
      ]);
    });

    it('makes nothing when the user turns back at any question', async () => {
      for (const typed of [[], ['ci'], ['ci', ''], ['ci', '', '']]) {
        editor.type.push(...typed);
        assert.equal(await addClientKey(it_.context), undefined);
      }
      assert.deepEqual(it_.controller.clientKeys(), []);
    });
  });

  it('Remove Client Key asks first and forgets the key', async () => {
    await addClientKey(it_.context, { name: 'ci' });
    editor.press.length = 0;
    editor.pick.push('ci');
    assert.equal(await removeClientKey(it_.context), false);
    editor.press.push('Remove');
    assert.equal(await removeClientKey(it_.context, 'ci'), true);
    assert.deepEqual(it_.controller.clientKeys(), []);
    assert.equal(it_.secrets.has('portside.clientKey.ci'), false);
  });

  it('Test Route shows whom a client would be answered by, in order', async () => {
    await add('Mine');
    editor.type.push('gpt-5');
    editor.pick.push('Anthropic Messages', '$(check) 1. Mine');
    const explanation = await testRoute(it_.context);
    assert.equal(explanation?.candidates[0]?.account, 'Mine');
    assert.equal(editor.asked[1]?.title, 'gpt-5: because');
    assert.deepEqual(editor.asked[1].rows[0]?.detail, 'passed through');
    await until(() => it_.opened.includes('openai'));
    assert.equal(await testRoute(it_.context), undefined);
  });

  it('Detect Local Servers adds what is picked, and marks what has an account', async () => {
    await it_.controller.addAccount({
      provider: 'openai-compatible',
      key: '',
      baseUrl: 'http://localhost:8000/v1',
    });
    const server = (name: string, port: number, models: string[]) => ({
      name,
      provider: 'openai-compatible' as const,
      baseUrl: `http://127.0.0.1:${port}/v1`,
      models,
    });
    const find = () =>
      Promise.resolve([server('vLLM', 8000, []), server('llama.cpp', 8080, ['a', 'b', 'c', 'd'])]);
    editor.pick.push('all');
    const added = await detectLocalServers(it_.context, undefined, find);
    assert.deepEqual(
      added.map(({ label, baseUrl, defaultModel, models }) => [label, baseUrl, defaultModel, models]),
      [['llama.cpp', 'http://127.0.0.1:8080/v1', 'a', undefined]],
    );
    assert.deepEqual(
      editor.asked[0]?.rows.map(({ label, detail }) => [label, detail]),
      [
        ['llama.cpp', 'a, b, c and 1 more'],
        ['Have an account already', undefined],
        ['$(check) vLLM', 'no models'],
      ],
    );
    assert.deepEqual(await detectLocalServers(it_.context, undefined, find), []);
    assert.match(editor.shown[0]?.message ?? '', /have an account already/);
  });
});
