/** Records and stores for the tests of this folder. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSqlite, type Sqlite } from '../../../../../proxy/monitor/store/load-sqlite';
import { openDatabase } from '../../../../../proxy/monitor/store/open-database';
import { SqliteStore } from '../../../../../proxy/monitor/store/sqlite-store';
import type { StoredMessage } from '../../../../../proxy/monitor/store/record-store';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import type { MonitorFilter, MonitorQuery, SortKey } from '../../../../../shared/monitor';
import { skipBecause } from '../../../../support/skip-because';

/** A moment at the beginning of a quarter of an hour. */
export const NOON = Date.UTC(2026, 10, 23, 12);
export const DAY = 86_400_000;

export const record = (parts: Partial<ExchangeRecord> = {}): ExchangeRecord => {
  const time = parts.time ?? NOON;
  const seq = parts.seq ?? time * 1000;
  return {
    seq,
    id: `id-${seq}`,
    time,
    method: 'POST',
    path: '/v1/messages',
    attempts: [],
    status: 200,
    outcome: 'completed',
    durationMs: 1000,
    warnings: [],
    ...parts,
  };
};

/** So many records, a second apart. */
export const records = (count: number, parts: (index: number) => Partial<ExchangeRecord> = () => ({})) =>
  Array.from({ length: count }, (_, index) => record({ time: NOON + index * 1000, ...parts(index) }));

export const message = (seq: number, body: Uint8Array | undefined): StoredMessage => ({
  seq,
  part: 'request',
  method: 'POST',
  url: '/v1/messages',
  headers: [['content-type', 'application/json']],
  contentType: 'application/json',
  size: body?.length ?? 0,
  kept: body?.length ?? 0,
  ...(body && { body }),
});

export const query = (
  filter: MonitorFilter = {},
  key: SortKey = 'time',
  descending = false,
): MonitorQuery => ({
  filter,
  sort: { key, descending },
});

/** Node's SQLite; where there is none (Node 20) the test that asks is passed over. */
export function sqliteOr(context: Mocha.Context): Sqlite {
  return loadSqlite() ?? skipBecause(context, 'this Node has no SQLite');
}

/** A folder for one test. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'portside-store-'));
  const end = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  let result: T;
  try {
    result = work(folder);
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T;
  end();
  return result;
}

/** Works with a store in a file. */
export function withStore<T>(sqlite: Sqlite, work: (store: SqliteStore, file: string) => T): T {
  return inFolder((folder) => {
    const file = join(folder, 'monitor.db');
    const store = new SqliteStore(openDatabase(sqlite, file), file);
    try {
      return work(store, file);
    } finally {
      store.close();
    }
  });
}

export const seqsOf = (store: SqliteStore, asked: MonitorQuery): number[] =>
  store.rows(asked, 0, 1_000_000).map(({ seq }) => seq);

export const checkIntegrity = (sqlite: Sqlite, file: string): void => {
  const db = new sqlite.DatabaseSync(file);
  try {
    assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
  } finally {
    db.close();
  }
};
