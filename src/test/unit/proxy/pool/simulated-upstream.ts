/**
 * Twelve accounts as their providers see them: what each answers at which time, what it has told, and therefore who can
 * serve. Knows nothing of the pool: it is what the pool is judged by.
 */
import type { Account } from '../../../../shared/settings';
import type { Verdict } from '../../../../proxy/pool/verdict';
import { account } from './pool-of';

export const MODELS = ['m1', 'm2', 'm3'];

/** What goes wrong, and for whom. Times in Unix ms. */
interface Trouble {
  kind: 'told' | 'timeless' | 'hintless' | 'overloaded' | 'outage' | 'dead';
  from: number;
  to: number;
  /** Absent: the whole account. */
  model?: string;
}

/** Refusals since the last success, of a key or of one model of it. */
interface Refusals {
  limits: number;
  failures: number;
  /** Failures one after another, without those that were on their way at the same time. */
  inRow: number;
  last: number;
  /** Since when it is to rest, of those that are to. */
  since: number;
  definite: boolean;
}

export interface Answer {
  verdict?: Verdict;
  /** It is the request's own fault. */
  poison?: boolean;
}

const EARLY_SECONDS = [5, 25, 150, 600];

export class SimulatedAccount {
  readonly account: Account;
  readonly models: readonly string[];
  readonly troubles: Trouble[] = [];
  inFlight = 0;
  mostInFlight = 0;
  deadSeen = false;
  lastRefusal = -Infinity;
  /** Of any kind, also those that told nothing of the account. */
  #lastAny = -Infinity;
  /** By model; '' for the account. */
  readonly #refusals = new Map<string, Refusals>();
  readonly #told = new Map<string, { until: number; at: number }>();
  readonly #spent = new Map<string, number>();

  constructor(index: number) {
    this.models = [MODELS, ['m1', 'm2'], ['m1', 'm3']][index % 3] ?? MODELS;
    const cap = [2, 4, undefined, undefined][index % 4];
    this.account = account(`a${index}`, {
      priority: index < 8 ? 5 : 0,
      weight: 1 + (index % 3),
      ...(cap !== undefined && { maxConcurrent: cap }),
    });
  }

