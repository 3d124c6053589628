/** The database's tables. Version n is what the first n of these make; none is ever changed once it has been released. */
import type { DatabaseSync } from 'node:sqlite';

export const MIGRATIONS: readonly string[] = [
  // What lists are made of stands apart from the records: going through all of it must be quick.
  `CREATE TABLE exchanges (
     seq INTEGER PRIMARY KEY,
     time INTEGER NOT NULL,
     status INTEGER NOT NULL,
     outcome INTEGER NOT NULL,
     protocol TEXT,
     client TEXT,
     client_key TEXT,
     model_asked TEXT,
     model_served TEXT,
     accounts TEXT NOT NULL,
     first_byte_ms INTEGER,
     duration_ms INTEGER NOT NULL,
     input_tokens INTEGER,
     output_tokens INTEGER,
     cost_nano INTEGER,
     words TEXT NOT NULL
   );
   CREATE TABLE records (seq INTEGER PRIMARY KEY, captured INTEGER NOT NULL, json TEXT NOT NULL);
   CREATE TABLE messages (
     seq INTEGER NOT NULL,
     part INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     head TEXT NOT NULL,
     PRIMARY KEY (seq, part, attempt)
   ) WITHOUT ROWID;
   CREATE TABLE bodies (
     seq INTEGER NOT NULL,
     part INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     codec INTEGER NOT NULL,
     bytes BLOB NOT NULL,
     PRIMARY KEY (seq, part, attempt)
   );
   CREATE TABLE usage (
     span INTEGER NOT NULL,
     time INTEGER NOT NULL,
     account TEXT NOT NULL,
     model TEXT NOT NULL,
     client TEXT NOT NULL,
     protocol TEXT NOT NULL,
     clientKey TEXT NOT NULL,
     requests INTEGER NOT NULL,
     failed INTEGER NOT NULL,
     cancelled INTEGER NOT NULL,
     rejected INTEGER NOT NULL,
     inputTokens INTEGER NOT NULL,
     cachedInputTokens INTEGER NOT NULL,
     cacheWriteTokens INTEGER NOT NULL,
     outputTokens INTEGER NOT NULL,
     reasoningTokens INTEGER NOT NULL,
     costNano INTEGER NOT NULL,
     unpriced INTEGER NOT NULL,
     duration TEXT NOT NULL,
     firstByte TEXT NOT NULL,
     PRIMARY KEY (span, time, account, model, client, protocol, clientKey)
   ) WITHOUT ROWID;`,
];

/** `Port`: says whose database it is. https://www.sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x506f7274;

const number = (db: DatabaseSync, sql: string): number =>
  Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);

/** Why a database is left alone: it is a later version's, or another program's. The message is for a person. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
}

/** @throws ForeignDatabaseError when a version is a later one's */
export function checkVersion(version: number, migrations = MIGRATIONS): void {
  if (version > migrations.length)
    throw new ForeignDatabaseError('it was written by a newer version of Portside');
}

/**
 * Reads only.
 * @returns how many of the migrations a database has seen; 0 when it is empty
 * @throws ForeignDatabaseError when it is not one that these migrations made
 */
export function versionOf(db: DatabaseSync, migrations = MIGRATIONS): number {
  const version = number(db, 'PRAGMA user_version');
  const empty = number(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (empty && version === 0) return 0;
  if (number(db, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new ForeignDatabaseError("it is another program's database");
  }
  checkVersion(version, migrations);
  return version;
}

/**
 * Brings a database to the newest version, each step in one transaction with its number.
 * @throws ForeignDatabaseError, and SQLite's errors
 */
export function migrate(db: DatabaseSync, migrations = MIGRATIONS): void {
  for (let version = versionOf(db, migrations); version < migrations.length; version++) {
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have done it meanwhile.
      if (versionOf(db, migrations) === version) {
        db.exec(migrations[version] ?? '');
        db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}
