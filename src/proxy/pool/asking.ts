/** One request's way through the pool: the implementation of {@link PoolRequest}. */
import type { Skipped } from '../../shared/exchange';
import type { Account } from '../../shared/settings';
import { STANDING, type Standing } from './entry';
import { firstBack, LeftOut } from './explain';
import type { Slot } from './health';
import type { Binding } from './sticky';
import type { Ledger, Limited, PoolEntry } from './ledger';
import type { ChosenBy, NextResult, PoolCandidate, PoolRequest, PoolWish } from './pool-request';
import { choose } from './schedule';
import { Waiting } from './waiting';
import type { Verdict } from './verdict';

/** A 429 without a limit's name, to be booked once another account serves. */
interface Suspect {
  entry: PoolEntry;
  model: string;
  verdict: Limited;
  reason: string;
  began: number;
}

const NONE = { type: 'none' } as const;
const FULL = { type: 'full' } as const;

export class Asking<C extends PoolCandidate> implements PoolRequest<C> {
  /** The place that is held. */
  #entry: PoolEntry | undefined;
  #candidate: C | undefined;
  /** When it was taken, in the ledger's count. */
  #began = 0;
  /** The conversation's account until it has served. */
  #tentative: { session: string; model: string; binding: Binding } | undefined;
  /** Slots whose probe this request is. */
  #probing: Slot[] | undefined;
  /** Failures of the account before it answered, in case that its answer breaks off. */
  #failuresBefore = 0;
  #answered = false;
  #over = false;
  /** Those that were asked before. */
  #tried: C[] | undefined;
  #suspects: Suspect[] | undefined;
  #left: LeftOut<C> | undefined;
  #session: string | undefined;
  #sessionKnown = false;
  #waiting: Waiting | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly wish: PoolWish<C>,
  ) {}

  take(): NextResult<C> {
    const { ledger, wish } = this;
    if (this.#over || this.#entry) return NONE;
    ledger.tick();
    const promise = this.#waiting?.redeem();
    const group = wish.groups[0];
    const only = wish.groups.length === 1 && group?.length === 1 ? group[0] : undefined;
    const result = only && !this.#tried ? this.#takeOnly(only) : this.#takeBest();
    if (result.type !== 'full') this.#waiting?.withdraw();
    if (promise && promise !== this.#entry) ledger.pump(promise);
    return result;
  }

  #takeOnly(candidate: C): NextResult<C> {
    const entry = this.ledger.entryOf(candidate.account);
    if (!entry?.quiet || entry.full) return this.#takeBest();
    return this.#hold(candidate, entry, 'only');
  }

  #takeBest(): NextResult<C> {
    const { ledger, wish } = this;
    const now = ledger.now();
    let full = false;
    for (let index = 0; index < wish.groups.length; index++) {
      const group = wish.groups[index] ?? [];
      // Within a group: the ready before the shaky before the spent; who is full is passed over.
      let best: Standing = STANDING.probed;
      let able: C[] = [];
      for (const candidate of group) {
        if (this.#wasTried(candidate)) continue;
        const entry = ledger.entryOf(candidate.account);
        const standing = entry ? entry.standing(candidate.model, now) : STANDING.dead;
        if (standing >= STANDING.probed || entry?.full) {
          if (standing < STANDING.probed) full = true;
          this.#leaveOut(candidate, entry, now);
        } else if (standing < best) {
          for (const other of able) this.#leaveOut(other, ledger.entryOf(other.account), now);
          best = standing;
          able = [candidate];
        } else if (standing === best) able.push(candidate);
        else this.#leaveOut(candidate, entry, now);
      }
      if (able.length > 0) return this.#takeAmong(able, group, index, now);
    }
    if (full) return FULL;
    return (
      this.#takeResting(STANDING.probed, now) ?? this.#takeResting(STANDING.early, now) ?? this.#anyFull(now)
    );
  }

  /** Nobody is healthy: those that may be asked nevertheless. */
  #takeResting(wanted: Standing, now: number): NextResult<C> | undefined {
    for (const group of this.wish.groups)
      for (const candidate of group) {
        if (this.#wasTried(candidate)) continue;
        const entry = this.ledger.entryOf(candidate.account);
        if (entry?.standing(candidate.model, now) === wanted && !entry.full)
          return this.#hold(candidate, entry, 'probe');
      }
    return undefined;
  }

  #anyFull(now: number): NextResult<C> {
    for (const group of this.wish.groups)
      for (const candidate of group) if (this.#mayWaitFor(candidate, now, STANDING.early)) return FULL;
    return NONE;
  }

  /** The entry of a candidate that may be asked as soon as it has a free place. */
  #mayWaitFor(candidate: C, now: number, worst: Standing): PoolEntry | undefined {
    if (this.#wasTried(candidate)) return undefined;
    const entry = this.ledger.entryOf(candidate.account);
    return entry && entry.standing(candidate.model, now) <= worst ? entry : undefined;
  }

  #takeAmong(able: C[], group: readonly C[], index: number, now: number): NextResult<C> {
    const { ledger } = this;
    let chosen: C | undefined;
    const alone = group.length === 1 && this.wish.groups.length === 1;
    let by: ChosenBy = this.#tried ? 'failover' : index > 0 ? 'chain' : alone ? 'only' : 'turn';
    const session = this.#stickySession(group);
    if (session !== undefined) {
      chosen = ledger.sticky.owner(able, session, now);
      if (chosen && by === 'turn') by = 'sticky';
    }
    if (!chosen && ledger.preferred !== '') {
      chosen = able.find(({ account }) => account.id === ledger.preferred);
      if (chosen && by === 'turn') by = 'preferred';
    }
    if (!chosen) {
      const entries: PoolEntry[] = [];
      for (const { account } of able) {
        const entry = ledger.entryOf(account);
        if (entry) entries.push(entry);
      }
      chosen = able[choose(entries, ledger.scheduling, ledger.random)];
      if (by === 'turn' && ledger.scheduling === 'performance_first') by = 'fastest';
    }
    const entry = chosen && ledger.entryOf(chosen.account);
    if (!chosen || !entry) return NONE;
    // Requests of one conversation that come side by side go to one account, too.
    if (session !== undefined && by !== 'sticky') this.#stick(chosen);
    return this.#hold(chosen, entry, by);
  }

  /** The conversation, where it makes a difference. */
  #stickySession(group: readonly C[]): string | undefined {
    const { ledger } = this;
    if (group.length < 2 || !ledger.sticks || ledger.scheduling !== 'cache_first') return undefined;
    return this.#sessionName();
  }

  #sessionName(): string | undefined {
    if (!this.#sessionKnown) {
      this.#sessionKnown = true;
      this.#session = this.wish.session();
    }
    return this.#session;
  }

  #hold(candidate: C, entry: PoolEntry, chosenBy: ChosenBy): NextResult<C> {
    entry.inFlight++;
    this.#entry = entry;
    this.#candidate = candidate;
    this.#began = this.ledger.next();
    this.#answered = false;
    const by = entry.quiet || !this.#probe(entry, candidate.model) ? chosenBy : 'probe';
    return { type: 'taken', taken: { candidate, chosenBy: by } };
  }

  /** Whether this request finds out how the account is. */
  #probe(entry: PoolEntry, model: string): boolean {
    const now = this.ledger.now();
    for (const slot of [entry.key, entry.models.get(model)])
      if (slot?.isProbe(now)) {
        slot.probes++;
        (this.#probing ??= []).push(slot);
      }
    return this.#probing !== undefined;
  }

  #endProbe(decided: boolean): void {
    if (!this.#probing) return;
    for (const slot of this.#probing) {
      slot.probes--;
      if (!decided) slot.putOff(this.ledger.now());
    }
    this.#probing = undefined;
  }

  remaining(): number {
    const { groups } = this.wish;
    if (groups.length === 1 && groups[0]?.length === 1) return 0;
    let count = 0;
    const now = this.ledger.now();
    const { account, model } = this.#candidate ?? {};
    for (const group of groups)
      for (const candidate of group) {
        if (candidate.account.id === account?.id && candidate.model === model) continue;
        if (this.#mayWaitFor(candidate, now, STANDING.spent)) count++;
      }
    return count;
  }

  served(latencyMs: number): void {
    const entry = this.#entry;
    const candidate = this.#candidate;
    if (!entry || !candidate || this.#answered) return;
    this.#answered = true;
    this.#failuresBefore = entry.key.failures;
    this.#endProbe(true);
    this.ledger.served(entry, candidate.model, latencyMs, this.#began);
    if (this.#suspects) this.#bookSuspects(candidate);
    this.#stick(candidate);
    this.#tentative = undefined;
  }

  /**
   * Another account served the same request: the 429s were their accounts'. But where several keys of one place refused it alike
   * and none of them served it, it may be the request's own after all (SPEC 5.7): the next conversation will tell.
   */
  #bookSuspects(served: C): void {
    const suspects = this.#suspects ?? [];
    this.#suspects = undefined;
    for (const each of suspects) {
      const { entry, model, verdict, reason, began } = each;
      const alike = suspects.filter((other) =>
        isAlike(other.entry.account, other.model, entry.account, model),
      );
      if (alike.length > 1 && !isAlike(served.account, served.model, entry.account, model)) continue;
      if (entry.account.id !== served.account.id || verdict.scope === 'model')
        this.ledger.limited(entry, model, verdict, reason, began);
    }
  }

  /** The conversation stays here, unless it has an account that will be back. For good once it was served. */
  #stick(candidate: C): void {
    const group = this.wish.groups.find((each) => each.includes(candidate)) ?? [];
    const session = this.#stickySession(group);
    if (session === undefined) return;
    const { ledger } = this;
    const now = ledger.now();
    const alive = group.filter(
      ({ account, model }) =>
        (ledger.entryOf(account)?.standing(model, now) ?? STANDING.dead) !== STANDING.dead,
    );
    if (ledger.sticky.owner(alive, session, now)) return;
    const { model, account } = candidate;
    this.#tentative = { session, model, binding: ledger.sticky.bind(session, model, account.id, now) };
  }

  /** It was not served here: the conversation may go elsewhere. */
  #unstick(): void {
    if (!this.#tentative) return;
    const { session, model, binding } = this.#tentative;
    this.#tentative = undefined;
    this.ledger.sticky.unbind(session, model, binding);
  }

  failed(verdict: Verdict, reason: string): void {
    const entry = this.#entry;
    const candidate = this.#candidate;
    if (!entry || !candidate) return;
    const { ledger } = this;
    const began = this.#began;
    const { model } = candidate;
    this.#unstick();
    this.#endProbe(verdict.type === 'request' || verdict.type === 'elsewhere');
    switch (verdict.type) {
      case 'request':
      case 'elsewhere':
        break;
      case 'failed':
        ledger.failed(entry, reason, began);
        break;
      case 'dead':
        ledger.dead(entry, model, verdict, reason);
        break;
      case 'limited': {
        const asks = `${this.#sessionName() ?? ''}\n${this.#session === undefined ? this.wish.asker : ''}`;
        if (verdict.told || verdict.overloaded || ledger.suspect(entry, model, asks))
          ledger.limited(entry, model, verdict, reason, began);
        else (this.#suspects ??= []).push({ entry, model, verdict, reason, began });
      }
    }
    this.#giveBack(true);
  }

  unable(): void {
    this.#unstick();
    this.#giveBack(true);
  }

  broke(reason: string): void {
    if (!this.#entry) return;
    if (this.#answered) this.#entry.key.remember(this.#failuresBefore);
    this.#endProbe(false);
    this.ledger.failed(this.#entry, reason, this.#began);
  }

  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#unstick();
    this.#waiting?.withdraw();
    this.#giveBack(false);
  }

  #giveBack(tried: boolean): void {
    const entry = this.#entry;
    if (!entry) return;
    this.#endProbe(true);
    if (tried && this.#candidate) (this.#tried ??= []).push(this.#candidate);
    this.#entry = undefined;
    entry.inFlight--;
    this.ledger.pump(entry);
  }

  #wasTried(candidate: C): boolean {
    if (!this.#tried) return false;
    for (const each of this.#tried)
      if (each === candidate || (each.account.id === candidate.account.id && each.model === candidate.model))
        return true;
    return false;
  }

  wait(ready: () => void): () => void {
    this.#waiting ??= new Waiting(this.ledger, this.wish.asker, () => {
      const now = this.ledger.now();
      return this.#waitable(now, STANDING.spent) ?? this.#waitable(now, STANDING.early);
    });
    return this.#waiting.begin(ready);
  }

  #waitable(now: number, worst: Standing): Set<PoolEntry> | undefined {
    const wanted = new Set<PoolEntry>();
    for (const group of this.wish.groups)
      for (const candidate of group) {
        const entry = this.#mayWaitFor(candidate, now, worst);
        if (entry) wanted.add(entry);
      }
    return wanted.size > 0 ? wanted : undefined;
  }

  #leaveOut(candidate: C, entry: PoolEntry | undefined, now: number): void {
    (this.#left ??= new LeftOut()).add(candidate, entry, now);
  }

  skipped(): Skipped[] {
    return this.#left?.rows((candidate) => candidate === this.#candidate || this.#wasTried(candidate)) ?? [];
  }

  earliest(): number | undefined {
    const at = firstBack(this.wish.groups, this.ledger)?.at;
    return at === Infinity ? undefined : at;
  }

  lastReason(): ReturnType<PoolRequest<C>['lastReason']> {
    const first = firstBack(this.wish.groups, this.ledger);
    const trouble = first?.entry.worse(first.candidate.model, this.ledger.now()).trouble;
    if (!trouble) return undefined;
    return { reason: trouble.reason, kind: trouble.kind, status: trouble.kind === 'rate_limit' ? 429 : 503 };
  }
}

/** Whether two keys are of one place, and were asked for the same there. */
function isAlike(one: Account, model: string, other: Account, otherModel: string): boolean {
  return one.provider === other.provider && one.baseUrl === other.baseUrl && model === otherModel;
}
