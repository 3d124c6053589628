/** What the pool and the requests in it share: the accounts, the clock, what is booked, and who waits. */
import type { Account, Scheduling } from '../../shared/settings';
import type { Health, PoolEvent } from '../../shared/status';
import type { Entry } from './entry';
import type { Slot, Trouble } from './health';
import { labelOf } from './label';
import type { StickySessions } from './sticky';
import type { Verdict } from './verdict';

/** A request that waits for a place. */
export interface Waiter {
  /** A place at this account is its: it is called. */
  called(entry: Entry<Waiter>): void;
  /** Somebody's state changed: it waits for whom it can wait now. */
  reconsider(): void;
}

export type PoolEntry = Entry<Waiter>;

/** Clocks are put right by fractions of a second all the time; by more than this, in milliseconds, one was set back. */
const SET_BACK_MS = 5000;

/** When the clock is not asked at all: nobody rests. */
const NEVER = Infinity;

const DEAD = {
  key: 'the provider refused the key',
  billing: 'the account has no credit, or its bill is not paid',
  permission: 'the key has no permission for this',
} as const;

export interface LedgerHost {
  /** Unix ms. */
  now: () => number;
  changed: () => void;
  event?: ((event: PoolEvent) => void) | undefined;
  random?: (() => number) | undefined;
}

export class Ledger {
  entries = new Map<string, PoolEntry>();
  scheduling: Scheduling = 'cache_first';
  /** Whether conversations stay on their account. */
  sticks = true;
  preferred = '';
  readonly waiting = new Set<Waiter>();
  readonly now: () => number;
  readonly random: () => number;
  /** Counts takings and bookings: which came first, also within one millisecond. */
  #count = 0;
  /** Unix ms at which the next rest ends. */
  #due = NEVER;
  /** The clock when it was last looked at while anybody rests. */
  #seen = 0;

  constructor(
    private readonly host: LedgerHost,
    readonly sticky: StickySessions,
  ) {
    this.now = host.now;
    this.random = host.random ?? Math.random;
  }

  /** The account as it is in the settings now; undefined when it is gone, or became another. */
  entryOf(account: Account): PoolEntry | undefined {
    const entry = this.entries.get(account.id);
    return entry && (entry.account === account || isSame(entry.account, account)) ? entry : undefined;
  }

  next(): number {
    return ++this.#count;
  }

  /** Notices rests that are over, and tells of them. */
  tick(): void {
    if (this.#due === NEVER) return;
    const now = this.now();
    const back = this.#seen - now;
    this.#seen = now;
    if (back > SET_BACK_MS) this.#setBack(back);
    else if (now < this.#due) return;
    this.#due = NEVER;
    let some = false;
    for (const entry of this.entries.values()) {
      some = this.#tell(entry, undefined, entry.key, now) || some;
      for (const [model, slot] of entry.models) some = this.#tell(entry, model, slot, now) || some;
      entry.tidy(now);
    }
    if (some) this.#changed();
  }

  #setBack(ms: number): void {
    for (const entry of this.entries.values()) {
      entry.key.setBack(ms);
      for (const slot of entry.models.values()) slot.setBack(ms);
    }
  }

  /** Tells of a slot's state if it is another than was told. */
  #tell(entry: PoolEntry, model: string | undefined, slot: Slot, now: number): boolean {
    const trouble = slot.trouble;
    slot.settle(now);
    const to = slot.state(now);
    const until = to === 'cooling' ? slot.until : 0;
    if (until !== 0 && until < this.#due) {
      if (this.#due === NEVER) this.#seen = now;
      this.#due = until;
    }
    const from = slot.announced;
    if (to === from && until === slot.announcedUntil) return false;
    slot.announced = to;
    slot.announcedUntil = until;
    const reason = (slot.trouble ?? trouble)?.reason;
    this.#event(entry, model, from, to, to === 'healthy' ? undefined : reason, until);
    return true;
  }

  #event(
    entry: PoolEntry,
    model: string | undefined,
    from: Health,
    to: Health,
    reason: string | undefined,
    until: number,
  ): void {
    this.host.event?.({
      time: this.now(),
      account: entry.account.id,
      label: labelOf(entry.account),
      ...(model !== undefined && { model }),
      from,
      to,
      ...(reason !== undefined && { reason }),
      ...(until !== 0 && { until }),
    });
  }

