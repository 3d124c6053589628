/** One request's way through the pool: whom it may ask, in which order, and what became of it there. */
import type { Account } from '../../shared/settings';
import type { Skipped } from '../../shared/exchange';
import type { Verdict } from './verdict';

/** One way to serve a request: an account and the model to ask it for. */
export interface PoolCandidate {
  readonly account: Account;
  readonly model: string;
}

/** How the account was chosen. */
export type ChosenBy = 'only' | 'sticky' | 'preferred' | 'turn' | 'fastest' | 'chain' | 'failover' | 'probe';

/** What a request brings to the pool. */
export interface PoolWish<C extends PoolCandidate> {
  /**
   * A fallback chain: groups in the user's order; the accounts of one group have equal claim, and the pool's scheduling decides
   * among them. A later group is asked when nobody of the earlier ones can be.
   */
  readonly groups: readonly (readonly C[])[];
  /** Names the conversation, for sticky sessions; called at most once, and only when it makes a difference. */
  readonly session: () => string | undefined;
  /** Names who asks, for the fairness of the queue (a client key's name, an address); '' when unknown. */
  readonly asker: string;
}

/** A place at an account, from {@link PoolRequest.take} until `release`. */
export interface Taken<C extends PoolCandidate> {
  readonly candidate: C;
  readonly chosenBy: ChosenBy;
}

/**
 * `taken`: ask it. `full`: everybody who may be asked has reached its cap; wait with {@link PoolRequest.wait}. `none`: nobody
 * is left.
 */
export type NextResult<C extends PoolCandidate> =
  { type: 'taken'; taken: Taken<C> } | { type: 'full' } | { type: 'none' };

/**
 * Used in this order: `take`, then one of `served`, `failed`, `unable`, and after `failed` or `unable` perhaps `take` again;
 * `release` once at the very end, whatever happened (idempotent). One place is held at a time.
 */
export interface PoolRequest<C extends PoolCandidate> {
  /** The best candidate that was not yet taken, by the state of this moment. Takes a place there. */
  take(): NextResult<C>;
  /** Calls back (later, never at once) when `take` may give somebody again; in fair turns between askers. Returns its own withdrawal. */
  wait(ready: () => void): () => void;
  /**
   * How many others could be asked now after the one that is taken: healthy, not yet taken. (Hot path: no allocation.)
   */
  remaining(): number;
  /** The account answered well: its first byte is there, after so many milliseconds. The place stays taken. */
  served(latencyMs: number): void;
  /** It could not: books what the verdict says, gives the place back. `reason` is for a person and holds no secret. */
  failed(verdict: Verdict, reason: string): void;
  /** Its protocol cannot carry this request: nothing is booked, the place is given back. */
  unable(): void;
  /** An answer that had begun broke off: books it as `failed` without taking the place back. */
  broke(reason: string): void;
  /** The request is over. Books the 429s that were told to be the accounts' (see Verdict). */
  release(): void;
  /** Who could have served but was left out, with the reasons; each once. */
  skipped(): Skipped[];
  /** Unix ms at which the first of the candidates that rest may be asked again; undefined when none rests. */
  earliest(): number | undefined;
  /** The last trouble of the candidate that comes back first: what to say when nobody was asked at all. */
  lastReason():
    { reason: string; status: 429 | 503; kind: 'rate_limit' | 'overloaded' | 'unavailable' } | undefined;
}
