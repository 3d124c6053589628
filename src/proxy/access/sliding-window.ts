/** Length of the window, in milliseconds. */
const WINDOW_MS = 60_000;

/** Admits at most so many requests in any sixty seconds. Remembers the times of those it admitted, and no others. */
export class SlidingWindow {
  /** A ring once it is full: the oldest stands at {@link #next}. */
  #times: number[] = [];
  #next = 0;

  constructor(private limit: number) {}

  /** Takes another limit; what was admitted counts against it. */
  setLimit(limit: number): void {
    if (limit === this.limit) return;
    const inOrder = [...this.#times.slice(this.#next), ...this.#times.slice(0, this.#next)];
    this.limit = limit;
    this.#times = inOrder.slice(-limit);
    this.#next = 0;
  }

  /**
   * Admits a request, or says when to come back.
   * @param now Unix time in milliseconds
   * @returns 0 when it is admitted, else the milliseconds until the next one will be
   */
  take(now: number): number {
    if (this.#times.length < this.limit) {
      // While it is no full ring the oldest stands first.
      this.#times.push(now);
      return 0;
    }
    const oldest = this.#times[this.#next] ?? 0;
    // A clock that was set back must not lock anybody out for longer than the window.
    const wait = Math.min(oldest + WINDOW_MS - now, WINDOW_MS);
    if (wait > 0 && oldest <= now) return wait;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.limit;
    return 0;
  }
}
