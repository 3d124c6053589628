/** The table of sums, which outlive their records. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Buckets } from './latency-buckets';
import type { UsageRow } from './usage-rows';
import {
  addUsage,
  emptySums,
  MINUTE,
  MINUTES_KEPT_MS,
  QUARTER_HOUR,
  SUM_KEYS,
  toQuarterHours,
} from './usage-sums';

const GROUP = ['account', 'model', 'client', 'protocol', 'clientKey'] as const;
const KEY = ['span', 'time', ...GROUP] as const;
const COLUMNS = [...KEY, ...SUM_KEYS, 'duration', 'firstByte'] as const;

/** How much is folded in one transaction, in milliseconds of the past. */
const FOLD_MS = 16 * QUARTER_HOUR;

type Values = Record<string, SQLOutputValue>;

const toRow = (values: Values): UsageRow => {
  const sums = emptySums();
  for (const key of SUM_KEYS) sums[key] = Number(values[key]);
  return {
    time: Number(values['time']),
    span: Number(values['span']),
    account: String(values['account']),
    model: String(values['model']),
    client: String(values['client']),
    protocol: String(values['protocol']),
    clientKey: String(values['clientKey']),
    sums,
    duration: JSON.parse(String(values['duration'])) as Buckets,
    firstByte: JSON.parse(String(values['firstByte'])) as Buckets,
  };
};

export class SqliteUsage {
  readonly #one;
  readonly #put;
  readonly #between;
  readonly #wholeBetween;
  readonly #oldestMinute;
  readonly #minutes;
  readonly #deleteMinutes;

  constructor(db: DatabaseSync) {
    this.#one = db.prepare(`SELECT * FROM usage WHERE ${KEY.map((name) => `${name} = ?`).join(' AND ')}`);
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO usage (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    );
    // A span that begins before the time asked for reaches into it.
    const within = `(span = ${MINUTE} AND time > :from - ${MINUTE} AND time < :to)
      OR (span = ${QUARTER_HOUR} AND time > :from - ${QUARTER_HOUR} AND time < :to)`;
    this.#between = db.prepare(`SELECT * FROM usage WHERE ${within}`);
    this.#wholeBetween = db.prepare(
      `SELECT min(time) AS time, max(span) AS span, ${GROUP.join(', ')},
         ${SUM_KEYS.map((key) => `sum(${key}) AS ${key}`).join(', ')}, '{}' AS duration, '{}' AS firstByte
       FROM usage WHERE ${within} GROUP BY ${GROUP.join(', ')}`,
    );
    this.#oldestMinute = db.prepare(`SELECT min(time) AS time FROM usage WHERE span = ${MINUTE}`);
    this.#minutes = db.prepare(`SELECT * FROM usage WHERE span = ${MINUTE} AND time >= ? AND time < ?`);
    this.#deleteMinutes = db.prepare(`DELETE FROM usage WHERE span = ${MINUTE} AND time >= ? AND time < ?`);
  }

  /** To be called within a transaction. */
  add(rows: readonly UsageRow[]): void {
    for (const row of rows) {
      const known = this.#one.get(...KEY.map((key) => row[key]));
      const sum = known ? toRow(known) : row;
      if (known) addUsage(sum, row);
      this.#put.run(
        ...KEY.map((key) => sum[key]),
        ...SUM_KEYS.map((key) => sum.sums[key]),
        JSON.stringify(sum.duration),
        JSON.stringify(sum.firstByte),
      );
    }
  }

  /** @param whole one row per group, without its times */
  between(from: number, to: number, whole: boolean): UsageRow[] {
    return (whole ? this.#wholeBetween : this.#between).all({ from, to }).map(toRow);
  }

  /**
   * Makes the oldest minutes into quarters of an hour. To be called within a transaction.
   * @param now Unix ms
   * @returns whether there were any that are old enough
   */
  fold(now: number): boolean {
    const first = this.#oldestMinute.get()?.['time'];
    if (typeof first !== 'number') return false;
    const from = Math.floor(first / QUARTER_HOUR) * QUARTER_HOUR;
    const old = Math.floor((now - MINUTES_KEPT_MS) / QUARTER_HOUR) * QUARTER_HOUR;
    const to = Math.min(from + FOLD_MS, old);
    if (to <= from) return false;
    const minutes = this.#minutes.all(from, to).map(toRow);
    this.#deleteMinutes.run(from, to);
    this.add(toQuarterHours(minutes));
    return true;
  }
}
