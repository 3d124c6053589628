/** What the settings panel may ask, done. Knows the controller and a few deeds of the editor, no webview. */
import type { NewAccount, PanelCallName, PanelCalls, PanelMessage, PanelState } from '../shared/messages';
import { environmentBlock, quickStartSnippet } from '../shared/quick-start';
import type { AccountTest, ProxyStatus } from '../shared/status';
import type { Controller } from './controller';

/** The editor's part in what the panel asks. */
export interface PanelEditor {
  /** Starts after asking what must be asked. Shows nothing: what goes wrong is the panel's to show. */
  start(): Promise<void>;
  /** Looks for model servers on this machine and offers what it finds. */
  detectLocalServers(): Promise<void>;
  showLogs(): void;
  /** Puts text on the clipboard. */
  copy(text: string): PromiseLike<void>;
  /** Asks, then replaces the local key. */
  regenerateKey(): PromiseLike<unknown>;
  /** Asks, then removes the account and its key. */
  removeAccount(id: string): PromiseLike<unknown>;
  /** Opens the editor's own settings at those of Portside. */
  openSettings(): PromiseLike<unknown>;
  /** The editor's language for a text. */
  t(message: string, ...args: (string | number)[]): string;
  /** English text → text in the editor's language. */
  texts: Record<string, string>;
}

type Ask<Name extends PanelCallName> = Extract<PanelMessage, { type: Name }>;
type Answers = {
  [Name in PanelCallName]: (ask: Ask<Name>) => Promise<PanelCalls[Name]['answer']>;
};

/** Answers the calls of one panel. */
export class PanelCallHandler {
  /** Waits for "Add Anyway", or for a second try with the same key: the panel itself keeps no key. */
  #held: NewAccount | undefined;
  /** The offer that goes with one failure. */
  #freePort: { failure: string; port?: number } | undefined;

  constructor(
    readonly controller: Controller,
    readonly editor: PanelEditor,
    /** Called when the state changed by something the controller does not tell of. */
    readonly onChange: () => void,
  ) {}

