import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../../../support/split-bytes';
import { choose, inOrder, type Contender } from '../../../../proxy/pool/schedule';

interface Named extends Contender {
  name: string;
  inFlight: number;
  turns: number;
}
const contender = (
  name: string,
  more: { weight?: number; priority?: number; latencyMs?: number } = {},
): Named => ({
  name,
  account: { weight: more.weight ?? 1, priority: more.priority ?? 0 },
  current: 0,
  inFlight: 0,
  statistics: { latencyMs: more.latencyMs },
  turns: 0,
});

const run = (
  contenders: Named[],
  scheduling: Parameters<typeof choose>[1],
  times: number,
  random = seededRandom(1),
) => {
  for (let count = 0; count < times; count++) {
    const chosen = contenders[choose(contenders, scheduling, random)];
    if (chosen) chosen.turns++;
  }
  return contenders.map(({ turns }) => turns);
};

describe('turns', () => {
  it('give each its share, whatever the weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const turns = run(
          weights.map((weight, index) => contender(`${index}`, { weight })),
          'balance',
          total * 3,
        );
        assert.deepEqual(
          turns,
          weights.map((weight) => weight * 3),
        );
      }),
    );
  });

  it('also when not everybody can serve every request', () => {
    const all = ['a', 'b', 'c'].map((name) => contender(name));
    const random = seededRandom(7);
    let owed = 0;
    for (let count = 0; count < 3000; count++) {
      const able = random() < 0.5 ? all.slice(0, 2) : all.slice(1);
      const chosen = able[choose(able, 'balance', random)];
      if (chosen) chosen.turns++;
      owed = Math.max(owed, ...all.map(({ current }) => Math.abs(current)));
    }
    assert.ok(owed < 3, `nobody is owed more than three turns: ${owed}`);
    for (const { turns } of all) assert.ok(Math.abs(turns - 1000) < 600, `${turns}`);
  });

  it('are for the highest priority alone; of nobody there is nobody', () => {
    assert.deepEqual(
      run([contender('a'), contender('b', { priority: 2 }), contender('c', { priority: 2 })], 'balance', 4),
      [0, 2, 2],
    );
    assert.equal(choose([], 'balance', Math.random), -1);
  });
});

describe('the faster of two', () => {
  it('is asked more often, but the slower one is still asked', () => {
    const [fast = 0, slow = 0] = run(
      [contender('fast', { latencyMs: 100 }), contender('slow', { latencyMs: 1000 })],
      'performance_first',
      1000,
    );
    assert.ok(fast > 900 && slow > 10, `${fast} ${slow}`);
  });

  it('is the one with less to do', () => {
    const busy = contender('busy', { latencyMs: 100 });
    busy.inFlight = 20;
    const [first = 0, second = 0] = run(
      [busy, contender('free', { latencyMs: 1000 })],
      'performance_first',
      1000,
    );
    assert.ok(second > first, `${first} ${second}`);
  });

  it('follows the weights among equals, and the priority first', () => {
    const equal = (weight: number, priority = 0) => contender('x', { weight, priority, latencyMs: 50 });
    const [heavy = 0, light = 0, low = 0] = run(
      [equal(3, 1), equal(1, 1), equal(9)],
      'performance_first',
      4000,
    );
    assert.ok(Math.abs(heavy / light - 3) < 0.6, `${heavy} ${light}`);
    assert.equal(low, 0);
  });

  it('may be one that nobody knows yet', () => {
    const turns = run([contender('known', { latencyMs: 100 }), contender('new')], 'performance_first', 1000);
    assert.ok(
      turns.every((count) => count > 300),
      turns.join(),
    );
  });
});

describe('the order that is told', () => {
  it('begins with whose turn it is and moves nothing', () => {
    const all = [contender('a'), contender('b', { weight: 2 }), contender('top', { priority: 1 })];
    const names = () => inOrder(all, 'balance').map(({ name }) => name);
    assert.deepEqual(names(), ['top', 'b', 'a']);
    assert.deepEqual(names(), ['top', 'b', 'a']);
    const two = all.slice(0, 2);
    for (let count = 0; count < 6; count++) {
      const first = inOrder(two, 'balance')[0];
      assert.equal(two[choose(two, 'balance', Math.random)], first);
    }
  });

  it('is by speed where speed counts', () => {
    const all = [contender('slow', { latencyMs: 500 }), contender('fast', { latencyMs: 50 })];
    assert.deepEqual(
      inOrder(all, 'performance_first').map(({ name }) => name),
      ['fast', 'slow'],
    );
  });
});
