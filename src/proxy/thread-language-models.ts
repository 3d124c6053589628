/** The editor's models as the thread sees them: questions go over its port, and answers come back (see host/thread/proxy-thread.ts). */
import type { LanguageModels, LmModel, LmPart } from '../shared/language-models';
import type { LmToHost, LmToThread } from '../shared/thread-messages';

interface Asking {
  models?(models: LmModel[]): void;
  tokens?(count: number): void;
  refused?(error: Error): void;
  part?(part: LmPart): void;
}

/**
 * Asks over a port.
 * @param post sends to the host
 * @returns the models, and `hear`, which takes what the host sends
 */
export function languageModelsOver(
  post: (message: LmToHost) => void,
): Required<LanguageModels> & { hear(message: LmToThread): void } {
  const asked = new Map<number, Asking>();
  const listeners = new Set<() => void>();
  let last = 0;

  const put = (asking: Asking): number => {
    last++;
    asked.set(last, asking);
    return last;
  };

  return {
    list: () =>
      new Promise((resolve, reject) => {
        post({ type: 'lm', do: 'list', ask: put({ models: resolve, refused: reject }) });
      }),
    ask(request, sink) {
      const ask = put({ part: sink });
      post({ type: 'lm', do: 'ask', ask, request });
      return {
        cancel() {
          // What is over is not cancelled.
          if (asked.delete(ask)) post({ type: 'lm', do: 'cancel', ask });
        },
      };
    },
    count: (request) =>
      new Promise((resolve, reject) => {
        post({ type: 'lm', do: 'count', ask: put({ tokens: resolve, refused: reject }), request });
      }),
    onDidChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hear(message) {
      if (message.do === 'changed') {
        for (const listener of listeners) listener();
        return;
      }
      const asking = asked.get(message.ask);
      if (message.do !== 'part') asked.delete(message.ask);
      else if (message.part.type === 'end' || message.part.type === 'error') asked.delete(message.ask);
      switch (message.do) {
        case 'models':
          asking?.models?.(message.models);
          return;
        case 'tokens':
          asking?.tokens?.(message.tokens);
          return;
        case 'refused':
          asking?.refused?.(new Error(message.message));
          return;
        case 'part':
          asking?.part?.(message.part);
          return;
      }
    },
  };
}
