import { testController, until, type TestController } from '../test-controller';
import { editor, changeSetting } from '../vscode-stub';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { BAD_KEY, DIE_KEY } from '../stand-in-core';

const KEY = 'canary-upstream-key-0123456789';

describe('the controller of the editor', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  const addAccount = () => it_.controller.addAccount({ provider: 'gemini', key: KEY, label: 'Mine' });

  it('is stopped and has loaded no core before the first start', () => {
    const status = it_.controller.status();
    assert.equal(status.state, 'stopped');
    assert.equal(status.activeAccounts, 0);
    assert.equal(status.authMode, 'off');
    assert.deepEqual(editor.log, []);
  });

  it('refuses to start without accounts, in the words of SPEC 1.4, and says so in its status', async () => {
    await assert.rejects(it_.controller.start(), {
      message: 'no available accounts, please add an account first',
      code: 'NO_ACCOUNTS',
    });
    assert.deepEqual(it_.controller.status().failure, {
      message: 'no available accounts, please add an account first',
      code: 'NO_ACCOUNTS',
    });
  });

  it('forgets the failure when an account is added', async () => {
    await assert.rejects(it_.controller.start());
    await addAccount();
    assert.equal(it_.controller.status().failure, undefined);
  });

  it('makes one listener of ten starts at once, and frees the port when it stops', async () => {
    await addAccount();
    const all = await Promise.all(Array.from({ length: 10 }, () => it_.controller.start()));
    assert.deepEqual([...new Set(all.map(({ listening }) => listening?.port))], [it_.port]);
    assert.deepEqual(await it_.controller.checkHealth().then(({ status, body }) => ({ status, body })), {
      status: 200,
      body: '{"status":"ok"}',
    });
    await it_.controller.stop();
    await it_.controller.stop();
    assert.equal(it_.controller.status().state, 'stopped');
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(it_.port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('stops after all when a stop follows a start at once', async () => {
    await addAccount();
    const [, stopped] = await Promise.all([it_.controller.start(), it_.controller.stop()]);
    assert.equal(stopped.state, 'stopped');
    assert.equal(it_.controller.status().state, 'stopped');
  });

  it('names host and port when the port is taken, and proposes another that is free', async () => {
    await addAccount();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(it_.port, '127.0.0.1', resolve));
    try {
      await assert.rejects(it_.controller.start(), {
        code: 'EADDRINUSE',
        message: `failed to start server: failed to bind address 127.0.0.1:${it_.port}: address already in use`,
      });
      assert.deepEqual(
        { host: it_.controller.status().failure?.host, port: it_.controller.status().failure?.port },
        { host: '127.0.0.1', port: it_.port },
      );
      const next = await it_.controller.nextFreePort();
      assert.ok(next !== undefined && next > it_.port);
    } finally {
      squatter.close();
    }
  });

  it('refuses settings that are not valid and names the one', async () => {
    await addAccount();
    changeSetting('timeouts.idleMs', 'soon');
    await assert.rejects(it_.controller.start(), {
      code: 'INVALID_SETTINGS',
      message: /^portside\.timeouts\.idleMs: /,
    });
  });

  it('goes on with the old settings when a change is not valid, and tells', async () => {
    await addAccount();
    await it_.controller.start();
    changeSetting('authMode', 'sometimes');
    await until(() => it_.rejected.length > 0);
    assert.match(it_.rejected[0]!, /^portside\.authMode: /);
    assert.equal(it_.controller.status().state, 'running');
  });

  it('applies the auth mode at once, and a new port with the next start', async () => {
    await addAccount();
    await it_.controller.start();
    changeSetting('authMode', 'strict');
    await until(() => it_.controller.status().authMode === 'strict');
    assert.equal(it_.controller.status().restartNeeded, false);
    await it_.controller.updateSetting('port', it_.port === 65_535 ? 1_025 : it_.port + 1);
    await until(() => it_.controller.status().restartNeeded);
    assert.equal(it_.controller.baseUrl(), `http://127.0.0.1:${it_.port}`);
  });

  it('tells the base URL of the setting while it is stopped', () => {
    assert.equal(it_.controller.baseUrl(), `http://127.0.0.1:${it_.port}`);
  });

  describe('with LAN access and no key', () => {
    const openUp = () => {
      changeSetting('allowLanAccess', true);
      changeSetting('authMode', 'off');
    };

    it('does not start unless the user says yes', async () => {
      await addAccount();
      openUp();
      await assert.rejects(it_.controller.start(), { code: 'CANCELLED' });
      assert.equal(it_.controller.status().state, 'stopped');
      assert.equal(it_.controller.status().failure, undefined);
    });

    it('starts when the user says yes', async () => {
      await it_.controller.dispose();
      it_ = await testController({ confirmOpenNetwork: () => Promise.resolve(true) });
      await addAccount();
      openUp();
      assert.equal((await it_.controller.start()).listening?.host, '0.0.0.0');
    });

    it('asks too when the key is switched off later, and switches it back on when the answer is no', async () => {
      await addAccount();
      changeSetting('allowLanAccess', true);
      await it_.controller.start();
      changeSetting('authMode', 'off');
      await until(() => editor.settings['authMode'] === 'auto');
      assert.equal(it_.controller.status().authMode, 'all_except_health');
    });
  });

  it('keeps asking for the key while the network is bound, though LAN access is off for the next start', async () => {
    await addAccount();
    changeSetting('allowLanAccess', true);
    await it_.controller.start();
    changeSetting('allowLanAccess', false);
    changeSetting('bodyLimitMiB', 5);
    await until(() => editor.log.filter((line) => line.includes('configured')).length > 1);
    assert.equal(it_.controller.status().authMode, 'all_except_health');
  });

  describe('the local key', () => {
    it('is made on first use, once, also for calls at the same time', async () => {
      const [one, two] = await Promise.all([it_.controller.apiKey(), it_.controller.apiKey()]);
      assert.match(one, /^sk-[0-9a-f]{48}$/);
      assert.equal(one, two);
      assert.equal(it_.secrets.get('portside.apiKey'), one);
      assert.equal(await it_.controller.apiKey(), one);
    });

    it('is replaced by another when regenerated', async () => {
      const old = await it_.controller.apiKey();
      const fresh = await it_.controller.regenerateApiKey();
      assert.notEqual(fresh, old);
      assert.equal(await it_.controller.apiKey(), fresh);
    });

    it('must start with sk- and have ten characters', async () => {
      await assert.rejects(it_.controller.setApiKey('pk-0123456789'), /start with "sk-"/);
      await assert.rejects(it_.controller.setApiKey('sk-012345'), /at least 10 characters/);
      await it_.controller.setApiKey('sk-0123456');
      assert.equal(await it_.controller.apiKey(), 'sk-0123456');
    });
  });

  describe('accounts', () => {
    it('keep their keys in the secret storage alone', async () => {
      const { id } = await addAccount();
      assert.equal(it_.secrets.get(`portside.account.${id}`), KEY);
      assert.ok(!JSON.stringify([...it_.memory]).includes(KEY));
      assert.ok(!JSON.stringify(it_.controller.accounts()).includes(KEY));
    });

    it('lose their keys with themselves', async () => {
      const { id } = await addAccount();
      await it_.controller.removeAccount(id);
      assert.deepEqual(it_.controller.accounts(), []);
      assert.equal(it_.secrets.has(`portside.account.${id}`), false);
    });

    it('of one provider get ids of their own, also when added at the same time', async () => {
      const both = await Promise.all([addAccount(), addAccount()]);
      assert.deepEqual(
        both.map(({ id }) => id),
        ['gemini', 'gemini-2'],
      );
      assert.equal(it_.controller.accounts().length, 2);
    });

    it('without a label are named after their provider, each differently', async () => {
      const add = () => it_.controller.addAccount({ provider: 'demo', key: '' });
      assert.deepEqual(
        [(await add()).label, (await add()).label, (await add()).label],
        ['Demo', 'Demo 2', 'Demo 3'],
      );
    });

    it('need a key and a base URL where their provider does', async () => {
      await assert.rejects(
        it_.controller.addAccount({ provider: 'openai', key: ' ' }),
        /OpenAI needs an API key/,
      );
      await assert.rejects(
        it_.controller.addAccount({ provider: 'openai-compatible', key: '' }),
        /needs a base URL/,
      );
      await assert.rejects(
        it_.controller.addAccount({ provider: 'openai-compatible', key: '', baseUrl: 'ftp://x' }),
        /http or https/,
      );
    });

    it('that are switched off do not count as active', async () => {
      const { id } = await addAccount();
      assert.equal(it_.controller.status().activeAccounts, 1);
      await it_.controller.setAccountEnabled(id, false);
      assert.equal(it_.controller.status().activeAccounts, 0);
      assert.equal(it_.controller.status().accounts[0]?.state, 'disabled');
    });

    it('are tested while the proxy is stopped, and the answer holds no key', async () => {
      assert.equal((await it_.controller.testAccount({ provider: 'openai', key: 'good-key-0123' })).ok, true);
      const bad = await it_.controller.testAccount({ provider: 'openai', key: BAD_KEY });
      assert.deepEqual(bad, { ok: false, message: 'API key not valid: [redacted]' });
    });
  });

  it('writes no secret to its log', async () => {
    await addAccount();
    await it_.controller.start();
    await until(() => editor.log.some((line) => line.includes('configured')));
    const all = editor.log.join('\n');
    assert.ok(!all.includes(KEY));
    assert.ok(!all.includes(await it_.controller.apiKey()));
    assert.match(all, /configured with \[redacted\] and \[redacted\]/);
  });

  it('says when the thread of the proxy dies, and starts again', async () => {
    await addAccount();
    await it_.controller.start();
    const test = await it_.controller.testAccount({ provider: 'openai', key: DIE_KEY });
    assert.equal(test.ok, false);
    assert.match(it_.deaths[0]!, /ended unexpectedly/);
    const { state, failure } = it_.controller.status();
    assert.equal(state, 'stopped');
    assert.equal(failure?.code, 'THREAD_DIED');
    assert.equal((await it_.controller.start()).state, 'running');
  });
});
