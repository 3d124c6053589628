import assert from 'node:assert/strict';
import type { AccountView, Controller, NewAccount } from '../../../../host/controller/controller';
import { PanelCallHandler } from '../../../../host/panel/calls/panel-call-handler';
import type { PanelEditor } from '../../../../host/panel/calls/panel-editor';
import type { AgentView } from '../../../../shared/agents';
import type { DoctorView } from '../../../../shared/doctor';
import type { PanelMessage } from '../../../../shared/messages';
import type { ProxyStatus } from '../../../../shared/status';

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
    settings: {
      port: 8045,
      allowLanAccess: false,
      authMode: 'auto' as const as string,
      scheduling: 'balance',
      stickySessions: true,
      preferredAccount: '',
      routes: { a: ['b', 'c'] },
      zai: { dispatchMode: 'off', models: { opus: 'o', sonnet: 's', haiku: 'h' } },
    },
    accounts: [] as AccountView[],
    agents: undefined as AgentView[] | undefined,
    doctor: undefined as DoctorView | undefined,
    added: [] as NewAccount[],
    tested: [] as (string | undefined)[],
    edits: [] as unknown[],
    status: {
      state: 'stopped',
      activeAccounts: 0,
      accounts: [],
      authMode: 'off',
      restartNeeded: false,
    } as ProxyStatus,
  };
  const verdict = () => ({ ok: world.keyIsGood, message: world.keyIsGood ? 'fine' : 'bad key' });
  const controller = {
    status: () => structuredClone(world.status),
    settings: () => world.settings,
    baseUrl: () => 'http://127.0.0.1:8045',
    sampleModel: () => 'gemini-3-flash',
    apiKey: () => Promise.resolve(LOCAL_KEY),
    accounts: () => world.accounts,
    stop: () => Promise.resolve(done.push('stop')),
    updateSetting: (name: string, value: unknown) =>
      Promise.resolve(
        done.push(`${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`),
      ),
    setApiKey: () => Promise.resolve(done.push('setApiKey')),
    addAccount: (account: NewAccount) => Promise.resolve(world.added.push(account)),
    setAccountEnabled: (id: string, on: boolean) => Promise.resolve(done.push(`${id}=${String(on)}`)),
    testAccount: (account: NewAccount | string) => (
      world.tested.push(typeof account === 'string' ? account : account.key),
      Promise.resolve(verdict())
    ),
    editAccount: (id: string, edit: object) => (
      world.edits.push({ id, ...edit }),
      Promise.resolve(verdict())
    ),
    moveAccount: (id: string, to: number) => Promise.resolve(done.push(`${id} to ${to}`)),
    clearCooling: (id: string, model?: string) => Promise.resolve(done.push(`clear ${id} ${model}`)),
    hasZaiKey: () => true,
    learnKeys: () => Promise.resolve(done.push('learn')),
    clientKeys: () => [{ name: 'ci', expired: false }],
    addClientKey: ({ name }: { name: string }) => (
      done.push(`client ${name}`),
      Promise.resolve({ key: LOCAL_KEY })
    ),
    setZaiKey: (key: string) => Promise.resolve(done.push(`zai key of ${key.length}`)),
    explainRoute: (model: string, protocol: string) =>
      Promise.resolve({ model, protocol, why: '', candidates: [] }),
    refresh: () => Promise.resolve(done.push('refresh')),
    nextFreePort: () => Promise.resolve(world.freePort),
  } as unknown as Controller;
  const editor: PanelEditor = {
    start: () => {
      done.push('start');
      return world.startFails ? Promise.reject(world.startFails) : Promise.resolve();
    },
    detectLocalServers: () => Promise.resolve(void done.push('detect')),
    allowEditorModels: () => Promise.resolve(void done.push('allow')),
    showLogs: () => void done.push('logs'),
    copy: (text) => Promise.resolve(void copied.push(text)),
    regenerateKey: () => Promise.resolve(done.push('regenerate')),
    removeAccount: (id) => Promise.resolve(done.push(`remove ${id}`)),
    exportAccounts: () => Promise.resolve(done.push('export')),
    importAccounts: () => Promise.resolve(done.push('import')),
    removeClientKey: (name) => Promise.resolve(done.push(`remove client ${name}`)),
    agents: () => world.agents,
    lookAtAgents: () => Promise.resolve(done.push('look')),
    connectAgent: (id) => Promise.resolve(done.push(`connect ${id}`)),
    disconnectAgent: (id) => Promise.resolve(done.push(`disconnect ${id}`)),
    openFile: (path, at) => Promise.resolve(done.push(`open ${path}:${at?.line}:${at?.column}`)),
    doctor: () => world.doctor,
    runDoctor: () => Promise.resolve(done.push('doctor')),
    fixFinding: (id) => Promise.resolve(done.push(`fix ${id}`)),
    doctorReport: () => '### A report',
    openSettings: () => Promise.resolve(done.push('settings')),
    openMonitor: () => Promise.resolve(done.push('monitor')),
    t: (message, ...args) => message.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
    texts: {},
  };
  const handler = new PanelCallHandler(controller, editor, () => world.changes++);
  const ask = (call: Call) => handler.answer({ seq: 1, ...call } as PanelMessage);
  return { world, handler, ask };
}

