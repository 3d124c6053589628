/** Made-up records, the same every time, and a monitor that answers a view's questions about them. */
import { emptySums } from '../../../proxy/monitor/store/usage-sums';
import type { ExchangeRecord } from '../../../shared/exchange';
import type {
  ExchangeRow,
  Facet,
  Facets,
  MonitorCall,
  MonitorCallName,
  MonitorCalls,
  MonitorFilter,
  MonitorInfo,
  MonitorQuery,
  OpenExchange,
  SortKey,
  Sums,
} from '../../../shared/monitor';

/** What a test lets a call answer instead; may throw to refuse it. */
export type Answers = {
  [Name in MonitorCallName]?: (ask: MonitorCalls[Name]['ask']) => MonitorCalls[Name]['answer'];
};

const MINUTE_MS = 60_000;
const CLIENTS = [
  { client: 'claude-cli', version: '2.0.42', dialect: 'anthropic', path: '/v1/messages' },
  { client: 'codex_cli_rs', version: '0.58.0', dialect: 'openai-responses', path: '/v1/responses' },
  { client: 'opencode', version: '1.0.85', dialect: 'openai-chat', path: '/v1/chat/completions' },
  { client: 'GeminiCLI', version: '0.16.0', dialect: 'gemini', path: '/v1beta/models/fast:generateContent' },
] as const;
const ACCOUNTS = [
  { account: 'Anthropic work', dialect: 'anthropic', provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { account: 'OpenAI', dialect: 'openai-responses', provider: 'openai', model: 'gpt-5-codex' },
  { account: 'Gemini private', dialect: 'gemini', provider: 'gemini', model: 'gemini-2.5-pro' },
  { account: 'Groq', dialect: 'openai-chat', provider: 'groq', model: 'openai/gpt-oss-120b' },
] as const;
const KEYS = ['laptop', 'ci', undefined] as const;

/** Numbers from 0 to 1 that look random and are the same every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Records of agents at work, oldest first: most complete, some fail, are cancelled or rejected, some needed a second
 * account, some are translated.
 * @param until Unix ms of the newest
 */
export function madeUpRecords(count: number, until = Date.now(), seed = 1): ExchangeRecord[] {
  const next = numbers(seed);
  const times: number[] = [];
  for (let time = until; times.length < count; time -= Math.ceil((next() ** 3 * 2 + 0.02) * MINUTE_MS))
    times.unshift(time);
  return times.map((time, index) => madeUpRecord(time, index, next));
}

/** One record that begins at a time. @param index makes its id */
export function madeUpRecord(time: number, index: number, next = numbers(index + 1)): ExchangeRecord {
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(next() ** 1.6 * list.length)]!;
  const { client, version, dialect, path } = pick(CLIENTS);
  const own = ACCOUNTS.find((one) => one.dialect === dialect)!;
  const served = next() < 0.8 ? own : pick(ACCOUNTS);
  const fate = next();
  const outcome =
    fate < 0.9 ? 'completed' : fate < 0.95 ? 'failed' : fate < 0.98 ? 'cancelled' : ('rejected' as const);
  const firstByteMs = Math.round(280 + next() ** 3 * 4_000);
  const durationMs = outcome === 'failed' ? 640 : Math.round(firstByteMs + next() ** 4 * 70_000);
  const inputTokens = Math.round(600 + next() ** 2 * 90_000);
  const outputTokens = Math.round(20 + next() ** 3 * 4_000);
  const retried = outcome !== 'rejected' && next() < 0.06;
  const clientKey = pick(KEYS);
  const last = {
    account: served.account,
    model: served.model,
    dialect: served.dialect,
    provider: served.provider,
    startMs: retried ? 190 : 2,
    ...(outcome === 'failed' ? {} : { firstByteMs: firstByteMs - (retried ? 190 : 2) }),
    durationMs: durationMs - (retried ? 190 : 2),
  };
  const first = {
    account: `${own.account} 2`,
    model: own.model,
    dialect: own.dialect,
    provider: own.provider,
    startMs: 2,
    durationMs: 188,
    status: 429,
    reason: 'rate limit of requests per minute',
  };
  const record: ExchangeRecord = {
    seq: time * 1000 + (index % 1000),
    id: `req_${index.toString(36).padStart(8, '0')}`,
    time,
    method: 'POST',
    path,
    client,
    clientVersion: version,
    clientDialect: dialect,
    attempts: [],
    status: 200,
    outcome,
    durationMs,
    warnings: [],
    ...(clientKey === undefined ? {} : { clientKey }),
  };
  if (outcome === 'rejected')
    return { ...record, status: 401, durationMs: 1, error: 'The API key is wrong or missing.' };
  Object.assign(record, {
    upstreamDialect: served.dialect,
    modelAsked: own.model,
    modelServed: served.model,
    account: served.account,
    chosenBy: retried ? 'turn' : 'sticky',
    attempts: [...(retried ? [first] : []), { ...last, status: outcome === 'failed' ? 529 : 200 }],
  });
  if (served.dialect !== dialect)
    record.warnings.push({ type: 'dropped', field: 'top_k', message: 'The upstream does not know top_k.' });
  if (outcome === 'failed') return { ...record, status: 529, error: 'Overloaded: all accounts are busy.' };
  if (outcome === 'cancelled') return { ...record, status: 499, firstByteMs, durationMs: firstByteMs + 1200 };
  const cachedInputTokens = Math.round(inputTokens * Math.min(0.97, next() * 1.4));
  return {
    ...record,
    firstByteMs,
    usage: { inputTokens, outputTokens, cachedInputTokens },
    ...(served.provider === 'groq'
      ? {}
      : {
          costNano:
            (inputTokens - cachedInputTokens) * 3000 + cachedInputTokens * 300 + outputTokens * 15_000,
        }),
  };
}

