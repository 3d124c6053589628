/** Caps of accounts, and the queue before them (SPEC 5.12). */
import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { sendSmall, smallRequest } from '../../support/dialect-requests';
import { ManualClock } from '../../support/manual-clock';
import { withAccounts } from '../../support/one-account';
import { accountAt } from '../../support/start-portside';
import type { AccountInput, SettingsInput } from '../../support/start-portside';

const A = 'sk-upstream-key-a';
const B = 'sk-upstream-key-b';

describe('the cap of an account (SPEC 5.12)', () => {
  const at = withAccounts();

  const account = (id: string, key: string, more: Partial<AccountInput> = {}): AccountInput => ({
    ...accountAt(at.upstream, 'anthropic', { id, key }),
    ...more,
  });
  const start = async (settings: SettingsInput) => {
    await at.startWith(settings);
  };
  const send = (options: Parameters<typeof sendSmall>[2] = {}) =>
    sendSmall(at.portside.url, 'anthropic', options).then(async (response) => {
      await response.clone().text();
      return response;
    });
  const queued = async (count: number) => {
    while ((at.portside.proxy.status().accounts[0]!.queued ?? 0) !== count)
      await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is never exceeded, and everybody is served', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 2 })] });
    at.upstream.behave({ fault: 'hang' });
    const all = Array.from({ length: 7 }, () => send());
    await at.upstream.arrived(2);
    await queued(5);
    assert.equal(at.upstream.generations.length, 2);
    assert.equal(at.portside.proxy.status().accounts[0]!.inFlight, 2);
    for (let arrived = 2; arrived < 7;) {
      at.upstream.release();
      await at.upstream.arrived((arrived = Math.min(7, arrived + 2)));
      assert.ok((at.portside.proxy.status().accounts[0]!.inFlight ?? 0) <= 2);
    }
    at.upstream.release();
    const answers = await Promise.all(all);
    assert.ok(answers.every(({ status }) => status === 200));
    const records = await Promise.all(
      answers.map((each) => at.portside.recorded(each.headers.get('x-request-id')!)),
    );
    assert.equal(records.filter(({ queuedMs }) => queuedMs !== undefined).length, 5);
    assert.equal(at.portside.proxy.status().accounts[0]!.inFlight, 0);
  });

  it('sends what does not fit to others at once', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 1, priority: 1 }), account('b', B)] });
    at.upstream.behave({ key: A, fault: 'hang' });
    const held = send();
    await at.upstream.arrived(1);
    assert.equal((await send()).status, 200);
    assert.deepEqual(
      at.upstream.generations.map(({ key }) => key),
      [A, B],
    );
    at.upstream.release();
    assert.equal((await held).status, 200);
  });

  it('gives turns to the agents of one machine, however many requests each has', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 1 })] });
    at.upstream.behave({ fault: 'hang' });
    const order: string[] = [];
    const ask = (agent: string) =>
      send({ headers: { 'user-agent': agent } }).then(() => {
        order.push(agent);
      });
    const all = [ask('greedy/1')];
    await at.upstream.arrived(1);
    for (let count = 0; count < 5; count++) all.push(ask('greedy/1'));
    await queued(5);
    all.push(ask('modest/1'));
    await queued(6);
    for (let arrived = 1; arrived <= 7; arrived++) {
      await at.upstream.arrived(arrived);
      at.upstream.release();
    }
    await Promise.all(all);
    assert.ok(order.indexOf('modest/1') <= 2, order.join());
  });

  it('lets a client that waits go away', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 1 })] });
    at.upstream.behave({ fault: 'hang' });
    const held = send();
    await at.upstream.arrived(1);
    const abort = new AbortController();
    const left = send({ signal: abort.signal });
    await queued(1);
    abort.abort();
    await assert.rejects(left);
    await queued(0);
    at.upstream.release();
    assert.equal((await held).status, 200);
    assert.equal(at.upstream.generations.length, 1);
  });

  it('keeps nobody waiting longer than an answer may take to begin', async () => {
    let beat: (elapsedMs: number) => void = () => undefined;
    await at.startWith(
      {
        accounts: [account('a', A, { maxConcurrent: 1 })],
        timeouts: { firstByteMs: 10_000, totalMs: 100_000 },
      },
      (each) => {
        beat = each;
        return () => undefined;
      },
    );
    at.upstream.behave({ fault: 'hang' });
    const held = send();
    await at.upstream.arrived(1);
    const waiting = send();
    await queued(1);
    for (let ms = 0; ms <= 10_000; ms += 250) beat(250);
    const response = await waiting;
    const { message } = await assertErrorResponse('anthropic', 503, response);
    assert.match(message, /busy/);
    assert.ok(response.headers.get('retry-after'));
    at.upstream.release();
    assert.equal((await held).status, 200);
  });

  for (const [what, accounts] of [
    ['has another key', () => [account('a', B, { maxConcurrent: 1 })]],
    ['is gone', () => [account('b', B)]],
    ['is disabled', () => [account('a', A, { maxConcurrent: 1, enabled: false }), account('b', B)]],
  ] as const)
    it(`who waits for an account that ${what} meanwhile is served by the settings of now`, async () => {
      await start({ accounts: [account('a', A, { maxConcurrent: 1 })] });
      at.upstream.behave({ key: A, fault: 'hang' });
      const held = send();
      await at.upstream.arrived(1);
      const waiting = [send(), send()];
      await queued(2);
      at.portside.configure({ accounts: accounts() });
      for (const { status } of await Promise.all(waiting)) assert.equal(status, 200);
      assert.deepEqual(
        at.upstream.generations.map(({ key }) => key),
        [A, B, B],
      );
      at.upstream.release();
      assert.equal((await held).status, 200);
    });

  it('says so to who waits when no account is left at all', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 1 })] });
    at.upstream.behave({ key: A, fault: 'hang' });
    const held = send();
    await at.upstream.arrived(1);
    const waiting = send();
    await queued(1);
    at.portside.configure({ accounts: [] });
    const { message } = await assertErrorResponse('anthropic', 503, await waiting);
    assert.match(message, /no available accounts/);
    at.upstream.release();
    assert.equal((await held).status, 200);
  });

  it('is not held for ever by a client that does not read', async () => {
    const clock = new ManualClock();
    await at.startWith(
      { accounts: [account('a', A, { maxConcurrent: 1 })], timeouts: { idleMs: 60_000 } },
      clock.every,
      clock.now,
    );
    at.upstream.fail({ flood: { events: 3000, characters: 65_536 } });
    const { path, headers, body } = smallRequest('anthropic', 'm', true);
    const stalled = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(at.portside.url + path, { method: 'POST', headers }, resolve);
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
    stalled.on('error', () => undefined);
    stalled.pause();
    const [flooded] = at.upstream.generations;
    for (let before = -1; before !== flooded!.sent;) {
      before = flooded!.sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const waiting = send();
    await queued(1);
    for (let ms = 0; ms < 59_000; ms += 1000) clock.pass(1000);
    assert.equal(at.portside.proxy.status().accounts[0]!.queued, 1);
    clock.pass(3000);
    assert.equal((await waiting).status, 200);
    await flooded!.closed;
    const status = at.portside.proxy.status().accounts[0]!;
    assert.equal(status.state, 'healthy');
    assert.equal(status.inFlight, 0);
    const [record] = at.portside.exchanges;
    assert.equal(record?.outcome, 'cancelled');
    assert.match(record.error ?? '', /took nothing/);
    stalled.destroy();
  }).timeout(20_000);

  it('ends the wait when Portside stops', async () => {
    await start({ accounts: [account('a', A, { maxConcurrent: 1 })] });
    at.upstream.behave({ fault: 'hang' });
    const held = send().catch(() => undefined);
    await at.upstream.arrived(1);
    const waiting = send();
    await queued(1);
    const stopping = at.portside.stop();
    await assertErrorResponse('anthropic', 503, await waiting);
    await stopping;
    await held;
  });
});
