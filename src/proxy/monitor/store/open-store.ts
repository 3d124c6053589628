/** Finds a place for records: the file if it can be used, else memory. */
import { basename } from 'node:path';
import { loadSqlite, type Sqlite } from './load-sqlite';
import { MemoryStore } from './memory-store';
import { openDatabase, setAside } from './open-database';
import type { RecordStore } from './record-store';
import { isDamage, troubleInWords } from './sqlite-trouble';
import { SqliteStore } from './sqlite-store';

export interface OpenedStore {
  store: RecordStore;
  /** Why it is not what was wished for: for a person. */
  note?: string;
}

/**
 * Never fails. A damaged file is renamed and a new one begun; one of a newer version, or of another program, is left alone.
 * @param file an absolute path; absent: memory
 * @param now Unix ms
 */
export function openStore(file: string | undefined, now: number, sqlite = loadSqlite()): OpenedStore {
  if (!sqlite) {
    const note = 'Records are kept in memory: this version of Node.js has no SQLite (22.13 has).';
    return { store: new MemoryStore(), note };
  }
  if (file === undefined) return { store: inMemory(sqlite) };
  try {
    return { store: new SqliteStore(openDatabase(sqlite, file), file) };
  } catch (error) {
    if (!isDamage(error)) return instead(sqlite, file, error);
  }
  try {
    const aside = setAside(file, now);
    const store = new SqliteStore(openDatabase(sqlite, file), file);
    return {
      store,
      note: `The database was damaged: a new one was begun, the old one is ${basename(aside)}.`,
    };
  } catch (error) {
    return instead(sqlite, file, error);
  }
}

const inMemory = (sqlite: Sqlite): RecordStore => new SqliteStore(openDatabase(sqlite), undefined);

const instead = (sqlite: Sqlite, file: string, error: unknown): OpenedStore => ({
  store: inMemory(sqlite),
  note: `Records are kept in memory: ${basename(file)} is not used, ${troubleInWords(error)}.`,
});
