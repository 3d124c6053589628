/** What a proxy tells of itself to status bar, panel and command line. Holds no secret. */
import type { ProviderName, ResolvedAuthMode } from './settings';

export interface AccountStatus {
  id: string;
  label: string;
  provider: ProviderName;
  enabled: boolean;
  /** `healthy`, `cooling` until `until` (Unix ms), or `disabled` by the user or by a dead key. */
  state: 'healthy' | 'cooling' | 'disabled';
  reason?: string;
  until?: number;
}

export interface ProxyStatus {
  state: 'stopped' | 'starting' | 'running' | 'stopping';
  /** True to the socket: present exactly while it listens. */
  listening?: { host: string; port: number; /** Base URL for local clients, without a path. */ url: string };
  /** Enabled accounts that are not disabled. */
  activeAccounts: number;
  accounts: AccountStatus[];
  authMode: ResolvedAuthMode;
  /** Port or LAN setting differ from what is bound (SPEC 1.8). */
  restartNeeded: boolean;
  /** Why the last start failed. */
  failure?: { message: string; code: string; host?: string; port?: number };
}

/** The answer to a cheap live test of an account's key. */
export interface AccountTest {
  ok: boolean;
  /** Words for a person: what the provider said. Never holds the key. */
  message: string;
  /** Models the account lists, where the provider tells. */
  models?: string[];
}
