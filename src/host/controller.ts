/**
 * The one object that commands, status bar and panel speak to. It owns the proxy, the settings, the accounts and
 * their keys. It shows nothing by itself: notifications belong to the commands. The one question it does ask (through
 * what it was given) is whether the network may use the proxy without a key (SPEC 1.3), since no way may lead around it.
 *
 * `portside.start` as a command also shows what went wrong, with its remedies; `Controller.start` only rejects.
 */
import type { HealthAnswer, NewAccount } from '../shared/messages';
import type { ProxySettings } from '../shared/settings';
import type { AuthMode, ProviderName } from '../shared/setting-names';
import type { AccountTest, ProxyStatus } from '../shared/status';
import type { Disposable } from './disposable';

/** The settings as the editor keeps them: no secret is among them. Values are those of the editor, unchecked. */
export interface EditorSettings {
  port: number;
  allowLanAccess: boolean;
  authMode: AuthMode;
  autoStart: boolean;
  routes: ProxySettings['routes'];
  timeouts: ProxySettings['timeouts'];
  responsesWebSocket: boolean;
  bodyLimitMiB: number;
  allowedHosts: string[];
  allowedOrigins: string[];
  allowList: string[];
  blockList: string[];
  zai: { dispatchMode: ProxySettings['zai']['dispatchMode']; baseUrl?: string };
}

/** The settings that can be written from the editor side. */
export type WritableSettings = Pick<EditorSettings, 'port' | 'allowLanAccess' | 'authMode' | 'autoStart'>;

/** An account without its key. */
export interface AccountView {
  id: string;
  label: string;
  provider: ProviderName;
  baseUrl?: string;
  models?: string[];
  enabled: boolean;
}

export type { HealthAnswer, NewAccount } from '../shared/messages';

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

  /** Listens, or rejects with an error whose `code` is `NO_ACCOUNTS`, `EADDRINUSE`, `INVALID_SETTINGS`, `CANCELLED`, … Idempotent. */
  start(): Promise<ProxyStatus>;
  /** Resolves when the port is free. Idempotent. */
  stop(): Promise<ProxyStatus>;

  /** The local api_key, made on first use (SPEC 2.4). */
  apiKey(): Promise<string>;
  /** Takes a key of the user's own; rejects what SPEC 2.4 does not allow. */
  setApiKey(key: string): Promise<void>;
  /** Replaces the key by a new one and returns that. Asks nothing. */
  regenerateApiKey(): Promise<string>;
  /** Keeps the key for z.ai dispatch; '' forgets it. */
  setZaiKey(key: string): Promise<void>;

  accounts(): AccountView[];
  /** Adds without a test. Rejects when a field is wrong. */
  addAccount(account: NewAccount): Promise<AccountView>;
  setAccountEnabled(id: string, enabled: boolean): Promise<void>;
  /** Forgets the account and its key. */
  removeAccount(id: string): Promise<void>;
  /** One cheap live call, for an account that exists (by id) or is about to. Never rejects. */
  testAccount(account: string | NewAccount): Promise<AccountTest>;

  /** `GET /healthz` of the running proxy. Never rejects. */
  checkHealth(): Promise<HealthAnswer>;
  /** The next port above the one asked for that can be bound, or undefined when there is none near. */
  nextFreePort(): Promise<number | undefined>;

  /** Stops the proxy and lets everything go. */
  dispose(): Promise<void>;
}
