/** The accounts: who may serve, who is cooling down, whose turn it is. */
import type { Account } from '../../shared/settings';
import type { AccountStatus } from '../../shared/status';
import { providerOf } from '../providers/registry';

interface Entry {
  account: Account;
  coolUntil: number;
  reason: string | undefined;
  /** Smooth weighted round robin's running value. */
  current: number;
}

/** A rest after trouble when the upstream named no time, in milliseconds. */
const DEFAULT_REST_MS = { limited: 60_000, failed: 10_000, refused: 300_000 } as const;
const LONGEST_REST_MS = 3_600_000;

/** Name of an account as a person gave it. */
export function labelOf(account: Account): string {
  return account.label ?? `${providerOf(account.provider).label} (${account.id})`;
}

export class Pool {
  #entries = new Map<string, Entry>();
  #enabled: readonly Account[] = [];

  constructor(
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {}

  /** Takes the accounts of the settings. An account that did not change keeps its state. */
  setAccounts(accounts: Account[]): void {
    const entries = new Map<string, Entry>();
    for (const account of accounts) {
      const old = this.#entries.get(account.id);
      const same =
        old?.account.key === account.key &&
        old.account.baseUrl === account.baseUrl &&
        old.account.provider === account.provider &&
        old.account.enabled === account.enabled;
      entries.set(
        account.id,
        same ? { ...old, account } : { account, coolUntil: 0, reason: undefined, current: 0 },
      );
    }
    this.#entries = entries;
    this.#enabled = accounts.filter((account) => account.enabled);
  }

  /** Enabled accounts in the order of the settings; the same array until the settings change. */
  enabled(): readonly Account[] {
    return this.#enabled;
  }

  get(id: string): Account | undefined {
    return this.#entries.get(id)?.account;
  }

  /**
   * The order in which to try these accounts: healthy before cooling (soonest back first), higher `priority` first,
   * then in turn by `weight` (smooth weighted round robin: the first of the result is the one whose turn it is).
   */
  order(accounts: Account[]): Account[] {
    if (accounts.length <= 1) return accounts;
    const now = this.now();
    const entries = accounts.flatMap((account) => this.#entries.get(account.id) ?? []);
    const healthy = entries.filter((entry) => entry.coolUntil <= now);
    const cooling = entries
      .filter((entry) => entry.coolUntil > now)
      .sort((a, b) => a.coolUntil - b.coolUntil);
    const top = Math.max(...healthy.map((entry) => entry.account.priority));
    const turn = healthy.filter((entry) => entry.account.priority === top);
    const total = turn.reduce((sum, entry) => sum + entry.account.weight, 0);
    for (const entry of turn) entry.current += entry.account.weight;
    turn.sort((a, b) => b.current - a.current);
    if (turn[0]) turn[0].current -= total;
    const rest = healthy
      .filter((entry) => entry.account.priority !== top)
      .sort((a, b) => b.account.priority - a.account.priority);
    return [...turn, ...rest, ...cooling].map((entry) => entry.account);
  }

  /**
   * Books trouble: the account is tried last until its time is over.
   * @param kind `limited` 429/529, `failed` 5xx or no connection, `refused` its key was not accepted
   * @param retryAfterSeconds what the upstream said, at most an hour counts
   */
  rest(id: string, kind: keyof typeof DEFAULT_REST_MS, reason: string, retryAfterSeconds?: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const known = retryAfterSeconds !== undefined && retryAfterSeconds >= 0;
    const ms = known ? Math.min(retryAfterSeconds * 1000, LONGEST_REST_MS) : DEFAULT_REST_MS[kind];
    const until = this.now() + ms;
    // A broken connection tells nothing of a limit or a key: such a rest is not cut short by it.
    if (kind === 'failed' && until < entry.coolUntil) return;
    entry.coolUntil = until;
    entry.reason = reason;
    this.changed();
  }

  /** The account served: whatever was booked is over. */
  recovered(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.coolUntil === 0) return;
    entry.coolUntil = 0;
    entry.reason = undefined;
    this.changed();
  }

  status(): AccountStatus[] {
    const now = this.now();
    return [...this.#entries.values()].map(({ account, coolUntil, reason }) => {
      const base = {
        id: account.id,
        label: labelOf(account),
        provider: account.provider,
        enabled: account.enabled,
      };
      if (!account.enabled) return { ...base, state: 'disabled' };
      if (coolUntil <= now) return { ...base, state: 'healthy' };
      return { ...base, state: 'cooling', until: coolUntil, ...(reason !== undefined && { reason }) };
    });
  }
}
