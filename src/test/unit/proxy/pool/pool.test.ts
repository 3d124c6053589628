import assert from 'node:assert/strict';
import { labelOf } from '../../../../proxy/pool/pool';
import { account, dead, overloaded, poolOf, RPM, serve, timeless, told, took } from './pool-of';

describe('who is asked', () => {
  it('one account alone is asked as the only one', () => {
    const { request } = poolOf([account('a')]);
    assert.equal(serve(request()), 'a only');
    assert.equal(request().remaining(), 0);
  });

  it('takes turns by weight', () => {
    const { request } = poolOf([account('a', { weight: 5 }), account('b'), account('c')]);
    const turns = Array.from({ length: 7 }, () => serve(request()));
    assert.deepEqual(
      turns,
      ['a', 'a', 'b', 'a', 'c', 'a', 'a'].map((id) => `${id} turn`),
    );
  });

  it('takes turns by new weights at once', () => {
    const { request, configure } = poolOf([account('a', { weight: 1000 }), account('b')]);
    for (let round = 0; round < 500; round++) serve(request());
    configure({ accounts: [account('a'), account('b')] });
    const turns = Array.from({ length: 10 }, () => serve(request()));
    assert.equal(turns.filter((turn) => turn === 'a turn').length, 5);
  });

  it('is the highest priority that can be asked', () => {
    const { request, ask, wait } = poolOf([
      account('low', { priority: -1 }),
      account('high', { priority: 5 }),
    ]);
    assert.equal(serve(request()), 'high turn');
    ask('high', told(30));
    assert.equal(serve(request()), 'low turn');
    wait(30);
    assert.equal(serve(request()), 'high turn');
  });

  it('is the preferred account while it is healthy', () => {
    const { request, ask, configure } = poolOf([account('a', { priority: 9 }), account('b')], {
      preferredAccount: 'b',
    });
    assert.equal(serve(request()), 'b preferred');
    ask('b', told(30));
    assert.equal(serve(request()), 'a turn');
    configure({ preferredAccount: '' });
    assert.equal(serve(request()), 'a turn');
  });

  it('goes from group to group, and within a request from one to the next', () => {
    const { request, ask } = poolOf(['a', 'b', 'c'].map((id) => account(id)));
    const asking = request([['a', 'b'], ['c']]);
    assert.equal(took(asking), 'a');
    assert.equal(asking.remaining(), 2);
    asking.failed({ type: 'failed' }, 'reset');
    const second = asking.take();
    assert.deepEqual(second.type === 'taken' && second.taken.chosenBy, 'failover');
    asking.failed({ type: 'failed' }, 'reset');
    assert.equal(took(asking), 'c');
    asking.failed({ type: 'elsewhere' }, 'no such model');
    assert.deepEqual(asking.take(), { type: 'none' });
    asking.release();
    ask('a', told(5));
    ask('b', told(5));
    assert.equal(serve(request([['a', 'b'], ['c']])), 'c chain');
  });

  it('is nobody who rests or is dead', () => {
    const { request, ask, clock } = poolOf(['a', 'b'].map((id) => account(id)));
    ask('a', told(60));
    ask('b', dead());
    const asking = request();
    assert.deepEqual(asking.take(), { type: 'none' });
    assert.equal(asking.earliest(), clock.now + 60_000);
    assert.deepEqual(asking.lastReason(), { reason: 'why', status: 429, kind: 'rate_limit' });
    const [a, b] = asking.skipped();
    assert.match(a?.reason ?? '', /^cooling until \d\d:\d\d:\d\d \(requests per minute\)$/);
    assert.equal(a?.until, clock.now + 60_000);
    assert.deepEqual(b, {
      account: 'Ollama (b)',
      model: 'm',
      reason: 'disabled: the provider refused the key',
    });
  });

  it('is the spent one last, but it is asked', () => {
    const { pool, request, wait, ask } = poolOf(['a', 'b'].map((id) => account(id)));
    pool.spent('a', 'm', RPM, 20);
    assert.deepEqual([serve(request()), serve(request())], ['b turn', 'b turn']);
    ask('b', told(10));
    const asking = request();
    assert.equal(took(asking), 'a');
    asking.release();
    wait(20);
    assert.deepEqual([serve(request()), serve(request())].sort(), ['a turn', 'b turn']);
    pool.spent('a', 'm', RPM, 20);
    pool.spent('a', 'm', RPM, 0);
    assert.deepEqual([serve(request()), serve(request())].sort(), ['a turn', 'b turn']);
  });

  it('is asked in the order that the route tester tells, without moving the turn', () => {
    const { pool, request, candidate, ask } = poolOf([
      account('low', { priority: -1 }),
      account('cold'),
      account('gone'),
      account('a'),
      account('b'),
    ]);
    ask('cold', told(60));
    ask('gone', dead());
    const group = ['low', 'gone', 'cold', 'a', 'b'];
    const order = () => pool.order([group.map(candidate)]).map((each) => each.account.id);
    assert.deepEqual(order(), ['a', 'b', 'low', 'cold', 'gone']);
    assert.deepEqual(order(), ['a', 'b', 'low', 'cold', 'gone']);
    serve(request([group]));
    assert.deepEqual(order(), ['b', 'a', 'low', 'cold', 'gone']);
  });
});

