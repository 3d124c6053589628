import type { LanguageModels } from '../../shared/language-models';
import type { LmToHost, LmToThread } from '../../shared/thread-messages';

/** Answers what one thread asks of the editor's models: the other end of proxy/thread-language-models.ts. */
export class ThreadAnswers {
  readonly #running = new Map<number, { cancel(): void }>();
  readonly #models: LanguageModels | undefined;
  readonly #post: (message: LmToThread) => void;
  readonly #unsubscribe: (() => void) | undefined;
  #disposed = false;

  /**
   * @param models absent where the editor has none
   * @param post sends to the thread
   */
  constructor(models: LanguageModels | undefined, post: (message: LmToThread) => void) {
    this.#models = models;
    this.#post = post;
    this.#unsubscribe = models?.onDidChange?.(() => this.#say({ type: 'lm', do: 'changed' }));
  }

  /** Takes a question. */
  hear(message: LmToHost): void {
    const { ask } = message;
    switch (message.do) {
      case 'list':
        this.#list(ask);
        return;
      case 'count':
        this.#count(ask, message);
        return;
      case 'cancel':
        this.#running.get(ask)?.cancel();
        this.#running.delete(ask);
        return;
      case 'ask':
        this.#ask(ask, message);
    }
  }

  /** The thread is gone: nobody waits for what is under way. */
  dispose(): void {
    this.#disposed = true;
    this.#unsubscribe?.();
    for (const { cancel } of this.#running.values()) cancel();
    this.#running.clear();
  }

  #list(ask: number): void {
    const models = this.#models?.list() ?? Promise.resolve([]);
    models.then(
      (all) => this.#say({ type: 'lm', do: 'models', ask, models: all }),
      (error: unknown) => this.#refuse(ask, error),
    );
  }

  #count(ask: number, { request }: Extract<LmToHost, { do: 'count' }>): void {
    const tokens =
      this.#models?.count?.(request) ?? Promise.reject(new Error('This editor counts no tokens.'));
    tokens.then(
      (count) => this.#say({ type: 'lm', do: 'tokens', ask, tokens: count }),
      (error: unknown) => this.#refuse(ask, error),
    );
  }

  #refuse(ask: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#say({ type: 'lm', do: 'refused', ask, message });
  }

  #ask(ask: number, { request }: Extract<LmToHost, { do: 'ask' }>): void {
    const running = this.#models?.ask(request, (part) => {
      if (part.type === 'end' || part.type === 'error') this.#running.delete(ask);
      this.#say({ type: 'lm', do: 'part', ask, part });
    });
    if (running) {
      this.#running.set(ask, running);
      return;
    }
    const error = { kind: 'unsupported' as const, message: 'This editor has no language models.' };
    this.#say({ type: 'lm', do: 'part', ask, part: { type: 'error', error } });
  }

  #say(message: LmToThread): void {
    if (!this.#disposed) this.#post(message);
  }
}
