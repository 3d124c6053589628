import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Account } from '../../../../shared/settings';
import { labelOf, Pool } from '../../../../proxy/pool/pool';

const account = (id: string, more: Partial<Account> = {}): Account => ({
  id,
  provider: 'ollama',
  key: 'k',
  enabled: true,
  priority: 0,
  weight: 1,
  ...more,
});

/** A pool with a clock that is set by hand. */
function poolOf(accounts: Account[]) {
  const clock = { now: 1_000_000, changes: 0 };
  const pool = new Pool(
    () => clock.now,
    () => clock.changes++,
  );
  pool.setAccounts(accounts);
  const turn = (among = accounts) => pool.order(among).map(({ id }) => id);
  return { pool, clock, turn };
}

const count = (ids: (string | undefined)[]) => {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id ?? 'none'] = (counts[id ?? 'none'] ?? 0) + 1;
  return counts;
};

describe('the pool’s order', () => {
  it('takes turns', () => {
    const { turn } = poolOf([account('a'), account('b'), account('c')]);
    assert.deepEqual(
      Array.from({ length: 6 }, () => turn()[0]),
      ['a', 'b', 'c', 'a', 'b', 'c'],
    );
  });

  it('gives turns by weight, spread out', () => {
    const { turn } = poolOf([account('a', { weight: 5 }), account('b'), account('c')]);
    const firsts = Array.from({ length: 7 }, () => turn()[0]);
    assert.deepEqual(firsts, ['a', 'a', 'b', 'a', 'c', 'a', 'a']);
  });

  it('gives each its share, whatever the weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }), (weights) => {
        const { turn } = poolOf(weights.map((weight, index) => account(`a${index}`, { weight })));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = count(Array.from({ length: total * 3 }, () => turn()[0]));
        for (const [index, weight] of weights.entries()) assert.equal(counts[`a${index}`], weight * 3);
      }),
    );
  });

  it('takes higher priority first and keeps the rest behind', () => {
    const { turn } = poolOf([
      account('low', { priority: -1 }),
      account('a', { priority: 5 }),
      account('mid'),
      account('b', { priority: 5 }),
    ]);
    assert.deepEqual(turn(), ['a', 'b', 'mid', 'low']);
    assert.deepEqual(turn(), ['b', 'a', 'mid', 'low']);
  });

  it('puts the cooling last, soonest back first, and goes on when all cool', () => {
    const { pool, turn, clock } = poolOf([account('a', { priority: 9 }), account('b'), account('c')]);
    pool.rest('a', 'limited', 'x', 100);
    pool.rest('b', 'limited', 'x', 50);
    assert.deepEqual(turn(), ['c', 'b', 'a']);
    pool.rest('c', 'limited', 'x', 70);
    assert.deepEqual(turn(), ['b', 'c', 'a']);
    clock.now += 50_000;
    assert.deepEqual(turn(), ['b', 'c', 'a']);
    clock.now += 50_000;
    assert.equal(turn()[0], 'a');
  });

  it('loses nobody and names nobody twice', () => {
    const deed = fc.tuple(
      fc.nat(4),
      fc.constantFrom('limited', 'failed', 'refused', 'recovered', 'wait'),
      fc.option(fc.double(), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
        const accounts = Array.from({ length: 5 }, (_, index) =>
          account(`a${index}`, { priority: index % 2, weight: index + 1 }),
        );
        const { pool, turn, clock } = poolOf(accounts);
        for (const [index, what, seconds] of deeds) {
          if (what === 'recovered') pool.recovered(`a${index}`);
          else if (what === 'wait') clock.now += 20_000;
          else pool.rest(`a${index}`, what, 'x', seconds);
          assert.deepEqual(turn().sort(), ['a0', 'a1', 'a2', 'a3', 'a4']);
        }
      }),
    );
  });

  it('of one or of none is what it was', () => {
    const { turn } = poolOf([account('a')]);
    assert.deepEqual(turn(), ['a']);
    assert.deepEqual(turn([]), []);
  });
});

