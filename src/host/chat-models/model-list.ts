import type { Controller } from '../controller/controller';
import { type Disposable, DisposableStore, Emitter } from '../disposable';
import { listProxyModels, type ProxyAddress } from './ask-proxy';

/** A model that the pool has. */
export interface PoolModel {
  id: string;
  /** Of the account that would be asked first; `portside` for the name of a route. */
  provider: string;
}

/** Accounts are asked again for what they have after so long, when somebody looks. */
const FRESH_MS = 60_000;
const PATIENCE_MS = 10_000;

/**
 * The models that the running proxy has for the editor, kept so that nobody who asks must wait: the editor asks from
 * everywhere, also when an account “Editor models” asks the editor. Its own models are not among them.
 */
export class ModelList implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #changed: Emitter<void>;
  readonly #gone = new AbortController();
  #models: readonly PoolModel[] = [];
  /** What the list depends on, as it was when the list was asked for. */
  #basis = '';
  #at = 0;
  #asking: Promise<void> | undefined;
  /** Somebody wanted to see the models: before, no account is asked for them. */
  #wanted = false;
  /** Calls back when {@link known} tells something new. */
  readonly onDidChange: Emitter<void>['on'];

  constructor(
    private readonly controller: Controller,
    private readonly address: () => Promise<ProxyAddress | undefined>,
    private readonly warn: (message: string) => void,
  ) {
    this.#changed = this.#owned.add(
      new Emitter<void>((error) => warn(`A listener failed: ${String(error)}`)),
    );
    this.onDidChange = this.#changed.on;
    this.#owned.add(controller.onDidChange(() => this.#look()));
    this.#look();
  }

  /**
   * The models of the moment. Waits for the first list after a change, but never where the proxy may be waiting for the
   * editor: with an account of the editor's models.
   */
  async models(): Promise<readonly PoolModel[]> {
    this.#wanted = true;
    if (this.#basis !== '' && Date.now() - this.#at > FRESH_MS) this.#ask();
    const circle = this.controller
      .accounts()
      .some(({ provider, enabled }) => enabled && provider === 'vscode');
    if (!circle) await this.#asking;
    return this.#models;
  }

  dispose(): void {
    this.#gone.abort();
    this.#owned.dispose();
  }

  /** Asks anew when something changed that the list depends on. */
  #look(): void {
    const { state, listening, accounts } = this.controller.status();
    const running = state === 'running' && listening !== undefined;
    const basis = running
      ? JSON.stringify([
          listening.url,
          this.controller.accounts(),
          accounts.map(({ id, enabled, state: health }) => [id, enabled, health === 'disabled']),
          this.controller.settings().routes,
        ])
      : '';
    if (basis === this.#basis) return;
    this.#basis = basis;
    this.#at = 0;
    if (!running) this.#keep([]);
    else if (this.#wanted) this.#ask();
  }

  #ask(): void {
    const basis = this.#basis;
    this.#at = Date.now();
    const asking = this.#fetch()
      .then((models) => {
        // A change meanwhile has asked again.
        if (basis === this.#basis) this.#keep(models);
      })
      .catch((error: unknown) => {
        if (basis !== this.#basis || this.#gone.signal.aborted) return;
        // Whoever looks next asks again.
        this.#at = 0;
        this.warn(`The models for the editor's chat are not to be had: ${String(error)}`);
      })
      .finally(() => {
        if (this.#asking === asking) this.#asking = undefined;
      });
    this.#asking = asking;
  }

  async #fetch(): Promise<PoolModel[]> {
    const address = await this.address();
    if (!address) return [];
    const signal = AbortSignal.any([this.#gone.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const models = await listProxyModels(address, signal);
    return models.flatMap(({ id, providers }) => {
      const [provider] =
        providers.length === 0 ? ['portside'] : providers.filter((name) => name !== 'vscode');
      return provider === undefined ? [] : [{ id, provider }];
    });
  }

  #keep(models: readonly PoolModel[]): void {
    if (JSON.stringify(models) === JSON.stringify(this.#models)) return;
    this.#models = models;
    this.#changed.fire();
  }
}
