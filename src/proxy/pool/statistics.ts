/** What an account's last answers were like: plain numbers, nothing grows. */

const WINDOW = 50;
/** Weight of the newest latency in the moving average. */
const NEWEST = 0.2;

export class Statistics {
  readonly #outcomes = new Uint8Array(WINDOW);
  #next = 0;
  #count = 0;
  #good = 0;
  #latencyMs: number | undefined;
  /** Good answers in all. */
  served = 0;

  /** @param latencyMs to its first byte */
  succeeded(latencyMs: number): void {
    this.served++;
    this.#latencyMs =
      this.#latencyMs === undefined ? latencyMs : this.#latencyMs + NEWEST * (latencyMs - this.#latencyMs);
    this.#note(1);
  }

  failed(): void {
    this.#note(0);
  }

  #note(good: 0 | 1): void {
    this.#good += good - (this.#outcomes[this.#next] ?? 0);
    this.#outcomes[this.#next] = good;
    this.#next = (this.#next + 1) % WINDOW;
    if (this.#count < WINDOW) this.#count++;
  }

  /** Of the last fifty, between 0 and 1; undefined before the first. */
  get successRate(): number | undefined {
    return this.#count === 0 ? undefined : this.#good / this.#count;
  }

  /** Milliseconds to the first byte, a moving average; undefined before the first. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }
}
