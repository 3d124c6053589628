/** One shared timer for every open stream: heart-beats and idle limits, nothing on the byte path. */

export interface Ticking {
  /** Called about four times a second with the number of milliseconds since the last call. */
  tick(elapsedMs: number): void;
}

const PERIOD_MS = 250;

export class Ticker {
  readonly #members = new Set<Ticking>();
  #timer: NodeJS.Timeout | undefined;

  /** Begins to call `member.tick`; ended by {@link remove}. */
  add(member: Ticking): void {
    this.#members.add(member);
    this.#timer ??= setInterval(() => {
      for (const each of this.#members) each.tick(PERIOD_MS);
    }, PERIOD_MS).unref();
  }

  remove(member: Ticking): void {
    this.#members.delete(member);
    if (this.#members.size === 0 && this.#timer) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Ends every call. */
  dispose(): void {
    this.#members.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