describe('settings of the pool', () => {
  it('give the same array of enabled accounts until they change', () => {
    const { pool, configure } = poolOf([account('a', { enabled: false }), account('b')]);
    assert.deepEqual(
      pool.enabled().map(({ id }) => id),
      ['b'],
    );
    assert.equal(pool.enabled(), pool.enabled());
    assert.equal(pool.get('a')?.id, 'a');
    configure({ accounts: [] });
    assert.deepEqual(pool.enabled(), []);
    assert.equal(pool.get('a'), undefined);
  });

  it('leave an account that did not change in its state', () => {
    const { configure, ask, statusOf } = poolOf([account('a')]);
    ask('a', told(60));
    configure({ accounts: [account('a', { label: 'New', weight: 3 })] });
    assert.equal(statusOf('a')?.state, 'cooling');
    assert.equal(statusOf('a')?.label, 'New');
  });

  for (const [what, change] of Object.entries({
    key: { key: 'other' },
    'base URL': { baseUrl: 'http://127.0.0.1:2' },
    provider: { provider: 'lmstudio' as const },
    project: { project: 'p' },
    region: { region: 'r' },
  }))
    it(`give an account with another ${what} a new start, and tell so`, () => {
      const { configure, ask, state, events } = poolOf([account('a')]);
      ask('a', dead());
      configure({ accounts: [account('a', change)] });
      assert.equal(state('a'), 'healthy');
      assert.deepEqual(
        events.map(({ from, to }) => `${from} ${to}`),
        ['healthy disabled', 'disabled healthy'],
      );
    });

  it('let a dead account that is enabled again start healthy', () => {
    const { configure, ask, state } = poolOf([account('a')]);
    ask('a', dead());
    configure({ accounts: [account('a')] });
    assert.equal(state('a'), 'disabled');
    configure({ accounts: [account('a', { enabled: false })] });
    assert.equal(state('a'), 'disabled');
    configure({ accounts: [account('a')] });
    assert.equal(state('a'), 'healthy');
  });

  it('act on requests that have begun: what was disabled is not asked, and an old key books nothing on the new', () => {
    const { request, configure, state } = poolOf([account('a'), account('b')]);
    const first = request();
    const second = request([['a', 'b']]);
    assert.equal(took(first), 'a');
    configure({ accounts: [account('a', { key: 'new' }), account('b', { enabled: false })] });
    first.failed(dead(), '401');
    first.release();
    assert.equal(state('a'), 'healthy');
    assert.deepEqual(second.take(), { type: 'none' });
    assert.deepEqual(
      second.skipped().map(({ reason }) => reason),
      ['it is no longer in the settings', 'disabled by the user'],
    );
  });

  it('tell nothing of what becomes of an account that is gone or has another key', () => {
    const { request, configure, events } = poolOf([account('a'), account('b')]);
    const [first, second] = [request([['a']]), request([['b']])];
    assert.deepEqual([took(first), took(second)], ['a', 'b']);
    configure({ accounts: [account('a', { key: 'new' })] });
    first.failed(dead(), '401');
    second.failed(told(60), '429');
    assert.deepEqual(events, []);
  });

  it('never show a key', () => {
    const { pool, ask } = poolOf([
      account('a', { key: 'sk-canary' }),
      account('b', { key: 'sk-canary', enabled: false }),
    ]);
    ask('a', told(60));
    assert.doesNotMatch(JSON.stringify(pool.status()), /canary/);
  });

  it('name an account by its label, else by its provider and id', () => {
    assert.equal(labelOf(account('a', { label: 'Mine' })), 'Mine');
    assert.equal(labelOf(account('a')), 'Ollama (a)');
  });
});

