/** The accounts: who may serve, who is cooling down, whose turn it is (SPEC 5.3 to 5.8, 5.12). */
import type { Account, ProxySettings } from '../../shared/settings';
import type { AccountStatus, Health, ModelStatus } from '../../shared/status';
import { Asking } from './asking';
import { LONGEST_TOLD_MS } from './backoff';
import { Entry, STANDING } from './entry';
import { labelOf } from './label';
import { isSame, Ledger, type LedgerHost, type PoolEntry, type Waiter } from './ledger';
import type { PoolCandidate, PoolRequest, PoolWish } from './pool-request';
import { inOrder } from './schedule';
import { StickySessions } from './sticky';

export { labelOf };

/** What the pool obeys. */
export type PoolSettings = Pick<
  ProxySettings,
  'accounts' | 'scheduling' | 'stickySessions' | 'stickyMinutes' | 'preferredAccount'
>;

/** What is known of an account for one model. */
export interface AccountHealth {
  state: Health;
  reason?: string;
  /** Unix ms. */
  until?: number;
}

export class Pool {
  readonly #ledger: Ledger;
  readonly #sticky = new StickySessions();
  #enabled: readonly Account[] = [];

  /** Keeps no timers: rests that are over are noticed by the next request or `status()`. `changed` and `event` must not throw. */
  constructor(host: LedgerHost) {
    this.#ledger = new Ledger(host, this.#sticky);
  }

  /**
   * Takes the accounts of the settings; acts on the next request. What is known of an account stays as long as its key and
   * place are the same; when the user enables it again, it starts healthy.
   */
  configure(settings: PoolSettings): void {
    const ledger = this.#ledger;
    const entries = new Map<string, PoolEntry>();
    // What one was passed over by is measured in weights: under others it would be paid back for hundreds of requests.
    let anew = false;
    for (const account of settings.accounts) {
      const old = ledger.entries.get(account.id);
      if (!old || !isSame(old.account, account)) {
        entries.set(account.id, successor(account, old, ledger.now()));
        continue;
      }
      if (account.enabled && !old.account.enabled) heal(old);
      if (account.weight !== old.account.weight) anew = true;
      old.account = account;
      entries.set(account.id, old);
    }
    ledger.entries = entries;
    if (anew) for (const entry of entries.values()) entry.current = 0;
    ledger.scheduling = settings.scheduling;
    ledger.sticks = settings.stickySessions;
    ledger.preferred = settings.preferredAccount;
    this.#sticky.lifeMs = settings.stickyMinutes * 60_000;
    this.#sticky.keep((id) => entries.has(id));
    this.#enabled = settings.accounts.filter((account) => account.enabled);
    for (const entry of entries.values()) ledger.review(entry);
    ledger.reconsider();
  }

  /** Enabled accounts in the order of the settings; the same array until the settings change. */
  enabled(): readonly Account[] {
    return this.#enabled;
  }

  get(id: string): Account | undefined {
    return this.#ledger.entries.get(id)?.account;
  }

