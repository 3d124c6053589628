/**
 * What the settings panel and its host say to each other: types alone. The host checks what it receives with
 * message-schema.ts, which the panel's bundle does not carry.
 *
 * Keys go one way: an upstream key from the panel to the host, never back. The local key comes to the panel only
 * as the answer to `revealKey`.
 */
import type { Shell, SnippetId } from './quick-start';
import type { AuthMode, ProviderName } from './setting-names';
import type { AccountTest, ProxyStatus } from './status';

/** Everything the panel shows. Sent whole with every change; holds no secret. */
export interface PanelState {
  status: ProxyStatus;
  settings: { port: number; allowLanAccess: boolean; authMode: AuthMode };
  /** Base URL for local clients, also while stopped. */
  url: string;
  /** A model that the first active account has: for the snippets. */
  sampleModel: string;
  /** Offered when the port is taken. */
  nextFreePort?: number;
}

/** Sent once, in answer to `ready`. */
export interface PanelInit {
  state: PanelState;
  /** English text → text in the editor's language; empty for English. */
  texts: Record<string, string>;
}

/** What the form holds when an account is added. */
export interface NewAccount {
  provider: ProviderName;
  label?: string;
  baseUrl?: string;
  /** Empty after a failed test of the same provider: the key that the host still holds. */
  key: string;
  models?: string[];
}

/** An answer to `GET /healthz` over the socket. */
export interface HealthAnswer {
  /** Absent when nothing answered. */
  status?: number;
  body: string;
  /** Milliseconds from the request to the end of the body. */
  ms: number;
}

/** What the panel may ask: the name, its arguments, its answer. */
export interface PanelCalls {
  ready: { ask: object; answer: PanelInit };
  start: { ask: object; answer: null };
  stop: { ask: object; answer: null };
  restart: { ask: object; answer: null };
  setPort: { ask: { port: number }; answer: null };
  setLanAccess: { ask: { allow: boolean }; answer: null };
  setAuthMode: { ask: { mode: AuthMode }; answer: null };
  setKey: { ask: { key: string }; answer: null };
  regenerateKey: { ask: object; answer: null };
  revealKey: { ask: object; answer: { key: string } };
  copyKey: { ask: object; answer: null };
  /** Tests the key with one cheap call, and adds the account when the provider takes it. */
  addAccount: { ask: { account: NewAccount }; answer: AccountTest };
  /** Adds what the last failed `addAccount` held. */
  addAnyway: { ask: object; answer: null };
  /** Lets go of what the last failed `addAccount` held. */
  forgetNewAccount: { ask: object; answer: null };
  setAccountEnabled: { ask: { id: string; enabled: boolean }; answer: null };
  testAccount: { ask: { id: string }; answer: AccountTest };
  removeAccount: { ask: { id: string }; answer: null };
  /** Takes the port that the panel offered, and starts. */
  startOnPort: { ask: { port: number }; answer: null };
  useDemoAccount: { ask: object; answer: null };
  detectLocalServers: { ask: object; answer: null };
  checkHealth: { ask: object; answer: HealthAnswer };
  copyUrl: { ask: object; answer: null };
  copySnippet: { ask: { id: SnippetId }; answer: null };
  copyEnvironment: { ask: { shell: Shell }; answer: null };
  /** Opens the editor's own settings at those of Portside. */
  openSettings: { ask: object; answer: null };
  showLogs: { ask: object; answer: null };
}
export type PanelCallName = keyof PanelCalls;

/** One call as it crosses over. `seq` names it in the answer. */
export type PanelMessage = {
  [Name in PanelCallName]: { seq: number; type: Name } & PanelCalls[Name]['ask'];
}[PanelCallName];

/** What the host sends: a new state, or the answer to one call. */
export type HostMessage =
  | { type: 'state'; state: PanelState }
  | { type: 'answer'; seq: number; ok: true; answer: PanelCalls[PanelCallName]['answer'] }
  /** `message` is for a person and holds no secret. */
  | { type: 'answer'; seq: number; ok: false; message: string };
