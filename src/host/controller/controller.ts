/**
 * The one object that commands, status bar and panel speak to. It owns the proxy, the settings, the accounts and
 * their keys. It shows nothing by itself: notifications belong to the commands. The one question it does ask (through
 * what it was given) is whether the network may use the proxy without a key (SPEC 1.3), since no way may lead around it.
 *
 * `portside.start` as a command also shows what went wrong, with its remedies; `Controller.start` only rejects.
 */
import type {
  AccountFields,
  ClientKeyView,
  EditableAccount,
  HealthAnswer,
  NewAccount,
} from '../../shared/messages';
import type { MonitorCall, MonitorEvent } from '../../shared/monitor';
import type { ClientKeySettings, ProxySettings } from '../../shared/settings';
import type { AuthMode, Dialect, Scheduling } from '../../shared/setting-names';
import type { AccountTest, ProxyStatus, RouteExplanation } from '../../shared/status';
import type { AccountFile, ImportPlan, ImportResult } from '../accounts/account-file';
import type { Disposable } from '../disposable';

/** The settings as the editor keeps them: no secret is among them. Values are those of the editor, unchecked. */
export interface EditorSettings {
  port: number;
  allowLanAccess: boolean;
  authMode: AuthMode;
  autoStart: boolean;
  routes: ProxySettings['routes'];
  scheduling: Scheduling;
  stickySessions: boolean;
  stickyMinutes: number;
  /** An account's id; '' for none. */
  preferredAccount: string;
  maxAttempts: number;
  timeouts: ProxySettings['timeouts'];
  responsesWebSocket: boolean;
  bodyLimitMiB: number;
  allowedHosts: string[];
  allowedOrigins: string[];
  allowList: string[];
  blockList: string[];
  zai: Omit<ProxySettings['zai'], 'key'>;
  monitor: Omit<ProxySettings['monitor'], 'file'>;
}

/** The settings that can be written from the editor side, by their names without `portside.`. */
export interface WritableSettings extends Pick<
  EditorSettings,
  | 'port'
  | 'allowLanAccess'
  | 'authMode'
  | 'autoStart'
  | 'routes'
  | 'scheduling'
  | 'stickySessions'
  | 'preferredAccount'
> {
  'zai.dispatchMode': EditorSettings['zai']['dispatchMode'];
  'zai.models': EditorSettings['zai']['models'];
  'monitor.captureBodies': boolean;
}

/** An account without its key, with a label in any case. */
export type AccountView = EditableAccount;

/** How an account shall be from now on. */
export interface AccountEdit {
  /** All of them: what is absent is cleared. */
  fields: AccountFields;
  /** A new key; absent or '': the one that is kept. */
  key?: string;
  /** Also when the provider refuses it. */
  anyway?: boolean;
}

export type { ClientKeyView, HealthAnswer, NewAccount } from '../../shared/messages';

export interface Controller {
  /** The truth of the moment; the same shape whether the core is loaded or not. */
  status(): ProxyStatus;
  /** Calls back after every change of status, settings, accounts or key. */
  onDidChange(listener: () => void): Disposable;

  settings(): EditorSettings;
  /** Writes one setting for this machine. Resolves when the editor has taken it. */
  updateSetting<Name extends keyof WritableSettings>(
    name: Name,
    value: WritableSettings[Name],
  ): Promise<void>;
  /** Base URL for local clients without a path, `http://127.0.0.1:8045`: also while stopped, from the setting. */
  baseUrl(): string;
  /** A model that the first active account has, for examples. */
  sampleModel(): string;

  /** Whether the proxy is to be started with this window: the setting says so, and nobody has stopped it since the editor runs. */
  startsByItself(): boolean;
  /** Listens, or rejects with an error whose `code` is `NO_ACCOUNTS`, `EADDRINUSE`, `INVALID_SETTINGS`, `CANCELLED`, … Idempotent. */
  start(): Promise<ProxyStatus>;
  /** Attaches to the window of this editor that runs the proxy, where there is one (SPEC 1.10). Never rejects. */
  lookForOwner(): Promise<void>;
  /** For all windows. Resolves when the port is free. Idempotent. */
  stop(): Promise<ProxyStatus>;

