/** What SQLite's errors mean for what it was asked to write. */

/** Primary result codes: https://www.sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const NOMEM = 7;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

const WORDS: Readonly<Record<number, string>> = {
  [BUSY]: 'another program has locked it',
  [LOCKED]: 'another program has locked it',
  [NOMEM]: 'there is not enough memory',
  [READONLY]: 'it may not be written to',
  [IOERR]: 'the disk reports an error',
  [CORRUPT]: 'it is damaged',
  [FULL]: 'the disk is full',
  [CANTOPEN]: 'it cannot be opened',
  [NOTADB]: 'it is not a database',
};

/** @returns the primary result code of an error of SQLite's; undefined for any other */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** @returns whether the file is no database any more */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOTADB;
}

/** @returns whether the same may succeed later: the storage is at fault, and not what was to be stored */
export function isPassing(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && !isDamage(error) && code in WORDS;
}

/** @returns what is wrong with a file, for a person: `the disk is full` */
export function troubleInWords(error: unknown): string {
  const words = WORDS[sqliteCode(error) ?? -1];
  return words ?? (error instanceof Error ? error.message : String(error));
}
