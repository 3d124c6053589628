import type { MonitorEvent } from '../../shared/monitor';
import { type Disposable, Emitter } from '../disposable';

/** Those who listen to the monitor. The core is told to speak while there are any, and not otherwise. */
export class MonitorWatch {
  readonly #events: Emitter<MonitorEvent>;
  readonly #watch: (on: boolean) => void;
  #listeners = 0;

  /**
   * @param watch tells the core whether somebody listens, if there is one
   * @param onError hears what a listener threw
   */
  constructor(watch: (on: boolean) => void, onError: (error: unknown) => void) {
    this.#events = new Emitter(onError);
    this.#watch = watch;
  }

  /** Adds a listener. */
  readonly on = (listener: (event: MonitorEvent) => void): Disposable => {
    const heard = this.#events.on(listener);
    let listening = true;
    this.#listeners += 1;
    if (this.#listeners === 1) this.#watch(true);
    return {
      dispose: () => {
        if (!listening) return;
        listening = false;
        heard.dispose();
        this.#listeners -= 1;
        if (this.#listeners === 0) this.#watch(false);
      },
    };
  };

  /** Passes on what the core says. */
  hear(event: MonitorEvent): void {
    this.#events.fire(event);
  }

  /** To be called when a core was loaded: it knows of nobody, and what the one before it said may be out of date. */
  renew(): void {
    if (this.#listeners === 0) return;
    this.#watch(true);
    this.hear({ type: 'changed', added: 0 });
  }

  dispose(): void {
    this.#events.dispose();
  }
}
