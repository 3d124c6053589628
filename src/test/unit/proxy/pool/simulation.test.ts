import assert from 'node:assert/strict';
import { SCHEDULINGS, type Scheduling } from '../../../../shared/settings';
import { anyModel, converse, Simulation, type Job } from './simulation';
import { scarceAccounts, simulatedAccounts, SimulatedAccount } from './simulated-upstream';

const REQUESTS = 10_000;
const TURNS = 20;
const SECOND = 1000;
/** Trouble until here, then peace. */
const TROUBLE_MS = 7200 * SECOND;

/** Conversations of twenty turns, bursts of single requests, and one client whose request is always refused. */
function afternoon(
  seed: number,
  scheduling: Scheduling,
): { simulation: Simulation; counts: Map<string, number> } {
  const simulation = new Simulation(seed, scheduling, (random, start) =>
    simulatedAccounts(random, start, start + TROUBLE_MS),
  );
  const { agenda, random } = simulation;
  const start = agenda.now;
  const job = (): Job => {
    const model = anyModel(random);
    const groups = [simulation.having(model)];
    if (model !== 'm3' && random() < 0.3) groups.push(simulation.having('m3'));
    return { groups, asker: `client ${Math.floor(random() * 5)}` };
  };
  const leaves = () => ({ cancelled: random() < 0.02 });
  const conversations = (REQUESTS * 0.6) / TURNS;
  for (let count = 0; count < conversations; count++)
    agenda.at(start + random() * (TROUBLE_MS - 300 * SECOND), () => {
      converse(simulation, { ...job(), session: `conversation ${count}` }, TURNS, leaves);
    });
  for (let count = 0; count < REQUESTS * 0.4; count++) {
    // A third of them in bursts.
    const time = count % 3 === 0 ? Math.floor(random() * 40) * 180 * SECOND : random() * TROUBLE_MS;
    agenda.at(start + time, () => {
      simulation.start({ ...job(), ...leaves() });
    });
  }
  for (let count = 0; count < 400; count++)
    agenda.at(start + random() * TROUBLE_MS, () => {
      simulation.start({
        groups: [simulation.having('m1')],
        session: 'poisoned',
        asker: 'poisoner',
        poisoned: true,
      });
    });
  const revived = simulation.byId.get('a3');
  const dead = revived?.troubles[0];
  if (dead)
    agenda.at(dead.to, () => {
      revived.revive();
      simulation.pool.revive('a3');
    });

  // Peace: everybody has the first model, and a free place.
  const counts = new Map<string, number>();
  for (let count = 0; count < 2000; count++)
    agenda.at(start + TROUBLE_MS + 7200 * SECOND + count * 4 * SECOND, () => {
      simulation.start({
        groups: [simulation.having('m1')],
        session: `new ${count}`,
        asker: 'x',
        done: (_, id = '') => counts.set(id, (counts.get(id) ?? 0) + 1),
      });
    });
  return { simulation, counts };
}

describe('the pool in an afternoon of 10 000 requests to 12 accounts', function () {
  this.timeout(60_000);
  for (const scheduling of SCHEDULINGS)
    for (const seed of [1, 2, 3])
      it(`asks whom it should, ${scheduling}, seed ${seed}`, async () => {
        const { simulation, counts } = afternoon(seed, scheduling);
        await simulation.agenda.run();
        const { outcome, accounts, pool, events } = simulation;

        const { served, failed, cancelled } = outcome;
        assert.equal(served + failed + cancelled, REQUESTS + 2000, 'every request came to an end');
        assert.ok(served > 0.9 * REQUESTS, `${JSON.stringify(outcome)}`);
        assert.ok(
          events.length > 100 && outcome.failovers > 50 && outcome.probes > 20 && outcome.waited > 20,
        );
        if (scheduling === 'cache_first')
          assert.ok(outcome.certainTurns > 0.4 * REQUESTS, `${outcome.certainTurns}`);

        for (const { id, inFlight, queued, state } of pool.status()) {
          assert.deepEqual([inFlight, queued], [0, 0], `nothing is left at ${id}`);
          // In peace nobody asks those of lower priority: some still wait for their probe.
          const priority = pool.get(id)?.priority;
          if (id === 'a9') assert.equal(state, 'disabled');
          else assert.ok(state === 'healthy' || (priority === 0 && state === 'probing'), `${id}: ${state}`);
        }
        for (const {
          account: { id, maxConcurrent = Infinity },
          mostInFlight,
        } of accounts)
          assert.ok(mostInFlight <= maxConcurrent, `${id}: ${mostInFlight}`);

        // In peace the highest priority has its shares.
        const top = accounts.filter(({ account: { priority } }) => priority === 5);
        const total = top.reduce((sum, { account: { weight } }) => sum + weight, 0);
        for (const {
          account: { id, weight },
        } of top) {
          const share = (counts.get(id) ?? 0) / 2000;
          const due = weight / total;
          if (scheduling === 'performance_first') assert.ok(share > due / 3, `${id} ${share} of ${due}`);
          else assert.ok(Math.abs(share - due) < 0.02, `${id} ${share} of ${due}`);
        }
        assert.equal(
          [...counts.values()].reduce((sum, count) => sum + count, 0),
          2000,
        );
      });
});

