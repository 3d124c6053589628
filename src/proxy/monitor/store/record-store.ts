/** Where records are kept: SQLite, or memory where there is none. Synchronous: it runs in the keeper's thread. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { CapturedMessage, ExchangeRow, Facets, MonitorQuery, Part } from '../../../shared/monitor';
import type { MonitorSettings } from '../../../shared/monitor-settings';
import type { UsageRow } from './usage-rows';

/** A message whose secrets are masked. */
export interface StoredMessage extends CapturedMessage {
  seq: number;
  body?: Uint8Array;
}

export interface RecordStore {
  readonly kind: 'disk' | 'memory';
  /**
   * In one transaction: all of it is there after a kill, or nothing of it. A `seq` that is taken by a record of another
   * `id` is counted up; a record that is there already is not stored again.
   */
  append(records: ExchangeRecord[], messages: StoredMessage[]): void;
  count(query: MonitorQuery): { total: number; newest: number };
  rows(query: MonitorQuery, from: number, count: number): ExchangeRow[];
  /** -1 when it is not in the list. */
  indexOf(query: MonitorQuery, seq: number): number;
  record(seq: number): ExchangeRecord | undefined;
  messages(seq: number): CapturedMessage[];
  message(seq: number, part: Part, attempt: number | undefined): StoredMessage | undefined;
  facets(): Facets;
  /**
   * Sums per time span and group between two times (Unix ms), for totals and charts.
   * @param whole one row per group instead, without its times and histograms: enough for totals
   */
  usage(from: number, to: number, whole?: boolean): UsageRow[];
  /** Does one slice of the work. @returns whether anything went: there may be more to go then */
  retain(limits: Pick<MonitorSettings, 'keepDays' | 'maxRecords' | 'maxMiB'>, now: number): boolean;
  clear(totals: boolean): void;
  size(): { records: number; bytes: number };
  close(): void;
}
