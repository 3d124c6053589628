/** Caps of accounts, and the queue before them (SPEC 5.12). */
import assert from 'node:assert/strict';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { sendSmall } from '../../support/dialect-requests';
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