  /** The local api_key, made on first use (SPEC 2.4). */
  apiKey(): Promise<string>;
  /** Takes a key of the user's own; rejects what SPEC 2.4 does not allow. */
  setApiKey(key: string): Promise<void>;
  /** Replaces the key by a new one and returns that. Asks nothing. */
  regenerateApiKey(): Promise<string>;
  /** Keeps the key for z.ai dispatch; '' forgets it. */
  setZaiKey(key: string): Promise<void>;
  /** Whether there is one, as far as {@link learnKeys} knows. */
  hasZaiKey(): boolean;
  /** Looks which accounts, and z.ai dispatch, have a key: until then they seem to have none. */
  learnKeys(): Promise<void>;

  /** In the user's order. */
  accounts(): AccountView[];
  /** Adds without a test. Rejects when a field is wrong. */
  addAccount(account: NewAccount): Promise<AccountView>;
  /**
   * Replaces an account's fields, and its key where one is given. What changes where or as whom it is asked (key, base
   * URL, project, region) is tested first, and a failed test changes nothing unless `anyway`.
   * Rejects when a field is wrong.
   * @returns the test's verdict; a good one when no test was needed
   */
  editAccount(id: string, edit: AccountEdit): Promise<AccountTest>;
  /** Puts an account at this place, from 0, of the user's order. */
  moveAccount(id: string, to: number): Promise<void>;
  setAccountEnabled(id: string, enabled: boolean): Promise<void>;
  /** Forgets the account and its key. */
  removeAccount(id: string): Promise<void>;
  /** One cheap live call, for an account that exists (by id) or is about to. Never rejects. */
  testAccount(account: string | NewAccount): Promise<AccountTest>;
  /** Ends the rest of an account, or of one of its models. */
  clearCooling(id: string, model?: string): Promise<void>;
  /**
   * All accounts as the text of a file (see account-file.ts).
   * @param passphrase seals their keys into it; without one the file has none
   */
  exportAccounts(passphrase?: string): Promise<string>;
  /**
   * Reads the text of such a file. Rejects with the reason when it is none; changes nothing.
   * @returns what is in it, and the ids that are here already
   */
  readAccounts(text: string): Promise<{ file: AccountFile; known: string[] }>;
  /** Takes over what a file has. Rejects when its keys do not open, and changes nothing then. */
  importAccounts(file: AccountFile, plan: ImportPlan): Promise<ImportResult>;

  /** Where a model's name would go now. Rejects when the settings are not valid. */
  explainRoute(model: string, protocol: Dialect): Promise<RouteExplanation>;

  clientKeys(): ClientKeyView[];
  /** Makes a key for one client; it is told this once. Rejects when the name is taken or a field is wrong. */
  addClientKey(client: ClientKeySettings): Promise<{ key: string }>;
  removeClientKey(name: string): Promise<void>;

  /**
   * Asks the monitor, also while the proxy is stopped: what was recorded is read then.
   * Rejects with words for a person.
   * @returns the answer that `MonitorCalls` names for it
   */
  monitor(call: MonitorCall): Promise<unknown>;
  /** Calls back with what the monitor tells by itself. While nobody listens nothing is told. */
  onMonitorEvent(listener: (event: MonitorEvent) => void): Disposable;

  /** Asks the core for numbers that change without an event. */
  refresh(): Promise<void>;

  /** `GET /healthz` of the running proxy. Never rejects. */
  checkHealth(): Promise<HealthAnswer>;
  /** The next port above the one asked for that can be bound, or undefined when there is none near. */
  nextFreePort(): Promise<number | undefined>;

  /** Stops the proxy and lets everything go. */
  dispose(): Promise<void>;
}
