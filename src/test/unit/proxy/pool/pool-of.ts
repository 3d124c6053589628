import type { Account } from '../../../../shared/settings';
import type { PoolEvent } from '../../../../shared/status';
import { Pool, type PoolSettings } from '../../../../proxy/pool/pool';
import type { PoolCandidate, PoolRequest, PoolWish } from '../../../../proxy/pool/pool-request';
import type { Verdict } from '../../../../proxy/pool/verdict';

export const account = (id: string, more: Partial<Account> = {}): Account => ({
  id,
  provider: 'ollama',
  key: 'k',
  enabled: true,
  priority: 0,
  weight: 1,
  ...more,
});

export const RPM = 'requests per minute';
type Limited = Extract<Verdict, { type: 'limited' }>;

/** A limit with a time. */
export const told = (waitSeconds: number, scope: Limited['scope'] = 'key'): Verdict => ({
  type: 'limited',
  scope,
  told: true,
  waitSeconds,
  what: RPM,
});
/** A limit that names itself, but no time. */
export const timeless = (scope: Limited['scope'] = 'key'): Verdict => ({
  type: 'limited',
  scope,
  told: true,
  what: RPM,
});
/** A 429 that says nothing at all. */
export const hintless = (scope: Limited['scope'] = 'model'): Verdict => ({
  type: 'limited',
  scope,
  told: false,
  what: 'rate limit',
});
export const overloaded: Verdict = {
  type: 'limited',
  scope: 'key',
  told: false,
  overloaded: true,
  what: 'overloaded',
};
export const failed: Verdict = { type: 'failed' };
export const dead = (scope: Limited['scope'] = 'key'): Verdict => ({ type: 'dead', scope, why: 'key' });

/** One request: `wish` as the pool takes it, groups as ids (model `m`) or `id/model`. */
export interface Wish {
  groups: string[][];
  session?: string | undefined;
  asker?: string;
}

/** A pool with a clock that is set by hand. */
export function poolOf(accounts: Account[], settings: Partial<PoolSettings> = {}) {
  const clock = { now: 1_000_000, changes: 0 };
  const events: PoolEvent[] = [];
  const random = { next: () => 0.5 };
  const pool = new Pool({
    now: () => clock.now,
    changed: () => clock.changes++,
    event: (event) => events.push(event),
    random: () => random.next(),
  });
  const all: PoolSettings = {
    accounts,
    scheduling: 'cache_first',
    stickySessions: true,
    stickyMinutes: 60,
    preferredAccount: '',
    ...settings,
  };
  const configure = (more: Partial<PoolSettings> = {}) => {
    Object.assign(all, more);
    pool.configure(all);
  };
  configure();

  const candidate = (name: string): PoolCandidate => {
    const [id = '', model = 'm'] = name.split('/');
    return { account: pool.get(id) ?? account(id), model };
  };
  const wish = ({ groups, session, asker = '' }: Wish): PoolWish<PoolCandidate> => ({
    groups: groups.map((group) => group.map(candidate)),
    session: () => session,
    asker,
  });
  const request = (
    groups: string[][] | string[] = [accounts.map(({ id }) => id)],
    more: Partial<Wish> = {},
  ) =>
    pool.request(
      wish({ groups: groups.map((group) => (typeof group === 'string' ? [group] : group)), ...more }),
    );
  /** Asks one account once: what becomes of it is the verdict, or it serves. Gives the request back, released. */
  const ask = (name: string, verdict?: Verdict, more: Partial<Wish> = {}) => {
    const asking = request([[name]], more);
    const got = took(asking);
    if (got === undefined) throw new Error(`${name} could not be asked`);
    if (verdict) asking.failed(verdict, 'why');
    else asking.served(10);
    asking.release();
    return asking;
  };
  /** Whether an account may be asked now. */
  const askable = (name: string) => {
    const asking = request([[name]]);
    const got = took(asking);
    asking.release();
    return got !== undefined;
  };
  const state = (id: string) => pool.status().find((each) => each.id === id)?.state;
  const statusOf = (id: string) => pool.status().find((each) => each.id === id);
  const wait = (seconds: number) => (clock.now += seconds * 1000);
  return { pool, clock, events, random, configure, candidate, request, ask, askable, state, statusOf, wait };
}

/** Takes; the account's id, or undefined when nobody could be taken. */
export function took(request: PoolRequest<PoolCandidate>): string | undefined {
  const result = request.take();
  return result.type === 'taken' ? result.taken.candidate.account.id : undefined;
}

/** One request that serves at the first account: its id, and how it was chosen. */
export function serve(request: PoolRequest<PoolCandidate>): string {
  const result = request.take();
  if (result.type !== 'taken') throw new Error(`nobody to take: ${result.type}`);
  request.served(10);
  request.release();
  return `${result.taken.candidate.account.id} ${result.taken.chosenBy}`;
}

/** Lets promised callbacks happen. */
export const soon = () => new Promise((resolve) => setImmediate(resolve));
