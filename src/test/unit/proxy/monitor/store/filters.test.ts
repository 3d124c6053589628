import assert from 'node:assert/strict';
import { MemoryStore } from '../../../../../proxy/monitor/store/memory-store';
import { openDatabase } from '../../../../../proxy/monitor/store/open-database';
import type { RecordStore } from '../../../../../proxy/monitor/store/record-store';
import { SqliteStore } from '../../../../../proxy/monitor/store/sqlite-store';
import type { MonitorFilter } from '../../../../../shared/monitor';
import { NOON, query, record, sqliteOr } from './store-samples';

const RECORDS = [
  record({ id: 'both', seq: 5, time: NOON, modelAsked: 'x', modelServed: 'y', client: 'codex', costNano: 1 }),
  record({ id: 'asked', seq: 6, time: NOON + 1, modelAsked: 'x', account: 'a', costNano: 1 }),
  record({ id: 'none', seq: 7, time: NOON + 2, status: 404, attempts: [{ account: 'b', model: 'x' }] }),
];

const stores: [string, (context: Mocha.Context) => RecordStore][] = [
  ['in memory', () => new MemoryStore()],
  ['in SQLite', (context) => new SqliteStore(openDatabase(sqliteOr(context)), undefined)],
];

for (const [where, create] of stores) {
  describe(`filters ${where}`, () => {
    const filtered = (context: Mocha.Context, filter: MonitorFilter): string[] => {
      const store: RecordStore = create(context);
      store.append(RECORDS, []);
      const ids = store.rows(query(filter), 0, 99).map(({ id }) => id);
      store.close();
      return ids;
    };

    it('begin with a time and end before another', function () {
      assert.deepEqual(filtered(this, { since: NOON + 1 }), ['asked', 'none']);
      assert.deepEqual(filtered(this, { until: NOON + 1 }), ['both']);
    });

    it('find a model as asked for or as served, an account that served or was asked', function () {
      assert.deepEqual(filtered(this, { models: ['x'] }), ['both', 'asked']);
      assert.deepEqual(filtered(this, { models: ['y'] }), ['both']);
      assert.deepEqual(filtered(this, { accounts: ['a', 'b'] }), ['asked', 'none']);
    });

    it('find what has no such name by the empty one', function () {
      assert.deepEqual(filtered(this, { models: [''] }), ['none']);
      assert.deepEqual(filtered(this, { clients: [''] }), ['asked', 'none']);
      assert.deepEqual(filtered(this, { accounts: [''] }), ['both']);
    });

    it('want all that is set, and take a list in which nothing is chosen for none', function () {
      assert.deepEqual(filtered(this, { models: ['x'], clients: ['codex'] }), ['both']);
      assert.deepEqual(filtered(this, { statuses: ['4xx'], models: ['x'] }), []);
      assert.deepEqual(filtered(this, { statuses: [], outcomes: [], models: [] }), ['both', 'asked', 'none']);
    });

    it('leave equals in the order of their time when one comes late', function () {
      const store: RecordStore = create(this);
      const byCost = query({}, 'costNano');
      assert.equal(store.count(byCost).total, 0);
      for (const late of [...RECORDS].reverse()) store.append([late], []);
      assert.deepEqual(
        store.rows(byCost, 0, 9).map(({ id }) => id),
        ['both', 'asked', 'none'],
      );
      store.close();
    });
  });
}
