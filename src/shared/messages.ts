/**
 * What the settings panel and its host say to each other: types alone. The host checks what it receives with
 * message-schema.ts, which the panel's bundle does not carry.
 *
 * Keys go one way: an upstream key from the panel to the host, never back. The local key comes to the panel only
 * as the answer to `revealKey`.
 */
import type { AgentView } from './agents';
import type { DoctorView } from './doctor';
import type { Shell, SnippetId } from './quick-start';
import type { AuthMode, Dialect, ProviderName, Scheduling, ZaiDispatchMode } from './setting-names';
import type { AccountTest, ClientKeyUsage, ProxyStatus, RouteExplanation } from './status';

/** Everything the panel shows. Sent whole with every change; holds no secret. */
export interface PanelState {
  status: ProxyStatus;
  settings: {
    port: number;
    allowLanAccess: boolean;
    authMode: AuthMode;
    scheduling: Scheduling;
    stickySessions: boolean;
    /** An account's id; '' for none. */
    preferredAccount: string;
    routes: Record<string, string | string[]>;
    zai: {
      dispatchMode: ZaiDispatchMode;
      models: { opus: string; sonnet: string; haiku: string };
      /** Whether a key is kept: the key itself never comes here. */
      hasKey: boolean;
    };
  };
  /** Every account as it can be edited, in the user's order. */
  accounts: EditableAccount[];
  clientKeys: ClientKeyView[];
  /** Base URL for local clients, also while stopped. */
  url: string;
  /** A model that the first active account has: for the snippets. */
  sampleModel: string;
  /** The agents of this machine, once they were looked at. */
  agents?: AgentView[];
  /** What the doctor found, once it ran. */
  doctor?: DoctorView;
  /** Offered when the port is taken. */
  nextFreePort?: number;
}

/** Sent once, in answer to `ready`. */
export interface PanelInit {
  state: PanelState;
  /** English text → text in the editor's language; empty for English. */
  texts: Record<string, string>;
}

/** What can be set of an account besides its key and its provider. */
export interface AccountFields {
  label?: string;
  baseUrl?: string;
  dialect?: Dialect;
  models?: string[];
  defaultModel?: string;
  priority?: number;
  weight?: number;
  maxConcurrent?: number;
  project?: string;
  region?: string;
}

/** An account without its key. */
export interface EditableAccount extends AccountFields {
  id: string;
  provider: ProviderName;
  label: string;
  enabled: boolean;
  priority: number;
  weight: number;
  /** Whether a key is kept for it. */
  hasKey: boolean;
}

/** A client key (SPEC 2.10) without the key, and what was done with it. */
export interface ClientKeyView {
  name: string;
  /** ISO 8601. */
  expires?: string;
  models?: string[];
  requestsPerMinute?: number;
  expired: boolean;
  usage?: ClientKeyUsage;
}

/** What the form holds when an account is added. */
export interface NewAccount extends AccountFields {
  provider: ProviderName;
  /** Empty after a failed test of the same provider: the key that the host still holds. */
  key: string;
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
  /** Tests it again; when the provider takes the key, whatever rested or was disabled for its sake is healthy. */
  testAccount: { ask: { id: string }; answer: AccountTest };
  /**
   * Replaces all fields (what is absent is cleared), and the key where one is given. With a new key, base URL, project or
   * region the account is tested first; after a failed test nothing is changed unless `anyway`.
   */
  editAccount: {
    ask: { id: string; fields: AccountFields; key?: string; anyway?: boolean };
    answer: AccountTest;
  };
  /** Puts the account at this place (from 0) of the user's order. */
  moveAccount: { ask: { id: string; to: number }; answer: null };
  /** Ends the rest of an account, or of one of its models, by hand. */
  clearCooling: { ask: { id: string; model?: string }; answer: null };
  /** The models that an account lists, for the form: of one that exists, or of what the form holds. */
  listModels: { ask: { id: string } | { account: NewAccount }; answer: AccountTest };
  /** Asks for the file, and for a passphrase when the keys shall be in it; shows what came of it. */
  exportAccounts: { ask: object; answer: null };
  importAccounts: { ask: object; answer: null };
  setScheduling: {
    ask: { scheduling: Scheduling; stickySessions: boolean; preferredAccount: string };
    answer: null;
  };
  setRoutes: { ask: { routes: Record<string, string | string[]> }; answer: null };
  /** Where a model's name would go now. Works while stopped. */
  explainRoute: { ask: { model: string; protocol: Dialect }; answer: RouteExplanation };
  setZai: {
    ask: { dispatchMode: ZaiDispatchMode; models: { opus: string; sonnet: string; haiku: string } };
    answer: null;
  };
  /** '' forgets it. */
  setZaiKey: { ask: { key: string }; answer: null };
  /** Makes a key; it is shown this once. */
  addClientKey: {
    ask: { name: string; expires?: string; models?: string[]; requestsPerMinute?: number };
    answer: { key: string };
  };
  /** Asks, then forgets the key. */
  removeClientKey: { ask: { name: string }; answer: null };
  /** A fresh state, for numbers that change without an event (in flight, latency). */
  refresh: { ask: object; answer: null };
  removeAccount: { ask: { id: string }; answer: null };
  /** Takes the port that the panel offered, and starts. */
  startOnPort: { ask: { port: number }; answer: null };
  useDemoAccount: { ask: object; answer: null };
  detectLocalServers: { ask: object; answer: null };
  checkHealth: { ask: object; answer: HealthAnswer };
  /** Looks at the agents' files again. */
  lookAtAgents: { ask: object; answer: null };
  /** Shows what would be written to the agent's files, asks, and writes it. */
  connectAgent: { ask: { id: string }; answer: null };
  disconnectAgent: { ask: { id: string }; answer: null };
  /** Opens the agent's file, where it cannot be read at that place. */
  openAgentFile: { ask: { id: string }; answer: null };
  /** Runs all checks. What they find comes with the state, as it is found. */
  runDoctor: { ask: object; answer: null };
  /** Mends what a finding says, by its id, and checks again. */
  fixFinding: { ask: { id: string }; answer: null };
  copyDoctorReport: { ask: object; answer: null };
  copyUrl: { ask: object; answer: null };
  copySnippet: { ask: { id: SnippetId }; answer: null };
  copyEnvironment: { ask: { shell: Shell }; answer: null };
  /** Opens the editor's own settings at those of Portside. */
  openSettings: { ask: object; answer: null };
  openMonitor: { ask: object; answer: null };
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
  /** Opens the form of this account, by its id. Sent after the answer to `ready`. */
  | { type: 'show'; account: string }
  /** Shows what the doctor found. Sent after the answer to `ready`. */
  | { type: 'showDoctor' }
  | { type: 'answer'; seq: number; ok: true; answer: PanelCalls[PanelCallName]['answer'] }
  /** `message` is for a person and holds no secret. */
  | { type: 'answer'; seq: number; ok: false; message: string };
