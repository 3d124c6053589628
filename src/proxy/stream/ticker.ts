/** One shared timer for every open stream: heart-beats and idle limits, nothing on the byte path. */

import { Roster, type Rostered } from './roster';

export interface Ticking extends Rostered {
  /** Called about four times a second with the number of milliseconds since the last call. */
  tick(elapsedMs: number): void;
}

const PERIOD_MS = 250;

export class Ticker {
  readonly #members = new Roster<Ticking>();
  #timer: NodeJS.Timeout | undefined;

  /** Begins to call `member.tick`; ended by {@link remove}. */
  add(member: Ticking): void {
    this.#members.add(member);
    // The timer outlives its last member by one beat: with short answers it would be made anew for each.
    this.#timer ??= setInterval(() => {
      if (this.#members.size === 0) this.#rest();
      this.#members.each((each) => {
        each.tick(PERIOD_MS);
      });
    }, PERIOD_MS).unref();
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
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
