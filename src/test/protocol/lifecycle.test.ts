/** Start, stop, bind errors, live settings (SPEC 1.1–1.8). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Dialect } from '../../proxy/dialects/canonical';
import { checkStream, DIALECT_NAMES, sendSmall } from '../support/dialect-requests';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountAt, accountsOfAll, makePortside, ownModel, startPortside } from '../support/start-portside';
import type { SettingsInput } from '../support/start-portside';

const DEMO: SettingsInput = { accounts: [{ id: 'demo', provider: 'demo' }] };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => {
      resolve(true);
    });
  });

describe('start and stop (SPEC 1)', () => {
  it('gives one listener for ten starts at once, and a second stop is a no-op', async () => {
    const port = await freePort();
    const { proxy } = makePortside({ ...DEMO, port });
    const all = await Promise.all(Array.from({ length: 10 }, () => proxy.start()));
    for (const status of all) assert.equal(status.listening?.port, port);
    assert.equal(proxy.status().state, 'running');
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    await Promise.all([proxy.stop(), proxy.stop(), proxy.stop()]);
    await proxy.stop();
    assert.equal(proxy.status().state, 'stopped');
    assert.equal(proxy.status().listening, undefined);
    assert.ok(await isFree(port));
  });

  it('ends as the last call wanted when starts and stops are mixed', async () => {
    const { proxy } = makePortside(DEMO);
    await Promise.allSettled([proxy.start(), proxy.stop(), proxy.start(), proxy.stop(), proxy.start()]);
    assert.equal(proxy.status().state, 'running');
    await Promise.allSettled([proxy.start(), proxy.stop()]);
    assert.equal(proxy.status().state, 'stopped');
  });

  it('starts on the same port 20 times in a row, with connections kept alive', async () => {
    const port = await freePort();
    const { proxy } = makePortside({ ...DEMO, port });
    for (let round = 0; round < 20; round++) {
      await proxy.start();
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text(), '{"status":"ok"}');
      await proxy.stop();
      assert.ok(await isFree(port), `round ${round}`);
    }
  });

  it('binds to 127.0.0.1, and to 0.0.0.0 with LAN access', async () => {
    const { proxy } = makePortside(DEMO);
    assert.equal((await proxy.start()).listening?.host, '127.0.0.1');
    await proxy.stop();
    const lan = makePortside({ ...DEMO, allowLanAccess: true, apiKey: 'sk-local-key-1234' });
    const status = await lan.proxy.start();
    assert.equal(status.listening?.host, '0.0.0.0');
    assert.match(status.listening.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    await lan.proxy.stop();
  });

  it('tells of every change', async () => {
    const { proxy } = makePortside(DEMO);
    const states: string[] = [];
    const off = proxy.onChange((status) => states.push(status.state));
    await proxy.start();
    await proxy.stop();
    off();
    await proxy.start();
    await proxy.stop();
    const distinct = states.filter((state, index) => state !== states[index - 1]);
    assert.deepEqual(distinct, ['starting', 'running', 'stopping', 'stopped']);
  });

  describe('without accounts (SPEC 1.4)', () => {
    const none: [string, SettingsInput][] = [
      ['none at all', { accounts: [] }],
      ['disabled ones only', { accounts: [{ id: 'demo', provider: 'demo', enabled: false }] }],
      ['z.ai dispatch without a key', { accounts: [], zai: { dispatchMode: 'exclusive' } }],
      ['a z.ai key without dispatch', { accounts: [], zai: { key: 'sk-zai-key' } }],
    ];
    for (const [what, settings] of none)
      it(`fails with the exact words: ${what}`, async () => {
        const { proxy } = makePortside(settings);
        await assert.rejects(proxy.start(), {
          message: 'no available accounts, please add an account first',
        });
        assert.equal(proxy.status().state, 'stopped');
        assert.equal(proxy.status().failure?.message, 'no available accounts, please add an account first');
      });

    it('starts with z.ai dispatch and a key', async () => {
      const { proxy } = makePortside({ accounts: [], zai: { dispatchMode: 'exclusive', key: 'sk-zai-key' } });
      assert.equal((await proxy.start()).state, 'running');
      await proxy.stop();
    });

    it('starts once an account is there, and the failure is forgotten', async () => {
      const { proxy } = makePortside({ accounts: [] });
      await assert.rejects(proxy.start());
      const running = makePortside(DEMO);
      const status = await running.proxy.start();
      assert.equal(status.failure, undefined);
      await running.proxy.stop();
    });
  });

  describe('bind failures (SPEC 1.5)', () => {
    it('names host and port that are in use, and starts when they are free again', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { proxy } = makePortside({ ...DEMO, port });
      await assert.rejects(
        proxy.start(),
        (error: Error & { code?: string; host?: string; port?: number }) => {
          const start = `failed to start server: failed to bind address 127.0.0.1:${port}: `;
          assert.ok(error.message.startsWith(start), error.message);
          assert.match(error.message.slice(start.length), /in use/);
          assert.deepEqual([error.code, error.host, error.port], ['EADDRINUSE', '127.0.0.1', port]);
          return true;
        },
      );
      const { failure, state } = proxy.status();
      assert.equal(state, 'stopped');
      assert.equal(failure?.code, 'EADDRINUSE');
      assert.equal(failure.port, port);
      other.close();
      await once(other, 'close');
      assert.equal((await proxy.start()).state, 'running');
      assert.equal(proxy.status().failure, undefined);
      await proxy.stop();
    });

    it('tells permission denied apart', async function () {
      const { BindError } = await import('../../proxy/errors');
      const { bindReason } = (await import('../../proxy/server')) as unknown as {
        bindReason?: (code: string) => string;
      };
      if (process.getuid?.() === 0 || !bindReason) {
        assert.match(
          new BindError('127.0.0.1', 80, 'EACCES', 'permission denied').message,
          /permission denied$/,
        );
        return;
      }
      const { proxy } = makePortside({ ...DEMO, port: 80 });
      await assert.rejects(
        proxy.start(),
        /^BindError: failed to start server: failed to bind address 127\.0\.0\.1:80: .*permission/,
      );
    });
  });

  describe('stop with streams in flight (SPEC 1.6)', () => {
    let upstream: ScriptedUpstream;
    before(async () => {
      upstream = await startScriptedUpstream();
    });
    afterEach(() => {
      upstream.reset();
    });
    after(() => upstream.close());

    for (const dialect of DIALECT_NAMES)
      it(`ends a ${dialect} stream with an error event of its own, then frees the port`, async () => {
        upstream.behave({ fault: 'hang-mid-body' });
        const portside = await startPortside({ accounts: accountsOfAll(upstream) });
        const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true });
        assert.equal(response.status, 200);
        const text = response.text();
        await portside.stop();
        assert.ok(await isFree(portside.port));
        const reading = checkStream(dialect, await text);
        assert.deepEqual(
          reading.complaints.filter((one) => !/no JSON: \{/.test(one)),
          [],
        );
        assert.match(reading.error ?? '', /stopped/i);
        await upstream.generations[0]!.closed;
      });

    const translations: [Dialect, Dialect][] = [
      ['openai-chat', 'gemini'],
      ['anthropic', 'openai-chat'],
      ['gemini', 'anthropic'],
    ];
    for (const [client, account] of translations)
      it(`ends a ${client} stream from a ${account} account with an error event of the client`, async () => {
        upstream.behave({ fault: 'hang-mid-body' });
        const portside = await startPortside({ accounts: [accountAt(upstream, account)] });
        const response = await sendSmall(portside.url, client, { stream: true });
        const text = response.text();
        await portside.stop();
        const reading = checkStream(client, await text);
        assert.deepEqual(reading.complaints, []);
        assert.match(reading.error ?? '', /stopped/i);
      });

    it('lets a stream that ends in time end well', async () => {
      upstream.behave({ fault: 'hang-mid-body' });
      const portside = await startPortside({ accounts: accountsOfAll(upstream) });
      const response = await sendSmall(portside.url, 'anthropic', {
        model: ownModel('anthropic'),
        stream: true,
      });
      const text = response.text();
      const stopped = portside.stop();
      upstream.release();
      await stopped;
      const reading = checkStream('anthropic', await text);
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.error, undefined);
      assert.equal(reading.text, 'Hello from upstream');
    });

    it('answers a request that had no answer yet with an error', async () => {
      upstream.behave({ fault: 'hang' });
      const portside = await startPortside({ accounts: accountsOfAll(upstream) });
      const waiting = sendSmall(portside.url, 'openai-chat', { model: ownModel('openai-chat') });
      await upstream.arrived(1);
      await portside.stop();
      const response = await waiting;
      assert.equal(response.status, 503);
      assert.match(await response.text(), /stopped/i);
    });

    it('takes no new connections while streams end', async () => {
      upstream.behave({ fault: 'hang-mid-body' });
      const portside = await startPortside({ accounts: accountsOfAll(upstream) });
      const response = await sendSmall(portside.url, 'gemini', { model: ownModel('gemini'), stream: true });
      const text = response.text();
      const stopped = portside.stop();
      await new Promise((resolve) => setImmediate(resolve));
      await assert.rejects(fetch(`${portside.url}/healthz`, { headers: { connection: 'close' } }));
      await stopped;
      await text;
    });
  });

  describe('live settings (SPEC 1.8)', () => {
    let upstream: ScriptedUpstream;
    before(async () => {
      upstream = await startScriptedUpstream();
    });
    after(() => upstream.close());

    it('act on the next request: key, mode, accounts, routes', async () => {
      const portside = await startPortside({
        accounts: [accountAt(upstream, 'openai-chat', { key: 'sk-first-key' })],
      });
      const ask = async (headers: Record<string, string> = {}) => {
        const response = await sendSmall(portside.url, 'openai-chat', { headers });
        await response.text();
        return response.status;
      };
      assert.equal(await ask(), 200);
      portside.configure({
        accounts: [accountAt(upstream, 'openai-chat', { key: 'sk-second-key' })],
        authMode: 'strict',
        apiKey: 'sk-local-key-1234',
        routes: { 'asked-*': 'routed-model' },
      });
      assert.equal(await ask(), 401);
      assert.equal(await ask({ authorization: 'Bearer sk-local-key-1234' }), 200);
      assert.deepEqual(
        upstream.generations.map((request) => request.key),
        ['sk-first-key', 'sk-second-key'],
      );
      assert.equal(upstream.generations[1]!.json.model, 'routed-model');
      portside.configure({ accounts: [] });
      assert.equal(await ask(), 503);
      await portside.stop();
    });

    it('say that a restart is needed for port and LAN, and keep serving until then', async () => {
      const port = await freePort();
      const { proxy } = makePortside({ ...DEMO, port });
      await proxy.start();
      const { proxySettingsSchema } = await import('../../shared/settings');
      const other = await freePort();
      proxy.configure(proxySettingsSchema.parse({ ...DEMO, port: other }));
      assert.equal(proxy.status().restartNeeded, true);
      assert.equal(proxy.status().listening?.port, port);
      assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
      await proxy.stop();
      await proxy.start();
      assert.equal(proxy.status().restartNeeded, false);
      assert.equal(proxy.status().listening?.port, other);
      await proxy.stop();
    });

    it('do not disturb a stream that runs', async () => {
      const portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
      upstream.reset();
      upstream.fail({ fault: 'hang-mid-body' });
      const response = await sendSmall(portside.url, 'anthropic', { stream: true });
      const text = response.text();
      portside.configure({ ...DEMO, authMode: 'strict', apiKey: 'sk-local-key-1234' });
      upstream.release();
      const reading = checkStream('anthropic', await text);
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, 'Hello from upstream');
      await portside.stop();
    });
  });

  it('counts active accounts', async () => {
    const { proxy } = makePortside({
      accounts: [
        { id: 'a', provider: 'demo' },
        { id: 'b', provider: 'gemini', key: 'sk-gemini-key', enabled: false },
        { id: 'c', provider: 'gemini', key: 'sk-gemini-key' },
      ],
    });
    assert.equal(proxy.status().activeAccounts, 2);
    assert.deepEqual(
      proxy.status().accounts.map(({ id, state }) => [id, state]),
      [
        ['a', 'healthy'],
        ['b', 'disabled'],
        ['c', 'healthy'],
      ],
    );
  });
});