describe('a rest', () => {
  const rests: ['limited' | 'failed' | 'refused', number | undefined, number][] = [
    ['limited', undefined, 60],
    ['failed', undefined, 10],
    ['refused', undefined, 300],
    ['limited', 5, 5],
    ['failed', 2.5, 2.5],
    ['limited', 999_999, 3600],
    ['limited', Infinity, 3600],
    ['limited', NaN, 60],
    ['limited', -5, 60],
  ];
  for (const [kind, asked, seconds] of rests)
    it(`of an account that was ${kind}, told ${asked ?? 'nothing'}, takes ${seconds} s`, () => {
      const { pool, clock } = poolOf([account('a', { label: 'Mine' })]);
      pool.rest('a', kind, 'why', asked);
      assert.deepEqual(pool.status(), [
        {
          id: 'a',
          label: 'Mine',
          provider: 'ollama',
          enabled: true,
          state: 'cooling',
          until: clock.now + seconds * 1000,
          reason: 'why',
        },
      ]);
      clock.now += seconds * 1000;
      assert.equal(pool.status()[0]?.state, 'healthy');
    });

  it('is over when the account serves, and says so once', () => {
    const { pool, clock } = poolOf([account('a')]);
    pool.rest('a', 'limited', 'why');
    assert.equal(clock.changes, 1);
    pool.recovered('a');
    assert.equal(pool.status()[0]?.state, 'healthy');
    assert.equal(pool.status()[0]?.reason, undefined);
    pool.recovered('a');
    assert.equal(clock.changes, 2);
  });

  it('is not cut short by a broken connection, but by what the upstream says anew', () => {
    const { pool, clock } = poolOf([account('a')]);
    pool.rest('a', 'limited', 'quota', 600);
    pool.rest('a', 'failed', 'reset');
    assert.equal(pool.status()[0]?.until, clock.now + 600_000);
    assert.equal(pool.status()[0]?.reason, 'quota');
    pool.rest('a', 'limited', 'less', 5);
    assert.equal(pool.status()[0]?.until, clock.now + 5000);
  });

  it('of somebody unknown is nothing', () => {
    const { pool, clock } = poolOf([account('a')]);
    pool.rest('b', 'limited', 'why');
    pool.recovered('b');
    assert.equal(clock.changes, 0);
  });
});

describe('new settings', () => {
  const rested = () => {
    const made = poolOf([account('a', { baseUrl: 'http://127.0.0.1:1' })]);
    made.pool.rest('a', 'refused', 'why');
    return made.pool;
  };
  const state = (pool: Pool) => pool.status()[0]?.state;

  it('leave an account that did not change in its state', () => {
    const pool = rested();
    pool.setAccounts([account('a', { baseUrl: 'http://127.0.0.1:1', label: 'New', weight: 3 })]);
    assert.equal(state(pool), 'cooling');
    assert.equal(pool.status()[0]?.label, 'New');
  });

  for (const [what, change] of Object.entries({
    key: { key: 'other' },
    'base URL': { baseUrl: 'http://127.0.0.1:2' },
    provider: { provider: 'openai-compatible' as const },
  }))
    it(`give an account with another ${what} a new start`, () => {
      const pool = rested();
      pool.setAccounts([account('a', { baseUrl: 'http://127.0.0.1:1', ...change })]);
      assert.equal(state(pool), 'healthy');
    });

  it('show disabled accounts and do not let them serve', () => {
    const { pool } = poolOf([account('a', { enabled: false }), account('b')]);
    assert.deepEqual(
      pool.enabled().map(({ id }) => id),
      ['b'],
    );
    assert.equal(state(pool), 'disabled');
    assert.equal(pool.get('a')?.id, 'a');
    pool.setAccounts([]);
    assert.deepEqual(pool.enabled(), []);
    assert.equal(pool.get('a'), undefined);
  });

  it('never show a key', () => {
    const { pool } = poolOf([
      account('a', { key: 'sk-canary' }),
      account('b', { key: 'sk-canary', enabled: false }),
    ]);
    pool.rest('a', 'limited', 'why');
    assert.doesNotMatch(JSON.stringify(pool.status()), /canary/);
  });

  it('name an account by its label, else by its provider and id', () => {
    assert.equal(labelOf(account('a', { label: 'Mine' })), 'Mine');
    assert.equal(labelOf(account('a')), 'Ollama (a)');
  });
});
