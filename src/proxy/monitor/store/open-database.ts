/** Opens the monitor's database and sets it up. */
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Sqlite } from './load-sqlite';
import { APPLICATION_ID, checkVersion, migrate, versionOf } from './migrations';

/** How long a write waits for another process's, in milliseconds. */
const BUSY_MS = 1000;
/** What the log of changes is cut to, in bytes. */
export const LOG_BYTES = 2 * 1024 * 1024;

/**
 * @param file an absolute path; its folder is made, and nobody else may read the file. Absent: memory.
 * @throws ForeignDatabaseError when the file is to be left alone (it is not touched), SQLite's errors (sqlite-trouble.ts)
 */
export function openDatabase({ DatabaseSync }: Sqlite, file?: string): DatabaseSync {
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (existsSync(file) && statSync(file).size > 0) {
      checkOwner(DatabaseSync, file);
    } else closeSync(openSync(file, 'a', 0o600));
    // Of a file that somebody else made with wider rights; its logs get the same.
    if (process.platform !== 'win32') chmodSync(file, 0o600);
  }
  const db = new DatabaseSync(file ?? ':memory:');
  try {
    // auto_vacuum has to be said before anything is in the file.
    db.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
       PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_BYTES}; PRAGMA wal_autocheckpoint = 400;
       PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;
       PRAGMA trusted_schema = OFF`,
    );
    migrate(db);
    // Damage shows itself to who looks at the ends of the tables; a whole check would take minutes.
    for (const table of ['exchanges', 'records', 'messages', 'bodies']) {
      db.exec(`SELECT (SELECT min(seq) FROM ${table}), (SELECT max(seq) FROM ${table})`);
    }
    db.exec('SELECT * FROM usage LIMIT 1');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Reads whose a file is, where it can be, without opening it as a database: that would put files beside it.
 * https://www.sqlite.org/fileformat.html#the_database_header
 */
function checkOwner(Database: Sqlite['DatabaseSync'], file: string): void {
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  if (header.readInt32BE(68) === APPLICATION_ID) {
    checkVersion(header.readInt32BE(60));
    return;
  }
  const reader = new Database(file, { readOnly: true });
  try {
    versionOf(reader);
  } finally {
    reader.close();
  }
}

/**
 * Renames a database that is none any more, so that it stands in nobody's way and is still there.
 * @param now Unix ms
 * @returns its new name
 */
export function setAside(file: string, now: number): string {
  const aside = `${file}.broken-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}
