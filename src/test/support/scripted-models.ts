/** An editor's language models that answer as a test says. */
import type { LanguageModels, LmModel, LmPart, LmRequest } from '../../shared/language-models';

export const lmModel = (id: string, more: Partial<LmModel> = {}): LmModel => ({
  id,
  name: id,
  vendor: 'maker',
  family: id,
  version: '1',
  maxInputTokens: 100_000,
  ...more,
});

/** `held`: nothing comes but what the test hands to {@link Asked.sink}. */
type Script = LmPart[] | 'held' | ((request: LmRequest) => LmPart[]);

export interface Asked {
  request: LmRequest;
  sink(part: LmPart): void;
  cancelled: boolean;
}

export class ScriptedModels implements LanguageModels {
  models: LmModel[] = [lmModel('maker-large')];
  readonly asked: Asked[] = [];
  lists = 0;
  readonly #scripts: Script[] = [];
  readonly #listeners = new Set<() => void>();

  /** The next answers; without one a model says `Hello.` */
  next(...scripts: Script[]): void {
    this.#scripts.push(...scripts);
  }

  /** Other models than before, and the editor says so. */
  become(...models: LmModel[]): void {
    this.models = models;
    for (const listener of this.#listeners) listener();
  }

  list(): Promise<LmModel[]> {
    this.lists++;
    return Promise.resolve(this.models);
  }

  ask(request: LmRequest, sink: (part: LmPart) => void): { cancel(): void } {
    const asked: Asked = { request, sink, cancelled: false };
    this.asked.push(asked);
    const script = this.#scripts.shift() ?? [{ type: 'text', text: 'Hello.' }, { type: 'end' }];
    if (script !== 'held') {
      const parts = typeof script === 'function' ? script(request) : script;
      const play = ([part, ...rest]: LmPart[]) => {
        if (!part || asked.cancelled) return;
        sink(part);
        setImmediate(play, rest);
      };
      setImmediate(play, [{ type: 'start', model: request.model }, ...parts]);
    }
    return {
      cancel() {
        asked.cancelled = true;
      },
    };
  }

  /** What they count; unless a test says, nothing. */
  tokens: number | undefined;

  count(): Promise<number> {
    return this.tokens === undefined
      ? Promise.reject(new Error('cannot count'))
      : Promise.resolve(this.tokens);
  }

  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the question of that number once it was asked. */
  async question(index: number): Promise<Asked> {
    for (;;) {
      const found = this.asked[index];
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

export const says = (...texts: string[]): LmPart[] => [
  ...texts.map((text): LmPart => ({ type: 'text', text })),
  { type: 'end' },
];

export const fails = (
  kind: Extract<LmPart, { type: 'error' }>['error']['kind'],
  message: string,
): LmPart[] => [{ type: 'error', error: { kind, message } }];
