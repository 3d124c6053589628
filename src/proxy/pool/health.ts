/** The health of one thing that may rest: an account, or one model of it. A state machine whose clock is handed in. */
import type { Health } from '../../shared/status';
import {
  failureRest,
  limitRest,
  LONGEST_TOLD_MS,
  PROBE_AGAIN_MS,
  SHAKY_MS,
  SUSPICION_MS,
  type GuessedRest,
} from './backoff';

/** What went wrong. `what`: in a few words; `reason`: in the provider's, for a person. */
export interface Trouble {
  readonly kind: 'rate_limit' | 'overloaded' | 'unavailable';
  readonly what: string;
  readonly reason: string;
}

/**
 * Whether it may be asked: `ready`; `probed`: its rest is over and another request is finding out; `early`: it rests, but as
 * nobody knows for how long, one request may try when there is nobody else; `resting`; `dead`.
 * In the order of preference.
 */
export const PHASE = { ready: 0, probed: 1, early: 2, resting: 3, dead: 4 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

/** A refusal without a limit's name: whose request met it, and when. */
interface Suspicion {
  who: string;
  time: number;
}

export class Slot {
  /** Unix ms; 0 when it does not rest. */
  #until = 0;
  #earlyAt = 0;
  #earlyMs = 0;
  #told = false;
  #halfOpen = false;
  #restSeq = 0;
  #trouble: Trouble | undefined;
  #dead: Trouble | undefined;
  #strikes = 0;
  #failures = 0;
  #failureSeq = 0;
  #shakyUntil = 0;
  #suspicion: Suspicion | undefined;
  #spentUntil = 0;
  #spentWhat = '';
  /** Requests that find out whether it works again. */
  probes = 0;
  /** What was told of it last, and until when. */
  announced: Health = 'healthy';
  announcedUntil = 0;

  /** Nothing keeps it from being asked in its turn: most slots at most times. */
  get quiet(): boolean {
    return this.#until === 0 && this.#dead === undefined && this.#shakyUntil === 0 && this.#spentUntil === 0;
  }

  /** Nothing at all needs to be remembered. */
  isBlank(now: number): boolean {
    this.spent(now);
    this.shaky(now);
    const suspected = this.#suspicion !== undefined && now - this.#suspicion.time <= SUSPICION_MS;
    const booked = this.#strikes > 0 || this.#failures > 0 || suspected;
    return this.quiet && !booked && this.probes === 0 && this.announced === 'healthy';
  }

  state(now: number): Health {
    if (this.#dead) return 'disabled';
    if (this.#until === 0) return 'healthy';
    if (now < this.#until) return 'cooling';
    return this.#halfOpen ? 'probing' : 'healthy';
  }

  phase(now: number): Phase {
    if (this.#dead) return PHASE.dead;
    if (this.#until === 0) return PHASE.ready;
    if (now >= this.#until) return this.#halfOpen && this.probes > 0 ? PHASE.probed : PHASE.ready;
    if (this.#told || now < this.#earlyAt) return PHASE.resting;
    return this.probes === 0 || this.#earlyMs === 0 ? PHASE.early : PHASE.resting;
  }

  /** Whether whoever asks it now finds out whether it works. */
  isProbe(now: number): boolean {
    return this.#until !== 0 && (now < this.#until || this.#halfOpen);
  }

  /** Unix ms at which its rest ends, 0 when it does not rest. */
  get until(): number {
    return this.#until;
  }

  /** Unix ms at which somebody may ask it again at the soonest; undefined when it does not rest, Infinity when it is dead. */
  recovery(now: number): number | undefined {
    if (this.#dead) return Infinity;
    if (now >= this.#until) return undefined;
    return this.#told ? this.#until : Math.min(this.#until, Math.max(now, this.#earlyAt));
  }

  get trouble(): Trouble | undefined {
    return this.#dead ?? this.#trouble;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Behind others after a failure. */
  shaky(now: number): boolean {
    if (this.#shakyUntil !== 0 && now >= this.#shakyUntil) this.#shakyUntil = 0;
    return this.#shakyUntil !== 0;
  }

  /** What a good answer said to be used up, and until when; undefined when nothing is. */
  spent(now: number): { what: string; until: number } | undefined {
    if (this.#spentUntil !== 0 && now >= this.#spentUntil) this.#spentUntil = 0;
    return this.#spentUntil === 0 ? undefined : { what: this.#spentWhat, until: this.#spentUntil };
  }

  /** Asked last until then. Unix ms; 0 takes it back. */
  spend(what: string, until: number): void {
    this.#spentUntil = until;
    this.#spentWhat = what;
  }

  /** A rest that the provider told, in seconds. A longer one that it told before stays; a guess gives way. */
  restTold(trouble: Trouble, seconds: number, now: number, seq: number): void {
    const ms = Math.min(Math.max(seconds, 0) * 1000, LONGEST_TOLD_MS);
    if (ms === 0 || this.#dead) return;
    if (this.#told && now < this.#until && this.#until >= now + ms) return;
    this.#rest(trouble, now + ms, seq);
    this.#told = true;
    this.#halfOpen = seconds * 1000 > LONGEST_TOLD_MS;
  }

  /**
   * A limit of which nobody knows when it ends.
   * @param began when the request began: what began before a rest tells nothing new about it
   */
  restGuessed(trouble: Trouble, now: number, began: number, seq: number): void {
    if (this.#dead || (this.#until !== 0 && began < this.#restSeq)) return;
    this.#strikes++;
    const { restMs, earlyMs } = limitRest(this.#strikes);
    // Capacity comes back at any moment, and refuses one request and takes the next: nobody's quota is waited for.
    const most = trouble.kind === 'overloaded' ? PROBE_AGAIN_MS : earlyMs;
    this.#guess(trouble, { restMs, earlyMs: Math.min(earlyMs, most) }, now, seq);
  }

  /** It failed: once puts it behind others, twice in a row lets it rest. */
  fail(trouble: Trouble, now: number, began: number, seq: number): void {
    if (this.#dead || began < this.#failureSeq) return;
    this.#failureSeq = seq;
    this.#failures++;
    const rest = failureRest(this.#failures);
    if (rest) this.#guess(trouble, rest, now, seq);
    else this.#shakyUntil = now + SHAKY_MS;
  }

  /** An answer broke off after {@link succeed} had forgotten its failures: they count again. */
  remember(failures: number): void {
    this.#failures = Math.max(this.#failures, failures);
  }

  #guess(trouble: Trouble, { restMs, earlyMs }: GuessedRest, now: number, seq: number): void {
    // What the provider told is known better, and a longer rest is not cut short by another trouble.
    if (now < this.#until && (this.#told || this.#until >= now + restMs)) return;
    this.#rest(trouble, now + restMs, seq);
    this.#told = false;
    this.#halfOpen = true;
    this.#earlyMs = earlyMs;
    this.#earlyAt = now + earlyMs;
  }

  #rest(trouble: Trouble, until: number, seq: number): void {
    this.#trouble = trouble;
    this.#until = until;
    this.#restSeq = seq;
  }

  /** A probe ended without a verdict on this slot: the next early one waits for a moment. */
  putOff(now: number): void {
    if (now < this.#until && !this.#told) this.#earlyAt = now + Math.min(this.#earlyMs, PROBE_AGAIN_MS);
  }

  /** Nothing but {@link reset} brings it back (SPEC 5.8). */
  die(trouble: Trouble): void {
    this.#dead = trouble;
  }

  /**
   * It answered well.
   * @param began when that request began: an older one cannot overrule a time that the provider told since
   */
  succeed(began: number): void {
    this.#strikes = 0;
    this.#failures = 0;
    this.#shakyUntil = 0;
    this.#suspicion = undefined;
    if (this.#until === 0 || (this.#told && began < this.#restSeq)) return;
    this.#until = 0;
    this.#trouble = undefined;
  }

  /**
   * A refusal that named no limit (SPEC 5.7).
   * @param who whose request it was
   * @returns whether somebody else's met the same within {@link SUSPICION_MS}, and no success came between
   */
  suspect(who: string, now: number): boolean {
    const before = this.#suspicion;
    this.#suspicion = { who, time: now };
    return before !== undefined && before.who !== who && now - before.time <= SUSPICION_MS;
  }

  /** Ends a rest whose time is over; half-open ones wait for their probe. */
  settle(now: number): void {
    if (this.#until === 0 || now < this.#until || this.#halfOpen) return;
    this.#until = 0;
    this.#trouble = undefined;
  }

  /** The clock was set back by so many milliseconds: what is left of every wait stays what it was. */
  setBack(ms: number): void {
    if (this.#until !== 0) this.#until -= ms;
    if (this.#shakyUntil !== 0) this.#shakyUntil -= ms;
    if (this.#spentUntil !== 0) this.#spentUntil -= ms;
    this.#earlyAt -= ms;
    if (this.#suspicion) this.#suspicion.time -= ms;
  }

  /** By hand, or after a test that passed: as if nothing had been. */
  reset(): void {
    this.#until = 0;
    this.#told = false;
    this.#halfOpen = false;
    this.#trouble = undefined;
    this.#dead = undefined;
    this.#strikes = 0;
    this.#failures = 0;
    this.#shakyUntil = 0;
    this.#suspicion = undefined;
    this.#spentUntil = 0;
  }
}
