import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FairQueue, type Ticket } from '../../../../proxy/pool/fair-queue';

const drain = (queue: FairQueue<string>) => {
  const all: string[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) all.push(next);
  return all;
};

describe('a fair queue', () => {
  it('gives turns to askers, and keeps the order of each', () => {
    const queue = new FairQueue<string>();
    for (const name of ['x1', 'x2', 'x3', 'y1', 'z1', 'y2']) queue.add(name.charAt(0), name);
    assert.equal(queue.size, 6);
    assert.deepEqual(drain(queue), ['x1', 'y1', 'z1', 'x2', 'y2', 'x3']);
    assert.equal(queue.size, 0);
  });

  it('lets a newcomer wait for one turn of each other, however much they queued', () => {
    const queue = new FairQueue<string>();
    for (let count = 0; count < 1000; count++) queue.add('greedy', `g${count}`);
    queue.add('modest', 'm');
    assert.deepEqual([queue.take(), queue.take()], ['g0', 'm']);
  });

  it('loses nobody, serves nobody twice or after leaving, and nobody waits for more than one turn of each other', () => {
    const deed = fc.tuple(fc.constantFrom('add', 'take', 'leave'), fc.nat(4), fc.nat(20));
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 80 }), (deeds) => {
        const queue = new FairQueue<string>();
        let waiting: { asker: string; name: string; ticket: Ticket<string>; passed: string[] }[] = [];
        let count = 0;
        for (const [what, who, place] of deeds) {
          if (what === 'add') {
            const asker = `asker ${who}`;
            const name = `${asker} ${count++}`;
            waiting.push({ asker, name, ticket: queue.add(asker, name), passed: [] });
          } else if (what === 'leave') {
            const gone = waiting[place];
            if (!gone) continue;
            queue.remove(gone.ticket);
            queue.remove(gone.ticket);
            waiting = waiting.filter((each) => each !== gone);
          } else {
            const name = queue.take();
            const served = waiting.find((each) => each.name === name);
            assert.equal(served === undefined, waiting.length === 0);
            if (!served) continue;
            assert.equal(
              waiting.find(({ asker }) => asker === served.asker),
              served,
              'first of its asker',
            );
            waiting = waiting.filter((each) => each !== served);
            for (const asker of new Set(waiting.map((each) => each.asker))) {
              const first = waiting.find((each) => each.asker === asker);
              if (asker === served.asker) continue;
              assert.ok(!first?.passed.includes(served.asker), 'two turns before one');
              first?.passed.push(served.asker);
            }
          }
          assert.equal(queue.size, waiting.length);
        }
      }),
    );
  });
});
