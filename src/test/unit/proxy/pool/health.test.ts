import assert from 'node:assert/strict';
import { account, dead, failed, hintless, overloaded, poolOf, serve, timeless, told, took } from './pool-of';

/** Seconds until the account is asked again, when nobody else is there; found by asking every half second. */
function askableAfter(made: ReturnType<typeof poolOf>, name = 'a', limit = 8000): number {
  const begun = made.clock.now;
  while (!made.askable(name)) {
    if (made.clock.now - begun > limit * 1000) return Infinity;
    made.wait(0.5);
  }
  const seconds = (made.clock.now - begun) / 1000;
  made.clock.now = begun;
  return seconds;
}

/** Seconds until an account's rest is over. */
const restOf = (made: ReturnType<typeof poolOf>, id = 'a') =>
  ((made.statusOf(id)?.until ?? made.clock.now) - made.clock.now) / 1000;

describe('a limit', () => {
  const one = () => poolOf([account('a')]);

  for (const [asked, seconds] of [
    [5, 5],
    [0.5, 0.5],
    [3600, 3600],
    [999_999, 3600],
    [Infinity, 3600],
  ] as const)
    it(`of which the provider told ${asked} s rests for ${seconds} s, and is not tried earlier`, () => {
      const made = one();
      made.ask('a', told(asked));
      assert.equal(restOf(made), seconds);
      assert.equal(askableAfter(made), seconds);
      made.wait(seconds);
      assert.equal(made.state('a'), asked > 3600 ? 'probing' : 'healthy');
    });

  for (const asked of [0, -5])
    it(`of which the provider told ${asked} s ${asked === 0 ? 'is over at once' : 'is one without a time'}`, () => {
      const made = one();
      made.ask('a', told(asked));
      assert.equal(restOf(made), asked === 0 ? 0 : 60);
    });

  it('without a time rests longer each time, and may be tried after a twelfth of it', () => {
    const made = one();
    for (const [seconds, early] of [
      [60, 5],
      [300, 25],
      [1800, 150],
      [7200, 600],
      [7200, 600],
    ] as const) {
      made.ask('a', timeless());
      assert.equal(restOf(made), seconds);
      assert.equal(askableAfter(made), early);
      assert.equal(made.request().earliest(), made.clock.now + early * 1000);
      made.wait(seconds);
      assert.equal(made.state('a'), 'probing');
    }
    made.ask('a');
    assert.equal(made.state('a'), 'healthy');
    made.ask('a', timeless());
    assert.equal(restOf(made), 60);
  });

  it('counts once when several requests met it at the same time', () => {
    const made = one();
    const requests = [made.request(), made.request(), made.request()];
    for (const request of requests) took(request);
    for (const request of requests) request.failed(timeless(), 'why');
    assert.equal(restOf(made), 60);
  });

  it('of one model leaves the others free, of the key none', () => {
    const made = one();
    made.ask('a/x', told(60, 'model'));
    assert.deepEqual([made.askable('a/x'), made.askable('a/y'), made.state('a')], [false, true, 'healthy']);
    made.ask('a/y', told(60, 'key'));
    assert.deepEqual([made.askable('a/z'), made.state('a')], [false, 'cooling']);
  });

  it('of model and key ends with the later one', () => {
    const made = one();
    const [x, y] = [made.request([['a/x']]), made.request([['a/y']])];
    took(x);
    took(y);
    x.failed(told(90, 'model'), 'model');
    y.failed(told(30, 'key'), 'key');
    assert.equal(x.earliest(), made.clock.now + 90_000);
    assert.equal(x.lastReason()?.reason, 'model');
    assert.equal(y.earliest(), made.clock.now + 30_000);
    assert.equal(made.pool.health(account('a'), 'x').until, made.clock.now + 90_000);
  });

  it('that was told replaces a guess, and only a longer one replaces what was told', () => {
    const made = one();
    const requests = Array.from({ length: 5 }, () => made.request());
    for (const request of requests) took(request);
    const rests = [timeless(), told(20), told(5), told(40), timeless()].map((verdict, index) => {
      requests[index]?.failed(verdict, 'why');
      return restOf(made);
    });
    assert.deepEqual(rests, [60, 20, 20, 40, 40]);
  });

  it('is over with a success, but a late one does not overrule what was told since it began', () => {
    const made = one();
    const [late, limited, guessed] = [made.request(), made.request(), made.request()];
    for (const request of [late, limited, guessed]) took(request);
    guessed.failed(timeless(), 'why');
    late.served(10);
    assert.equal(made.state('a'), 'healthy');
    const later = made.request();
    took(later);
    limited.failed(told(60), 'why');
    later.served(10);
    assert.equal(made.state('a'), 'cooling');
  });

  it('by overload rests the model for a guess, or for as long as was told', () => {
    const made = one();
    made.ask('a', overloaded);
    assert.equal(made.state('a'), 'healthy');
    assert.equal(made.pool.health(account('a'), 'm').until, made.clock.now + 60_000);
    assert.deepEqual(made.request().lastReason(), { reason: 'why', status: 503, kind: 'overloaded' });
    const other = one();
    other.ask('a', { ...overloaded, waitSeconds: 7 } as typeof overloaded);
    assert.equal(restOf(other), 7);
  });
});

