/**
 * What a view of the monitor and the monitor say to each other: types alone. The editor carries it between webview and
 * worker, `serve` over HTTP (`POST /monitor/api`, events from `GET /monitor/events`). Receivers check it with
 * monitor-schema.ts, which a view's bundle does not carry.
 */
import type { ExchangeRecord } from './exchange';

export type Outcome = ExchangeRecord['outcome'];
export const OUTCOMES: readonly Outcome[] = ['completed', 'failed', 'cancelled', 'rejected'];

/** All that is set must hold; of a list, one. An empty filter takes all. */
export interface MonitorFilter {
  /** Words that must all occur in client, path, models, accounts, error, id or status; whatever their case. */
  text?: string;
  outcomes?: Outcome[];
  /** `200`, or a class: `4xx`. */
  statuses?: string[];
  /** Clients' protocols. */
  protocols?: string[];
  clients?: string[];
  /** Names of client keys. */
  clientKeys?: string[];
  /** As asked for or as served. */
  models?: string[];
  /** That served or were asked. */
  accounts?: string[];
  /** Unix ms: begun at this time or later … */
  since?: number;
  /** … and before this one. */
  until?: number;
}

export const SORT_KEYS = [
  'time',
  'status',
  'firstByteMs',
  'durationMs',
  'inputTokens',
  'outputTokens',
  'costNano',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface MonitorQuery {
  filter: MonitorFilter;
  sort: { key: SortKey; descending: boolean };
  /** Rows with a higher `seq` are left out: the list stays as it was when this one was the newest. */
  upTo?: number;
}

/** One row of the table. */
export interface ExchangeRow {
  /** Orders exchanges by their beginning: Unix ms × 1000 and a count. Names a record within its database. */
  seq: number;
  id: string;
  time: number;
  method: string;
  path: string;
  client?: string;
  clientKey?: string;
  protocol?: string;
  upstreamDialect?: string;
  modelAsked?: string;
  modelServed?: string;
  account?: string;
  /** How many accounts were asked. */
  attempts: number;
  status: number;
  outcome: Outcome;
  firstByteMs?: number;
  durationMs: number;
  inputTokens?: number;
  outputTokens?: number;
  cachedInputTokens?: number;
  costNano?: number;
  warnings: number;
  error?: string;
  /** Headers or bodies of it are kept. */
  captured: boolean;
}

/** An exchange that is not over. Not in the table's count; views show it above. */
export interface OpenExchange {
  seq: number;
  id: string;
  time: number;
  method: string;
  path: string;
  client?: string;
  protocol?: string;
  modelAsked?: string;
  modelServed?: string;
  account?: string;
  attempts: number;
  firstByteMs?: number;
}

/** The four messages of an exchange; the two of the upstream exist once per attempt. */
export const PARTS = ['request', 'upstream-request', 'upstream-response', 'response'] as const;
export type Part = (typeof PARTS)[number];

/** A message that was kept, without its body. Secrets are masked in all of it. */
export interface CapturedMessage {
  part: Part;
  /** Index of the attempt; absent for the client's side. */
  attempt?: number;
  /** Requests: `POST`. */
  method?: string;
  /** Requests: path and query as sent; upstream with scheme and host. */
  url?: string;
  /** Responses. */
  status?: number;
  headers: [name: string, value: string][];
  contentType?: string;
  /** Bytes of the body as it was, also where it is not kept. */
  size: number;
  /** Bytes that are kept, before masking. 0: none. */
  kept: number;
  /** Why no body is kept, or not all: for a person. */
  note?: string;
}

/** One line of a cost: `cachedInput` 12 000 tokens at $0.30 per million. */
export interface CostLine {
  what: 'input' | 'cachedInput' | 'cacheWrite' | 'cacheWrite1h' | 'output' | 'request';
  tokens: number;
  /** US dollars per million tokens; of `request`, per thousand requests. */
  price: number;
  costNano: number;
}

/** All that is known of one exchange. */
export interface ExchangeDetail {
  seq: number;
  record: ExchangeRecord;
  messages: CapturedMessage[];
  cost?: {
    lines: CostLine[];
    /** `the table of 2026-11-20: anthropic / claude-sonnet-4-5`, `your price for claude-*`. */ source: string;
  };
}

/** A body for reading. */
export interface BodyText {
  /** JSON indented, streams put together to what they say; `raw`: as it went over the line. */
  text: string;
  language: 'json' | 'text';
  /** The pretty form was put together from the events of a stream. */
  reassembled: boolean;
  /** It is longer than what is given here. */
  cut: boolean;
}

/** Sums over exchanges of one group. */
export interface Sums {
  requests: number;
  failed: number;
  cancelled: number;
  rejected: number;
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costNano: number;
  /** Exchanges with tokens whose model has no known price. */
  unpriced: number;
}

export const GROUPINGS = ['account', 'model', 'client', 'protocol', 'clientKey'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Groups in the order of their cost, then of their requests; '' is the group without such a name. */
export interface Totals {
  all: Sums;
  groups: { name: string; sums: Sums }[];
}

/** Over time, for charts: every list has one entry per step. */
export interface Series {
  /** Unix ms of the beginning of each step. */
  times: number[];
  /** Milliseconds. */
  step: number;
  groups: {
    name: string;
    requests: number[];
    failed: number[];
    inputTokens: number[];
    cachedInputTokens: number[];
    outputTokens: number[];
    costNano: number[];
  }[];
  /** Of all groups together, in milliseconds; null where nothing was. `firstByte` where an answer began. */
  duration: { p50: (number | null)[]; p90: (number | null)[]; p99: (number | null)[] };
  firstByte: { p50: (number | null)[]; p90: (number | null)[]; p99: (number | null)[] };
}

/** A name in a filter's menu, and how many records have it. */
export interface Facet {
  name: string;
  count: number;
}
export interface Facets {
  statuses: Facet[];
  protocols: Facet[];
  clients: Facet[];
  clientKeys: Facet[];
  models: Facet[];
  accounts: Facet[];
}

/** What the monitor says of itself. */
export interface MonitorInfo {
  enabled: boolean;
  capturing: boolean;
  storage: 'disk' | 'memory';
  /** Why it is memory only, or what is wrong with the storage: for a person. */
  note?: string;
  /** All records. */
  records: number;
  /** Bytes on disk. */
  bytes: number;
  limits: { keepDays: number; maxRecords: number; maxMiB: number };
  /** Whether requests can be sent again: the proxy runs. */
  canReplay: boolean;
}

/** How a record leaves. */
export const EXPORT_FORMATS = ['jsonl', 'har'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What a view may ask. Every call may be refused with words for a person. */
export interface MonitorCalls {
  info: { ask: object; answer: MonitorInfo };
  /** Counts; `newest` is the highest `seq` of the list (0 when empty): a view that stays there passes it as `upTo`. */
  query: { ask: { query: MonitorQuery }; answer: { total: number; newest: number } };
  /** Rows of the list from an index on. */
  rows: {
    ask: { query: MonitorQuery; from: number; count: number };
    answer: { total: number; newest: number; rows: ExchangeRow[] };
  };
  /** Where a record stands in the list; -1 when it does not. */
  indexOf: { ask: { query: MonitorQuery; seq: number }; answer: { index: number } };
  /** Rejected when it is no longer kept. */
  detail: { ask: { seq: number }; answer: ExchangeDetail };
  body: { ask: { seq: number; part: Part; attempt?: number; raw?: boolean }; answer: BodyText };
  /** From `from` (Unix ms; 0: all that was ever counted) until `to`. */
  totals: { ask: { from: number; to: number; by: Grouping }; answer: Totals };
  /** `steps`: most of them; the answer's `step` is a multiple of a minute. */
  series: { ask: { from: number; to: number; steps: number; by: Grouping }; answer: Series };
  facets: { ask: object; answer: Facets };
  open: { ask: object; answer: { open: OpenExchange[] } };
  /** Deletes all records, and the totals too where `totals`. */
  clear: { ask: { totals: boolean }; answer: null };
  /** Whether bodies are kept from now on. */
  setCapture: { ask: { capture: boolean }; answer: null };
  /** A command line that sends the request again through Portside. */
  curl: { ask: { seq: number }; answer: { text: string } };
  /** Sends the request again. Answers when it has been sent, not when it is answered. */
  replay: { ask: { seq: number }; answer: null };
  /** A piece of an export: text from a place on (begin with 0); `next` is absent when it was the last. */
  exportPiece: {
    ask: { query: MonitorQuery; format: ExportFormat; at: number };
    answer: { text: string; next?: number };
  };
}
export type MonitorCallName = keyof MonitorCalls;

/** One call without its place in a conversation. */
export type MonitorCall = {
  [Name in MonitorCallName]: { type: Name } & MonitorCalls[Name]['ask'];
}[MonitorCallName];

/** What the monitor tells to every view that listens, at most four times a second. Views ask for what they show. */
export type MonitorEvent =
  /** Records came (`added` of them) or went, or totals changed. */
  | { type: 'changed'; added: number }
  /** The list of open exchanges, newest first, at most 50. */
  | { type: 'open'; open: OpenExchange[] }
  /** `MonitorInfo` changed otherwise than in counts. */
  | { type: 'info'; info: MonitorInfo };

/** What the editor's webview sends besides {@link MonitorCalls}: the editor does it. */
export interface MonitorDeeds {
  ready: {
    ask: object;
    answer: { /** English text → text in the editor's language. */ texts: Record<string, string> };
  };
  /** To the clipboard. */
  copy: { ask: { text: string }; answer: null };
  /** Asks where to, and writes. */
  exportFile: { ask: { query: MonitorQuery; format: ExportFormat }; answer: null };
  /** Opens text in an editor of its own. */
  openText: { ask: { text: string; language: 'json' | 'text' }; answer: null };
  /** Opens the editor's settings at the monitor's. */
  openSettings: { ask: object; answer: null };
}

/** webview → host. `seq` names the call in its answer. */
export type MonitorMessage =
  | { seq: number; type: 'call'; call: MonitorCall }
  | {
      [Name in keyof MonitorDeeds]: { seq: number; type: Name } & MonitorDeeds[Name]['ask'];
    }[keyof MonitorDeeds];

/** host → webview. */
export type MonitorHostMessage =
  | { type: 'event'; event: MonitorEvent }
  | { type: 'answer'; seq: number; ok: true; answer: unknown }
  /** `message` is for a person and holds no secret. */
  | { type: 'answer'; seq: number; ok: false; message: string };
