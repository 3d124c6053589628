/** Drives a pool through thousands of requests on a clock of its own, and judges every step by the simulated upstream. */
import assert from 'node:assert/strict';
import type { Scheduling } from '../../../../shared/settings';
import type { PoolEvent } from '../../../../shared/status';
import { seededRandom } from '../../../support/split-bytes';
import { Pool } from '../../../../proxy/pool/pool';
import type { PoolCandidate, PoolRequest } from '../../../../proxy/pool/pool-request';
import { MODELS, type SimulatedAccount } from './simulated-upstream';

/** Steps in the order of their time. */
export class Agenda {
  now = 1_000_000;
  readonly #steps: { time: number; count: number; step: () => void }[] = [];
  #count = 0;

  at(time: number, step: () => void): void {
    const steps = this.#steps;
    let index = steps.push({ time: Math.max(time, this.now), count: this.#count++, step }) - 1;
    for (let parent = (index - 1) >> 1; index > 0 && this.#before(index, parent); parent = (index - 1) >> 1) {
      this.#swap(index, parent);
      index = parent;
    }
  }

  #before(one: number, other: number): boolean {
    const [a, b] = [this.#steps[one], this.#steps[other]];
    return a !== undefined && b !== undefined && (a.time - b.time || a.count - b.count) < 0;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#steps[one], this.#steps[other]];
    if (a && b) [this.#steps[one], this.#steps[other]] = [b, a];
  }

  /** Runs all steps; promised callbacks happen between two of them. */
  async run(): Promise<void> {
    for (let top = this.#steps[0]; top; top = this.#steps[0]) {
      const last = this.#steps.pop();
      if (last && last !== top) {
        this.#steps[0] = last;
        for (let index = 0, child = 1; child < this.#steps.length; child = 2 * index + 1) {
          if (this.#before(child + 1, child)) child++;
          if (!this.#before(child, index)) break;
          this.#swap(child, index);
          index = child;
        }
      }
      this.now = top.time;
      top.step();
      await Promise.resolve();
    }
  }
}

export interface Job {
  /** Ids by group. */
  groups: { id: string; model: string }[][];
  session?: string;
  asker: string;
  /** Everybody refuses it, without saying why. */
  poisoned?: boolean;
  /** The client leaves before the answer. */
  cancelled?: boolean;
  done?: (outcome: 'served' | 'failed' | 'cancelled', account?: string) => void;
}

export interface Outcome {
  served: number;
  failed: number;
  cancelled: number;
  waited: number;
  failovers: number;
  probes: number;
  /** Turns of a conversation of which it was certain which account they belong to. */
  certainTurns: number;
}

export class Simulation {
  readonly agenda = new Agenda();
  readonly events: PoolEvent[] = [];
  readonly outcome: Outcome = {
    served: 0,
    failed: 0,
    cancelled: 0,
    waited: 0,
    failovers: 0,
    probes: 0,
    certainTurns: 0,
  };
  readonly random: () => number;
  readonly pool: Pool;
  readonly byId = new Map<string, SimulatedAccount>();
  /** Requests that wait for a place. */
  waiting = 0;
  /** Whose each conversation is, as its answers told. */
  readonly #owners = new Map<string, string>();

  constructor(
    seed: number,
    readonly scheduling: Scheduling,
    make: (random: () => number, start: number) => SimulatedAccount[],
  ) {
    this.random = seededRandom(seed);
    const accounts = make(this.random, this.agenda.now);
    for (const each of accounts) this.byId.set(each.account.id, each);
    this.pool = new Pool({
      now: () => this.agenda.now,
      changed: () => undefined,
      event: (event) => {
        this.#judgeEvent(event);
        this.events.push(event);
      },
      random: this.random,
    });
    this.pool.configure({
      accounts: accounts.map(({ account }) => account),
      scheduling,
      stickySessions: true,
      stickyMinutes: 60,
      preferredAccount: '',
    });
  }

  get accounts(): SimulatedAccount[] {
    return [...this.byId.values()];
  }

  /** Who has a model. */
  having(model: string): { id: string; model: string }[] {
    return this.accounts
      .filter(({ models }) => models.includes(model))
      .map(({ account }) => ({ id: account.id, model }));
  }

  /** Changes follow one another, and nobody comes to rest who refused nothing but poison. */
  #judgeEvent(event: PoolEvent): void {
    const before = this.events.findLast(
      ({ account, model }) => account === event.account && model === event.model,
    );
    assert.equal(event.from, before?.to ?? 'healthy', 'each change begins where the last one ended');
    if (event.to !== 'cooling') return;
    assert.ok((event.until ?? 0) > event.time && event.reason, 'a rest has a reason and an end');
    const { lastRefusal = 0 } = this.byId.get(event.account) ?? {};
    assert.ok(event.time - lastRefusal < 120_000, `${event.account} rests, but refused nobody`);
  }

  start(job: Job): void {
    new Run(this, job).step();
  }

  ownerOf(session: string): string | undefined {
    return this.#owners.get(session);
  }

  own(session: string, account: string): void {
    const owner = this.byId.get(this.#owners.get(session) ?? '');
    if (!owner || owner.deadSeen) this.#owners.set(session, account);
  }
}

/** One request from its arrival to its end. */
class Run {
  readonly #request: PoolRequest<PoolCandidate>;
  readonly #candidates: { id: string; model: string; group: number }[];
  readonly #tried: { id: string; model: string }[] = [];

  constructor(
    private readonly simulation: Simulation,
    private readonly job: Job,
  ) {
    this.#candidates = job.groups.flatMap((group, index) => group.map((each) => ({ ...each, group: index })));
    this.#request = simulation.pool.request({
      groups: job.groups.map((group) =>
        group.flatMap(({ id, model }) => {
          const account = simulation.pool.get(id);
          return account ? [{ account, model }] : [];
        }),
      ),
      session: () => job.session,
      asker: job.asker,
    });
  }

  #others(): { upstream: SimulatedAccount; model: string; group: number }[] {
    return this.#candidates
      .filter(({ id, model }) => !this.#tried.some((each) => each.id === id && each.model === model))
      .flatMap(({ id, model, group }) => {
        const upstream = this.simulation.byId.get(id);
        return upstream ? [{ upstream, model, group }] : [];
      });
  }

  step(): void {
    const { simulation, job } = this;
    const { outcome, agenda } = simulation;
    // What was known before: taking a place changes it.
    const owner = simulation.byId.get(simulation.ownerOf(job.session ?? '') ?? '');
    const model = job.groups[0]?.[0]?.model ?? '';
    const certain = this.#tried.length === 0 && owner?.isClearlyHealthy(model, agenda.now) === true;
    const result = this.#request.take();
    if (result.type === 'full') {
      const free = this.#others().filter((each) => each.upstream.isClearlyHealthy(each.model, agenda.now));
      // Places that became free are kept for those who wait.
      if (simulation.waiting === 0)
        assert.deepEqual(
          free.map(({ upstream }) => upstream.account.id),
          [],
          'nobody waits while somebody is free',
        );
      outcome.waited++;
      simulation.waiting++;
      this.#request.wait(() => {
        simulation.waiting--;
        this.step();
      });
      return;
    }
    if (result.type === 'none') {
      if (!job.poisoned) {
        const able = this.#others().filter((each) => each.upstream.mustBeAsked(each.model, agenda.now));
        assert.deepEqual(
          able.map(({ upstream }) => upstream.account.id),
          [],
          `at ${agenda.now} a request failed while somebody could have served it`,
        );
      }
      this.#end('failed');
      return;
    }
    const { candidate, chosenBy } = result.taken;
    const upstream = simulation.byId.get(candidate.account.id);
    assert.ok(upstream);
    if (chosenBy === 'failover') outcome.failovers++;
    if (chosenBy === 'probe') outcome.probes++;
    if (simulation.scheduling === 'cache_first' && certain) {
      assert.equal(candidate.account.id, owner.account.id, 'a conversation stays, or returns');
      outcome.certainTurns++;
    }
    this.#judge(upstream, candidate, chosenBy);
    this.#ask(upstream, candidate);
  }

  /** Whether it was right to ask this one. */
  #judge(upstream: SimulatedAccount, { model }: PoolCandidate, chosenBy: string): void {
    const { now } = this.simulation.agenda;
    const { id } = upstream.account;
    assert.ok(!upstream.deadSeen, `${id} is dead`);
    assert.ok(upstream.toldUntil(model) <= now, `${id} said that it rests`);
    const cap = upstream.account.maxConcurrent ?? Infinity;
    assert.ok(upstream.inFlight < cap, `${id} has reached its cap`);
    const rests = upstream.restsFor(model, now);
    if (!rests) return;
    const own = this.#candidates.find((each) => each.id === id && each.model === model)?.group;
    const better = this.#others().filter(
      (each) =>
        each.upstream !== upstream &&
        (rests === 'all' || each.group === own) &&
        each.upstream.isClearlyHealthy(each.model, now),
    );
    assert.deepEqual(
      better.map((each) => each.upstream.account.id),
      [],
      `${id} was asked (${chosenBy}) while it rests, at ${now}`,
    );
  }

  #ask(upstream: SimulatedAccount, { model }: PoolCandidate): void {
    const { simulation, job } = this;
    const { agenda, random } = simulation;
    const began = agenda.now;
    upstream.inFlight++;
    upstream.mostInFlight = Math.max(upstream.mostInFlight, upstream.inFlight);
    const answer = upstream.answer(model, began, job.poisoned === true);
    const latencyMs = 50 + random() * 400;
    if (job.cancelled) {
      agenda.at(began + latencyMs / 2, () => {
        upstream.inFlight--;
        this.#end('cancelled');
      });
      return;
    }
    agenda.at(began + latencyMs, () => {
      const { verdict } = answer;
      if (!verdict) {
        this.#serve(upstream, model, began, latencyMs);
        return;
      }
      upstream.inFlight--;
      upstream.refused(model, verdict, answer.poison === true, began, agenda.now);
      this.#tried.push({ id: upstream.account.id, model });
      this.#request.failed(verdict, verdict.type);
      this.step();
    });
  }

  #serve(upstream: SimulatedAccount, model: string, began: number, latencyMs: number): void {
    const { simulation, job } = this;
    const { agenda, random, pool } = simulation;
    upstream.succeeded(model, began);
    this.#request.served(latencyMs);
    if (job.session !== undefined && model === job.groups[0]?.[0]?.model)
      simulation.own(job.session, upstream.account.id);
    if (random() < 0.01) {
      upstream.spend(model, agenda.now + 5000);
      pool.spent(upstream.account.id, model, 'tokens per minute', 5);
    }
    const breaks = random() < 0.003;
    agenda.at(agenda.now + random() * 3000, () => {
      upstream.inFlight--;
      if (breaks) {
        upstream.broke(began, agenda.now);
        this.#request.broke('reset');
      }
      this.#end('served', upstream.account.id);
    });
  }

  #end(outcome: 'served' | 'failed' | 'cancelled', account?: string): void {
    if (outcome !== 'failed' || !this.job.poisoned) this.simulation.outcome[outcome]++;
    this.#request.release();
    this.job.done?.(outcome, account);
  }
}

/** A conversation: turn after turn, each a while after the last one. */
export function converse(
  simulation: Simulation,
  job: Job & { session: string },
  turns: number,
  more: () => Partial<Job>,
): void {
  const { agenda, random } = simulation;
  const next = (left: number) => {
    simulation.start({
      ...job,
      ...more(),
      done: () => {
        if (left > 1)
          agenda.at(agenda.now + 1000 + random() * 20_000, () => {
            next(left - 1);
          });
      },
    });
  };
  next(turns);
}

/** One of the models by chance. */
export function anyModel(random: () => number): string {
  return MODELS[Math.floor(random() * MODELS.length)] ?? 'm1';
}