describe('a probe', () => {
  it('is one at a time while others are healthy; they get what comes meanwhile', () => {
    const made = poolOf([account('a', { priority: 1 }), account('b')]);
    made.ask('a', timeless());
    made.wait(60);
    const probe = made.request();
    const first = probe.take();
    assert.deepEqual(first.type === 'taken' && [first.taken.candidate.account.id, first.taken.chosenBy], [
      'a',
      'probe',
    ]);
    const meanwhile = made.request();
    assert.equal(took(meanwhile), 'b');
    assert.match(meanwhile.skipped()[0]?.reason ?? '', /finding out/);
    probe.served(10);
    assert.equal(serve(made.request()), 'a turn');
  });

  it('has company when nobody is healthy', () => {
    const made = poolOf([account('a')]);
    made.ask('a', timeless());
    made.wait(60);
    assert.deepEqual([took(made.request()), took(made.request())], ['a', 'a']);
  });

  it('before the rest is over is one at a time, and only when nobody else is healthy', () => {
    const made = poolOf([account('a'), account('b')]);
    made.ask('a', timeless());
    made.wait(10);
    assert.deepEqual([serve(made.request()), serve(made.request())], ['b turn', 'b turn']);
    made.ask('b', told(60));
    const probe = made.request();
    assert.equal(took(probe), 'a');
    assert.equal(took(made.request()), undefined);
    probe.release();
    assert.equal(made.state('a'), 'cooling');
    const again = made.request();
    assert.equal(took(again), 'a');
    again.failed(hintless(), 'why');
    // It decided nothing: the next one waits as long again.
    assert.equal(took(made.request()), undefined);
    made.wait(5);
    assert.equal(took(made.request()), 'a');
  });

  it('that fails rests the account for longer, one that is cancelled decides nothing', () => {
    const made = poolOf([account('a')]);
    made.ask('a', timeless());
    made.wait(60);
    const cancelled = made.request();
    took(cancelled);
    cancelled.release();
    assert.equal(made.state('a'), 'probing');
    made.ask('a', timeless());
    assert.equal(restOf(made), 300);
  });
});

describe('a failure', () => {
  it('puts the account behind others for a moment, and a second one in a row lets it rest', () => {
    const made = poolOf([account('a', { priority: 1 }), account('b')]);
    made.ask('a', failed);
    assert.equal(made.state('a'), 'healthy');
    const asking = made.request();
    assert.equal(took(asking), 'b');
    assert.match(asking.skipped()[0]?.reason ?? '', /last answer failed/);
    assert.equal(serve(made.request([['a']])), 'a only');
    made.ask('a', failed);
    made.wait(10);
    assert.equal(serve(made.request()), 'a turn');
    for (const seconds of [0, 10, 30, 60, 300, 300]) {
      made.ask('a', failed);
      assert.equal(restOf(made), seconds);
      made.wait(seconds);
    }
    assert.equal(made.request().lastReason(), undefined);
    made.ask('a');
    assert.equal(made.state('a'), 'healthy');
  });

  it('of a lone account turns nobody away, and not only one at a time', () => {
    const made = poolOf([account('a')]);
    made.ask('a', failed);
    for (let count = 0; count < 6; count++) {
      made.ask('a', failed);
      assert.equal(made.state('a'), 'cooling');
      assert.deepEqual([took(made.request()), took(made.request())], ['a', 'a']);
    }
    made.ask('a', failed);
    assert.equal(made.request().lastReason()?.kind, 'unavailable');
  });

  it('of many requests at once counts once', () => {
    const made = poolOf([account('a')]);
    const requests = Array.from({ length: 5 }, () => made.request());
    for (const request of requests) took(request);
    for (const request of requests) request.failed(failed, 'reset');
    assert.equal(made.state('a'), 'healthy');
  });

  it('after the answer began counts, too: an account whose answers always break off comes to rest', () => {
    const made = poolOf([account('a')]);
    for (const rest of [0, 10, 30]) {
      const asking = made.request();
      took(asking);
      asking.served(10);
      asking.broke('reset');
      assert.equal(made.statusOf('a')?.inFlight, 1);
      asking.release();
      assert.equal(restOf(made), rest);
      made.wait(rest);
    }
  });

  it('is none when the client left, when the request was bad, or when the account lacks the model', () => {
    const made = poolOf([account('a', { priority: 1 }), account('b')]);
    for (let count = 0; count < 5; count++) {
      const asking = made.request();
      took(asking);
      asking.release();
      made.ask('a', { type: 'request' });
      made.ask('a', { type: 'elsewhere' });
      const unable = made.request();
      took(unable);
      unable.unable();
      assert.equal(serve(unable), 'b failover');
      assert.equal(serve(made.request()), 'a turn');
    }
    assert.equal(made.events.length, 0);
  });
});

describe('a dead account', () => {
  it('is not asked until it is revived, however long that takes', () => {
    const made = poolOf([account('a'), account('b')]);
    const late = made.request([['a']]);
    took(late);
    made.ask('a', dead());
    late.served(10);
    made.wait(1_000_000);
    assert.equal(made.state('a'), 'disabled');
    assert.equal(made.askable('a'), false);
    assert.equal(made.request([['a']]).earliest(), undefined);
    made.pool.revive('a');
    assert.equal(made.askable('a'), true);
  });

  it('for one model serves others', () => {
    const made = poolOf([account('a')]);
    made.ask('a/x', dead('model'));
    assert.deepEqual([made.askable('a/x'), made.askable('a/y'), made.state('a')], [false, true, 'healthy']);
    assert.deepEqual(made.statusOf('a')?.models, [{ model: 'x', state: 'disabled', reason: 'why' }]);
  });
});
