/** How much room a database takes, and how it gives some back. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { LOG_BYTES } from './open-database';

/** Free pages that are left in the file for what comes next. */
const SPARE_PAGES = 256;
/** Pages that are given back in one go: 8 MiB. */
const SLICE_PAGES = 2048;

export class SqliteSpace {
  readonly #db: DatabaseSync;
  readonly #file: string | undefined;
  readonly #pageBytes: number;
  readonly #pages;
  readonly #free;

  constructor(db: DatabaseSync, file: string | undefined) {
    this.#db = db;
    this.#file = file;
    this.#pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size'] ?? 4096);
    this.#pages = db.prepare('PRAGMA page_count');
    this.#free = db.prepare('PRAGMA freelist_count');
  }

  /** Bytes in use within the file. */
  used(): number {
    return (this.#pageCount() - this.#freeCount()) * this.#pageBytes;
  }

  /** Bytes that it takes with all that belongs to it. */
  bytes(): number {
    return this.#pageCount() * this.#pageBytes + this.#logBytes();
  }

  /**
   * Gives a slice of what is free back to the file system.
   * @param spare how many pages stay
   * @param most pages that go
   * @returns whether there was more than those
   */
  giveBack(spare = SPARE_PAGES, most = SLICE_PAGES): boolean {
    const free = this.#freeCount();
    const giving = free > spare;
    if (giving) this.#db.exec(`PRAGMA incremental_vacuum(${Math.min(most, free - spare)})`);
    // The file itself becomes smaller when the log is written back into it.
    if (giving || this.#logBytes() > LOG_BYTES) this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return giving && this.#freeCount() < free;
  }

  #pageCount(): number {
    return Number(this.#pages.get()?.['page_count'] ?? 0);
  }

  #freeCount(): number {
    return Number(this.#free.get()?.['freelist_count'] ?? 0);
  }

  #logBytes(): number {
    if (this.#file === undefined) return 0;
    return statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }
}
