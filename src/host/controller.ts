/**
 * The one object that commands, status bar and panel speak to. It owns the proxy, the settings, the accounts and
 * their keys; it asks and shows nothing itself: questions and notifications belong to the commands.
 *
 * Starting: use the command `portside.start` (or {@link startProxy} in start-proxy.ts), which asks what must be asked
 * (LAN without a key) and shows what went wrong. `Controller.start` is the bare deed.
 */
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

/** What it takes to make an account; the id is chosen here. `key` is '' for providers without one. */
export interface NewAccount {
  provider: ProviderName;
  label?: string;
  baseUrl?: string;
  models?: string[];
  key: string;
}

/** The answer to `GET /healthz` over the socket. */
export interface HealthAnswer {
  /** HTTP status; absent when nothing answered. */
  status?: number;
  /** The body, or the words of the failure. */
  body: string;
  /** Milliseconds from the request to the end of the body. */
  ms: number;
}

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

  /** Listens, or rejects with an error whose `code` is `NO_ACCOUNTS`, `EADDRINUSE`, `INVALID_SETTINGS`, … Idempotent. */
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