/** The row of a record. */
export function rowOf(record: ExchangeRecord): ExchangeRow {
  const { clientDialect, attempts, usage, warnings, clientVersion: _, skipped: __, ...same } = record;
  const row = {
    ...same,
    protocol: clientDialect,
    attempts: attempts.length,
    inputTokens: usage?.inputTokens,
    outputTokens: usage?.outputTokens,
    cachedInputTokens: usage?.cachedInputTokens,
    warnings: warnings.length,
    captured: false,
  };
  // As it comes over a line: what is undefined is not there.
  return JSON.parse(JSON.stringify(row)) as ExchangeRow;
}

const among = (wanted: readonly string[] | undefined, ...has: (string | undefined)[]): boolean =>
  !wanted?.length || has.some((one) => one !== undefined && wanted.includes(one));

function matches(row: ExchangeRow, filter: MonitorFilter): boolean {
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const { client, path, modelAsked, modelServed, account, error, id, status } = row;
  const text = [client, path, modelAsked, modelServed, account, error, id, status].join(' ').toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    among(filter.outcomes, row.outcome) &&
    among(filter.statuses, String(status), `${Math.floor(status / 100)}xx`) &&
    among(filter.protocols, row.protocol) &&
    among(filter.clients, client) &&
    among(filter.clientKeys, row.clientKey) &&
    among(filter.models, modelAsked, modelServed) &&
    among(filter.accounts, account) &&
    row.time >= (filter.since ?? 0) &&
    row.time < (filter.until ?? Infinity)
  );
}

const valueFor = (row: ExchangeRow, key: SortKey): number => (key === 'time' ? row.seq : (row[key] ?? -1));

