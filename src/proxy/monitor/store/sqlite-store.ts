/** Records in SQLite: a file in WAL mode, which a kill at any moment leaves whole, or memory. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { ExchangeRecord } from '../../../shared/exchange';
import {
  OUTCOMES,
  type CapturedMessage,
  type ExchangeRow,
  type Facets,
  type MonitorFilter,
  type MonitorQuery,
  type Part,
  type SortKey,
} from '../../../shared/monitor';
import { accountsOf, rowOf, sortValue, storable, wordsOf } from './exchange-columns';
import { FacetCounts, namesOf, type NamedRecord } from './facet-counts';
import { filterToSql, fromAccountsColumn, SORT_COLUMNS, toAccountsColumn } from './filter-to-sql';
import { ListCache } from './list-cache';
import { LOG_BYTES } from './open-database';
import type { RecordStore, StoredMessage } from './record-store';
import { retain, type Limits } from './retention';
import { SeqList } from './seq-list';
import { SqliteMessages } from './sqlite-messages';
import { SqliteSpace } from './sqlite-space';
import { SqliteUsage } from './sqlite-usage';
import type { UsageRow } from './usage-rows';
import { usageOf } from './usage-sums';

/** In memory, what is set for a disk would be too much. */
const MEMORY_LIMITS = { maxRecords: 20_000, maxMiB: 64 };

const NAMES = 'status, protocol, client, client_key, model_asked, model_served, accounts';

