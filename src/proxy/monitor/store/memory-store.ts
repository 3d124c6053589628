/** Records where there is no SQLite: the newest few thousand, gone when Portside stops. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type {
  CapturedMessage,
  ExchangeRow,
  Facets,
  MonitorFilter,
  MonitorQuery,
  Part,
  SortKey,
} from '../../../shared/monitor';
import { rowOf, sortValue, storable } from './exchange-columns';
import { FacetCounts, namesOf } from './facet-counts';
import { ListCache } from './list-cache';
import { matcher } from './matches-filter';
import type { RecordStore, StoredMessage } from './record-store';
import { retain, type Limits } from './retention';
import { SeqList } from './seq-list';
import { withoutBody } from './sqlite-messages';
import type { UsageRow } from './usage-rows';
import {
  addUsage,
  joinUsage,
  MINUTE,
  MINUTES_KEPT_MS,
  QUARTER_HOUR,
  toQuarterHours,
  usageKey,
  usageOf,
} from './usage-sums';

const MOST_RECORDS = 5000;
const MOST_MIB = 32;

interface Kept {
  record: ExchangeRecord;
  messages: StoredMessage[];
}

export class MemoryStore implements RecordStore {
  readonly kind = 'memory';
  readonly #kept = new Map<number, Kept>();
  readonly #lists = new ListCache((filter, key) => this.#find(filter, key));
  #usage = new Map<string, UsageRow>();
  #bodyBytes = 0;

  append(records: ExchangeRecord[], messages: StoredMessage[]): void {
    const seqs = new Map<number, number>();
    const placed = records.flatMap((each) => {
      const told = storable(each).record;
      let { seq } = told;
      while (this.#kept.has(seq) && this.record(seq)?.id !== told.id) seq++;
      const isNew = !this.#kept.has(seq);
      const record = { ...told, seq };
      if (isNew) this.#kept.set(seq, { record, messages: [] });
      if (!seqs.has(told.seq)) seqs.set(told.seq, seq);
      return isNew ? [record] : [];
    });
    for (const message of messages) {
      const seq = seqs.get(message.seq) ?? message.seq;
      this.#bodyBytes += message.body?.length ?? 0;
      this.#kept.get(seq)?.messages.push({ ...message, seq });
    }
    for (const row of usageOf(placed)) {
      const key = usageKey(row);
      const known = this.#usage.get(key);
      if (known) addUsage(known, row);
      else this.#usage.set(key, row);
    }
    this.#lists.add(placed);
    // A ring: it does not wait to be asked.
    while (this.#kept.size > MOST_RECORDS) this.#deleteOldest(this.#kept.size - MOST_RECORDS);
  }

  count(query: MonitorQuery): { total: number; newest: number } {
    const { length, newest } = this.#lists.get(query);
    return { total: length, newest };
  }

  rows(query: MonitorQuery, from: number, count: number): ExchangeRow[] {
    return this.#lists
      .get(query)
      .page(from, count, query.sort.descending)
      .flatMap((seq) => {
        const kept = this.#kept.get(seq);
        return kept ? [rowOf(kept.record, kept.messages.length > 0)] : [];
      });
  }

  indexOf(query: MonitorQuery, seq: number): number {
    const record = this.record(seq);
    if (!record) return -1;
    const key = sortValue(record, query.sort.key);
    return this.#lists.get(query).indexOf({ key, seq }, query.sort.descending);
  }

  record(seq: number): ExchangeRecord | undefined {
    return this.#kept.get(seq)?.record;
  }

  messages(seq: number): CapturedMessage[] {
    return (this.#kept.get(seq)?.messages ?? [])
      .map(({ seq: _seq, body: _body, ...head }) => head)
      .sort((a, b) => (a.attempt ?? -1) - (b.attempt ?? -1));
  }

  message(seq: number, part: Part, attempt: number | undefined): StoredMessage | undefined {
    return this.#kept
      .get(seq)
      ?.messages.find((message) => message.part === part && message.attempt === attempt);
  }

  facets(): Facets {
    const counts = new FacetCounts();
    for (const { record } of this.#kept.values()) counts.add(namesOf(record), 1);
    return counts.facets();
  }

  usage(from: number, to: number, whole = false): UsageRow[] {
    const rows = [...this.#usage.values()].filter(({ time, span }) => time > from - span && time < to);
    return whole ? joinUsage(rows.map((row) => ({ ...row, time: 0, span: MINUTE }))) : rows;
  }

  retain(limits: Limits, now: number): boolean {
    this.#fold(now);
    return retain(
      {
        records: () => this.#kept.size,
        used: () => this.#bodyBytes,
        deleteOldest: (most, below) => this.#deleteOldest(most, below),
        deleteBodies: (bytes) => this.#deleteBodies(bytes),
        giveBack: () => false,
      },
      {
        keepDays: limits.keepDays,
        maxRecords: Math.min(limits.maxRecords, MOST_RECORDS),
        maxMiB: Math.min(limits.maxMiB, MOST_MIB),
      },
      now,
      0,
    );
  }

  clear(totals: boolean): void {
    this.#kept.clear();
    this.#lists.clear();
    this.#bodyBytes = 0;
    if (totals) this.#usage.clear();
  }

  size(): { records: number; bytes: number } {
    return { records: this.#kept.size, bytes: this.#bodyBytes };
  }

  close(): void {
    this.clear(true);
  }

  #find(filter: MonitorFilter, key: SortKey): SeqList {
    const matches = matcher(filter);
    const list = new SeqList([], [], []);
    const records = [...this.#kept.values()].map(({ record }) => record).filter(matches);
    list.add(records.map((record) => ({ key: sortValue(record, key), seq: record.seq })));
    return list;
  }

  #oldest(): number[] {
    return [...this.#kept.keys()].sort((a, b) => a - b);
  }

  #deleteOldest(most: number, below = Infinity): number {
    const going = this.#oldest()
      .slice(0, most)
      .filter((seq) => seq < below);
    const last = going.at(-1);
    if (last === undefined) return 0;
    for (const seq of going) {
      for (const { body } of this.#kept.get(seq)?.messages ?? []) this.#bodyBytes -= body?.length ?? 0;
      this.#kept.delete(seq);
    }
    this.#lists.cut(last + 1);
    return going.length;
  }

  #deleteBodies(bytes: number): boolean {
    let sum = 0;
    for (const seq of this.#oldest()) {
      const kept = this.#kept.get(seq);
      if (!kept?.messages.some(({ body }) => body)) continue;
      kept.messages = kept.messages.map((message) => {
        const { body, ...head } = message;
        sum += body?.length ?? 0;
        return body ? withoutBody(head) : message;
      });
      if (sum >= bytes) break;
    }
    this.#bodyBytes -= sum;
    return sum > 0;
  }

  #fold(now: number): void {
    const old = Math.floor((now - MINUTES_KEPT_MS) / QUARTER_HOUR) * QUARTER_HOUR;
    const rows = [...this.#usage.values()];
    const minutes = rows.filter(({ time, span }) => span === MINUTE && time < old);
    if (minutes.length === 0) return;
    const others = rows.filter((row) => !minutes.includes(row));
    const joined = joinUsage([...others, ...toQuarterHours(minutes)]);
    this.#usage = new Map(joined.map((row) => [usageKey(row), row]));
  }
}
