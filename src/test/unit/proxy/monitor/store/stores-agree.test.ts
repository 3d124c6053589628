import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryStore } from '../../../../../proxy/monitor/store/memory-store';
import { openDatabase } from '../../../../../proxy/monitor/store/open-database';
import type { RecordStore } from '../../../../../proxy/monitor/store/record-store';
import { SqliteStore } from '../../../../../proxy/monitor/store/sqlite-store';
import { totalsOf } from '../../../../../proxy/monitor/store/totals';
import { addSums, emptySums, sumsOf } from '../../../../../proxy/monitor/store/usage-sums';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import { GROUPINGS, OUTCOMES, SORT_KEYS, type MonitorQuery } from '../../../../../shared/monitor';
import { NOON, sqliteOr } from './store-samples';

/** Few of them, so that records and filters meet; among them all that is something to SQL. */
const NAMES = [
  'a',
  'A',
  'b c',
  "o'brien",
  '50%',
  'x_y',
  '"quoted"',
  '\u{1F600}',
  'nul\0nul',
  'line\nbreak',
  '',
  'ÄÖ',
];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const number = fc.integer({ min: 0, max: 5 });
const time = fc.integer({ min: NOON, max: NOON + 20 });
const status = fc.constantFrom(0, 200, 201, 404, 429, 499, 500, 599);

const someRecord = fc
  .record({
    time,
    method: fc.constant('POST'),
    path: name.map((text) => `/${text}`),
    client: maybe(name),
    clientDialect: maybe(name),
    clientKey: maybe(name),
    modelAsked: maybe(name),
    modelServed: maybe(name),
    account: maybe(name),
    attempts: fc.array(fc.record({ account: name, model: name }), { maxLength: 3 }),
    status,
    outcome: fc.constantFrom(...OUTCOMES),
    firstByteMs: maybe(fc.oneof(number, fc.double({ min: 0, max: 1e6, noNaN: true }))),
    durationMs: fc.oneof(number, fc.double({ min: 0, max: 1e6, noNaN: true })),
    usage: maybe(fc.record({ inputTokens: number, outputTokens: number })),
    costNano: maybe(number),
    warnings: fc.constant([]),
    error: maybe(name),
  })
  .map((parts) => {
    const entries = Object.entries(parts).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries) as unknown as Omit<ExchangeRecord, 'seq' | 'id'>;
  });
const someRecords = fc
  .array(fc.array(someRecord, { maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((batches) =>
    // Equal times make equal seqs, which are counted up.
    batches.map((batch, at) =>
      batch.map((parts, index): ExchangeRecord => ({
        ...parts,
        seq: parts.time * 1000,
        id: `${at}-${index}`,
      })),
    ),
  );

const list = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });
const someQuery: fc.Arbitrary<MonitorQuery> = fc
  .record(
    {
      filter: fc.record(
        {
          text: fc.oneof(
            name,
            fc.tuple(name, name).map((both) => both.join(' ')),
          ),
          outcomes: list(fc.constantFrom(...OUTCOMES)),
          statuses: list(fc.constantFrom('200', '429', '4xx', '5xx', '0xx', '0', '00', 'x', '', '0200')),
          protocols: list(name),
          clients: list(name),
          clientKeys: list(name),
          models: list(name),
          accounts: list(name),
          since: time,
          until: time,
        },
        { requiredKeys: [] },
      ),
      sort: fc.record({ key: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() }),
      upTo: time.map((ms) => ms * 1000 + 1),
    },
    { requiredKeys: ['filter', 'sort'] },
  )
  .map((query) => query as MonitorQuery);

const seen = (store: RecordStore, query: MonitorQuery) => {
  const rows = store.rows(query, 0, 1000);
  return {
    count: store.count(query),
    rows,
    page: store.rows(query, 2, 3),
    places: rows.map(({ seq }) => store.indexOf(query, seq)),
    facets: store.facets(),
  };
};

describe('the store in memory and the one in SQLite', () => {
  it('give the same answers, whatever the records and the questions are, and before and after more came', function () {
    this.timeout(60_000);
    const sqlite = sqliteOr(this);
    fc.assert(
      fc.property(someRecords, fc.array(someQuery, { minLength: 1, maxLength: 4 }), (batches, queries) => {
        const inSql = new SqliteStore(openDatabase(sqlite), undefined);
        const inMemory = new MemoryStore();
        for (const batch of batches) {
          inSql.append(batch, []);
          inMemory.append(batch, []);
          for (const query of queries) {
            const seenInSql = seen(inSql, query);
            assert.deepEqual(seenInSql, seen(inMemory, query));
            assert.deepEqual(
              seenInSql.places,
              seenInSql.rows.map((_, index) => index),
            );
            // A list that was kept while records came is the one that would be found now.
            assert.deepEqual(fresh(inMemory).rows(query, 0, 1000), seenInSql.rows);
          }
        }
        inSql.close();
      }),
      { numRuns: 300 },
    );
  });

  it('sum up what was stored, also when the records have gone and the minutes have become quarters of an hour', function () {
    this.timeout(60_000);
    const sqlite = sqliteOr(this);
    fc.assert(
      fc.property(someRecords, (batches) => {
        const all = emptySums();
        for (const each of batches.flat()) addSums(all, sumsOf(each));
        for (const store of [new SqliteStore(openDatabase(sqlite), undefined), new MemoryStore()]) {
          for (const batch of batches) store.append(batch, []);
          const check = () => {
            for (const whole of [true, false]) {
              for (const by of GROUPINGS) {
                const totals = totalsOf(store.usage(0, NOON * 2, whole), by);
                assert.deepEqual(totals.all, all);
                const sum = emptySums();
                for (const { sums } of totals.groups) addSums(sum, sums);
                assert.deepEqual(sum, all);
              }
            }
          };
          check();
          const durations = () =>
            store
              .usage(0, NOON * 2)
              .flatMap(({ duration }) => Object.values(duration))
              .reduce((a, b) => a + b, 0);
          assert.equal(durations(), all.requests);
          while (store.retain({ keepDays: 1, maxRecords: 100, maxMiB: 8 }, NOON + 30 * 86_400_000));
          assert.equal(store.size().records, 0);
          assert.ok(store.usage(0, NOON * 2).every(({ span }) => span === 900_000));
          check();
          assert.equal(durations(), all.requests);
          store.close();
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** A store with the same records that has looked for nothing yet. */
function fresh(store: MemoryStore): MemoryStore {
  const copy = new MemoryStore();
  const all = store.rows({ filter: {}, sort: { key: 'time', descending: false } }, 0, 100_000);
  copy.append(
    all.map(({ seq }) => store.record(seq)!),
    [],
  );
  return copy;
}