  #changed(): void {
    this.host.changed();
    for (const waiter of [...this.waiting]) if (this.waiting.has(waiter)) waiter.reconsider();
  }

  /** After anything was booked on an account: tells of what became of it. */
  review(entry: PoolEntry): void {
    // What becomes of an account that is gone, or has another key, is nobody's business.
    if (this.entries.get(entry.account.id) !== entry) return;
    const now = this.now();
    let some = this.#tell(entry, undefined, entry.key, now);
    for (const [model, slot] of entry.models) some = this.#tell(entry, model, slot, now) || some;
    if (entry.models.size > 0) entry.tidy(now);
    if (some) this.#changed();
  }

  /** New settings: who waits may wait for others now. */
  reconsider(): void {
    for (const waiter of [...this.waiting]) if (this.waiting.has(waiter)) waiter.reconsider();
    for (const entry of this.entries.values()) this.pump(entry);
  }

  /** Calls those whose turn it is to the free places of an account. */
  pump(entry: PoolEntry): void {
    while (entry.queue.size > 0 && !entry.full) entry.queue.take()?.called(entry);
  }

  /** Books a limit. `began` as {@link next} counts. */
  limited(entry: PoolEntry, model: string, verdict: Limited, reason: string, began: number): void {
    const { scope, waitSeconds, overloaded, what } = verdict;
    const told = waitSeconds !== undefined && waitSeconds >= 0;
    const now = this.now();
    // Without a time an overload is taken for the model's: capacity is seldom a key's.
    const slot = scope === 'key' && (told || !overloaded) ? entry.key : entry.slot(model, now);
    const trouble: Trouble = { kind: overloaded ? 'overloaded' : 'rate_limit', what, reason };
    if (told) slot.restTold(trouble, waitSeconds, now, this.next());
    else slot.restGuessed(trouble, now, began, this.next());
    entry.statistics.failed();
    this.review(entry);
  }

  /** A 429 that named no limit (SPEC 5.7): whether somebody else's request met the same, so that it is the account's. */
  suspect(entry: PoolEntry, model: string, who: string): boolean {
    return entry.slot(model, this.now()).suspect(who, this.now());
  }

  failed(entry: PoolEntry, reason: string, began: number): void {
    const trouble: Trouble = { kind: 'unavailable', what: reason, reason };
    entry.key.fail(trouble, this.now(), began, this.next());
    entry.statistics.failed();
    this.review(entry);
  }

  dead(entry: PoolEntry, model: string, { scope, why }: Dead, reason: string): void {
    const slot = scope === 'key' ? entry.key : entry.slot(model, this.now());
    slot.die({ kind: 'unavailable', what: DEAD[why], reason: reason || DEAD[why] });
    entry.statistics.failed();
    this.review(entry);
  }

  /** A good answer. */
  served(entry: PoolEntry, model: string, latencyMs: number, began: number): void {
    entry.statistics.succeeded(latencyMs);
    entry.key.succeed(began);
    if (entry.key.announced !== 'healthy') this.review(entry);
    if (entry.models.size === 0) return;
    entry.models.get(model)?.succeed(began);
    this.review(entry);
  }
}

export type Limited = Extract<Verdict, { type: 'limited' }>;
type Dead = Extract<Verdict, { type: 'dead' }>;

/** Whether what is known of one account holds for the other: the same key at the same place. */
export function isSame(one: Account, other: Account): boolean {
  return (
    one.key === other.key &&
    one.baseUrl === other.baseUrl &&
    one.provider === other.provider &&
    one.project === other.project &&
    one.region === other.region
  );
}
