/**
 * What the editor's host and the thread of the proxy core say to each other over a MessagePort.
 * Secrets go one way: in `configure` and `testAccount`, never in an answer or an event.
 */
import type { ExchangeRecord } from './exchange';
import type { LmModel, LmPart, LmRequest } from './language-models';
import type { MonitorCall, MonitorEvent } from './monitor';
import type { Leaving, Ownership } from './peer-messages';
import type { Account, ProxySettings } from './settings';
import type { AccountTest, PoolEvent, ProxyStatus, RouteExplanation } from './status';
import type { Dialect } from './setting-names';

/** Marks the worker's data: the bundle attaches itself to its port only when this is set. */
export const THREAD_MARK = 'portside';

/** The worker's data. */
export interface ThreadData {
  [THREAD_MARK]: true;
  /** A folder for what must survive a restart. */
  storage?: string;
  /** The host has language models to give. */
  languageModels?: true;
}

/** What the thread wants of the editor's models. `ask` is its own count, and names the question in what comes back. */
export type LmToHost =
  | { type: 'lm'; do: 'list'; ask: number }
  | { type: 'lm'; do: 'ask'; ask: number; request: LmRequest }
  | { type: 'lm'; do: 'count'; ask: number; request: LmRequest }
  | { type: 'lm'; do: 'cancel'; ask: number };

/** What comes back, parts in their order; and, asked by nobody, that the list of models has changed. */
export type LmToThread =
  | { type: 'lm'; do: 'models'; ask: number; models: LmModel[] }
  | { type: 'lm'; do: 'tokens'; ask: number; tokens: number }
  /** The list or the count cannot be had. */
  | { type: 'lm'; do: 'refused'; ask: number; message: string }
  | { type: 'lm'; do: 'part'; ask: number; part: LmPart }
  | { type: 'lm'; do: 'changed' };

/** What can be asked: the arguments (none is called `id`, which names the call) and the answer of each call. */
export interface ThreadCalls {
  /** With an ownership, other windows may attach. */
  configure: { ask: { settings: ProxySettings; ownership?: Ownership }; answer: ProxyStatus };
  start: { ask: object; answer: ProxyStatus };
  stop: { ask: { leaving?: Leaving }; answer: ProxyStatus };

  status: { ask: object; answer: ProxyStatus };
  testAccount: { ask: { account: Account }; answer: AccountTest };
  /** Ends the rest of an account, or of one of its models, by hand. */
  clearCooling: { ask: { account: string; model?: string }; answer: ProxyStatus };
  /** Where a model's name would go; works while stopped, once it is configured. */
  explainRoute: { ask: { model: string; protocol: Dialect }; answer: RouteExplanation };
  /** What a view of the monitor asks, and the answer that belongs to it (`MonitorCalls`). */
  monitor: { ask: { call: MonitorCall }; answer: unknown };
  /** Whether events of the monitor are wanted. */
  watchMonitor: { ask: { watch: boolean }; answer: null };
}
export type ThreadCallName = keyof ThreadCalls;

/** One call as it crosses over; `id` names it in the answer. */
export type ThreadRequest = {
  [Name in ThreadCallName]: { id: number; type: Name } & ThreadCalls[Name]['ask'];
}[ThreadCallName];

/** An error as plain data; fields that it lacks stay away. */
export interface ThreadError {
  name: string;
  message: string;
  code?: string;
  host?: string;
  port?: number;
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
}

/** What comes back: once `ready`, then answers and, in between, events. */
export type ThreadMessage =
  | { type: 'ready' }
  | { type: 'answer'; id: number; ok: true; answer: ThreadCalls[ThreadCallName]['answer'] }
  | { type: 'answer'; id: number; ok: false; error: ThreadError }
  | { type: 'status'; status: ProxyStatus }
  | { type: 'log'; lines: LogLine[] }
  /** Of those that did not go the straight way: for the log. */
  | { type: 'exchanges'; records: ExchangeRecord[] }
  | { type: 'poolEvents'; events: PoolEvent[] }
  | { type: 'monitor'; event: MonitorEvent }
  /** Another window says that accounts or settings changed. */
  | { type: 'reload' }
  | LmToHost;

/** An error as it may cross: no stack, no cause, nothing but what is named. */
export function toThreadError(error: unknown): ThreadError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, host, port } = error as { code?: unknown; host?: unknown; port?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(typeof host === 'string' && { host }),
    ...(typeof port === 'number' && { port }),
  };
}
