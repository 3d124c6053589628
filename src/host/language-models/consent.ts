import type { Memory } from '../accounts/accounts';
import { type Disposable, Emitter } from '../disposable';

/** Where the names are kept between two runs of the editor. */
const ALLOWED = 'portside.editorModels';

/**
 * Whose models the user lets Portside use, by their vendors' names (`copilot`). Only the command “Allow Editor Models” and
 * what a person adds or tests by hand ask for it: a request of an agent in the background never makes the editor ask.
 */
export class EditorModelConsent implements Disposable {
  readonly #changed: Emitter<void>;
  readonly onDidChange: Emitter<void>['on'];

  constructor(
    private readonly memory: Memory,
    onError: (error: unknown) => void,
  ) {
    this.#changed = new Emitter<void>(onError);
    this.onDidChange = this.#changed.on;
  }

  /** Read each time: another window may have been told. */
  vendors(): readonly string[] {
    const kept = this.memory.get<unknown>(ALLOWED);
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  }

  /** Takes the place of what was allowed before. */
  async allow(vendors: readonly string[]): Promise<void> {
    await this.memory.update(ALLOWED, [...vendors]);
    this.#changed.fire();
  }

  /** The editor refused: the user thought better of it. */
  async withdraw(vendor: string): Promise<void> {
    const left = this.vendors().filter((name) => name !== vendor);
    if (left.length < this.vendors().length) await this.allow(left);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
