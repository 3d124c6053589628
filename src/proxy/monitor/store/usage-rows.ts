/** What is left of exchanges when their records are gone: sums per span of time and group. */
import type { Sums } from '../../../shared/monitor';

/**
 * Sums of the exchanges that began in one span and are alike in account, model, client, protocol and client key. Spans are a
 * minute for two days, then a quarter of an hour (every time zone's day begins at one) for ever.
 */
export interface UsageRow {
  /** Unix ms of the span's beginning. */
  time: number;
  /** 60 000 or 900 000. */
  span: number;
  account: string;
  /** As served, else as asked for. */
  model: string;
  client: string;
  protocol: string;
  clientKey: string;
  sums: Sums;
  /** Bucket → count, of the milliseconds that exchanges took. See `latency-buckets.ts`. */
  duration: Record<number, number>;
  firstByte: Record<number, number>;
}
