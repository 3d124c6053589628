import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { ProxyThread, type ProxyThreadOptions } from '../../../../host/thread/proxy-thread';
import { proxySettingsSchema } from '../../../../shared/settings';
import { ScriptedModels } from '../../../support/scripted-models';
import { standInCore } from '../build-stand-in-core';

describe('the thread of the proxy', () => {
  const lines: string[] = [];
  const line = (text: string) => void lines.push(text);
  const make = (options: Partial<ProxyThreadOptions> = {}) =>
    new ProxyThread({
      script: standInCore(),
      log: { debug: line, info: line, warn: line, error: line },
      onStatus() {},
      onDeath() {},
      ...options,
    });
  beforeEach(() => (lines.length = 0));

  it('is loaded by the first call and gone after dispose', async () => {
    const thread = make();
    assert.equal(thread.loaded, false);
    assert.equal((await thread.status()).state, 'stopped');
    assert.equal(thread.loaded, true);
    await thread.dispose();
    assert.equal(thread.loaded, false);
  });

  it('carries the fields of an error over', async () => {
    const thread = make();
    await thread.configure(proxySettingsSchema.parse({}));
    await assert.rejects(thread.start(), { name: 'NoAccountsError', code: 'NO_ACCOUNTS' });
    await thread.dispose();
  });

  it('runs in the main thread where a worker cannot be had, and says so', async () => {
    const thread = make({
      spawn() {
        throw new Error('workers are forbidden here');
      },
    });
    await thread.configure(
      proxySettingsSchema.parse({ port: 0, accounts: [{ id: 'demo', provider: 'demo' }] }),
    );
    assert.equal((await thread.start()).state, 'running');
    assert.ok(lines.some((text) => text.includes('workers are forbidden here')));
    await thread.dispose();
  });

  it('hands its folder to the worker', async () => {
    const handed: unknown[] = [];
    const thread = make({
      storage: '/a/folder',
      spawn(_script, data) {
        handed.push(data);
        throw new Error('seen enough');
      },
    });
    await thread.status();
    assert.deepEqual(handed, [{ portside: true, storage: '/a/folder' }]);
    await thread.dispose();
  });

  describe('with the editor’s models', () => {
    const worker = () =>
      Object.assign(new EventEmitter(), {
        sent: [] as object[],
        postMessage(message: object) {
          this.sent.push(message);
        },
        terminate: () => Promise.resolve(0),
      });
    const start = (models: ScriptedModels) => {
      const end = worker();
      const handed: unknown[] = [];
      const thread = make({
        languageModels: models,
        spawn(_script, data) {
          handed.push(data);
          return end as unknown as Worker;
        },
      });
      thread.warmUp();
      end.emit('message', { type: 'ready' });
      return { end, thread, handed };
    };
    const ask = {
      type: 'lm',
      do: 'ask',
      ask: 3,
      request: { model: 'x', messages: [] },
    };

    it('says that there are some, and answers for them', async () => {
      const models = new ScriptedModels();
      const { end, handed } = start(models);
      assert.deepEqual(handed, [{ portside: true, languageModels: true }]);
      end.emit('message', ask);
      while (end.sent.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(
        end.sent,
        [{ type: 'start', model: 'x' }, { type: 'text', text: 'Hello.' }, { type: 'end' }].map((part) => ({
          type: 'lm',
          do: 'part',
          ask: 3,
          part,
        })),
      );
    });

    it('stops them when the thread dies', async () => {
      const models = new ScriptedModels();
      models.next('held');
      const { end } = start(models);
      end.emit('message', ask);
      const asked = await models.question(0);
      assert.equal(asked.cancelled, false);
      end.emit('exit', 1);
      assert.equal(asked.cancelled, true);
    });
  });

  it('rejects when the core cannot be loaded at all, and tries again next time', async () => {
    const thread = make({ script: '/nowhere/proxy.js' });
    await assert.rejects(thread.status(), /nowhere/);
    assert.equal(thread.loaded, false);
    await assert.rejects(thread.status(), /nowhere/);
  });
});
