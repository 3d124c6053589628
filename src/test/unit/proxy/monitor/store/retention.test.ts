import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { MemoryStore } from '../../../../../proxy/monitor/store/memory-store';
import type { RecordStore } from '../../../../../proxy/monitor/store/record-store';
import type { Limits } from '../../../../../proxy/monitor/store/retention';
import { checkIntegrity, DAY, message, NOON, query, records, sqliteOr, withStore } from './store-samples';

const WIDE: Limits = { keepDays: 3650, maxRecords: 1_000_000, maxMiB: 65_536 };
const MIB = 1024 * 1024;

/** Until nothing is left to be done. */
function retainAll(store: RecordStore, limits: Partial<Limits>, now = NOON): number {
  let slices = 0;
  while (store.retain({ ...WIDE, ...limits }, now)) slices++;
  return slices;
}

const total = (store: RecordStore) => store.count(query()).total;
const requests = (store: RecordStore) =>
  store.usage(0, NOON * 2).reduce((sum, { sums }) => sum + sums.requests, 0);
const bytesOnDisk = (file: string) => statSync(file).size + statSync(`${file}-wal`).size;

describe('retention', () => {
  it('lets go of what is older than it may be, and of nothing else', function () {
    withStore(sqliteOr(this), (store) => {
      const old = records(50, (index) => ({ time: NOON - index * DAY }));
      store.append(
        old,
        old.map(({ seq }) => message(seq, Buffer.from('body'))),
      );
      retainAll(store, { keepDays: 7 });
      assert.deepEqual(
        store.rows(query({}, 'time', true), 0, 99).map(({ time }) => (NOON - time) / DAY),
        [0, 1, 2, 3, 4, 5, 6, 7],
      );
      assert.deepEqual(
        [7, 8].map((days) => store.messages((NOON - days * DAY) * 1000).length),
        [1, 0],
      );
      assert.equal(requests(store), 50);
      assert.equal(retainAll(store, { keepDays: 7 }), 0);
    });
  });

  it('lets go of the oldest when there are too many, and lists that are kept say so', function () {
    withStore(sqliteOr(this), (store) => {
      store.append(
        records(5000, (index) => ({ costNano: (index * 7919) % 5000 })),
        [],
      );
      const byCost = query({}, 'costNano', true);
      assert.equal(store.count(byCost).total, 5000);
      assert.ok(retainAll(store, { maxRecords: 300 }) > 1, 'in slices');
      assert.deepEqual([total(store), store.count(byCost).total, store.size().records], [300, 300, 300]);
      assert.ok(store.rows(byCost, 0, 300).length === 300);
      assert.equal(store.rows(query(), 0, 1)[0]?.time, NOON + 4_700_000);
      assert.equal(requests(store), 5000);
    });
  });

  it('lets go of the oldest bodies first when it is too large, then of records, and the file becomes smaller', function () {
    this.timeout(60_000);
    const sqlite = sqliteOr(this);
    withStore(sqlite, (store, file) => {
      for (let batch = 0; batch < 20; batch++) {
        const some = records(20, (index) => ({ time: NOON + (batch * 20 + index) * 1000 }));
        store.append(
          some,
          some.map(({ seq }) => message(seq, randomBytes(100_000))),
        );
      }
      assert.ok(bytesOnDisk(file) > 38 * MIB);
      retainAll(store, { maxMiB: 16 });
      assert.ok(bytesOnDisk(file) <= 16 * MIB, `${bytesOnDisk(file)}`);
      assert.ok(bytesOnDisk(file) > 8 * MIB, 'not more than needed');
      assert.ok(store.size().bytes <= 16 * MIB);
      assert.equal(total(store), 400);
      const [oldest] = store.rows(query(), 0, 1);
      const [newest] = store.rows(query({}, 'time', true), 0, 1);
      const gone = store.message(oldest!.seq, 'request', undefined);
      assert.deepEqual([gone?.kept, gone?.body, gone?.size], [0, undefined, 100_000]);
      assert.match(gone?.note ?? '', /deleted to keep the database within its size/);
      assert.equal(store.messages(oldest!.seq)[0]?.kept, 0);
      assert.equal(store.message(newest!.seq, 'request', undefined)?.body?.length, 100_000);
      assert.equal(retainAll(store, { maxMiB: 16 }), 0);
      checkIntegrity(sqlite, file);
    });
  });

  it('lets go of records where no bodies are left to go', function () {
    this.timeout(60_000);
    const sqlite = sqliteOr(this);
    withStore(sqlite, (store, file) => {
      for (let batch = 0; batch < 12; batch++) {
        store.append(
          records(500, (index) => ({
            time: NOON + batch * 500 + index,
            skipped: [{ account: 'a', model: 'm', reason: randomBytes(1500).toString('hex') }],
          })),
          [],
        );
      }
      assert.ok(bytesOnDisk(file) > 18 * MIB);
      retainAll(store, { maxMiB: 8 });
      assert.ok(bytesOnDisk(file) <= 8 * MIB, `${bytesOnDisk(file)}`);
      assert.ok(total(store) > 500 && total(store) < 3000, `${total(store)}`);
      assert.equal(store.rows(query({}, 'time', true), 0, 1)[0]?.time, NOON + 5999);
      assert.equal(requests(store), 6000);
      checkIntegrity(sqlite, file);
    });
  });

  it('makes minutes into quarters of an hour after two days, and loses nothing', function () {
    withStore(sqliteOr(this), (store) => {
      store.append(
        records(96 * 60, (index) => ({
          time: NOON - index * 60_000,
          costNano: index,
          firstByteMs: index,
          account: index % 2 ? 'a' : 'b',
        })),
        [],
      );
      const sum = () => {
        const rows = store.usage(0, NOON * 2);
        const values = (pick: (row: (typeof rows)[number]) => number[]) =>
          rows.flatMap(pick).reduce((a, b) => a + b, 0);
        return [
          values(({ sums }) => [sums.requests]),
          values(({ sums }) => [sums.costNano]),
          values(({ duration }) => Object.values(duration)),
          values(({ firstByte }) => Object.values(firstByte)),
        ];
      };
      const before = sum();
      const minutes = store.usage(0, NOON * 2).length;
      retainAll(store, {});
      assert.deepEqual(sum(), before);
      const rows = store.usage(0, NOON * 2);
      assert.ok(rows.length < minutes * 0.6);
      for (const { time, span } of rows) {
        assert.equal(span, time < NOON - 2 * DAY ? 900_000 : 60_000);
        assert.equal(time % span, 0);
      }
    });
  });

  it('in memory keeps the newest, and no more bodies than it may', () => {
    const store = new MemoryStore();
    for (let batch = 0; batch < 70; batch++) {
      const some = records(100, (index) => ({ time: NOON + (batch * 100 + index) * 1000 }));
      store.append(
        some,
        some.map(({ seq }) => message(seq, new Uint8Array(10_000))),
      );
    }
    assert.equal(total(store), 5000);
    assert.equal(store.rows(query(), 0, 1)[0]?.time, NOON + 2_000_000);
    retainAll(store, {});
    assert.ok(store.size().bytes <= 32 * MIB && store.size().bytes > 20 * MIB);
    const [oldest] = store.rows(query(), 0, 1);
    assert.match(store.message(oldest!.seq, 'request', undefined)?.note ?? '', /deleted/);
    retainAll(store, { maxRecords: 100, keepDays: 1 });
    assert.equal(total(store), 100);
    assert.equal(requests(store), 7000);
    retainAll(store, { keepDays: 1 }, NOON + 9 * DAY);
    assert.deepEqual([total(store), store.size().bytes], [0, 0]);
  });
});
