/** Ownership: whatever is opened is registered at birth and let go in reverse order. */

export interface Disposable {
  dispose(): unknown;
}

/** Owns disposables. Disposing is idempotent; what is added afterwards is disposed at once. */
export class DisposableStore implements Disposable {
  #owned: Disposable[] | undefined = [];

  /** Takes ownership and hands the thing back. */
  add<T extends Disposable>(thing: T): T {
    if (this.#owned) this.#owned.push(thing);
    else thing.dispose();
    return thing;
  }

  dispose(): void {
    const owned = this.#owned;
    this.#owned = undefined;
    for (const thing of owned?.reverse() ?? []) thing.dispose();
  }
}

/** Listeners of one event. One that throws is reported and does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;

  /** @param onError hears what a listener threw */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a listener; the same function may be added once. */
  readonly on = (listener: (value: T) => void): Disposable => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
