/** What records add up to. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { Sums } from '../../../shared/monitor';
import { addBuckets, count } from './latency-buckets';
import type { UsageRow } from './usage-rows';

/** Spans of {@link UsageRow}, in milliseconds. */
export const MINUTE = 60_000;
export const QUARTER_HOUR = 900_000;
/** Minutes older than this are made into quarters of an hour. */
export const MINUTES_KEPT_MS = 2 * 86_400_000;

export const SUM_KEYS = [
  'requests',
  'failed',
  'cancelled',
  'rejected',
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'costNano',
  'unpriced',
] as const satisfies readonly (keyof Sums)[];

export const emptySums = (): Sums => ({
  requests: 0,
  failed: 0,
  cancelled: 0,
  rejected: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costNano: 0,
  unpriced: 0,
});

/** Adds the second to the first. */
export function addSums(into: Sums, more: Sums): void {
  for (const key of SUM_KEYS) into[key] += more[key];
}

/** @returns the sums of one record; `unpriced` when it has tokens and no cost */
export function sumsOf(record: ExchangeRecord): Sums {
  const { outcome, usage, costNano } = record;
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  return {
    requests: 1,
    failed: outcome === 'failed' ? 1 : 0,
    cancelled: outcome === 'cancelled' ? 1 : 0,
    rejected: outcome === 'rejected' ? 1 : 0,
    inputTokens: usage?.inputTokens ?? 0,
    cachedInputTokens: usage?.cachedInputTokens ?? 0,
    cacheWriteTokens: usage?.cacheWriteTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    reasoningTokens: usage?.reasoningTokens ?? 0,
    costNano: costNano ?? 0,
    unpriced: tokens > 0 && costNano === undefined ? 1 : 0,
  };
}

/** @returns what names a row among all others */
export const usageKey = ({ time, span, account, model, client, protocol, clientKey }: UsageRow): string =>
  JSON.stringify([time, span, account, model, client, protocol, clientKey]);

/** Adds what the second counted to the first, whose span and group it is of. */
export function addUsage(into: UsageRow, more: UsageRow): void {
  addSums(into.sums, more.sums);
  addBuckets(into.duration, more.duration);
  addBuckets(into.firstByte, more.firstByte);
}

/** @returns rows of which no two are of the same span and group; rows that were alone are given back as they are */
export function joinUsage(rows: Iterable<UsageRow>): UsageRow[] {
  const joined = new Map<string, UsageRow>();
  const owned = new Set<UsageRow>();
  for (const row of rows) {
    const key = usageKey(row);
    let first = joined.get(key);
    if (!first) {
      joined.set(key, row);
      continue;
    }
    if (!owned.has(first)) {
      first = {
        ...first,
        sums: { ...first.sums },
        duration: { ...first.duration },
        firstByte: { ...first.firstByte },
      };
      owned.add(first);
      joined.set(key, first);
    }
    addUsage(first, row);
  }
  return [...joined.values()];
}

/** @returns the rows of the quarter hours that hold the given ones, joined */
export const toQuarterHours = (rows: UsageRow[]): UsageRow[] =>
  joinUsage(
    rows.map((row) => ({
      ...row,
      time: Math.floor(row.time / QUARTER_HOUR) * QUARTER_HOUR,
      span: QUARTER_HOUR,
    })),
  );

/** @returns what the records add to their minutes */
export const usageOf = (records: readonly ExchangeRecord[]): UsageRow[] =>
  joinUsage(
    records.map((record) => {
      const row: UsageRow = {
        time: Math.floor(record.time / MINUTE) * MINUTE,
        span: MINUTE,
        account: record.account ?? '',
        model: record.modelServed ?? record.modelAsked ?? '',
        client: record.client ?? '',
        protocol: record.clientDialect ?? '',
        clientKey: record.clientKey ?? '',
        sums: sumsOf(record),
        duration: {},
        firstByte: {},
      };
      count(row.duration, record.durationMs);
      if (record.firstByteMs !== undefined) count(row.firstByte, record.firstByteMs);
      return row;
    }),
  );