  /** Does what one checked message asks. Rejects with an error whose message is for the user. */
  answer(message: PanelMessage): Promise<PanelCalls[PanelCallName]['answer']> {
    const act = this.#answers[message.type] as (
      ask: PanelMessage,
    ) => Promise<PanelCalls[PanelCallName]['answer']>;
    return act(message);
  }

  /** Everything the panel shows. */
  state(): PanelState {
    const { controller } = this;
    const known = controller.status();
    const labels = new Map(controller.accounts().map(({ id, label }) => [id, label]));
    const accounts = known.accounts.map((each) => ({ ...each, label: labels.get(each.id) ?? each.label }));
    const status = { ...known, accounts };
    const { port, allowLanAccess, authMode } = controller.settings();
    const nextFreePort = this.#nextFreePort(status.failure);
    return {
      status,
      settings: { port, allowLanAccess, authMode },
      url: controller.baseUrl(),
      sampleModel: controller.sampleModel(),
      ...(nextFreePort !== undefined && { nextFreePort }),
    };
  }

  /** Lets go of a key that waits to be added. */
  forget(): void {
    this.#held = undefined;
  }

  readonly #answers: Answers = {
    ready: () => {
      this.forget();
      return Promise.resolve({ state: this.state(), texts: this.editor.texts });
    },
    start: () => this.#start(),
    stop: async () => {
      await this.controller.stop();
      return null;
    },
    restart: async () => {
      await this.controller.stop();
      return this.#start();
    },
    setPort: ({ port }) => this.#update('port', port),
    // The controller asks where a change would open the network without a key (SPEC 1.3).
    setLanAccess: ({ allow }) => this.#update('allowLanAccess', allow),
    setAuthMode: ({ mode }) => this.#update('authMode', mode),
    setKey: async ({ key }) => {
      await this.controller.setApiKey(key);
      return null;
    },
    regenerateKey: async () => {
      await this.editor.regenerateKey();
      return null;
    },
    revealKey: async () => ({ key: await this.controller.apiKey() }),
    copyKey: async () => {
      await this.editor.copy(await this.controller.apiKey());
      return null;
    },
    addAccount: ({ account }) => this.#addAccount(account),
    addAnyway: async () => {
      const held = this.#held;
      if (!held) throw new Error(this.editor.t('Nothing waits to be added. Fill in the key again.'));
      await this.controller.addAccount(held);
      this.forget();
      return null;
    },
    forgetNewAccount: () => {
      this.forget();
      return Promise.resolve(null);
    },
    setAccountEnabled: async ({ id, enabled }) => {
      await this.controller.setAccountEnabled(id, enabled);
      return null;
    },
    testAccount: ({ id }) => this.controller.testAccount(id),
    removeAccount: async ({ id }) => {
      await this.editor.removeAccount(id);
      return null;
    },
    startOnPort: async ({ port }) => {
      await this.controller.updateSetting('port', port);
      return this.#start();
    },
    useDemoAccount: async () => {
      const wasAskedFor = this.controller.status().failure?.code === 'NO_ACCOUNTS';
      const demo = this.controller.accounts().find(({ provider }) => provider === 'demo');
      if (demo) await this.controller.setAccountEnabled(demo.id, true);
      else await this.controller.addAccount({ provider: 'demo', key: '' });
      return wasAskedFor ? this.#start() : null;
    },
    detectLocalServers: async () => {
      await this.editor.detectLocalServers();
      return null;
    },
    checkHealth: () => this.controller.checkHealth(),
    copyUrl: async () => {
      await this.editor.copy(this.controller.baseUrl());
      return null;
    },
    copySnippet: async ({ id }) => {
      await this.editor.copy(quickStartSnippet(id, await this.#target()));
      return null;
    },
    copyEnvironment: async ({ shell }) => {
      await this.editor.copy(environmentBlock(shell, await this.#target()));
      return null;
    },
    openSettings: async () => {
      await this.editor.openSettings();
      return null;
    },
    showLogs: () => {
      this.editor.showLogs();
      return Promise.resolve(null);
    },
  };

  async #start(): Promise<null> {
    try {
      await this.editor.start();
    } catch (error) {
      // A failure that the status carries is on the panel already, with its remedies; a "no" is no failure.
      const cancelled = (error as { code?: unknown }).code === 'CANCELLED';
      if (!cancelled && !this.controller.status().failure) throw error;
    }
    return null;
  }

  async #update<Name extends 'port' | 'allowLanAccess' | 'authMode'>(
    name: Name,
    value: ReturnType<Controller['settings']>[Name],
  ): Promise<null> {
    await this.controller.updateSetting(name, value);
    return null;
  }

  async #addAccount(asked: NewAccount): Promise<AccountTest> {
    const held = this.#held;
    const account =
      asked.key === '' && held?.provider === asked.provider ? { ...asked, key: held.key } : asked;
    this.#held = account;
    const test = await this.controller.testAccount(account);
    if (!test.ok) return test;
    await this.controller.addAccount(account);
    this.forget();
    return test;
  }

  async #target(): Promise<{ url: string; model: string; key: string }> {
    const { controller } = this;
    return { url: controller.baseUrl(), model: controller.sampleModel(), key: await controller.apiKey() };
  }

  /** Looked for once per failure; {@link onChange} tells when it is known. */
  #nextFreePort(failure: ProxyStatus['failure']): number | undefined {
    if (failure?.code !== 'EADDRINUSE' && failure?.code !== 'EACCES') {
      this.#freePort = undefined;
      return undefined;
    }
    if (this.#freePort?.failure === failure.message) return this.#freePort.port;
    const found: { failure: string; port?: number } = { failure: failure.message };
    this.#freePort = found;
    this.controller.nextFreePort().then(
      (port) => {
        if (port === undefined || this.#freePort !== found) return;
        found.port = port;
        this.onChange();
      },
      () => undefined,
    );
    return undefined;
  }
}
