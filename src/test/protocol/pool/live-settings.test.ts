/** Settings of accounts, scheduling, time limits and network act on the very next request (SPEC 1.8). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkStream } from '../../support/dialect-requests';
import { startForwardProxy } from '../../support/upstream/forward-proxy';
import { freePort } from '../../support/local-port';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { SettingsInput } from '../../support/start-portside';
import { A, B, C, withThreeAccounts } from '../../support/three-accounts';

const LOCAL = 'sk-local-key-1234';

describe('settings act live (SPEC 1.8)', () => {
  const live = withThreeAccounts();
  const { a, b, c } = live;
  let elsewhere: ScriptedUpstream;
  before(async () => {
    elsewhere = await startScriptedUpstream();
  });
  afterEach(() => {
    elsewhere.reset();
  });
  after(() => elsewhere.close());

  describe('accounts', () => {
    it('added, disabled, enabled, taken away', async () => {
      await live.start({ accounts: [a()] });
      assert.equal(await live.served(), 'a');
      live.portside.configure({ accounts: [a(), b({ priority: 1 })] });
      assert.equal(await live.served(), 'b');
      assert.equal(live.portside.proxy.status().activeAccounts, 2);
      live.portside.configure({ accounts: [a(), b({ priority: 1, enabled: false })] });
      assert.equal(await live.served(), 'a');
      assert.equal(live.portside.proxy.status().activeAccounts, 1);
      live.portside.configure({ accounts: [a(), b({ priority: 1 })] });
      assert.equal(await live.served(), 'b');
      live.portside.configure({ accounts: [a()] });
      assert.equal(await live.served(), 'a');
      live.portside.configure({ accounts: [] });
      assert.equal(await live.status(), 503);
      live.portside.configure({ accounts: [b()] });
      assert.equal(await live.served(), 'b');
    });

    it('a conversation of one that is taken away goes on with another', async () => {
      await live.start({ accounts: [a({ priority: 1 }), b()] });
      const session = 'the-same';
      assert.equal(await live.served({ session }), 'a');
      assert.equal(await live.served({ session }), 'a');
      live.portside.configure({ accounts: [b()] });
      assert.equal(await live.served({ session }), 'b');
      live.portside.configure({ accounts: [a({ priority: 1, enabled: false }), b()] });
      assert.equal(await live.served({ session }), 'b');
    });

    it('their order', async () => {
      await live.start({ accounts: [a(), b()] });
      live.portside.configure({ accounts: [b(), a()] });
      assert.deepEqual(
        live.portside.proxy.status().accounts.map(({ id }) => id),
        ['b', 'a'],
      );
      assert.equal(await live.served(), 'b');
    });

    it('priority and weight', async () => {
      await live.start({ accounts: [a({ priority: 1 }), b()] });
      assert.equal(await live.served(), 'a');
      live.portside.configure({ accounts: [a(), b({ priority: 1 })] });
      assert.equal(await live.served(), 'b');
      live.portside.configure({ accounts: [a({ weight: 3 }), b()] });
      live.upstream.reset();
      for (let round = 0; round < 8; round++) await live.served();
      assert.equal(live.keys.filter((key) => key === A).length, 6);
    });

    it('a key that is replaced: the new one is asked, what was booked on the old one is forgotten', async () => {
      await live.start({ accounts: [a(), b()] });
      live.upstream.behave({ key: A, status: 401 });
      while (live.portside.proxy.status().activeAccounts === 2) await live.served();
      live.portside.configure({ accounts: [live.account('a', C), b()] });
      assert.equal(live.portside.proxy.status().activeAccounts, 2);
      live.upstream.reset();
      await live.served();
      await live.served();
      assert.deepEqual(new Set(live.keys), new Set([C, B]));
      live.upstream.reset();
      // Other changes leave what is known as it is.
      live.upstream.fail({ key: B, status: 429, headers: { 'retry-after': '600' } });
      for (let round = 0; round < 4; round++) await live.served();
      live.portside.configure({
        accounts: [live.account('a', C, { weight: 2 }), b({ label: 'Another name' })],
      });
      live.upstream.reset();
      for (let round = 0; round < 4; round++) await live.served();
      assert.deepEqual(new Set(live.keys), new Set([C]));
    });

    it('baseUrl', async () => {
      await live.start({ accounts: [a()] });
      await live.served();
      live.portside.configure({ accounts: [a({ baseUrl: elsewhere.url })] });
      await live.served();
      assert.deepEqual([live.upstream.generations.length, elsewhere.generations.length], [1, 1]);
    });

    it('models and defaultModel', async () => {
      await live.start({ accounts: [a({ models: ['x'] }), b({ models: ['y'] })] });
      for (let round = 0; round < 2; round++) assert.equal(await live.served({ model: 'x' }), 'a');
      live.portside.configure({ accounts: [a({ models: ['y'] }), b({ models: ['x'] })] });
      for (let round = 0; round < 2; round++) assert.equal(await live.served({ model: 'x' }), 'b');
      const lone = (defaultModel: string): SettingsInput => ({ accounts: [a({ defaultModel })] });
      live.portside.configure(lone('claude-one'));
      await live.served({ model: 'nobody-knows' });
      live.portside.configure(lone('claude-two'));
      await live.served({ model: 'nobody-knows' });
      assert.deepEqual(
        live.upstream.generations.slice(-2).map(({ json }) => json.model),
        ['claude-one', 'claude-two'],
      );
      const { data } = (await (await fetch(`${live.portside.url}/v1/models`)).json()) as {
        data: { id: string }[];
      };
      assert.ok(!data.some(({ id }) => id === 'x' || id === 'y'), 'the list still has models of before');
    });

    it('maxConcurrent: a lower one for the next, a higher one for those who wait already', async () => {
      await live.start({ accounts: [a()] });
      live.upstream.behave({ fault: 'hang' });
      const held = [live.served(), live.served()];
      await live.upstream.arrived(2);
      live.portside.configure({ accounts: [a({ maxConcurrent: 1 })] });
      const waiting = live.served();
      await live.queued(1);
      assert.equal(live.upstream.generations.length, 2);
      live.portside.configure({ accounts: [a({ maxConcurrent: 3 })] });
      await live.upstream.arrived(3);
      live.upstream.reset();
      assert.deepEqual(await Promise.all([...held, waiting]), ['a', 'a', 'a']);
      assert.equal(live.portside.proxy.status().accounts[0]!.inFlight, 0);
    });
  });

  describe('whose turn it is', () => {
    const two = (more: SettingsInput = {}): SettingsInput => ({ accounts: [a(), b()], ...more });

    it('routes', async () => {
      const routed = (target: string | string[]): SettingsInput => two({ routes: { 'fast-*': target } });
      await live.start(two());
      await live.served({ model: 'fast-one' });
      live.portside.configure(routed('b/model-1'));
      assert.equal(await live.served({ model: 'fast-one' }), 'b');
      live.portside.configure(routed(['a/model-2', 'b/model-1']));
      assert.equal(await live.served({ model: 'fast-one' }), 'a');
      assert.deepEqual(
        live.upstream.generations.slice(-2).map(({ json }) => json.model),
        ['model-1', 'model-2'],
      );
    });

    for (const [name, change] of [
      ['scheduling', { scheduling: 'balance' }],
      ['stickySessions', { stickySessions: false }],
    ] as [string, SettingsInput][])
      it(name, async () => {
        await live.start(two());
        const turns = async () => {
          const who = new Set<string | null>();
          for (let round = 0; round < 4; round++) who.add(await live.served({ session: 'the-same' }));
          return who.size;
        };
        assert.equal(await turns(), 1);
        live.portside.configure(two(change));
        assert.equal(await turns(), 2);
      });

    it('stickyMinutes', async () => {
      await live.start(two({ stickyMinutes: 60 }));
      const session = 'the-same';
      const first = await live.served({ session });
      // The other one's turn comes when this one is forgotten.
      const turn = async () => {
        live.clock.time += 10 * 60_000;
        return live.served({ session });
      };
      assert.deepEqual([await turn(), await turn()], [first, first]);
      live.portside.configure(two({ stickyMinutes: 5 }));
      assert.notEqual(await turn(), first);
    });

    it('preferredAccount', async () => {
      await live.start(two());
      live.portside.configure(two({ preferredAccount: 'b' }));
      for (let round = 0; round < 3; round++) assert.equal(await live.served(), 'b');
      live.portside.configure(two({ preferredAccount: 'a' }));
      for (let round = 0; round < 3; round++) assert.equal(await live.served(), 'a');
    });

    it('maxAttempts', async () => {
      const three = { accounts: [a(), b(), c()] };
      await live.start(three);
      live.upstream.behave({ status: 500 });
      const attempts = async () => {
        const response = await live.send();
        assert.equal(response.status, 500, await response.text());
        return (await live.recordOf(response)).attempts.length;
      };
      assert.equal(await attempts(), 3);
      live.portside.configure({ ...three, maxAttempts: 2 });
      assert.equal(await attempts(), 2);
      live.portside.configure({ ...three, maxAttempts: 1 });
      live.clock.time += 3_600_000;
      assert.equal(await attempts(), 1);
    });

    it('z.ai dispatch: mode, key, place and map of families', async () => {
      const zai = (more: SettingsInput['zai']): SettingsInput => ({
        accounts: [a()],
        zai: { key: 'sk-zai-key-one', baseUrl: elsewhere.url, ...more },
      });
      const model = 'claude-opus-4-1';
      const last = ({ generations }: ScriptedUpstream) => [
        generations.at(-1)?.key,
        generations.at(-1)?.json.model,
      ];
      await live.start(zai({ dispatchMode: 'off' }));
      assert.equal(await live.served({ model }), 'a');
      live.portside.configure(zai({ dispatchMode: 'exclusive' }));
      assert.equal(await live.served({ model }), 'z.ai dispatch');
      assert.deepEqual(last(elsewhere), ['sk-zai-key-one', 'glm-4.6']);
      live.portside.configure(
        zai({ dispatchMode: 'exclusive', key: 'sk-zai-key-two', models: { opus: 'glm-x' } }),
      );
      assert.equal(await live.served({ model }), 'z.ai dispatch');
      assert.deepEqual(last(elsewhere), ['sk-zai-key-two', 'glm-x']);
      live.portside.configure(zai({ dispatchMode: 'fallback' }));
      assert.equal(await live.served({ model }), 'a');
      live.upstream.fail({ status: 500 });
      assert.equal(await live.served({ model }), 'z.ai dispatch');
      live.clock.time += 60_000;
      live.portside.configure(zai({ dispatchMode: 'pooled' }));
      const who = [await live.served({ model }), await live.served({ model })];
      assert.deepEqual(who.sort(), ['a', 'z.ai dispatch']);
      live.portside.configure(zai({ dispatchMode: 'exclusive', baseUrl: live.upstream.url }));
      await live.served({ model });
      assert.equal(last(live.upstream)[0], 'sk-zai-key-one');
      live.portside.configure(zai({ dispatchMode: 'off' }));
      assert.equal(await live.served({ model }), 'a');
    });
  });

  describe('time limits', () => {
    /** Takes connections and never greets: TLS is part of connecting. */
    let mute: Server;
    const waiting = new Set<Socket>();
    before(async () => {
      mute = createServer((socket) => {
        waiting.add(socket);
        socket.on('error', () => undefined);
      }).listen(0, '127.0.0.1');
      await once(mute, 'listening');
    });
    after(() => {
      for (const socket of waiting) socket.destroy();
      mute.close();
    });

    const limited = (timeouts: SettingsInput['timeouts'], accounts = [a()]): SettingsInput => ({
      accounts,
      timeouts,
    });

    for (const [name, stream] of [
      ['firstByteMs', true],
      ['totalMs', false],
    ] as const)
      it(name, async () => {
        await live.start({ accounts: [a()] });
        live.portside.configure(limited({ [name]: 100 }));
        live.upstream.behave({ fault: 'hang' });
        const asked = live.send({ stream });
        await live.upstream.arrived(1);
        live.clock.pass(101);
        const error = await assertErrorResponse('anthropic', 504, await asked);
        assert.match(error.message, /within 100 ms/);
      });

    it('idleMs', async () => {
      await live.start({ accounts: [a()] });
      live.portside.configure(limited({ idleMs: 100 }));
      live.upstream.behave({ fault: 'hang-mid-body' });
      const response = await live.send({ stream: true });
      // What came first does not count as silence; the client has it once its answer has begun.
      await new Promise((resolve) => setTimeout(resolve, 50));
      live.clock.pass(101);
      const reading = checkStream('anthropic', await response.text());
      assert.deepEqual(reading.complaints, []);
      assert.match(reading.error ?? '', /silent/);
    });

    it('failoverMs', async () => {
      const accounts = [a({ priority: 1 }), b()];
      await live.start({ accounts });
      const askWhileFirstHangs = async (arrivals: number) => {
        const asked = live.send({ stream: true });
        await live.upstream.arrived(arrivals);
        live.clock.pass(1001);
        const response = await asked;
        await response.text();
        return response.status;
      };
      live.upstream.behave({ key: A, fault: 'hang' });
      live.portside.configure(limited({ firstByteMs: 1000 }, accounts));
      assert.equal(await askWhileFirstHangs(1), 200);
      live.clock.time += 3_600_000;
      live.portside.configure(limited({ firstByteMs: 1000, failoverMs: 1000 }, accounts));
      assert.equal(await askWhileFirstHangs(3), 504);
      assert.deepEqual(live.keys, [A, B, A]);
    });

    it('connectMs', async () => {
      const baseUrl = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
      await live.start(limited({ connectMs: 600_000 }, [a({ baseUrl })]));
      live.portside.configure(limited({ connectMs: 50 }, [a({ baseUrl })]));
      const error = await assertErrorResponse('anthropic', 504, await live.send());
      assert.match(error.message, /connecting took too long/);
    });
  });

  it('network.proxy: the next request goes through the other one', async () => {
    // A documentation address (RFC 5737): only the proxies know it.
    const far = a({ baseUrl: 'http://192.0.2.1' });
    const [first, second] = [await startForwardProxy(), await startForwardProxy()];
    for (const proxy of [first, second]) proxy.routes.set('192.0.2.1:80', live.upstream.port);
    await live.start({ accounts: [far], network: { proxy: first.url } });
    await live.served();
    live.portside.configure({ accounts: [far], network: { proxy: second.url } });
    await live.served();
    assert.deepEqual([first.requests.length, second.requests.length], [1, 1]);
  });

  it('port and LAN access wait for a restart, and say so', async () => {
    const port = await freePort();
    await live.start({ accounts: [a()], port });
    assert.equal(live.portside.proxy.status().restartNeeded, false);
    live.portside.configure({ accounts: [a()], port: await freePort() });
    assert.equal(live.portside.proxy.status().restartNeeded, true);
    assert.equal(await live.served(), 'a');
    live.portside.configure({ accounts: [a()], port });
    assert.equal(live.portside.proxy.status().restartNeeded, false);
    live.portside.configure({ accounts: [a()], port, allowLanAccess: true, apiKey: LOCAL });
    assert.equal(live.portside.proxy.status().restartNeeded, true);
    assert.equal(live.portside.proxy.status().listening?.host, '127.0.0.1');
    // What LAN access means for keys does not wait.
    assert.equal(await live.status(), 401);
    assert.equal(await live.status({ headers: { 'x-api-key': LOCAL } }), 200);
  });
});
