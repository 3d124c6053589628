import type { Account, ProxySettings } from '../shared/settings';
import type { AccountTest, ProxyStatus } from '../shared/status';
import type { ProxyHost } from './host';

/** The reverse proxy: one per process. All methods are safe to call at any time and in any order. */
export interface Proxy {
  /** Takes new settings: they act on the next request; port and LAN on the next start (SPEC 1.8). */
  configure(settings: ProxySettings): void;
  /** Listens. Idempotent. Rejects with `NoAccountsError` or `BindError`. */
  start(): Promise<ProxyStatus>;
  /** Stops as SPEC 1.6. Idempotent; resolves when the port is free. */
  stop(): Promise<void>;
  status(): ProxyStatus;
  /** Calls back with every change of {@link status}. Returns its own removal. */
  onChange(listener: (status: ProxyStatus) => void): () => void;
  /** One cheap call with the account's key. Works while stopped. Never rejects. */
  testAccount(account: Account): Promise<AccountTest>;
}

/** Makes a stopped proxy with default settings. */
export function createProxy(_host: ProxyHost): Proxy {
  throw new Error('under construction');
}
