import assert from 'node:assert/strict';
import { account, hintless, poolOf, took } from './pool-of';

const SEVEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const health = (made: ReturnType<typeof poolOf>, id: string) => made.pool.health(account(id), 'm').state;

/** A request that everybody refuses without saying why: how many were asked. */
function poison(made: ReturnType<typeof poolOf>, session: string | undefined, asker = 'x'): number {
  const asking = made.request([made.pool.enabled().map(({ id }) => id)], { session, asker });
  let count = 0;
  while (took(asking)) {
    count++;
    asking.failed(hintless('key'), '429');
  }
  asking.release();
  return count;
}

describe('a 429 without a reason', () => {
  for (const ids of [SEVEN, ['a']])
    it(`that one client's request gets again and again rests none of ${ids.length} accounts`, () => {
      const made = poolOf(ids.map((id) => account(id)));
      for (let count = 0; count < 50; count++) {
        assert.equal(poison(made, 'poisoned'), ids.length);
        const other = made.request(undefined, { session: `s${count}` });
        assert.ok(took(other));
        other.served(10);
        other.release();
        made.wait(1);
      }
      assert.deepEqual(made.events, []);
    });

  it('is the account’s when another one serves the same request', () => {
    const made = poolOf([account('a'), account('b'), account('c')]);
    const asking = made.request();
    took(asking);
    asking.failed(hintless(), '429');
    took(asking);
    asking.failed(hintless(), '429');
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => health(made, id)),
      ['healthy', 'healthy', 'healthy'],
    );
    assert.equal(took(asking), 'c');
    asking.served(10);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => health(made, id)),
      ['cooling', 'cooling', 'healthy'],
    );
    assert.equal(made.pool.health(account('a'), 'm').until, made.clock.now + 60_000);
  });

  it('may be the request’s own where several keys of one place refuse it and another place serves it', () => {
    const keys = ['a', 'b', 'c'].map((id) => account(id));
    for (const [places, refused] of [
      [keys, 'healthy'],
      [keys.slice(0, 1), 'cooling'],
    ] as const) {
      const made = poolOf([...places, account('far', { provider: 'openai' })]);
      const ask = (session: string) => {
        const asking = made.request([places.map(({ id }) => id), ['far']], { session });
        while (took(asking) !== 'far') asking.failed(hintless(), '429');
        asking.served(10);
        asking.release();
      };
      ask('poisoned');
      for (const { id } of places) assert.equal(health(made, id), refused);
      ask('another');
      for (const { id } of places) assert.equal(health(made, id), 'cooling');
    }
  });

  it('of a key is not proved by another model of the same key, of a model it is', () => {
    for (const [scope, state] of [
      ['key', 'healthy'],
      ['model', 'cooling'],
    ] as const) {
      const made = poolOf([account('a')]);
      const asking = made.request([['a'], ['a/other']]);
      took(asking);
      asking.failed(hintless(scope), '429');
      took(asking);
      asking.served(10);
      assert.equal(health(made, 'a'), state);
    }
  });

  it('is the account’s when a second conversation meets the same within a minute', () => {
    const made = poolOf([account('a')]);
    poison(made, 'one');
    made.wait(60);
    poison(made, 'one');
    made.wait(60);
    poison(made, 'two');
    assert.equal(made.state('a'), 'cooling');
  });

  it('is not, when that is later, or when somebody was served in between', () => {
    const made = poolOf([account('a')]);
    poison(made, 'one');
    made.wait(61);
    poison(made, 'two');
    assert.equal(made.state('a'), 'healthy');
    made.ask('a');
    poison(made, 'one');
    assert.equal(made.state('a'), 'healthy');
  });

  it('tells clients apart by who asks where a conversation has no name', () => {
    const made = poolOf([account('a')]);
    poison(made, undefined, 'x');
    poison(made, undefined, 'x');
    assert.equal(made.state('a'), 'healthy');
    poison(made, 'named', 'x');
    assert.equal(made.state('a'), 'cooling');
    const other = poolOf([account('a')]);
    poison(other, undefined, 'x');
    poison(other, undefined, 'y');
    assert.equal(other.state('a'), 'cooling');
  });
});
