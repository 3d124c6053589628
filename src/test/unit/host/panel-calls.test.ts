import assert from 'node:assert/strict';
import type { AccountView, Controller, NewAccount } from '../../../host/controller';
import { PanelCallHandler, type PanelEditor } from '../../../host/panel-calls';
import type { PanelMessage } from '../../../shared/messages';
import type { ProxyStatus } from '../../../shared/status';

const LOCAL_KEY = 'sk-local-CANARY-0123456789';
const UPSTREAM_KEY = 'upstream-CANARY-0123456789';

type Call = PanelMessage extends infer M ? (M extends PanelMessage ? Omit<M, 'seq'> : never) : never;

/** A panel's handler on a controller that writes down what is done to it. */
function bench() {
  const done: string[] = [];
  const copied: string[] = [];
  const world = {
    done,
    copied,
    startFails: undefined as Error | undefined,
    keyIsGood: true,
    freePort: 8046,
    changes: 0,
    settings: { port: 8045, allowLanAccess: false, authMode: 'auto' as const as string },
    accounts: [] as AccountView[],
    added: [] as NewAccount[],
    tested: [] as string[],
    status: {
      state: 'stopped',
      activeAccounts: 0,
      accounts: [],
      authMode: 'off',
      restartNeeded: false,
    } as ProxyStatus,
  };
  const controller = {
    status: () => structuredClone(world.status),
    settings: () => world.settings,
    baseUrl: () => 'http://127.0.0.1:8045',
    sampleModel: () => 'gemini-3-flash',
    apiKey: () => Promise.resolve(LOCAL_KEY),
    accounts: () => world.accounts,
    stop: () => Promise.resolve(done.push('stop')),
    updateSetting: (name: string, value: unknown) => Promise.resolve(done.push(`${name}=${String(value)}`)),
    setApiKey: () => Promise.resolve(done.push('setApiKey')),
    addAccount: (account: NewAccount) => Promise.resolve(world.added.push(account)),
    setAccountEnabled: (id: string, on: boolean) => Promise.resolve(done.push(`${id}=${String(on)}`)),
    testAccount: (account: NewAccount) => (
      world.tested.push(account.key),
      Promise.resolve({ ok: world.keyIsGood, message: world.keyIsGood ? 'fine' : 'bad key' })
    ),
    nextFreePort: () => Promise.resolve(world.freePort),
  } as unknown as Controller;
  const editor: PanelEditor = {
    start: () => {
      done.push('start');
      return world.startFails ? Promise.reject(world.startFails) : Promise.resolve();
    },
    detectLocalServers: () => Promise.resolve(void done.push('detect')),
    showLogs: () => void done.push('logs'),
    copy: (text) => Promise.resolve(void copied.push(text)),
    regenerateKey: () => Promise.resolve(done.push('regenerate')),
    removeAccount: (id) => Promise.resolve(done.push(`remove ${id}`)),
    openSettings: () => Promise.resolve(done.push('settings')),
    t: (message, ...args) => message.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
    texts: {},
  };
  const handler = new PanelCallHandler(controller, editor, () => world.changes++);
  const ask = (call: Call) => handler.answer({ seq: 1, ...call } as PanelMessage);
  return { world, handler, ask };
}

const gemini = { provider: 'gemini', key: UPSTREAM_KEY } as const;