function facet(names: (string | undefined)[]): Facet[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

function sumsOf(rows: ExchangeRow[]): Sums {
  const sums = emptySums();
  for (const row of rows) {
    sums.requests += 1;
    if (row.outcome !== 'completed') sums[row.outcome] += 1;
    sums.inputTokens += row.inputTokens ?? 0;
    sums.cachedInputTokens += row.cachedInputTokens ?? 0;
    sums.outputTokens += row.outputTokens ?? 0;
    sums.costNano += row.costNano ?? 0;
    if (row.inputTokens !== undefined && row.costNano === undefined) sums.unpriced += 1;
  }
  return sums;
}

/** A monitor of records in memory. What it says of itself, the open exchanges and single answers can be changed. */
export class MadeUpMonitor {
  open: OpenExchange[] = [];
  info: MonitorInfo;
  /** Every call so far. */
  readonly asked: MonitorCall[] = [];
  #rows: ExchangeRow[];
  #list: { key: string; rows: ExchangeRow[] } = { key: '', rows: [] };

  constructor(
    readonly records: ExchangeRecord[],
    public answers: Answers = {},
  ) {
    this.#rows = records.map(rowOf);
    this.info = {
      enabled: true,
      capturing: false,
      storage: 'disk',
      records: records.length,
      bytes: records.length * 700,
      limits: { keepDays: 30, maxRecords: 100_000, maxMiB: 512 },
      canReplay: true,
    };
  }

  /** Takes records in, as if their exchanges were just over. */
  add(...records: ExchangeRecord[]): void {
    this.records.push(...records);
    this.#rows.push(...records.map(rowOf));
    this.#list.key = '';
  }

  /** Answers a call; throws words for a person. */
  answer(call: MonitorCall): unknown {
    this.asked.push(call);
    const own = this.answers[call.type] as ((ask: MonitorCall) => unknown) | undefined;
    return own ? own(call) : this.#answer(call);
  }

  #answer(call: MonitorCall): unknown {
    switch (call.type) {
      case 'info':
        return { ...this.info, records: this.records.length };
      case 'query': {
        const rows = this.#query(call.query);
        return { total: rows.length, newest: newest(rows) };
      }
      case 'rows': {
        const rows = this.#query(call.query);
        return {
          total: rows.length,
          newest: newest(rows),
          rows: rows.slice(call.from, call.from + call.count),
        };
      }
      case 'indexOf':
        return { index: this.#query(call.query).findIndex(({ seq }) => seq === call.seq) };
      case 'detail': {
        const record = this.records.find(({ seq }) => seq === call.seq);
        if (!record) throw new Error('This exchange is no longer kept.');
        return { seq: record.seq, record, messages: [] };
      }
      case 'facets':
        return this.#facets();
      case 'open':
        return { open: this.open };
      case 'totals': {
        const rows = this.#rows.filter(({ time }) => time >= call.from && time < call.to);
        const named = (row: ExchangeRow): string =>
          (call.by === 'model' ? row.modelServed : row[call.by]) ?? '';
        const groups = new Map<string, ExchangeRow[]>();
        for (const row of rows) groups.set(named(row), [...(groups.get(named(row)) ?? []), row]);
        return {
          all: sumsOf(rows),
          groups: [...groups].map(([name, of]) => ({ name, sums: sumsOf(of) })),
        };
      }
      case 'clear':
        this.records.length = 0;
        this.#rows = [];
        this.#list.key = '';
        return null;
      case 'setCapture':
        this.info = { ...this.info, capturing: call.capture };
        return null;
      case 'replay':
        return null;
      default:
        throw new Error(`Nothing is made up for ${call.type}: give an answer.`);
    }
  }

  #query(query: MonitorQuery): ExchangeRow[] {
    const key = JSON.stringify(query);
    if (this.#list.key === key) return this.#list.rows;
    const { key: by, descending } = query.sort;
    const sign = descending ? -1 : 1;
    const rows = this.#rows
      .filter((row) => row.seq <= (query.upTo ?? Infinity) && matches(row, query.filter))
      .sort((a, b) => sign * (valueFor(a, by) - valueFor(b, by)) || b.seq - a.seq);
    this.#list = { key, rows };
    return rows;
  }

  #facets(): Facets {
    const of = (name: (row: ExchangeRow) => string | undefined): Facet[] => facet(this.#rows.map(name));
    return {
      statuses: of(({ status }) => String(status)),
      protocols: of(({ protocol }) => protocol),
      clients: of(({ client }) => client),
      clientKeys: of(({ clientKey }) => clientKey),
      models: of(({ modelServed }) => modelServed),
      accounts: of(({ account }) => account),
    };
  }
}

const newest = (rows: ExchangeRow[]): number => rows.reduce((highest, { seq }) => Math.max(highest, seq), 0);

/** A request that is not over yet. */
export const openExchange = (part: Partial<OpenExchange> = {}): OpenExchange => {
  const time = Date.now() - 3_000;
  return {
    seq: time * 1000,
    id: 'req_open',
    time,
    method: 'POST',
    path: '/v1/messages',
    client: 'claude-cli',
    protocol: 'anthropic',
    modelAsked: 'still-running',
    attempts: 1,
    ...part,
  };
};
