import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Roster, type Rostered } from '../../../../proxy/stream/roster';

describe('a roster', () => {
  it('holds whom a set would hold, whoever comes and goes', () => {
    const step = fc.tuple(
      fc.nat(5),
      fc.constantFrom('add', 'add', 'add', 'remove', 'remove', 'clear', 'leave all'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const all: Rostered[] = Array.from({ length: 6 }, () => ({ place: -1 }));
        const roster = new Roster();
        const set = new Set<Rostered>();
        for (const [index, deed] of steps) {
          const member = all[index] ?? { place: -1 };
          if (deed === 'add') {
            roster.add(member);
            set.add(member);
          } else if (deed === 'remove') {
            roster.remove(member);
            set.delete(member);
          } else {
            if (deed === 'clear') roster.clear();
            else
              roster.each((each) => {
                roster.remove(each);
              });
            set.clear();
          }
          const called: Rostered[] = [];
          roster.each((each) => called.push(each));
          assert.equal(roster.size, set.size);
          assert.equal(called.length, set.size);
          assert.deepEqual(new Set(called), set);
          assert.ok(all.every((each) => each.place >= 0 === set.has(each)));
        }
      }),
    );
  });
});
