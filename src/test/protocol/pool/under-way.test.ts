/** A change of settings leaves alone what is under way, and keeps from it what is no longer wanted (SPEC 1.8). */
import assert from 'node:assert/strict';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkStream } from '../../support/dialect-requests';
import type { SettingsInput } from '../../support/start-portside';
import { A, B, C, withThreeAccounts } from '../../support/three-accounts';

const LOCAL = 'sk-local-key-1234';

describe('what is under way when settings change (SPEC 1.8)', () => {
  const live = withThreeAccounts();
  const { a, b, c } = live;

  const CHANGES: [string, () => SettingsInput][] = [
    ['its account is taken away', () => ({ accounts: [b()] })],
    ['its account is disabled', () => ({ accounts: [a({ enabled: false }), b()] })],
    ['its key is replaced', () => ({ accounts: [live.account('a', C)] })],
    ['its account moves', () => ({ accounts: [a({ baseUrl: 'http://127.0.0.1:9' })] })],
    ['all accounts go', () => ({ accounts: [] })],
    ['a key is asked of clients', () => ({ accounts: [a()], authMode: 'strict', apiKey: LOCAL })],
    ['its address is blocked', () => ({ accounts: [a()], blockList: ['127.0.0.1'] })],
    [
      'routes and scheduling change',
      () => ({ accounts: [a()], routes: { '*': 'b/x' }, scheduling: 'balance' }),
    ],
    [
      'z.ai takes all over',
      () => ({ accounts: [a()], zai: { dispatchMode: 'exclusive', key: 'sk-zai-key' } }),
    ],
    ['the network changes', () => ({ accounts: [a()], network: { proxy: 'http://127.0.0.1:9' } })],
    ['time limits of connecting change', () => ({ accounts: [a()], timeouts: { connectMs: 1 } })],
    ['the port changes', () => ({ accounts: [a()], port: 1 })],
  ];
  for (const [what, change] of CHANGES)
    it(`ends well when ${what}`, async () => {
      await live.start({ accounts: [a()] });
      live.upstream.fail({ fault: 'hang-mid-body' });
      const response = await live.send({ stream: true });
      live.upstream.fail({ fault: 'hang' });
      const whole = live.send();
      await live.upstream.arrived(2);
      live.portside.configure(change());
      live.upstream.release();
      const reading = checkStream('anthropic', await response.text());
      assert.deepEqual([reading.complaints, reading.error], [[], undefined]);
      assert.equal(reading.text, 'Hello from upstream');
      const answer = await whole;
      assert.equal(answer.status, 200, await answer.text());
      assert.ok(live.portside.proxy.status().accounts.every(({ inFlight }) => inFlight === 0));
    });

  /** A hangs while the settings change, then fails; B was next. */
  const changeAmidFailover = async (change: SettingsInput) => {
    await live.start({ accounts: [a({ priority: 2 }), b({ priority: 1 }), c()] });
    live.upstream.behave({ key: A, fault: 'hang' });
    const asked = live.send({ stream: true });
    await live.upstream.arrived(1);
    live.portside.configure(change);
    live.clock.pass(120_001);
    const response = await asked;
    assert.equal(response.status, 200, await response.clone().text());
    const record = await live.recordOf(response);
    return record.attempts.map((attempt) => attempt.account);
  };

  it('never asks an account that was taken away, also amid its failover', async () => {
    assert.deepEqual(await changeAmidFailover({ accounts: [a({ priority: 2 }), c()] }), ['a', 'c']);
    assert.deepEqual(live.keys, [A, C]);
  });

  it('never asks an account that was disabled, also amid its failover', async () => {
    const accounts = [a({ priority: 2 }), b({ priority: 1, enabled: false }), c()];
    assert.deepEqual(await changeAmidFailover({ accounts }), ['a', 'c']);
  });

  it('never shows a key that was replaced, also amid its failover', async () => {
    const accounts = [
      a({ priority: 2 }),
      live.account('b', 'sk-upstream-key-of-today', { priority: 1 }),
      c(),
    ];
    assert.deepEqual((await changeAmidFailover({ accounts })).at(-1), 'c');
    assert.ok(!live.keys.includes(B));
  });

  it('tells the client of its own failure when nobody is left amid its failover', async () => {
    await live.start({ accounts: [a({ priority: 1 }), b()] });
    live.upstream.behave({ key: A, fault: 'hang' });
    const asked = live.send({ stream: true });
    await live.upstream.arrived(1);
    live.portside.configure({ accounts: [a()] });
    live.clock.pass(120_001);
    const error = await assertErrorResponse('anthropic', 504, await asked);
    assert.match(error.message, /"a" sent no answer/);
    assert.deepEqual(live.keys, [A]);
  });

  it('goes to another when what it waits for is taken away', async () => {
    await live.start({ accounts: [a({ maxConcurrent: 1 })] });
    live.upstream.behave({ key: A, fault: 'hang' });
    const held = live.served();
    await live.upstream.arrived(1);
    const waiting = live.send();
    await live.queued(1);
    live.portside.configure({ accounts: [b()] });
    const response = await waiting;
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-portside-account'), 'b');
    live.upstream.reset();
    assert.equal(await held, 'a');
    assert.equal(await live.served(), 'b');
  });

  it('does not undo what it learns of an account that is new by then', async () => {
    await live.start({ accounts: [a()] });
    live.upstream.behave({ key: A, fault: 'hang' });
    const asked = live.send({ stream: true });
    await live.upstream.arrived(1);
    live.portside.configure({ accounts: [live.account('a', C)] });
    live.upstream.reset();
    live.upstream.behave({ key: A, status: 401 });
    await (await asked).text();
    assert.equal(
      live.portside.proxy.status().accounts[0]!.state,
      'healthy',
      'the old key’s trouble is the new one’s',
    );
    assert.equal(await live.served(), 'a');
  });
});