  /** One request's way through the pool. Takes nothing yet. */
  request<C extends PoolCandidate>(wish: PoolWish<C>): PoolRequest<C> {
    return new Asking(this.#ledger, wish);
  }

  /** What is known of an account for one model. An unknown account is disabled. */
  health(account: Account, model: string): AccountHealth {
    this.#ledger.tick();
    const entry = this.#ledger.entryOf(account);
    if (!entry?.account.enabled) return { state: 'disabled' };
    const now = this.#ledger.now();
    const slot = entry.worse(model, now);
    const state = slot.state(now);
    if (state === 'healthy') return { state };
    const reason = slot.trouble?.reason;
    return {
      state,
      ...(reason !== undefined && { reason }),
      ...(state === 'cooling' && { until: slot.until }),
    };
  }

  /**
   * The candidates in the order in which they would be asked now, without side effects: group by group, then those that rest,
   * the soonest back first. Conversations are left out of it.
   */
  order<C extends PoolCandidate>(groups: readonly (readonly C[])[]): C[] {
    const ledger = this.#ledger;
    ledger.tick();
    const now = ledger.now();
    const placed: C[] = [];
    const rest: { candidate: C; standing: number; at: number }[] = [];
    for (const group of groups) {
      const able: { candidate: C; entry: PoolEntry; standing: number }[] = [];
      for (const candidate of group) {
        const entry = ledger.entryOf(candidate.account);
        const standing = entry?.standing(candidate.model, now) ?? STANDING.dead;
        if (entry && standing < STANDING.probed)
          able.push({ candidate, entry, standing: standing + (entry.full ? STANDING.probed : 0) });
        else rest.push({ candidate, standing, at: entry?.recovery(candidate.model, now) ?? now });
      }
      const turn = inOrder(
        able.map(({ entry }) => entry),
        ledger.scheduling,
      );
      const preferred = ({ entry }: { entry: PoolEntry }) => Number(entry.account.id === ledger.preferred);
      able.sort(
        (a, b) =>
          a.standing - b.standing ||
          preferred(b) - preferred(a) ||
          turn.indexOf(a.entry) - turn.indexOf(b.entry),
      );
      placed.push(...able.map(({ candidate }) => candidate));
    }
    const late = ({ standing, at }: { standing: number; at: number }) =>
      standing === STANDING.dead ? Number.MAX_VALUE : standing === STANDING.probed ? 0 : at;
    rest.sort((a, b) => late(a) - late(b));
    return [...placed, ...rest.map(({ candidate }) => candidate)];
  }

  /** A good answer said that nothing remains: asked after all others for so long, at most an hour. No seconds take it back. */
  spent(accountId: string, model: string, what: string, seconds: number): void {
    const entry = this.#ledger.entries.get(accountId);
    if (!entry) return;
    const ms = Math.min(seconds * 1000, LONGEST_TOLD_MS);
    const now = this.#ledger.now();
    if (ms > 0) entry.slot(model, now).spend(what, now + ms);
    else entry.models.get(model)?.spend('', 0);
  }

  /** Forgets, by hand, what is booked on a model of an account, or on all of it. */
  clear(id: string, model?: string): void {
    const entry = this.#ledger.entries.get(id);
    if (!entry) return;
    if (model === undefined) heal(entry);
    else entry.models.get(model)?.reset();
    this.#ledger.review(entry);
  }

  /** A test passed: whatever rested or was dead is healthy. */
  revive(id: string): void {
    this.clear(id);
  }

  /** Notices rests that are over, tells of them, and calls those who wait for a place there. */
  look(): void {
    this.#ledger.tick();
  }

  /** Every account, in the order of the settings. */
  status(): AccountStatus[] {
    this.#ledger.tick();
    const now = this.#ledger.now();
    return Array.from(this.#ledger.entries.values(), (entry) => statusOf(entry, now));
  }
}

/** An account that is new, or has another key: healthy, and told so where something else was told of the one before. */
function successor(account: Account, old: PoolEntry | undefined, now: number): PoolEntry {
  const entry = new Entry<Waiter>(account);
  if (!old) return entry;
  entry.key.announced = old.key.announced;
  for (const [model, slot] of old.models) entry.slot(model, now).announced = slot.announced;
  return entry;
}

function heal(entry: PoolEntry): void {
  entry.key.reset();
  for (const slot of entry.models.values()) slot.reset();
}

function statusOf(entry: PoolEntry, now: number): AccountStatus {
  const { account, key, statistics, queue, inFlight } = entry;
  const { successRate, latencyMs, served } = statistics;
  const state = account.enabled ? key.state(now) : 'disabled';
  const reason = account.enabled ? key.trouble?.reason : undefined;
  const models: ModelStatus[] = [];
  for (const [model, slot] of account.enabled ? entry.models : []) {
    const own = slot.state(now);
    if (own === 'healthy') continue;
    models.push({
      model,
      state: own,
      reason: slot.trouble?.reason ?? '',
      ...(own === 'cooling' && { until: slot.until }),
    });
  }
  return {
    id: account.id,
    label: labelOf(account),
    provider: account.provider,
    enabled: account.enabled,
    state,
    ...(reason !== undefined && state !== 'healthy' && { reason }),
    ...(state === 'cooling' && { until: key.until }),
    ...(models.length > 0 && { models }),
    inFlight,
    queued: queue.size,
    ...(successRate !== undefined && { successRate }),
    ...(latencyMs !== undefined && { latencyMs }),
    served,
  };
}
