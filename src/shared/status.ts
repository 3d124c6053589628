/** What a proxy tells of itself to status bar, panel and command line. Holds no secret. */
import type { ProviderName, ResolvedAuthMode } from './settings';

/**
 * `healthy`: it is asked in its turn. `cooling`: it is not asked before `until`. `probing`: its rest is over, and one request
 * decides. `disabled`: by the user, or because its provider refuses the key, or the bill is not paid (SPEC 5.8).
 */
export type Health = 'healthy' | 'cooling' | 'probing' | 'disabled';

/** A model of an account that is not healthy there. */
export interface ModelStatus {
  model: string;
  state: Exclude<Health, 'healthy'>;
  reason: string;
  /** Unix ms. */
  until?: number;
}

export interface AccountStatus {
  id: string;
  label: string;
  provider: ProviderName;
  enabled: boolean;
  /** Of the account as a whole; a limit of one model stands in `models`. */
  state: Health;
  /** Why it is not healthy, in the provider's words where it gave any. */
  reason?: string;
  /** Unix ms. */
  until?: number;
  /** Models that rest while the account serves others. */
  models?: ModelStatus[];
  /** Requests that are being answered now. */
  inFlight?: number;
  /** Requests that wait for a place (its cap is reached). */
  queued?: number;
  /** Of the last requests, between 0 and 1; absent before the first. */
  successRate?: number;
  /** To the first byte, in milliseconds: a moving average. */
  latencyMs?: number;
  /** Requests it served since it was added or the proxy was made. */
  served?: number;
}

export interface ProxyStatus {
  state: 'stopped' | 'starting' | 'running' | 'stopping';
  /** True to the socket: present exactly while it listens. */
  listening?: { host: string; port: number; /** Base URL for local clients, without a path. */ url: string };
  /** Enabled accounts that are not disabled. */
  activeAccounts: number;
  accounts: AccountStatus[];
  /** What was asked with each client key (SPEC 2.10) since the proxy was made. */
  clientKeys?: ClientKeyUsage[];
  authMode: ResolvedAuthMode;
  /** Another window of this editor owns the proxy; this one shows it (SPEC 1.10). */
  attached?: true;
  /** Port or LAN setting differ from what is bound (SPEC 1.8). */
  restartNeeded: boolean;
  /** Why the last start failed. */
  failure?: { message: string; code: string; host?: string; port?: number };
}

export interface ClientKeyUsage {
  name: string;
  requests: number;
  /** Refused by its limit, its expiry or its list of models. */
  refused: number;
  inputTokens: number;
  outputTokens: number;
  /** Unix ms. */
  lastUsed?: number;
}

/** One change of an account's health, for log and monitor. */
export interface PoolEvent {
  /** Unix ms. */
  time: number;
  account: string;
  label: string;
  /** Absent when the whole account changed. */
  model?: string;
  from: Health;
  to: Health;
  reason?: string;
  /** Unix ms. */
  until?: number;
}

/** The answer to a cheap live test of an account's key. */
export interface AccountTest {
  ok: boolean;
  /** Words for a person: what the provider said. Never holds the key. */
  message: string;
  /** Models the account lists, where the provider tells. */
  models?: string[];
}

/** Where a model's name would go (SPEC 5.10). */
export interface RouteExplanation {
  model: string;
  /** The client's protocol. */
  protocol: string;
  /** The route that takes this name. */
  rule?: { pattern: string; targets: string[] };
  /** How the accounts were found, in words: "exact route", "its accounts list this model", … */
  why: string;
  /** In the order in which they would be asked now; those that would be skipped come last. */
  candidates: {
    account: string;
    id: string;
    provider: ProviderName;
    model: string;
    /** The protocol that the account is asked in. */
    dialect: string;
    /** Bytes are not passed through. */
    translated: boolean;
    state: Health;
    /** Why it would be skipped, or asked last. */
    reason?: string;
    until?: number;
  }[];
  /** What the record of such a request would warn of. */
  warning?: string;
  /** Why nobody would serve it. */
  error?: string;
}
