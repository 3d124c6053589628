import type { ExchangeRow, MonitorQuery } from '../../../shared/monitor';
import { call } from '../link';

export const PAGE_ROWS = 200;
/** Pages that are kept: more than anyone sees in a while, and a few MB at most. */
const MOST_PAGES = 24;

interface Page {
  rows: ExchangeRow[];
  /** Shown until the new one comes. */
  stale: boolean;
}

/** What the one who shows the list is told. */
interface Watcher {
  /** Rows, counts or troubles changed. */
  changed(): void;
  /** The first row that is in view: it stays there when rows come before it while the list is frozen. */
  anchor(): number | undefined;
  /** It stands so many rows further down. */
  shifted(rows: number): void;
}

/**
 * The rows of a query, by index. It asks for pages as they come into view, never for more than one thing at a time, and
 * remembers the last ones. A frozen list stays as it was; what has come since is counted.
 */
export class RequestList {
  total = 0;
  /** Rows that a frozen list leaves out. */
  fresh = 0;
  /** Whether anything was answered to this query. */
  loaded = false;
  problem = '';
  #newest = 0;
  #upTo: number | undefined;
  #query: MonitorQuery;
  /** Counts queries: an answer to an earlier one says nothing. */
  #version = 0;
  #pages = new Map<number, Page>();
  #inView: [from: number, to: number] = [0, 0];
  #working = false;
  #recount = false;

  constructor(
    query: Omit<MonitorQuery, 'upTo'>,
    private readonly watcher: Watcher,
  ) {
    this.#query = query;
  }

  get frozen(): boolean {
    return this.#upTo !== undefined;
  }

  /** The query as it is asked. */
  get query(): MonitorQuery {
    return this.#upTo === undefined ? this.#query : { ...this.#query, upTo: this.#upTo };
  }

  /**
   * Asks something else. Old rows leave with the first answer.
   * @param stayFrozen the new list, too, takes in nothing that has come since
   */
  ask(query: Omit<MonitorQuery, 'upTo'>, stayFrozen = false): void {
    this.#query = query;
    if (!stayFrozen) this.#upTo = undefined;
    this.#recount = this.frozen;
    this.fresh = 0;
    this.loaded = false;
    this.refresh();
  }

  /** Leaves the list as it is from now on. */
  freeze(): void {
    if (!this.loaded) return;
    this.#upTo ??= this.#newest;
  }

  /** Takes in what has come. */
  follow(): void {
    if (this.#upTo === undefined) return;
    this.#upTo = undefined;
    this.fresh = 0;
    this.refresh();
  }

  /** Asks again for what is in view. */
  refresh(): void {
    this.#version += 1;
    for (const page of this.#pages.values()) page.stale = true;
    void this.#work();
  }

  /** Records came, or went (`added` is 0). */
  recordsChanged(added: number): void {
    if (!this.frozen || added === 0) this.refresh();
    if (this.frozen) {
      this.#recount = true;
      void this.#work();
    }
  }

  /** A row, once it is here. */
  row(index: number): ExchangeRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS];
  }

  /** Where a record stands, of those that are here. */
  find(seq: number): number | undefined {
    for (const [number, { rows }] of this.#pages) {
      const at = rows.findIndex((row) => row.seq === seq);
      if (at >= 0) return number * PAGE_ROWS + at;
    }
    return undefined;
  }

  /** Which rows are to be seen: from an index until before another. */
  show(from: number, to: number): void {
    this.#inView = [from, to];
    if (this.#missing() !== undefined) void this.#work();
  }

  #missing(): number | undefined {
    const [from, to] = this.#inView;
    const last = this.loaded ? Math.min(to, this.total) : Math.max(to, 1);
    for (let page = Math.floor(from / PAGE_ROWS); page * PAGE_ROWS < last; page += 1) {
      if (this.#pages.get(page)?.stale ?? true) return page;
    }
    // An empty list that may have got rows.
    return this.loaded || from > 0 ? undefined : 0;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (;;) {
        const page = this.#missing() ?? (this.#emptyStale() ? 0 : undefined);
        if (page !== undefined) await this.#fetch(page);
        else if (this.#recount) await this.#count();
        else break;
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.watcher.changed();
    } finally {
      this.#working = false;
    }
  }

  /** No row is in view, and what is known of the list is old. */
  #emptyStale(): boolean {
    return this.total === 0 && (this.#pages.get(0)?.stale ?? true);
  }

  async #fetch(page: number): Promise<void> {
    const version = this.#version;
    const { query } = this;
    const answer = await call('rows', { query, from: page * PAGE_ROWS, count: PAGE_ROWS });
    if (version !== this.#version) return;
    this.problem = '';
    const moved = answer.total !== this.total || answer.newest !== this.#newest;
    if (moved && this.loaded && this.frozen) await this.#keepAnchor();
    // Rows of other pages stand elsewhere now: nobody who looks at this one sees them, and scrolling asks anew.
    if (moved) for (const other of this.#pages.values()) other.stale = true;
    this.total = answer.total;
    this.#newest = answer.newest;
    this.loaded = true;
    this.#pages.delete(page);
    this.#pages.set(page, { rows: answer.rows, stale: false });
    this.#forget();
    this.watcher.changed();
  }

  /** An exchange that was long under way stands among older ones when it is over: what is read stays where it is. */
  async #keepAnchor(): Promise<void> {
    const seq = this.watcher.anchor();
    const before = seq === undefined ? undefined : this.find(seq);
    if (seq === undefined || before === undefined) return;
    const { index } = await call('indexOf', { query: this.query, seq });
    if (index >= 0 && index !== before) this.watcher.shifted(index - before);
  }

  async #count(): Promise<void> {
    this.#recount = false;
    const version = this.#version;
    const all = await call('query', { query: this.#query });
    const own = await call('query', { query: this.query });
    if (version !== this.#version || !this.frozen) return;
    this.fresh = Math.max(0, all.total - own.total);
    if (own.total !== this.total) this.refresh();
    this.watcher.changed();
  }

  #forget(): void {
    const [from, to] = this.#inView;
    for (const [number] of this.#pages) {
      if (this.#pages.size <= MOST_PAGES) return;
      const seen = number * PAGE_ROWS < to && (number + 1) * PAGE_ROWS > from;
      if (!seen) this.#pages.delete(number);
    }
  }
}