const account = (id: string, label: string, provider: AccountView['provider']): AccountView => ({
  id,
  label,
  provider,
  enabled: true,
  priority: 0,
  weight: 1,
  hasKey: true,
});

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

  it('an account for the editor’s own models asks first whose may be used', async () => {
    const { ask, world } = bench();
    await ask({ type: 'addAccount', account: { provider: 'vscode', key: '' } });
    assert.deepEqual(world.done, ['allow']);
    await ask({ type: 'addAccount', account: gemini });
    assert.deepEqual(world.done, ['allow']);
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

  it('the doctor runs, mends a finding by its id, and its report is copied; what it found is in the state', async () => {
    const { ask, handler, world } = bench();
    await ask({ type: 'runDoctor' });
    await ask({ type: 'fixFinding', id: 'port-1' });
    await ask({ type: 'copyDoctorReport' });
    assert.deepEqual([world.done, world.copied], [['doctor', 'fix port-1'], ['### A report']]);
    assert.equal('doctor' in handler.state(), false);
    world.doctor = { running: false, checks: [] };
    assert.deepEqual(handler.state().doctor, world.doctor);
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
    world.accounts = [account('g1', 'Google Gemini', 'gemini')];
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
    world.accounts = [{ ...account('demo', 'Demo', 'demo'), enabled: false }];
    world.status.failure = { message: 'no available accounts', code: 'NO_ACCOUNTS' };
    await ask({ type: 'useDemoAccount' });
    assert.deepEqual(world.done, ['demo=true', 'start']);
    assert.equal(world.added.length, 1);
  });

  it('state holds accounts to edit, clients, routes, scheduling, and whether z.ai has a key', () => {
    const { handler, world } = bench();
    world.accounts = [account('g1', 'Google Gemini', 'gemini')];
    const { accounts, clientKeys, settings } = handler.state();
    assert.deepEqual(accounts, world.accounts);
    assert.deepEqual(clientKeys, [{ name: 'ci', expired: false }]);
    const { zai, ...others } = world.settings;
    assert.deepEqual(settings, { ...others, zai: { ...zai, hasKey: true } });
  });

  it('looks which keys there are before the first state is told', async () => {
    const { ask, world } = bench();
    await ask({ type: 'ready' });
    assert.deepEqual(world.done, ['learn']);
  });

  it('an edit whose test failed keeps its new key for "anyway", for that account alone', async () => {
    const { ask, world } = bench();
    world.keyIsGood = false;
    await ask({ type: 'editAccount', id: 'g1', fields: { label: 'A' }, key: UPSTREAM_KEY });
    await ask({ type: 'editAccount', id: 'g1', fields: { label: 'B' }, anyway: true });
    await ask({ type: 'editAccount', id: 'g1', fields: {} });
    await ask({ type: 'editAccount', id: 'g2', fields: {}, key: UPSTREAM_KEY });
    await ask({ type: 'editAccount', id: 'g1', fields: {} });
    assert.deepEqual(world.edits, [
      { id: 'g1', fields: { label: 'A' }, key: UPSTREAM_KEY },
      { id: 'g1', fields: { label: 'B' }, key: UPSTREAM_KEY, anyway: true },
      { id: 'g1', fields: {} },
      { id: 'g2', fields: {}, key: UPSTREAM_KEY },
      { id: 'g1', fields: {} },
    ]);
  });

  it('models are listed of an account that exists, and of what the form holds with the held key', async () => {
    const { ask, world } = bench();
    world.keyIsGood = false;
    await ask({ type: 'listModels', id: 'g1' });
    await ask({ type: 'addAccount', account: gemini });
    await ask({ type: 'listModels', account: { provider: 'gemini', key: '' } });
    assert.deepEqual(world.tested, ['g1', UPSTREAM_KEY, UPSTREAM_KEY]);
  });

  it('scheduling, routes and z.ai are written as settings', async () => {
    const { ask, world } = bench();
    await ask({
      type: 'setScheduling',
      scheduling: 'performance_first',
      stickySessions: false,
      preferredAccount: 'g1',
    });
    await ask({ type: 'setRoutes', routes: { 'claude-*': ['gemini/x', 'y'] } });
    const models = { opus: 'a', sonnet: 'b', haiku: 'c' };
    await ask({ type: 'setZai', dispatchMode: 'pooled', models });
    assert.deepEqual(world.done, [
      'scheduling=performance_first',
      'stickySessions=false',
      'preferredAccount=g1',
      'routes={"claude-*":["gemini/x","y"]}',
      'zai.models={"opus":"a","sonnet":"b","haiku":"c"}',
      'zai.dispatchMode=pooled',
    ]);
  });

  it('the other calls reach the controller, or the command that asks first', async () => {
    const { ask, world } = bench();
    await ask({ type: 'moveAccount', id: 'g1', to: 2 });
    await ask({ type: 'clearCooling', id: 'g1', model: 'm' });
    await ask({ type: 'setZaiKey', key: 'abc' });
    await ask({ type: 'exportAccounts' });
    await ask({ type: 'importAccounts' });
    await ask({ type: 'removeClientKey', name: 'ci' });
    await ask({ type: 'refresh' });
    assert.deepEqual(await ask({ type: 'addClientKey', name: 'dev' }), { key: LOCAL_KEY });
    assert.deepEqual(await ask({ type: 'explainRoute', model: 'm', protocol: 'gemini' }), {
      model: 'm',
      protocol: 'gemini',
      why: '',
      candidates: [],
    });
    assert.deepEqual(world.done, [
      'g1 to 2',
      'clear g1 m',
      'zai key of 3',
      'export',
      'import',
      'remove client ci',
      'refresh',
      'client dev',
    ]);
  });
});
