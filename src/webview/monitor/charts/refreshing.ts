import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onEvent, onReturn } from '../link';

/** Fresh numbers come at most this often while exchanges end, in milliseconds. */
const CHANGE_MS = 2000;
/** And at least this often: an hour's span moves on though nothing happens. */
const TIME_MS = 60_000;

/**
 * Loads what its part shows, again when it changed, and not while nobody sees the part: neither behind another tab of
 * the editor nor on a page of the view that is not shown.
 */
export class Refreshing implements ReactiveController {
  #stop: (() => void)[] = [];
  #seen = false;
  #stale = true;
  #loading = false;
  #lastMs = -CHANGE_MS;
  #timer: number | undefined;

  /** @param load asks and takes the answer; what it throws is its own to show */
  constructor(
    private readonly host: ReactiveControllerHost & Element,
    private readonly load: () => Promise<void>,
  ) {
    host.addController(this);
  }

  /** Something else is to be shown: asks at once, if it is seen. */
  now(): void {
    this.#lastMs = -CHANGE_MS;
    this.#changed();
  }

  hostConnected(): void {
    const observer = new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1)?.isIntersecting ?? false;
      this.#next();
    });
    observer.observe(this.host);
    const clock = window.setInterval(() => this.#changed(), TIME_MS);
    this.#stop = [
      () => observer.disconnect(),
      () => window.clearInterval(clock),
      onEvent(({ type }) => type === 'changed' && this.#changed()),
      onReturn(() => this.now()),
    ];
  }

  hostDisconnected(): void {
    for (const stop of this.#stop) stop();
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seen = false;
    this.#stale = true;
  }

  #changed(): void {
    this.#stale = true;
    this.#next();
  }

  #next(): void {
    if (!this.#stale || !this.#seen || this.#loading || document.hidden) return;
    window.clearTimeout(this.#timer);
    const wait = this.#lastMs + CHANGE_MS - performance.now();
    if (wait > 0) this.#timer = window.setTimeout(() => this.#next(), wait);
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#stale = false;
    this.#loading = true;
    this.#lastMs = performance.now();
    await this.load();
    this.#loading = false;
    this.#next();
  }
}
