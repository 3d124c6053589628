import { changeSetting, editor, resetEditor } from './vscode-stub';
import assert from 'node:assert/strict';
import { setContextKeys } from '../../../host/context-keys';
import type { Controller } from '../../../host/controller/controller';
import { welcomeOnce } from '../../../host/first-run';
import type { MonitorEvent } from '../../../shared/monitor';
import type { ProxyStatus } from '../../../shared/status';

const STOPPED: ProxyStatus = {
  state: 'stopped',
  activeAccounts: 0,
  accounts: [],
  authMode: 'off',
  restartNeeded: false,
};

/** What an extension remembers. */
function createMemory() {
  const kept = new Map<string, unknown>();
  return {
    get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
}

/** A controller that has a status and tells of changes. */
function createWatched() {
  const listeners = new Set<() => void>();
  const watchers = new Set<(event: MonitorEvent) => void>();
  let status = STOPPED;
  let refreshed = 0;
  const subscribe =
    <T>(set: Set<T>) =>
    (listener: T) => {
      set.add(listener);
      return { dispose: () => set.delete(listener) };
    };
  const controller = {
    status: () => status,
    onDidChange: subscribe(listeners),
    onMonitorEvent: subscribe(watchers),
    refresh: () => Promise.resolve(void (refreshed += 1)),
  } as unknown as Controller;
  return {
    controller,
    listeners,
    watchers,
    refreshed: () => refreshed,
    become(changes: Partial<ProxyStatus>) {
      status = { ...status, ...changes };
      for (const listener of listeners) listener();
    },
  };
}

const account = (served: number): ProxyStatus['accounts'][number] =>
  ({ id: 'a', label: 'A', state: 'healthy', served }) as unknown as ProxyStatus['accounts'][number];

describe('what the manifest can ask', () => {
  beforeEach(() => resetEditor());

  it('follows the proxy: whether it has an account, runs, stands still and has ever answered', () => {
    const { controller, become } = createWatched();
    const keys = setContextKeys({ controller, memory: createMemory(), warn: assert.fail });
    const now = () => ({ ...editor.contextKeys });
    assert.deepEqual(now(), {
      'portside.hasAccount': false,
      'portside.running': false,
      'portside.stopped': true,
      'portside.served': false,
    });
    become({ activeAccounts: 1, state: 'starting' });
    assert.deepEqual([now()['portside.hasAccount'], now()['portside.stopped']], [true, false]);
    become({ state: 'running', accounts: [account(0)] });
    assert.deepEqual([now()['portside.running'], now()['portside.served']], [true, false]);
    become({ accounts: [account(1)] });
    assert.equal(now()['portside.served'], true);
    keys.dispose();
  });

  it('is told when it changes and not again', () => {
    const { controller, become } = createWatched();
    setContextKeys({ controller, memory: createMemory(), warn: assert.fail });
    const before = editor.executed.length;
    become({ restartNeeded: true });
    assert.equal(editor.executed.length, before);
  });

  it('looks for the first answer when the monitor has something new, and never again after it', async () => {
    const { controller, watchers, become, refreshed } = createWatched();
    const memory = createMemory();
    setContextKeys({ controller, memory, warn: assert.fail });
    const tell = (added: number) => watchers.forEach((hear) => hear({ type: 'changed', added }));
    tell(0);
    assert.equal(refreshed(), 0);
    tell(1);
    assert.equal(refreshed(), 1);
    become({ accounts: [account(1)] });
    assert.equal(watchers.size, 0);
    await Promise.resolve();

    const later = createWatched();
    setContextKeys({ controller: later.controller, memory, warn: assert.fail });
    assert.equal(later.watchers.size, 0);
    assert.equal(editor.contextKeys['portside.served'], true);
  });

  it('listens to nothing once it is disposed', () => {
    const { controller, listeners, watchers } = createWatched();
    setContextKeys({ controller, memory: createMemory(), warn: assert.fail }).dispose();
    assert.deepEqual([listeners.size, watchers.size], [0, 0]);
  });
});

describe('the welcome', () => {
  const OPENED = ['workbench.action.openWalkthrough'];
  beforeEach(() => resetEditor());

  it('comes once, to who has nothing yet', async () => {
    const memory = createMemory();
    assert.equal(await welcomeOnce(memory, false), true);
    assert.deepEqual(editor.executed, OPENED);
    assert.equal(await welcomeOnce(memory, false), false);
    assert.deepEqual(editor.executed, OPENED);
  });

  it('does not come to who has accounts already, not even when they are gone', async () => {
    const memory = createMemory();
    assert.equal(await welcomeOnce(memory, true), false);
    assert.equal(await welcomeOnce(memory, false), false);
    assert.deepEqual(editor.executed, []);
  });

  it('does not come where the editor is set to open no walkthroughs of new extensions', async () => {
    changeSetting('openOnInstall', false);
    assert.equal(await welcomeOnce(createMemory(), false), false);
    assert.deepEqual(editor.executed, []);
  });
});
