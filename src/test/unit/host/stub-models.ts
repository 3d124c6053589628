/** The language models of the stubbed editor. */

interface StubModel {
  id: string;
  vendor: string;
  name: string;
  family: string;
}

/** What there is, and what happens when one is asked. */
export const editorModels: { models: StubModel[]; ask: (vendor: string) => unknown; asked: string[] } = {
  models: [],
  ask: () => undefined,
  asked: [],
};

async function* words(): AsyncGenerator<string> {
  await Promise.resolve();
  yield 'ok';
}

/** What the `vscode` module has for them. */
export const lmStub = {
  LanguageModelChatMessage: class {
    static User = (content: string) => ({ role: 1, content });
    constructor(
      readonly role: number,
      readonly content: unknown,
    ) {}
  },
  CancellationTokenSource: class {
    readonly token = { isCancellationRequested: false };
    cancel() {
      this.token.isCancellationRequested = true;
    }
    dispose() {}
  },
  LanguageModelError: class extends Error {
    static NotFound = (message: string) => Object.assign(new Error(message), { code: 'NotFound' });
  },
  lm: {
    selectChatModels: () =>
      Promise.resolve(
        editorModels.models.map((model) => ({
          ...model,
          sendRequest: async () => {
            editorModels.asked.push(model.vendor);
            await editorModels.ask(model.vendor);
            return { text: words(), stream: words() };
          },
        })),
      ),
    onDidChangeChatModels: () => ({ dispose() {} }),
  },
};
