/** One shared timer for every open stream: heart-beats and idle limits, nothing on the byte path. */

import { Roster, type Rostered } from './roster';

export interface Ticking extends Rostered {
  /** Called about four times a second with the number of milliseconds since the last call. */
  tick(elapsedMs: number): void;
}

/** Calls back again and again with the milliseconds since the last call, until the function that it returns is called. */
export type Every = (beat: (elapsedMs: number) => void) => () => void;

const PERIOD_MS = 250;

/** Four times a second, on the real clock. Keeps no process alive. */
const everyPeriod: Every = (beat) => {
  const timer = setInterval(() => {
    beat(PERIOD_MS);
  }, PERIOD_MS).unref();
  return () => {
    clearInterval(timer);
  };
};

export class Ticker {
  readonly #members = new Roster<Ticking>();
  #end: (() => void) | undefined;

  /** @param every when to beat; absent: on the real clock */
  constructor(private readonly every: Every = everyPeriod) {}

  /** Begins to call `member.tick`; ended by {@link remove}. */
  add(member: Ticking): void {
    this.#members.add(member);
    // The timer outlives its last member by one beat: with short answers it would be made anew for each.
    this.#end ??= this.every((elapsedMs) => {
      if (this.#members.size === 0) this.#rest();
      this.#members.each((each) => {
        each.tick(elapsedMs);
      });
    });
  }

  remove(member: Ticking): void {
    this.#members.remove(member);
  }

  /** Ends every call. */
  dispose(): void {
    this.#members.clear();
    this.#rest();
  }

  #rest(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
