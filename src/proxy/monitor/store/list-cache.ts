/** Lists that views look at now: found once, then kept true by what comes and goes. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { MonitorFilter, MonitorQuery, SortKey } from '../../../shared/monitor';
import { sortValue } from './exchange-columns';
import { matcher } from './matches-filter';
import type { SeqList } from './seq-list';

/** Each is 8 or 16 bytes per record. */
const MOST_LISTS = 8;

interface KeptList {
  list: SeqList;
  key: SortKey;
  matches: (record: ExchangeRecord) => boolean;
}

export class ListCache {
  /** The one used last is last. */
  readonly #lists = new Map<string, KeptList>();
  readonly #find: (filter: MonitorFilter, key: SortKey) => SeqList;

  /** @param find looks all records through */
  constructor(find: (filter: MonitorFilter, key: SortKey) => SeqList) {
    this.#find = find;
  }

  /** @returns the list of a query; its direction is for the reader to heed */
  get({ filter, sort: { key }, upTo }: MonitorQuery): SeqList {
    const name = nameOf(filter, key);
    const kept = this.#lists.get(name) ?? { list: this.#find(filter, key), key, matches: matcher(filter) };
    this.#lists.delete(name);
    this.#lists.set(name, kept);
    for (const [oldest] of this.#lists) {
      if (this.#lists.size <= MOST_LISTS) break;
      this.#lists.delete(oldest);
    }
    return upTo === undefined ? kept.list : kept.list.upTo(upTo);
  }

  /** Records were stored, under the seqs that they have here. */
  add(records: readonly ExchangeRecord[]): void {
    for (const { list, key, matches } of this.#lists.values()) {
      list.add(records.filter(matches).map((record) => ({ key: sortValue(record, key), seq: record.seq })));
    }
  }

  /** Records with lower seqs went. */
  cut(below: number): void {
    for (const { list } of this.#lists.values()) list.cut(below);
  }

  /** Nobody knows what changed. */
  clear(): void {
    this.#lists.clear();
  }
}

/** @returns the same name for filters that are alike */
function nameOf(filter: MonitorFilter, key: SortKey): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return JSON.stringify([key, ...entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
