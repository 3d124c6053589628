/** One account in the pool: its health and that of its models, its places, its numbers. */
import type { Account } from '../../shared/settings';
import { FairQueue } from './fair-queue';
import { PHASE, Slot, type Phase } from './health';
import { Statistics } from './statistics';

/** Models whose state is kept, per account; names come from clients. */
const MOST_MODELS = 200;

/**
 * How gladly it is asked: `ready` in its turn; `shaky` behind those after a failure; `spent` behind all healthy ones; the
 * rest as {@link PHASE}: only when nobody is healthy, or not at all.
 */
export const STANDING = { ready: 0, shaky: 1, spent: 2, probed: 3, early: 4, resting: 5, dead: 6 } as const;
export type Standing = (typeof STANDING)[keyof typeof STANDING];

const OF_PHASE: Record<Phase, Standing> = {
  [PHASE.ready]: STANDING.ready,
  [PHASE.probed]: STANDING.probed,
  [PHASE.early]: STANDING.early,
  [PHASE.resting]: STANDING.resting,
  [PHASE.dead]: STANDING.dead,
};

/** @typeParam W what waits for a place */
export class Entry<W> {
  /** The account as a whole. */
  readonly key = new Slot();
  /** Models of which there is something to remember. */
  readonly models = new Map<string, Slot>();
  readonly statistics = new Statistics();
  readonly queue = new FairQueue<W>();
  /** Smooth weighted round robin's running value. */
  current = 0;
  inFlight = 0;
  /** Places that were promised to waiters who have been called. */
  promised = 0;

  constructor(public account: Account) {}

  get full(): boolean {
    const cap = this.account.maxConcurrent;
    return cap !== undefined && this.inFlight + this.promised >= cap;
  }

  /** Healthy in every respect: no clock is needed to say so. */
  get quiet(): boolean {
    return this.models.size === 0 && this.account.enabled && this.key.quiet;
  }

  standing(model: string, now: number): Standing {
    if (this.quiet) return STANDING.ready;
    if (!this.account.enabled) return STANDING.dead;
    const slot = this.models.get(model);
    const phase = this.key.phase(now);
    const worse = slot ? Math.max(phase, slot.phase(now)) : phase;
    if (worse !== PHASE.ready) return OF_PHASE[worse as Phase];
    if (slot?.spent(now)) return STANDING.spent;
    return this.key.shaky(now) ? STANDING.shaky : STANDING.ready;
  }

  /** The slot of a model, made when there is none. */
  slot(model: string, now: number): Slot {
    let slot = this.models.get(model);
    if (slot) return slot;
    if (this.models.size >= MOST_MODELS) this.#makeRoom(now);
    this.models.set(model, (slot = new Slot()));
    return slot;
  }

  /** The one of its two slots for which a model is not to be had, or for longer. */
  worse(model: string, now: number): Slot {
    const slot = this.models.get(model);
    if (!slot) return this.key;
    const [a, b] = [this.key.phase(now), slot.phase(now)];
    if (a !== b) return a > b ? this.key : slot;
    const [later, own] = [this.key.recovery(now) ?? 0, slot.recovery(now) ?? 0];
    if (later !== own) return later > own ? this.key : slot;
    return slot.trouble ? slot : this.key;
  }

  /** Unix ms at which a model of it may be asked again; undefined when it does not rest, Infinity when it is dead. */
  recovery(model: string, now: number): number | undefined {
    const key = this.key.recovery(now);
    const own = this.models.get(model)?.recovery(now);
    return key === undefined || own === undefined ? (key ?? own) : Math.max(key, own);
  }

  /** Forgets models of which there is nothing left to remember. */
  tidy(now: number): void {
    for (const [model, slot] of this.models) if (slot.isBlank(now)) this.models.delete(model);
  }

  #makeRoom(now: number): void {
    this.tidy(now);
    if (this.models.size < MOST_MODELS) return;
    for (const [model, slot] of this.models)
      if (slot.probes === 0) {
        this.models.delete(model);
        return;
      }
  }
}
