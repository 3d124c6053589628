/**
 * What the settings panel and its host say to each other: types alone. The host checks what it receives with
 * message-schema.ts, which the panel's bundle does not carry.
 *
 * Keys go one way: an upstream key from the panel to the host, never back. The local key comes to the panel only
 * as the answer to `revealKey`.
 */
import type { Shell, SnippetId } from './quick-start';
import type { AuthMode, ProviderName } from './settings';
import type { AccountTest, ProxyStatus } from './status';

/** A provider as the add-account form offers it. */
export interface ProviderChoice {
  name: ProviderName;
  label: string;
  /** `required`: the provider has no address of its own; `optional`: the shown default can be replaced. */
  baseUrl: 'required' | 'optional' | 'none';
  defaultBaseUrl?: string;
  key: 'required' | 'optional' | 'none';
  /** Page where the provider issues keys. */
  keyPage?: string;
}

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
  providers: ProviderChoice[];
  /** English text → text in the editor's language; empty for English. */
  texts: Record<string, string>;
}

/** What the form holds when an account is added. */
export interface NewAccount {
  provider: ProviderName;
  label?: string;
  baseUrl?: string;
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
  addAccount: { ask: { account: NewAccount; untested: boolean }; answer: AccountTest & { added: boolean } };
  setAccountEnabled: { ask: { id: string; enabled: boolean }; answer: null };
  testAccount: { ask: { id: string }; answer: AccountTest };
  removeAccount: { ask: { id: string }; answer: null };
  useNextFreePort: { ask: object; answer: null };
  useDemoAccount: { ask: object; answer: null };
  detectLocalServers: { ask: object; answer: null };
  checkHealth: { ask: object; answer: HealthAnswer };
  copyUrl: { ask: object; answer: null };
  copySnippet: { ask: { id: SnippetId }; answer: null };
  copyEnvironment: { ask: { shell: Shell }; answer: null };
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