  #troubleAt(model: string, now: number): Trouble | undefined {
    return this.troubles.find(
      ({ from, to, model: only }) => now >= from && now < to && (only === undefined || only === model),
    );
  }

  /** What it answers to a request that reaches it now. */
  answer(model: string, now: number, poisoned: boolean): Answer {
    const trouble = this.#troubleAt(model, now);
    if (!trouble && !poisoned) return {};
    const scope = trouble?.model === undefined ? 'key' : 'model';
    const limited = { type: 'limited', scope, what: 'requests per minute' } as const;
    switch (trouble?.kind) {
      case undefined:
        return { verdict: { ...limited, told: false }, poison: true };
      case 'hintless':
        return { verdict: { ...limited, told: false } };
      case 'told':
        return { verdict: { ...limited, told: true, waitSeconds: (trouble.to - now) / 1000 } };
      case 'timeless':
        return { verdict: { ...limited, told: true } };
      case 'overloaded':
        return { verdict: { ...limited, told: false, overloaded: true } };
      case 'outage':
        return { verdict: { type: 'failed' } };
      case 'dead':
        return { verdict: { type: 'dead', scope: 'key', why: 'key' } };
    }
  }

  #note(key: string, limit: boolean, definite: boolean, began: number, now: number): void {
    const old = this.#refusals.get(key) ?? {
      limits: 0,
      failures: 0,
      inRow: 0,
      last: now,
      since: -Infinity,
      definite: false,
    };
    if (limit) old.limits++;
    else old.failures++;
    // What nobody is sure of moves no rest.
    if (definite && began > old.since) {
      old.since = now;
      if (!limit) old.inRow++;
    }
    old.last = now;
    old.definite ||= definite;
    this.#refusals.set(key, old);
  }

  /** It has refused a request. @param began when that had come */
  refused(model: string, verdict: Verdict, poison: boolean, began: number, now: number): void {
    this.#lastAny = now;
    if (!poison) this.lastRefusal = now;
    if (verdict.type === 'dead') this.deadSeen = true;
    else if (verdict.type === 'failed') this.#note('', false, true, began, now);
    else if (verdict.type === 'limited') {
      const key = verdict.scope === 'key' && !verdict.overloaded ? '' : model;
      if (verdict.waitSeconds !== undefined) {
        const until = now + Math.min(verdict.waitSeconds, 3600) * 1000;
        const old = this.#told.get(key);
        if (!old || old.until < until) this.#told.set(key, { until, at: now });
        // It replaces whatever rest was guessed before.
        const guessed = this.#refusals.get(key);
        if (guessed) guessed.definite = false;
        if (verdict.waitSeconds > 3600) this.#note(key, true, false, began, now);
        return;
      }
      // One client's own refusal says nothing of an account that had no trouble before.
      if (poison && !this.#refusals.has('') && !this.#refusals.has(model)) return;
      this.#note(key, true, verdict.told || verdict.overloaded === true, began, now);
      if (key !== model) return;
      if (this.#refusals.has('')) this.#note('', true, false, began, now);
    }
  }

  succeeded(model: string, began: number): void {
    for (const key of ['', model]) {
      this.#refusals.delete(key);
      const told = this.#told.get(key);
      if (told && began > told.at) this.#told.delete(key);
    }
  }

  /** An answer that had begun broke off. */
  broke(began: number, now: number): void {
    this.lastRefusal = now;
    this.#note('', false, true, began, now);
    this.#note('', false, true, began, now);
  }

  spend(model: string, until: number): void {
    this.#spent.set(model, until);
  }

  revive(): void {
    this.deadSeen = false;
    this.#refusals.clear();
    this.#told.clear();
  }

  get full(): boolean {
    return this.inFlight >= (this.account.maxConcurrent ?? Infinity);
  }

  /** Unix ms until which it said that it does not want to be asked. */
  toldUntil(model: string): number {
    return Math.max(this.#told.get('')?.until ?? 0, this.#told.get(model)?.until ?? 0);
  }

  /** It has a free place and never gave a reason for doubt since its last success. */
  isClearlyHealthy(model: string, now: number): boolean {
    return (
      this.models.includes(model) &&
      !this.full &&
      !this.deadSeen &&
      !this.#refusals.has('') &&
      !this.#refusals.has(model) &&
      this.toldUntil(model) <= now &&
      (this.#spent.get(model) ?? 0) <= now
    );
  }

  /** It would answer, and by all that it said so far it should be asked if there is nobody else. */
  mustBeAsked(model: string, now: number): boolean {
    if (!this.models.includes(model) || this.deadSeen || this.#troubleAt(model, now)) return false;
    if (this.toldUntil(model) > now) return false;
    for (const key of ['', model]) {
      const refusals = this.#refusals.get(key);
      if (!refusals) continue;
      // A server that fails is asked rather than nobody.
      const { limits, last } = refusals;
      if (limits === 0) continue;
      if (now < last + (EARLY_SECONDS[Math.min(limits, 4) - 1] ?? 0) * 1000) return false;
      // Somebody is finding out, or tried to a moment ago.
      if (this.inFlight > 0 || now < this.#lastAny + 5000) return false;
    }
    return true;
  }

  /** It was in trouble so lately that those without any go first: within its `group`, or everywhere (`all`). */
  restsFor(model: string, now: number): 'group' | 'all' | undefined {
    const own = this.#refusals.get(model);
    if (own?.definite && own.limits > 0 && own.failures === 0 && now < own.since + 60_000) return 'all';
    const key = this.#refusals.get('');
    if (!key?.definite) return undefined;
    if (key.limits > 0 && key.failures === 0) return now < key.since + 60_000 ? 'all' : undefined;
    if (key.limits > 0 || now >= key.since + 10_000) return undefined;
    return key.inRow > 1 ? 'all' : 'group';
  }
}

const KINDS: Trouble['kind'][] = ['told', 'told', 'timeless', 'hintless', 'overloaded', 'outage', 'outage'];

/** Gives accounts their fate until `end`. @param peaceMs the longest time between two troubles of one account */
function trouble(
  all: SimulatedAccount[],
  random: () => number,
  start: number,
  end: number,
  peaceMs: number,
): void {
  for (const each of all) {
    let at = start + random() * 300_000;
    while (at < end) {
      const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'told';
      const lengths = [5, 30, 120, 600, ...(kind === 'told' ? [5400] : [])];
      const seconds = (lengths[Math.floor(random() * lengths.length)] ?? 5) * (0.5 + random());
      const model = each.models[Math.floor(random() * each.models.length)];
      const whole = kind === 'outage' || random() < 0.5;
      const to = Math.min(at + seconds * 1000, end);
      each.troubles.push({ kind, from: at, to, ...(!whole && model !== undefined && { model }) });
      at = to + random() * peaceMs;
    }
  }
}

/** Twelve accounts with their fate until `end`. Two of them die, one of them for good. */
export function simulatedAccounts(random: () => number, start: number, end: number): SimulatedAccount[] {
  const all = Array.from({ length: 12 }, (_, index) => new SimulatedAccount(index));
  trouble(all, random, start, end, 900_000);
  for (const index of [3, 9]) {
    const each = all[index];
    const from = start + (0.2 + random() * 0.3) * (end - start);
    each?.troubles.unshift({ kind: 'dead', from, to: index === 9 ? Infinity : from + 0.2 * (end - start) });
  }
  return all;
}

/** Three accounts that are seldom well. */
export function scarceAccounts(random: () => number, start: number, end: number): SimulatedAccount[] {
  const all = [0, 1, 3].map((index) => new SimulatedAccount(index));
  trouble(all, random, start, end, 60_000);
  return all;
}
