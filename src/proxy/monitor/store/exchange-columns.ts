/** What of a record lists are made of. Both stores take it from here, so that their filters agree. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { ExchangeRow, SortKey } from '../../../shared/monitor';

/** More of an error than this is not searched. */
const ERROR_SEARCHED = 4000;

const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

/**
 * @returns the record as stores keep it, and its JSON: in Node 22, texts that come out of SQLite end at a NUL. The same object
 * where there is none.
 */
export function storable(record: ExchangeRecord): { record: ExchangeRecord; json: string } {
  const json = JSON.stringify(record);
  if (!json.includes('\\u0000')) return { record, json };
  const clean = JSON.parse(json, (_, value: unknown) =>
    typeof value === 'string' ? withoutNul(value) : value,
  ) as ExchangeRecord;
  return { record: clean, json: JSON.stringify(clean) };
}

/** @returns the accounts that served or were asked, each once */
export const accountsOf = ({ account, attempts }: ExchangeRecord): string[] => [
  ...new Set([...(account === undefined ? [] : [account]), ...attempts.map((attempt) => attempt.account)]),
];

/** @returns the models as asked for and as served, each once */
export const modelsOf = ({ modelAsked, modelServed }: ExchangeRecord): string[] => [
  ...new Set([modelAsked, modelServed].filter((model) => model !== undefined)),
];

/**
 * @returns what a text is looked for in, in lower case. Between the fields is a line break, which no searched word has.
 */
export const wordsOf = (record: ExchangeRecord): string =>
  [
    record.client ?? '',
    record.path,
    ...modelsOf(record),
    ...accountsOf(record),
    record.error?.slice(0, ERROR_SEARCHED) ?? '',
    record.id,
    String(record.status),
  ]
    .join('\n')
    .toLowerCase();

/** @returns the words of a search, in lower case */
export const searchWords = (text: string): string[] =>
  withoutNul(text).toLowerCase().split(/\s+/).filter(Boolean);

/** @returns what a record is sorted by; undefined sorts last, whatever the direction */
export function sortValue(record: ExchangeRecord, key: SortKey): number | undefined {
  switch (key) {
    case 'time':
      return record.seq;
    case 'status':
      return record.status;
    case 'firstByteMs':
      return record.firstByteMs;
    case 'durationMs':
      return record.durationMs;
    case 'inputTokens':
      return record.usage?.inputTokens;
    case 'outputTokens':
      return record.usage?.outputTokens;
    case 'costNano':
      return record.costNano;
  }
}

/** @returns the table's row of a record */
export function rowOf(record: ExchangeRecord, captured: boolean): ExchangeRow {
  const { usage } = record;
  const row: ExchangeRow = {
    seq: record.seq,
    id: record.id,
    time: record.time,
    method: record.method,
    path: record.path,
    attempts: record.attempts.length,
    status: record.status,
    outcome: record.outcome,
    durationMs: record.durationMs,
    warnings: record.warnings.length,
    captured,
  };
  if (record.client !== undefined) row.client = record.client;
  if (record.clientKey !== undefined) row.clientKey = record.clientKey;
  if (record.clientDialect !== undefined) row.protocol = record.clientDialect;
  if (record.upstreamDialect !== undefined) row.upstreamDialect = record.upstreamDialect;
  if (record.modelAsked !== undefined) row.modelAsked = record.modelAsked;
  if (record.modelServed !== undefined) row.modelServed = record.modelServed;
  if (record.account !== undefined) row.account = record.account;
  if (record.firstByteMs !== undefined) row.firstByteMs = record.firstByteMs;
  if (usage) {
    row.inputTokens = usage.inputTokens;
    row.outputTokens = usage.outputTokens;
    if (usage.cachedInputTokens !== undefined) row.cachedInputTokens = usage.cachedInputTokens;
  }
  if (record.costNano !== undefined) row.costNano = record.costNano;
  if (record.error !== undefined) row.error = record.error;
  return row;
}
