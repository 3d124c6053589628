import { testController, until, type TestController } from '../test-controller';
import { editor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { addAccount } from '../../../../host/commands/accounts/add-account';
import { regenerateApiKey } from '../../../../host/commands/api-key-commands';
import { checkHealth } from '../../../../host/commands/check-health';
import { copyBaseUrl } from '../../../../host/commands/copy-base-url';
import { removeAccount } from '../../../../host/commands/accounts/remove-account';
import { showMenu } from '../../../../host/commands/show-menu';
import { startProxy } from '../../../../host/commands/start-proxy';
import { useDemoAccount } from '../../../../host/commands/accounts/use-demo-account';
import { BAD_KEY } from '../stand-in-core';

describe('the commands of the editor', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  describe('Start Proxy', () => {
    it('without accounts shows the literal error and offers the three ways out', async () => {
      const status = await startProxy(it_.context);
      assert.equal(status.state, 'stopped');
      await until(() => editor.shown.length > 0);
      assert.deepEqual(editor.shown, [
        {
          severity: 'error',
          message: 'no available accounts, please add an account first',
          modal: false,
          buttons: ['Add Account', 'Detect Local Servers', 'Use Demo Account'],
        },
      ]);
    });

    it('runs after Use Demo Account was pressed, without another notification', async () => {
      editor.press.push('Use Demo Account');
      await startProxy(it_.context);
      await until(() => it_.controller.status().state === 'running');
      assert.equal(editor.shown.length, 1);
      assert.deepEqual(
        it_.controller.accounts().map(({ provider }) => provider),
        ['demo'],
      );
    });

    it('shows nothing when it succeeds, nor when it is repeated', async () => {
      await useDemoAccount(it_.context);
      const first = await startProxy(it_.context);
      const second = await startProxy(it_.context);
      assert.equal(first.state, 'running');
      assert.deepEqual(second.listening, first.listening);
      assert.deepEqual(editor.shown, []);
    });

    it('on a port in use names it and takes the next free one only when told to', async () => {
      await useDemoAccount(it_.context);
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(it_.port, '127.0.0.1', resolve));
      try {
        await startProxy(it_.context);
        await until(() => editor.shown.length > 0);
        const [{ message, buttons } = { message: '', buttons: [] }] = editor.shown;
        assert.equal(
          message,
          `failed to start server: failed to bind address 127.0.0.1:${it_.port}: address already in use`,
        );
        const next = await it_.controller.nextFreePort();
        assert.deepEqual(buttons, [`Use Port ${next}`, 'Show Logs']);
        assert.equal(editor.settings['port'], it_.port);
        editor.press.push(`Use Port ${next}`);
        await startProxy(it_.context);
        await until(() => it_.controller.status().state === 'running');
        assert.equal(editor.settings['port'], next);
        assert.equal(it_.controller.status().listening?.port, next);
      } finally {
        squatter.close();
      }
    });
  });

  describe('Copy Base URL', () => {
    it('copies the URL that each SDK wants', async () => {
      const root = `http://127.0.0.1:${it_.port}`;
      for (const [row, text] of [
        ['OpenAI', `${root}/v1`],
        ['Anthropic', root],
        ['Gemini', root],
      ] as const) {
        editor.pick.push(row);
        await copyBaseUrl(it_.context);
        assert.equal(editor.clipboard, text);
      }
    });

    it('copies an environment block with the key for each shell, and does not return it', async () => {
      const key = await it_.controller.apiKey();
      for (const shell of ['bash', 'fish', 'powershell']) {
        assert.equal(await copyBaseUrl(it_.context, shell), shell);
        for (const part of [key, 'OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL', 'GOOGLE_GEMINI_BASE_URL']) {
          assert.ok(editor.clipboard.includes(part), `${shell} has no ${part}`);
        }
      }
    });

    it('copies nothing when the question is closed', async () => {
      assert.equal(await copyBaseUrl(it_.context), undefined);
      assert.equal(editor.clipboard, '');
    });
  });

  it('Regenerate API Key asks first', async () => {
    const old = await it_.controller.apiKey();
    assert.equal(await regenerateApiKey(it_.context), false);
    assert.equal(await it_.controller.apiKey(), old);
    assert.equal(editor.shown[0]?.modal, true);
    editor.press.push('Regenerate');
    assert.equal(await regenerateApiKey(it_.context), true);
    assert.notEqual(await it_.controller.apiKey(), old);
  });

  describe('Add Account', () => {
    it('asks for provider, key and label, tries the key and keeps the account', async () => {
      editor.pick.push('Google Gemini');
      editor.type.push('AIza-test-key-0123456789', 'Work');
      const account = await addAccount(it_.context);
      assert.deepEqual(account, {
        id: 'gemini',
        label: 'Work',
        provider: 'gemini',
        enabled: true,
        priority: 0,
        weight: 1,
        hasKey: true,
      });
      assert.equal(it_.secrets.get('portside.account.gemini'), 'AIza-test-key-0123456789');
      assert.deepEqual(editor.shown, []);
    });

    it('asks for the base URL of a compatible server', async () => {
      editor.pick.push('OpenAI-compatible');
      editor.type.push('http://127.0.0.1:9/v1/', '', 'Lab');
      assert.equal((await addAccount(it_.context))?.baseUrl, 'http://127.0.0.1:9/v1');
    });

    it('asks Vertex AI for project and region, and takes the JSON of a service account', async () => {
      editor.pick.push('Vertex AI');
      editor.type.push('{ "type": "service_account" }', 'my-project', '', 'Cloud');
      const account = await addAccount(it_.context);
      assert.deepEqual(
        [account?.project, account?.region, account?.label],
        ['my-project', undefined, 'Cloud'],
      );
      assert.equal(it_.secrets.get('portside.account.vertex'), '{"type":"service_account"}');
    });

    it('asks for the base URL of an Azure resource', async () => {
      editor.pick.push('Azure OpenAI');
      editor.type.push('https://my.openai.azure.com', 'azure-key-0123456789', 'Azure');
      assert.equal((await addAccount(it_.context))?.baseUrl, 'https://my.openai.azure.com');
    });

    it('shows the words of the provider without the key, and takes another key', async () => {
      editor.pick.push('OpenAI');
      editor.type.push(BAD_KEY, 'Mine', 'sk-good-0123456789');
      editor.press.push('Try Again');
      assert.ok(await addAccount(it_.context));
      assert.equal(editor.shown[0]?.detail, 'API key not valid: [redacted]');
      assert.equal(it_.secrets.get('portside.account.openai'), 'sk-good-0123456789');
    });

    it('keeps a key that failed when told to, and nothing when the question is closed', async () => {
      editor.pick.push('OpenAI', 'OpenAI');
      editor.type.push(BAD_KEY, 'Mine', BAD_KEY, 'Mine');
      assert.equal(await addAccount(it_.context), undefined);
      assert.deepEqual(it_.controller.accounts(), []);
      editor.press.push('Save Anyway');
      assert.equal((await addAccount(it_.context))?.id, 'openai');
    });

    it('keeps nothing when the key is not entered', async () => {
      editor.pick.push('Anthropic');
      assert.equal(await addAccount(it_.context), undefined);
      assert.equal(it_.secrets.size, 0);
    });
  });

  it('Remove Account asks first and forgets the key', async () => {
    await it_.controller.addAccount({ provider: 'openai', key: 'sk-good-0123456789', label: 'Mine' });
    editor.pick.push('Mine', 'Mine');
    assert.equal(await removeAccount(it_.context), false);
    assert.equal(it_.controller.accounts().length, 1);
    editor.press.push('Remove');
    assert.equal(await removeAccount(it_.context), true);
    assert.deepEqual(it_.controller.accounts(), []);
    assert.equal(it_.secrets.has('portside.account.openai'), false);
  });

  describe('Check Health', () => {
    it('shows what the running proxy answers', async () => {
      await useDemoAccount(it_.context);
      await startProxy(it_.context);
      assert.equal((await checkHealth(it_.context)).body, '{"status":"ok"}');
      assert.equal(editor.shown[0]?.severity, 'information');
      assert.match(editor.shown[0].message, /\/healthz answers \{"status":"ok"\}/);
    });

    it('offers to start a stopped proxy', async () => {
      assert.equal((await checkHealth(it_.context)).status, undefined);
      assert.deepEqual(editor.shown[0]?.buttons, ['Start Proxy']);
    });
  });

  it('the menu starts a stopped proxy and stops a running one', async () => {
    editor.pick.push('$(play) Start Proxy');
    await showMenu(it_.context);
    await useDemoAccount(it_.context);
    await startProxy(it_.context);
    editor.pick.push('$(debug-stop) Stop Proxy');
    await showMenu(it_.context);
    editor.pick.push('$(graph) Open Monitor');
    await showMenu(it_.context);
    assert.deepEqual(editor.executed, ['portside.start', 'portside.stop', 'portside.openMonitor']);
  });
});