describe('what the pool tells', () => {
  it('has the numbers of each account', () => {
    const { request, ask, statusOf } = poolOf([account('a', { maxConcurrent: 2 })]);
    assert.deepEqual(statusOf('a'), {
      id: 'a',
      label: 'Ollama (a)',
      provider: 'ollama',
      enabled: true,
      state: 'healthy',
      inFlight: 0,
      queued: 0,
      served: 0,
    });
    ask('a');
    ask('a');
    ask('a', { type: 'failed' });
    ask('a');
    const held = request();
    took(held);
    const { inFlight, served, successRate, latencyMs } = statusOf('a') ?? {};
    assert.deepEqual(
      { inFlight, served, successRate, latencyMs },
      { inFlight: 1, served: 3, successRate: 0.75, latencyMs: 10 },
    );
    held.release();
    held.release();
    assert.equal(statusOf('a')?.inFlight, 0);
  });

  it('is each change, with its reason, also those that time makes', () => {
    const { pool, ask, events, clock, wait, statusOf } = poolOf([account('a')]);
    ask('a', told(5, 'model'));
    assert.deepEqual(events.at(-1), {
      time: clock.now,
      account: 'a',
      label: 'Ollama (a)',
      model: 'm',
      from: 'healthy',
      to: 'cooling',
      reason: 'why',
      until: clock.now + 5000,
    });
    assert.equal(statusOf('a')?.state, 'healthy');
    assert.deepEqual(statusOf('a')?.models, [
      { model: 'm', state: 'cooling', reason: 'why', until: clock.now + 5000 },
    ]);
    assert.deepEqual(pool.health(account('a'), 'm'), {
      state: 'cooling',
      reason: 'why',
      until: clock.now + 5000,
    });
    assert.deepEqual(pool.health(account('a'), 'other'), { state: 'healthy' });
    const before = clock.changes;
    wait(5);
    assert.equal(statusOf('a')?.models, undefined);
    assert.equal(events.at(-1)?.to, 'healthy');
    assert.equal(clock.changes, before + 1);
    pool.status();
    assert.equal(events.length, 2);
  });

  it('is what a hand or a test that passed cleared', () => {
    const { pool, ask, state, events } = poolOf([account('a')]);
    ask('a', told(60, 'model'));
    pool.clear('a', 'm');
    assert.deepEqual(pool.health(account('a'), 'm'), { state: 'healthy' });
    ask('a', told(60));
    pool.clear('a');
    assert.equal(state('a'), 'healthy');
    ask('a', dead());
    assert.equal(state('a'), 'disabled');
    pool.revive('a');
    assert.equal(state('a'), 'healthy');
    ask('a', dead('model'));
    assert.equal(pool.health(account('a'), 'm').state, 'disabled');
    pool.revive('a');
    assert.equal(pool.health(account('a'), 'm').state, 'healthy');
    assert.equal(events.length, 8);
    pool.clear('nobody');
  });

  it('is the probing state after a rest that nobody told', () => {
    const { ask, wait, state, request } = poolOf([account('a'), account('b')]);
    ask('a', timeless());
    wait(60);
    assert.equal(state('a'), 'probing');
    assert.deepEqual([serve(request()), serve(request())], ['a probe', 'b turn']);
    assert.equal(state('a'), 'healthy');
  });
});

describe('an overload without a time', () => {
  it('is asked about every few seconds while nobody else is healthy, however often it was met', () => {
    const { ask, askable, wait } = poolOf([account('a')]);
    for (let time = 0; time < 6; time++) {
      ask('a', overloaded);
      assert.equal(askable('a'), false, 'at once');
      wait(5);
      assert.equal(askable('a'), true, `after overload ${time + 1}`);
    }
  });

  it('keeps an account behind healthy ones for longer and longer', () => {
    const { request, ask, wait } = poolOf([account('a', { priority: 1 }), account('b')]);
    ask('a', overloaded);
    wait(5);
    ask('a', overloaded);
    wait(299);
    assert.equal(serve(request()), 'b turn');
    wait(1);
    assert.equal(serve(request()), 'a probe');
  });
});

describe('a clock that is set back', () => {
  const HOUR = 3600;

  it('lets nobody rest longer for it', () => {
    const { pool, ask, askable, wait, statusOf, clock } = poolOf([account('a'), account('b')]);
    ask('a', told(60));
    ask('b', timeless());
    wait(10);
    pool.look();
    wait(-HOUR);
    assert.deepEqual([askable('a'), askable('b')], [false, true], 'a guess may be probed');
    assert.equal(statusOf('a')?.until, clock.now + 50_000);
    wait(49);
    assert.equal(askable('a'), false);
    wait(1);
    assert.equal(askable('a'), true);
  });

  it('while nobody rested shortens no rest that comes after it', () => {
    const { ask, askable, wait } = poolOf([account('a')]);
    ask('a', told(1));
    wait(HOUR);
    assert.equal(askable('a'), true);
    ask('a');
    wait(-HOUR);
    ask('a', told(60));
    assert.equal(askable('a'), false);
    wait(59);
    assert.equal(askable('a'), false);
    wait(1);
    assert.equal(askable('a'), true);
  });
});