describe('three accounts that are seldom well', function () {
  this.timeout(60_000);
  for (const scheduling of SCHEDULINGS)
    for (const seed of [11, 12, 13])
      it(`refuse nobody whom one of them could serve, ${scheduling}, seed ${seed}`, async () => {
        const simulation = new Simulation(seed, scheduling, (random, start) =>
          scarceAccounts(random, start, start + TROUBLE_MS),
        );
        const { agenda, random } = simulation;
        for (let count = 0; count < 3000; count++)
          agenda.at(agenda.now + random() * TROUBLE_MS, () => {
            const model = random() < 0.5 ? 'm1' : 'm2';
            simulation.start({
              groups: [simulation.having(model)],
              session: `${model} ${count % 50}`,
              asker: `client ${count % 4}`,
            });
          });
        await agenda.run();
        const { served, failed } = simulation.outcome;
        assert.equal(served + failed, 3000);
        assert.ok(served > 500 && failed > 100, `${served} ${failed}`);
        for (const { inFlight, queued } of simulation.pool.status())
          assert.deepEqual([inFlight, queued], [0, 0]);
      });
});

describe('seven accounts and one client whose request is always refused', () => {
  it('serve everybody else', async () => {
    for (const scheduling of SCHEDULINGS) {
      const simulation = new Simulation(5, scheduling, () =>
        Array.from({ length: 7 }, (_, index) => new SimulatedAccount(index * 3)),
      );
      const groups = [simulation.having('m1')];
      const { agenda } = simulation;
      for (let count = 0; count < 500; count++) {
        agenda.at(agenda.now + count * 700, () => {
          simulation.start({ groups, session: 'poisoned', asker: 'poisoner', poisoned: true });
        });
        agenda.at(agenda.now + count * 900, () => {
          simulation.start({ groups, session: `s${count % 30}`, asker: 'other' });
        });
      }
      await agenda.run();
      const { served, failed } = simulation.outcome;
      assert.deepEqual({ served, failed }, { served: 500, failed: 0 });
    }
  });
});

describe('a client with hundreds of requests at once', () => {
  it('lets another one wait no longer than one turn of each place', async () => {
    const simulation = new Simulation(6, 'balance', () =>
      [0, 3].map((index) => {
        const each = new SimulatedAccount(index);
        each.account.maxConcurrent = 2;
        each.account.priority = 0;
        return each;
      }),
    );
    const groups = [simulation.having('m1')];
    const { agenda } = simulation;
    for (let count = 0; count < 300; count++) simulation.start({ groups, asker: 'greedy' });
    const waits: number[] = [];
    for (let count = 1; count <= 30; count++)
      agenda.at(agenda.now + count * 4 * SECOND, () => {
        const come = agenda.now;
        simulation.start({ groups, asker: 'modest', done: () => waits.push(agenda.now - come) });
      });
    await agenda.run();
    assert.equal(simulation.outcome.served, 330);
    assert.equal(waits.length, 30);
    // A place is held for three and a half seconds at most; so is its own.
    assert.ok(Math.max(...waits) <= 3 * 3500, `${Math.max(...waits)}`);
  });
});
