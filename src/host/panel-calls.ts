/** What the settings panel may ask, done. Knows the controller and a few deeds of the editor, no webview. */
import type { NewAccount, PanelCallName, PanelCalls, PanelMessage, PanelState } from '../shared/messages';
import { environmentBlock, quickStartSnippet } from '../shared/quick-start';
import { resolveAuthMode, type AuthMode } from '../shared/setting-names';
import type { AccountTest, ProxyStatus } from '../shared/status';
import type { Controller } from './controller';

/** The editor's part in what the panel asks. */
export interface PanelEditor {
  /** Starts after asking what must be asked. What goes wrong is left to the panel to show. */
  start(): Promise<void>;
  /** Looks for model servers on this machine and offers what it finds. */
  detectLocalServers(): Promise<void>;
  showLogs(): void;
  /** Puts text on the clipboard. */
  copy(text: string): PromiseLike<void>;
  /** A modal question. Resolves to whether it was answered with `yes`. */
  confirm(question: string, detail: string, yes: string): Promise<boolean>;
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
    const status = controller.status();
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
    setLanAccess: async ({ allow }) => {
      if (allow && !(await this.#mayBeOpen(this.controller.settings().authMode))) return null;
      return this.#update('allowLanAccess', allow);
    },
    setAuthMode: async ({ mode }) => {
      const { allowLanAccess } = this.controller.settings();
      if (allowLanAccess && !(await this.#mayBeOpen(mode))) return null;
      return this.#update('authMode', mode);
    },
    setKey: async ({ key }) => {
      await this.controller.setApiKey(key);
      return null;
    },
    regenerateKey: async () => {
      const { t } = this.editor;
      const sure = await this.editor.confirm(
        t('Replace the API key of Portside?'),
        t('Clients that have the old key are refused until they get the new one.'),
        t('Regenerate'),
      );
      if (sure) await this.controller.regenerateApiKey();
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
    removeAccount: ({ id }) => this.#removeAccount(id),
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
    showLogs: () => {
      this.editor.showLogs();
      return Promise.resolve(null);
    },
  };

  async #start(): Promise<null> {
    try {
      await this.editor.start();
    } catch (error) {
      // A failure that the status carries is on the panel already, with its remedies.
      if (!this.controller.status().failure) throw error;
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

  /** SPEC 1.3: open to the network and no key needs an explicit yes. */
  async #mayBeOpen(mode: AuthMode): Promise<boolean> {
    if (resolveAuthMode(mode, true) !== 'off') return true;
    const { t } = this.editor;
    return this.editor.confirm(
      t('Open the proxy to your network without a key?'),
      t('Anyone on your network could spend your accounts.'),
      t('Open Without Key'),
    );
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

  async #removeAccount(id: string): Promise<null> {
    const { t } = this.editor;
    const label = this.controller.accounts().find((account) => account.id === id)?.label ?? id;
    const sure = await this.editor.confirm(
      t('Remove the account "{0}"?', label),
      t('Its key is forgotten.'),
      t('Remove'),
    );
    if (sure) await this.controller.removeAccount(id);
    return null;
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
