import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import type { ProxyStatus } from '../../shared/status';
import { fetchText, freePort, isFree, occupy, release } from '../support/local-port';
import { beginAnew, eventually } from './portside';

const NO_ACCOUNTS = 'no available accounts, please add an account first';

describe('start and stop', () => {
  let proxy: Controller;
  let port: number;

  beforeEach(async () => {
    ({ proxy, port } = await beginAnew());
  });
  after(() => proxy.stop());

  const useDemo = () => proxy.addAccount({ provider: 'demo', key: '' });
  const healthz = () => fetchText(`http://127.0.0.1:${port}/healthz`);

  it('refuses to start without accounts, in exactly these words (SPEC 1.4)', async () => {
    await assert.rejects(proxy.start(), { code: 'NO_ACCOUNTS', message: NO_ACCOUNTS });
    assert.equal(proxy.status().failure?.message, NO_ACCOUNTS);
    assert.equal(await isFree(port), true);
  });

  it('the command shows the same failure instead of throwing it', async () => {
    const status = await vscode.commands.executeCommand<ProxyStatus>('portside.start');
    assert.equal(status.state, 'stopped');
    assert.equal(status.failure?.message, NO_ACCOUNTS);
  });

  it('a disabled account is no account', async () => {
    const { id } = await useDemo();
    await proxy.setAccountEnabled(id, false);
    await assert.rejects(proxy.start(), { code: 'NO_ACCOUNTS' });
  });

  it('runs with the demo account, and /healthz is exactly {"status":"ok"}', async () => {
    await useDemo();
    const status = await proxy.start();
    assert.equal(status.state, 'running');
    assert.deepEqual(status.listening, { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}` });
    assert.equal(status.activeAccounts, 1);
    const answer = await healthz();
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.equal(answer.body, '{"status":"ok"}');
    assert.deepEqual((({ status, body }) => ({ status, body }))(await proxy.checkHealth()), {
      status: 200,
      body: '{"status":"ok"}',
    });
  });

  it('a second start and a second stop are no errors', async () => {
    await useDemo();
    const first = await proxy.start();
    const second = await proxy.start();
    assert.deepEqual(second.listening, first.listening);
    await proxy.stop();
    assert.equal((await proxy.stop()).state, 'stopped');
  });

  it('ten starts at once give one listener, which one stop ends', async () => {
    await useDemo();
    const all = await Promise.all(Array.from({ length: 10 }, () => proxy.start()));
    assert.deepEqual(
      all.map(({ state, listening }) => [state, listening?.port]),
      all.map(() => ['running', port]),
    );
    await proxy.stop();
    assert.equal(await isFree(port), true);
  });

  it('tells the truth about the socket while it starts and stops', async () => {
    await useDemo();
    const seen: string[] = [];
    const watching = proxy.onDidChange(() => {
      const { state, listening } = proxy.status();
      seen.push(`${state}${listening ? ' on a port' : ''}`);
    });
    await proxy.start();
    await proxy.stop();
    watching.dispose();
    assert.equal(seen.at(-1), 'stopped');
    assert.ok(seen.includes('running on a port'), seen.join(', '));
    assert.ok(!seen.includes('stopped on a port') && !seen.includes('running'), seen.join(', '));
  });

  it('stop frees the port', async () => {
    await useDemo();
    await proxy.start();
    assert.equal(await isFree(port), false);
    await proxy.stop();
    assert.equal(await isFree(port), true);
    await assert.rejects(healthz(), { code: 'ECONNREFUSED' });
  });

  it('starts twenty times in a row on the same port', async () => {
    await useDemo();
    for (let round = 0; round < 20; round += 1) {
      assert.equal((await proxy.start()).listening?.port, port);
      assert.equal((await healthz()).body, '{"status":"ok"}');
      await proxy.stop();
    }
  });

  it('a port in use is named with its host, the next free one is offered and never taken', async () => {
    await useDemo();
    const other = await occupy(port);
    try {
      await assert.rejects(proxy.start(), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'EADDRINUSE');
        assert.ok(
          error.message.startsWith(`failed to start server: failed to bind address 127.0.0.1:${port}: `),
          error.message,
        );
        return true;
      });
      const next = await proxy.nextFreePort();
      assert.ok(next !== undefined && next !== port && (await isFree(next)));
      assert.equal(proxy.settings().port, port);
      assert.equal(proxy.status().state, 'stopped');
    } finally {
      await release(other);
    }
    assert.equal((await proxy.start()).listening?.port, port);
  });

  it('a changed port waits for a restart (SPEC 1.8)', async () => {
    await useDemo();
    await proxy.start();
    const next = await freePort();
    await proxy.updateSetting('port', next);
    await eventually(() => proxy.status().restartNeeded, 'a restart is needed');
    assert.equal((await healthz()).body, '{"status":"ok"}');
    const status = await vscode.commands.executeCommand<ProxyStatus>('portside.restart');
    assert.equal(status.listening?.port, next);
    assert.equal(status.restartNeeded, false);
    assert.equal(await isFree(port), true);
  });

  it('a changed auth mode acts on the next request', async () => {
    await useDemo();
    await proxy.start();
    try {
      await proxy.updateSetting('authMode', 'strict');
      await eventually(async () => (await healthz()).status === 401, 'the key is asked for');
      const refused = await healthz();
      assert.equal(refused.headers['www-authenticate'], 'Bearer');
      const key = await proxy.apiKey();
      const admitted = await fetchText(`http://127.0.0.1:${port}/healthz`, {
        authorization: `Bearer ${key}`,
      });
      assert.equal(admitted.status, 200);
    } finally {
      await proxy.updateSetting('authMode', 'auto');
    }
    await eventually(async () => (await healthz()).status === 200, 'no key is asked for');
  });
});
