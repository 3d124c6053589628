/** The records of a list in their order, by their `seq`. */
export interface ListEntry {
  /** What it is sorted by; undefined sorts last. */
  key: number | undefined;
  seq: number;
}

/**
 * Kept ascending by key and seq; a descending list is the same read backwards, but for those without a key, who are last
 * in both. A list by time has `seq` for its key, and one array for both.
 */
export class SeqList {
  readonly #keys: number[];
  readonly #seqs: number[];
  readonly #keyless: number[];
  #newest: number;
  #frozen: { upTo: number; list: SeqList } | undefined;

  /**
   * @param keys ascending; the same array as `seqs` in a list by time
   * @param seqs of those with a key, equals by key ascending
   * @param keyless of those without one, ascending
   */
  constructor(keys: number[], seqs: number[], keyless: number[]) {
    this.#keys = keys;
    this.#seqs = seqs;
    this.#keyless = keyless;
    this.#newest = this.#highest();
  }

  get length(): number {
    return this.#seqs.length + this.#keyless.length;
  }

  /** The highest seq; 0 when there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** @returns the seqs from an index on, at most so many */
  page(from: number, count: number, descending: boolean): number[] {
    const page: number[] = [];
    const end = Math.min(from + count, this.length);
    for (let index = Math.max(0, from); index < end; index++) {
      const keyed = index < this.#seqs.length;
      const part = keyed ? this.#seqs : this.#keyless;
      const place = keyed ? index : index - this.#seqs.length;
      const seq = part[descending ? part.length - 1 - place : place];
      if (seq !== undefined) page.push(seq);
    }
    return page;
  }

  /** @returns where an entry stands, or -1 */
  indexOf({ key, seq }: ListEntry, descending: boolean): number {
    const [keys, seqs] = key === undefined ? [this.#keyless, this.#keyless] : [this.#keys, this.#seqs];
    const place = lowerBound(keys, seqs, key ?? seq, seq);
    if (seqs[place] !== seq) return -1;
    return (descending ? seqs.length - 1 - place : place) + (key === undefined ? this.#seqs.length : 0);
  }

  /** Puts new records in their places. Costs what has to be moved for them: by time, next to nothing. */
  add(entries: readonly ListEntry[]): void {
    const keyed: { key: number; seq: number }[] = [];
    const keyless: { key: number; seq: number }[] = [];
    for (const { key, seq } of entries) {
      if (key === undefined) keyless.push({ key: seq, seq });
      else keyed.push({ key, seq });
      if (seq > this.#newest) this.#newest = seq;
      if (this.#frozen && seq <= this.#frozen.upTo) this.#frozen = undefined;
    }
    merge(this.#keys, this.#seqs, keyed);
    merge(this.#keyless, this.#keyless, keyless);
  }

  /** Takes all out whose seq is lower. */
  cut(below: number): void {
    this.#frozen = undefined;
    keep(this.#keys, this.#seqs, (seq) => seq >= below);
    keep(this.#keyless, this.#keyless, (seq) => seq >= below);
    this.#newest = this.#highest();
  }

  /** @returns the list without higher seqs. Not to be changed: it is kept while it stays true. */
  upTo(seq: number): SeqList {
    if (seq >= this.#newest) return this;
    if (this.#frozen?.upTo === seq) return this.#frozen.list;
    const seqs = this.#seqs.slice();
    const keys = this.#keys === this.#seqs ? seqs : this.#keys.slice();
    const keyless = this.#keyless.slice();
    keep(keys, seqs, (each) => each <= seq);
    keep(keyless, keyless, (each) => each <= seq);
    const list = new SeqList(keys, seqs, keyless);
    this.#frozen = { upTo: seq, list };
    return list;
  }

  #highest(): number {
    const last = this.#keyless.at(-1) ?? 0;
    if (this.#keys === this.#seqs) return Math.max(last, this.#seqs.at(-1) ?? 0);
    return this.#seqs.reduce((highest, seq) => Math.max(highest, seq), last);
  }
}

/** @returns the first place whose entry is not before the given one */
function lowerBound(keys: readonly number[], seqs: readonly number[], key: number, seq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = keys[middle] ?? 0;
    if (other < key || (other === key && (seqs[middle] ?? 0) < seq)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Merges from the end, in place. */
function merge(keys: number[], seqs: number[], added: { key: number; seq: number }[]): void {
  if (added.length === 0) return;
  added.sort((a, b) => a.key - b.key || a.seq - b.seq);
  let read = seqs.length - 1;
  // Grown by pushes: writing behind an array's end would make it a sparse one.
  for (const { key, seq } of added) {
    seqs.push(seq);
    if (keys !== seqs) keys.push(key);
  }
  let write = seqs.length - 1;
  for (let next = added.length - 1; next >= 0; write--) {
    const entry = added[next];
    const key = keys[read];
    const seq = seqs[read];
    if (!entry) break;
    if (read >= 0 && key !== undefined && seq !== undefined) {
      if (key > entry.key || (key === entry.key && seq > entry.seq)) {
        keys[write] = key;
        seqs[write] = seq;
        read--;
        continue;
      }
    }
    keys[write] = entry.key;
    seqs[write] = entry.seq;
    next--;
  }
}

/** Leaves those in, in place, that pass. */
function keep(keys: number[], seqs: number[], passes: (seq: number) => boolean): void {
  let write = 0;
  for (let read = 0; read < seqs.length; read++) {
    const seq = seqs[read];
    const key = keys[read];
    if (seq === undefined || key === undefined || !passes(seq)) continue;
    seqs[write] = seq;
    keys[write] = key;
    write++;
  }
  seqs.length = write;
  keys.length = write;
}