describe('the settings panel’s calls', () => {
  it('state holds no key', async () => {
    const { ask, handler } = bench();
    await ask({ type: 'addAccount', account: gemini });
    assert.doesNotMatch(JSON.stringify([handler.state(), await ask({ type: 'ready' })]), /CANARY/);
  });

  it('the local key is told only on reveal', async () => {
    const { ask } = bench();
    const answers = [];
    for (const type of ['ready', 'copyKey', 'regenerateKey', 'copyUrl', 'start'] as const)
      answers.push(await ask({ type }));
    answers.push(
      await ask({ type: 'copySnippet', id: 'curl' }),
      await ask({ type: 'copyEnvironment', shell: 'fish' }),
    );
    assert.doesNotMatch(JSON.stringify(answers), /CANARY/);
    assert.deepEqual(await ask({ type: 'revealKey' }), { key: LOCAL_KEY });
  });

  it('copied snippets and environment blocks hold the real key', async () => {
    const { ask, world } = bench();
    await ask({ type: 'copySnippet', id: 'openai-python' });
    await ask({ type: 'copyEnvironment', shell: 'bash' });
    for (const text of world.copied) {
      assert.ok(text.includes(LOCAL_KEY));
      assert.doesNotMatch(text, /YOUR_API_KEY/);
    }
  });

  it('a key that the provider refuses adds nothing until "Add Anyway"', async () => {
    const { ask, world } = bench();
    world.keyIsGood = false;
    assert.deepEqual(await ask({ type: 'addAccount', account: gemini }), { ok: false, message: 'bad key' });
    assert.deepEqual(world.added, []);
    await ask({ type: 'addAnyway' });
    assert.deepEqual(world.added, [gemini]);
    await assert.rejects(ask({ type: 'addAnyway' }), /Nothing waits/);
  });

  it('a second try of the same provider may use the held key, of another may not', async () => {
    const { ask, world } = bench();
    world.keyIsGood = false;
    await ask({ type: 'addAccount', account: gemini });
    await ask({
      type: 'addAccount',
      account: { provider: 'gemini', key: '', baseUrl: 'http://127.0.0.1:1' },
    });
    await ask({ type: 'addAccount', account: { provider: 'ollama', key: '' } });
    assert.deepEqual(world.tested, [UPSTREAM_KEY, UPSTREAM_KEY, '']);
  });

  for (const type of ['forgetNewAccount', 'ready'] as const)
    it(`a held key is let go on ${type}`, async () => {
      const { ask, world } = bench();
      world.keyIsGood = false;
      await ask({ type: 'addAccount', account: gemini });
      await ask({ type });
      await assert.rejects(ask({ type: 'addAnyway' }), /Nothing waits/);
    });

  it('removing and regenerating go through the commands, which ask first', async () => {
    const { ask, world } = bench();
    await ask({ type: 'removeAccount', id: 'g1' });
    await ask({ type: 'regenerateKey' });
    assert.deepEqual(world.done, ['remove g1', 'regenerate']);
  });

  it('settings are written as asked', async () => {
    const { ask, world } = bench();
    await ask({ type: 'setPort', port: 9000 });
    await ask({ type: 'setLanAccess', allow: true });
    await ask({ type: 'setAuthMode', mode: 'strict' });
    assert.deepEqual(world.done, ['port=9000', 'allowLanAccess=true', 'authMode=strict']);
  });

  it('accounts carry the labels that the commands show, whatever the core calls them', () => {
    const { handler, world } = bench();
    world.accounts = [{ id: 'g1', label: 'Google Gemini', provider: 'gemini', enabled: true }];
    world.status.accounts = [
      { id: 'g1', label: 'g1', provider: 'gemini', enabled: true, state: 'healthy' },
      { id: 'x', label: 'X', provider: 'openai', enabled: true, state: 'healthy' },
    ];
    assert.deepEqual(
      handler.state().status.accounts.map(({ label }) => label),
      ['Google Gemini', 'X'],
    );
  });

  it('restart stops and then starts', async () => {
    const { ask, world } = bench();
    await ask({ type: 'restart' });
    assert.deepEqual(world.done, ['stop', 'start']);
  });

  it('a start that fails is no second error when the status tells of it', async () => {
    const { ask, world } = bench();
    world.startFails = new Error('boom');
    await assert.rejects(ask({ type: 'start' }), /boom/);
    world.startFails = Object.assign(new Error('no'), { code: 'CANCELLED' });
    assert.equal(await ask({ type: 'start' }), null);
    world.startFails = new Error('boom');
    world.status.failure = { message: 'boom', code: 'EADDRINUSE' };
    assert.equal(await ask({ type: 'start' }), null);
  });

  it('the next free port is looked for once per failure and offered when known', async () => {
    const { handler, world } = bench();
    assert.equal(handler.state().nextFreePort, undefined);
    world.status.failure = {
      message: 'failed to bind address 127.0.0.1:8045',
      code: 'EADDRINUSE',
      port: 8045,
    };
    assert.equal(handler.state().nextFreePort, undefined);
    await Promise.resolve();
    assert.equal(handler.state().nextFreePort, 8046);
    assert.equal(world.changes, 1);
    delete world.status.failure;
    assert.equal(handler.state().nextFreePort, undefined);
  });

  it('the offered port is written and started on', async () => {
    const { ask, world } = bench();
    await ask({ type: 'startOnPort', port: 8046 });
    assert.deepEqual(world.done, ['port=8046', 'start']);
  });

  it('the demo account is added once, and starts what failed for want of one', async () => {
    const { ask, world } = bench();
    await ask({ type: 'useDemoAccount' });
    assert.deepEqual([world.added, world.done.splice(0)], [[{ provider: 'demo', key: '' }], []]);
    world.accounts = [{ id: 'demo', label: 'Demo', provider: 'demo', enabled: false }];
    world.status.failure = { message: 'no available accounts', code: 'NO_ACCOUNTS' };
    await ask({ type: 'useDemoAccount' });
    assert.deepEqual(world.done, ['demo=true', 'start']);
    assert.equal(world.added.length, 1);
  });
});
