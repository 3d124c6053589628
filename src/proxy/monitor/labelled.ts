/** Numbers by labels, for families of metrics. */
import type { Labels, Sample } from './exposition';

/** Where a name comes from a client or an upstream it may be of any length. */
const LONGEST_VALUE = 120;
/** What stands for every further account and model once there are too many. */
const OTHER = 'other';

const shorten = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)]));

const WITHOUT_NAMES: Labels = { account: OTHER, model: OTHER };

/** Something by labels, for at most so many combinations: further ones share those whose account and model are "other". */
export class Labelled<T> {
  readonly #all = new Map<string, { labels: Labels; held: T }>();

  /**
   * @param make a new one
   * @param limit most combinations
   */
  constructor(
    private readonly make: () => T,
    private readonly limit: number,
  ) {}

  of(labels: Labels): T {
    // As they are: nearly all are short, and this is done some times for every request.
    const seen = this.#all.get(keyOf(labels));
    if (seen) return seen.held;
    const short = shorten(labels);
    const known = this.#all.get(keyOf(short));
    if (known) return known.held;
    if (this.#all.size < this.limit) return this.#add(short);
    const shared = { ...short };
    for (const name of Object.keys(WITHOUT_NAMES)) if (name in shared) shared[name] = OTHER;
    // Statuses of upstreams may be many, too.
    if (shared.status !== undefined) shared.status = `${shared.status.slice(0, 1)}xx`;
    return this.#all.get(keyOf(shared))?.held ?? this.#add(shared);
  }

  #add(labels: Labels): T {
    const held = this.make();
    this.#all.set(keyOf(labels), { labels, held });
    return held;
  }

  samples(read: (held: T, labels: Labels) => Sample[]): Sample[] {
    return [...this.#all.values()].flatMap(({ labels, held }) => read(held, labels));
  }
}

/** What tells combinations of one family apart, whatever stands in their values. */
function keyOf(labels: Labels): string {
  let key = '';
  for (const value of Object.values(labels)) key += `${value.length}:${value}`;
  return key;
}

/** A sum by labels. */
export class Counter {
  readonly #counts: Labelled<{ value: number }>;

  constructor(limit: number) {
    this.#counts = new Labelled(() => ({ value: 0 }), limit);
  }

  add(labels: Labels, value = 1): void {
    this.#counts.of(labels).value += value;
  }

  samples(): Sample[] {
    return this.#counts.samples(({ value }, labels) => [{ labels, value }]);
  }
}

/** How many took how long, by labels. */
export class Histogram {
  readonly #held: Labelled<{ buckets: number[]; count: number; sumMs: number }>;

  /** @param bounds upper ones of the buckets, in seconds, rising */
  constructor(
    private readonly bounds: readonly number[],
    limit: number,
  ) {
    this.#held = new Labelled(() => ({ buckets: bounds.map(() => 0), count: 0, sumMs: 0 }), limit);
  }

  add(labels: Labels, ms: number): void {
    const held = this.#held.of(labels);
    held.count++;
    held.sumMs += ms;
    const index = this.bounds.findIndex((bound) => ms <= bound * 1000);
    if (index >= 0) held.buckets[index] = (held.buckets[index] ?? 0) + 1;
  }

  samples(): Sample[] {
    return this.#held.samples(({ buckets, count, sumMs }, labels) => {
      let upTo = 0;
      return [
        ...this.bounds.map((bound, index) => ({
          suffix: '_bucket',
          labels: { ...labels, le: String(bound) },
          value: (upTo += buckets[index] ?? 0),
        })),
        { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
        { suffix: '_sum', labels, value: sumMs / 1000 },
        { suffix: '_count', labels, value: count },
      ];
    });
  }
}