const optional = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export class SqliteStore implements RecordStore {
  readonly kind: 'disk' | 'memory';
  readonly #db: DatabaseSync;
  readonly #lists: ListCache;
  readonly #messages: SqliteMessages;
  readonly #usage: SqliteUsage;
  readonly #space: SqliteSpace;
  readonly #insert;
  readonly #insertRecord;
  readonly #markCaptured;
  readonly #record;
  readonly #dataVersion;
  #facets: FacetCounts | undefined;
  #records: number | undefined;
  /** Changes when another process has written. */
  #version: unknown;

  /** @param db as `openDatabase` gives it; closed by `close` */
  constructor(db: DatabaseSync, file: string | undefined) {
    this.kind = file === undefined ? 'memory' : 'disk';
    this.#db = db;
    this.#lists = new ListCache((filter, key) => this.#find(filter, key));
    this.#messages = new SqliteMessages(db);
    this.#usage = new SqliteUsage(db);
    this.#space = new SqliteSpace(db, file);
    this.#insert = db.prepare(
      `INSERT INTO exchanges (seq, time, status, outcome, protocol, client, client_key, model_asked, model_served,
         accounts, first_byte_ms, duration_ms, input_tokens, output_tokens, cost_nano, words)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING`,
    );
    this.#insertRecord = db.prepare('INSERT OR REPLACE INTO records (seq, captured, json) VALUES (?, ?, ?)');
    this.#markCaptured = db.prepare('UPDATE records SET captured = 1 WHERE seq = ?');
    this.#record = db.prepare('SELECT captured, json FROM records WHERE seq = ?');
    this.#dataVersion = db.prepare('PRAGMA data_version');
    this.#version = this.#dataVersion.get()?.['data_version'];
  }

  append(records: ExchangeRecord[], messages: StoredMessage[]): void {
    this.#heedOthers();
    const stored = this.#transaction(() => {
      const captured = new Set(messages.map(({ seq }) => seq));
      const seqs = new Map<number, number>();
      const placed = records.flatMap((each) => {
        const { record, json } = storable(each);
        const { seq, isNew } = this.#place(record, json, captured.has(record.seq));
        if (!seqs.has(record.seq)) seqs.set(record.seq, seq);
        return isNew ? [seq === record.seq ? record : { ...record, seq }] : [];
      });
      for (const message of messages) {
        const seq = seqs.get(message.seq);
        this.#messages.add(seq ?? message.seq, message);
        if (seq === undefined) this.#markCaptured.run(message.seq);
      }
      this.#usage.add(usageOf(placed));
      return placed;
    });
    this.#lists.add(stored);
    if (this.#records !== undefined) this.#records += stored.length;
    for (const record of stored) this.#facets?.add(namesOf(record), 1);
  }

  count(query: MonitorQuery): { total: number; newest: number } {
    const { length, newest } = this.#list(query);
    return { total: length, newest };
  }

  rows(query: MonitorQuery, from: number, count: number): ExchangeRow[] {
    return this.#list(query)
      .page(from, count, query.sort.descending)
      .flatMap((seq) => {
        const row = this.#record.get(seq);
        return row ? [rowOf(JSON.parse(String(row['json'])) as ExchangeRecord, row['captured'] === 1)] : [];
      });
  }

  indexOf(query: MonitorQuery, seq: number): number {
    const record = this.record(seq);
    if (!record) return -1;
    const key = sortValue(record, query.sort.key);
    return this.#list(query).indexOf({ key, seq }, query.sort.descending);
  }

  record(seq: number): ExchangeRecord | undefined {
    const json = this.#record.get(seq)?.['json'];
    return typeof json === 'string' ? (JSON.parse(json) as ExchangeRecord) : undefined;
  }

  messages(seq: number): CapturedMessage[] {
    return this.#messages.heads(seq);
  }

  message(seq: number, part: Part, attempt: number | undefined): StoredMessage | undefined {
    return this.#messages.message(seq, part, attempt);
  }

  facets(): Facets {
    this.#heedOthers();
    if (!this.#facets) {
      this.#facets = new FacetCounts();
      this.#countNames(this.#facets, 1);
    }
    return this.#facets.facets();
  }

  usage(from: number, to: number, whole = false): UsageRow[] {
    return this.#usage.between(from, to, whole);
  }

  retain(limits: Limits, now: number): boolean {
    this.#heedOthers();
    const { kind } = this;
    const folded = this.#transaction(() => this.#usage.fold(now));
    const went = retain(
      {
        records: () => this.#recordCount(),
        used: () => this.#space.used(),
        deleteOldest: (most, below) => this.#deleteOldest(most, below),
        deleteBodies: (bytes) => this.#transaction(() => this.#messages.deleteBodies(bytes)),
        giveBack: () => this.#space.giveBack(),
      },
      kind === 'disk'
        ? limits
        : {
            keepDays: limits.keepDays,
            maxRecords: Math.min(limits.maxRecords, MEMORY_LIMITS.maxRecords),
            maxMiB: Math.min(limits.maxMiB, MEMORY_LIMITS.maxMiB),
          },
      now,
      kind === 'disk' ? LOG_BYTES : 0,
    );
    return went || folded;
  }

  clear(totals: boolean): void {
    this.#transaction(() => {
      for (const table of ['exchanges', 'records', 'messages', 'bodies', ...(totals ? ['usage'] : [])]) {
        this.#db.exec(`DELETE FROM ${table}`);
      }
    });
    this.#forget();
    this.#space.giveBack(0, Number.MAX_SAFE_INTEGER);
  }

  size(): { records: number; bytes: number } {
    this.#heedOthers();
    return { records: this.#recordCount(), bytes: this.#space.bytes() };
  }

  close(): void {
    this.#db.close();
  }

  /** Stores a record under its seq or the next that is free. One that is told again is where it was. */
  #place(told: ExchangeRecord, json: string, captured: boolean): { seq: number; isNew: boolean } {
    const columns = [
      told.time,
      told.status,
      OUTCOMES.indexOf(told.outcome),
      told.clientDialect ?? null,
      told.client ?? null,
      told.clientKey ?? null,
      told.modelAsked ?? null,
      told.modelServed ?? null,
      toAccountsColumn(accountsOf(told)),
      told.firstByteMs ?? null,
      told.durationMs,
      told.usage?.inputTokens ?? null,
      told.usage?.outputTokens ?? null,
      told.costNano ?? null,
      wordsOf(told),
    ];
    for (let { seq } = told; ; seq++) {
      if (Number(this.#insert.run(seq, ...columns).changes) > 0) {
        const text = seq === told.seq ? json : JSON.stringify({ ...told, seq });
        this.#insertRecord.run(seq, captured ? 1 : 0, text);
        return { seq, isNew: true };
      }
      if (this.record(seq)?.id === told.id) return { seq, isNew: false };
    }
  }

  #list(query: MonitorQuery): SeqList {
    this.#heedOthers();
    return this.#lists.get(query);
  }

  #find(filter: MonitorFilter, key: SortKey): SeqList {
    const { where, params } = filterToSql(filter);
    // One text instead of a hundred thousand objects.
    const seqsOf = (condition: string): number[] => {
      const sql = `SELECT json_group_array(seq) AS seqs
        FROM (SELECT seq FROM exchanges WHERE ${condition} ORDER BY seq)`;
      return JSON.parse(String(this.#db.prepare(sql).get(...params)?.['seqs'])) as number[];
    };
    const column = SORT_COLUMNS[key];
    if (key === 'time') {
      const seqs = seqsOf(where);
      return new SeqList(seqs, seqs, []);
    }
    const keys: number[] = [];
    const seqs: number[] = [];
    const sorted = this.#db.prepare(
      `SELECT ${column}, seq FROM exchanges WHERE (${where}) AND ${column} IS NOT NULL ORDER BY ${column}, seq`,
    );
    // Twice as fast where it is to be had (Node 22.16).
    (sorted as Partial<typeof sorted>).setReturnArrays?.(true);
    for (const pair of sorted.all(...params)) {
      const [sortKey, seq] = Object.values(pair);
      keys.push(Number(sortKey));
      seqs.push(Number(seq));
    }
    return new SeqList(keys, seqs, seqsOf(`(${where}) AND ${column} IS NULL`));
  }

  #recordCount(): number {
    return (this.#records ??= Number(this.#db.prepare('SELECT count(*) AS n FROM exchanges').get()?.['n']));
  }

  #deleteOldest(most: number, below?: number): number {
    const oldest = this.#db
      .prepare('SELECT seq FROM exchanges WHERE seq < ? ORDER BY seq LIMIT ?')
      .all(below ?? Number.MAX_SAFE_INTEGER, most);
    const last = oldest.at(-1)?.['seq'];
    if (typeof last !== 'number') return 0;
    const end = last + 1;
    this.#transaction(() => {
      if (this.#facets) this.#countNames(this.#facets, -1, end);
      this.#db.prepare('DELETE FROM exchanges WHERE seq < ?').run(end);
      this.#db.prepare('DELETE FROM records WHERE seq < ?').run(end);
      this.#messages.deleteBelow(end);
    });
    this.#lists.cut(end);
    if (this.#records !== undefined) this.#records -= oldest.length;
    return oldest.length;
  }

  #countNames(counts: FacetCounts, sign: 1 | -1, below = Number.MAX_SAFE_INTEGER): void {
    const sql = `SELECT ${NAMES}, count(*) AS n FROM exchanges WHERE seq < ? GROUP BY ${NAMES}`;
    for (const row of this.#db.prepare(sql).iterate(below)) {
      const models = [optional(row['model_asked']), optional(row['model_served'])];
      const names: NamedRecord = {
        status: Number(row['status']),
        protocol: optional(row['protocol']),
        client: optional(row['client']),
        clientKey: optional(row['client_key']),
        models: [...new Set(models.filter((model) => model !== undefined))],
        accounts: fromAccountsColumn(String(row['accounts'])),
      };
      counts.add(names, sign * Number(row['n']));
    }
  }

  /** Another process that uses the same file makes what is known of it untrue. */
  #heedOthers(): void {
    const version = this.#dataVersion.get()?.['data_version'];
    if (version === this.#version) return;
    this.#version = version;
    this.#forget();
  }

  #forget(): void {
    this.#lists.clear();
    this.#facets = undefined;
    this.#records = undefined;
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#forget();
      // Some errors have ended the transaction already: https://www.sqlite.org/lang_transaction.html
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        // There is nothing left to take back.
      }
      throw error;
    }
  }
}
