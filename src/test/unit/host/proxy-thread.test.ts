import assert from 'node:assert/strict';
import { ProxyThread, type ProxyThreadOptions } from '../../../host/proxy-thread';
import { proxySettingsSchema } from '../../../shared/settings';
import { standInCore } from './build-stand-in-core';

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

  it('rejects when the core cannot be loaded at all, and tries again next time', async () => {
    const thread = make({ script: '/nowhere/proxy.js' });
    await assert.rejects(thread.status(), /nowhere/);
    assert.equal(thread.loaded, false);
    await assert.rejects(thread.status(), /nowhere/);
  });
});
