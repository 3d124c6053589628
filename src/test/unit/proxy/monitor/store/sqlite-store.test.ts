import assert from 'node:assert/strict';
import { SqliteStore } from '../../../../../proxy/monitor/store/sqlite-store';
import { openDatabase } from '../../../../../proxy/monitor/store/open-database';
import { isDamage, isPassing, troubleInWords } from '../../../../../proxy/monitor/store/sqlite-trouble';
import type { SortKey } from '../../../../../shared/monitor';
import {
  checkIntegrity,
  message,
  NOON,
  query,
  record,
  records,
  seqsOf,
  sqliteOr,
  withStore,
} from './store-samples';

describe('the store in SQLite', () => {
  it('gives pages of a list in both directions, and finds a record in it', function () {
    withStore(sqliteOr(this), (store) => {
      store.append(
        records(250, (index) => ({ status: index % 2 ? 200 : 404 })),
        [],
      );
      const found = query({ statuses: ['4xx'] }, 'time', true);
      assert.deepEqual(store.count(found), { total: 125, newest: (NOON + 248_000) * 1000 });
      assert.deepEqual(
        store.rows(found, 3, 2).map(({ time }) => time),
        [NOON + 242_000, NOON + 240_000],
      );
      assert.equal(store.indexOf(found, (NOON + 240_000) * 1000), 4);
      assert.equal(store.indexOf(found, (NOON + 241_000) * 1000), -1);
      assert.deepEqual(store.rows(found, 124, 10).length, 1);
      assert.deepEqual(store.rows(found, 500, 10), []);
    });
  });

  it('sorts what has no number last, whatever the direction', function () {
    withStore(sqliteOr(this), (store) => {
      const costs = [5, undefined, 2, 9, undefined, 2];
      store.append(
        records(6, (index) => (costs[index] === undefined ? {} : { costNano: costs[index] })),
        [],
      );
      const at = (key: SortKey, descending: boolean) =>
        seqsOf(store, query({}, key, descending)).map((seq) => (seq / 1000 - NOON) / 1000);
      assert.deepEqual(at('costNano', false), [2, 5, 0, 3, 1, 4]);
      assert.deepEqual(at('costNano', true), [3, 0, 5, 2, 4, 1]);
    });
  });

  it('leaves a list as it was for a reader who names the newest record he has seen', function () {
    withStore(sqliteOr(this), (store) => {
      store.append(
        records(10, (index) => ({ costNano: 100 - index })),
        [],
      );
      for (const key of ['time', 'costNano'] as const) {
        const { newest } = store.count(query({}, key));
        const frozen = { ...query({}, key, true), upTo: newest };
        const before = seqsOf(store, frozen);
        store.append(
          records(10, (index) => ({ time: NOON + 60_000 + index + (key === 'time' ? 0 : 50) })),
          [],
        );
        assert.deepEqual(seqsOf(store, frozen), before);
        assert.deepEqual(store.count(frozen), { total: before.length, newest });
        assert.ok(store.count(query({}, key)).total === before.length + 10);
      }
    });
  });

  it('counts a seq that is taken up, and gives the messages to the record they came with', function () {
    withStore(sqliteOr(this), (store) => {
      const seq = NOON * 1000;
      store.append([record({ id: 'first' })], [message(seq, Buffer.from('one'))]);
      store.append([record({ id: 'second' })], [message(seq, Buffer.from('two'))]);
      assert.deepEqual(
        store.rows(query(), 0, 9).map(({ id, seq: place, captured }) => [id, place, captured]),
        [
          ['first', seq, true],
          ['second', seq + 1, true],
        ],
      );
      assert.equal(store.record(seq + 1)?.seq, seq + 1);
      const bodyOf = (place: number) =>
        Buffer.from(store.message(place, 'request', undefined)!.body!).toString();
      assert.equal(bodyOf(seq), 'one');
      assert.equal(bodyOf(seq + 1), 'two');
    });
  });

  it('does not store or count a record twice that is told twice', function () {
    withStore(sqliteOr(this), (store) => {
      const told = [record({ id: 'first' }), record({ id: 'second' })];
      store.append(told, []);
      store.append(told, []);
      assert.equal(store.count(query()).total, 2);
      assert.equal(store.size().records, 2);
      assert.equal(store.usage(0, NOON * 2)[0]?.sums.requests, 2);
    });
  });

  it('stores all that came together, or nothing of it', function () {
    withStore(sqliteOr(this), (store) => {
      store.append([record()], []);
      const broken = { ...record({ id: 'x', time: NOON + 5 }), durationMs: {} as number };
      assert.throws(() =>
        store.append([record({ id: 'y', time: NOON + 4 }), broken], [message(1, undefined)]),
      );
      assert.deepEqual(seqsOf(store, query()), [NOON * 1000]);
      assert.deepEqual([store.size().records, store.messages(1)], [1, []]);
      assert.equal(store.usage(0, NOON * 2)[0]?.sums.requests, 1);
      store.append([record({ id: 'z', time: NOON + 6 })], []);
      assert.equal(store.count(query()).total, 2);
    });
  });

  it('gives every message of an exchange back as it was, long bodies and short ones', function () {
    withStore(sqliteOr(this), (store) => {
      const { seq } = record();
      const long = Buffer.from('Portside '.repeat(100_000));
      const given = [
        message(seq, long),
        { ...message(seq, Buffer.from([0, 255, 10])), part: 'response' as const },
        { ...message(seq, undefined), part: 'upstream-request' as const, attempt: 0 },
        { ...message(seq, Buffer.from('')), part: 'upstream-request' as const, attempt: 1, note: 'why' },
      ];
      store.append([record()], given);
      const heads = given.map(({ seq: _seq, body: _body, ...head }) => head);
      assert.deepEqual(store.messages(seq), heads);
      assert.ok(long.equals(store.message(seq, 'request', undefined)!.body!));
      assert.deepEqual([...store.message(seq, 'response', undefined)!.body!], [0, 255, 10]);
      assert.equal(store.message(seq, 'upstream-request', 1)?.note, 'why');
      assert.equal(store.message(seq, 'upstream-response', 1), undefined);
      assert.ok(store.size().bytes < long.length, 'it is kept smaller');
    });
  });

  it('counts names for menus, and no longer those of records that went', function () {
    withStore(sqliteOr(this), (store) => {
      store.facets();
      store.append(
        records(30, (index) => ({
          status: index < 10 ? 500 : 200,
          client: index % 3 ? 'codex' : 'o\'b\n"x"',
          modelAsked: 'asked',
          modelServed: index % 2 ? 'served' : 'asked',
          account: 'a',
          attempts: [
            { account: 'b', model: 'm' },
            { account: 'a', model: 'm' },
          ],
        })),
        [],
      );
      const all = store.facets();
      assert.deepEqual(all.statuses, [
        { name: '200', count: 20 },
        { name: '500', count: 10 },
      ]);
      assert.deepEqual(all.models, [
        { name: 'asked', count: 30 },
        { name: 'served', count: 15 },
      ]);
      assert.deepEqual(all.accounts, [
        { name: 'a', count: 30 },
        { name: 'b', count: 30 },
      ]);
      store.retain({ keepDays: 30, maxRecords: 10, maxMiB: 512 }, NOON);
      const { statuses, clients } = store.facets();
      assert.deepEqual(statuses, [{ name: '200', count: 10 }]);
      assert.equal(
        clients.reduce((sum, { count }) => sum + count, 0),
        10,
      );
    });
  });

  it('sees what another process writes to the file', function () {
    const sqlite = sqliteOr(this);
    withStore(sqlite, (store, file) => {
      store.append(records(3), []);
      assert.equal(store.count(query()).total, 3);
      const other = new SqliteStore(openDatabase(sqlite, file), file);
      other.append([record({ time: NOON - 1000 })], []);
      other.close();
      assert.equal(store.count(query()).total, 4);
      assert.equal(store.size().records, 4);
    });
  });

  it('forgets all records when it is cleared, and the totals only when that is asked for', function () {
    const sqlite = sqliteOr(this);
    withStore(sqlite, (store, file) => {
      const many = records(2000);
      store.append(
        many,
        many.map(({ seq }) => message(seq, Buffer.from(`{"n":${seq}}`))),
      );
      const { bytes } = store.size();
      store.clear(false);
      assert.deepEqual(
        [store.count(query()).total, store.facets().statuses, store.messages(many[0]!.seq)],
        [0, [], []],
      );
      assert.ok(store.size().bytes < bytes / 5, `${store.size().bytes} of ${bytes}`);
      assert.equal(
        store.usage(0, NOON * 2, true).reduce((sum, { sums }) => sum + sums.requests, 0),
        2000,
      );
      store.clear(true);
      assert.deepEqual(store.usage(0, NOON * 2), []);
      checkIntegrity(sqlite, file);
    });
  });

  it('takes words for words: neither quotes nor wildcards are anything else', function () {
    withStore(sqliteOr(this), (store) => {
      const errors = [
        "it's",
        '100%',
        'a_b',
        'aXb',
        '"; DROP TABLE exchanges; --',
        '\u{1F600} smile',
        'nul\0here',
        'ÄRGER',
      ];
      store.append(
        records(errors.length, (index) => ({ error: errors[index]!, id: `r${index}`, path: '/' })),
        [],
      );
      const found = (text: string) => store.rows(query({ text }), 0, 99).map(({ error }) => error);
      assert.deepEqual(found("IT'S"), ["it's"]);
      assert.deepEqual(found('0%'), ['100%']);
      assert.deepEqual(found('A_B'), ['a_b']);
      assert.deepEqual(found('"; --'), ['"; DROP TABLE exchanges; --']);
      assert.deepEqual(found('\u{1F600}'), ['\u{1F600} smile']);
      assert.deepEqual(found('l\0h'), ['nul\uFFFDhere']);
      assert.deepEqual(found('ärger'), ['ÄRGER']);
      assert.deepEqual(found('%'), ['100%']);
      assert.equal(found(' ').length, errors.length);
    });
  });
});

describe('a disk that is full', () => {
  it('leaves the store as it was, is told in words, and hinders nothing when there is room again', function () {
    const sqlite = sqliteOr(this);
    const db = openDatabase(sqlite);
    const store = new SqliteStore(db, undefined);
    store.append(records(100), []);
    db.exec('PRAGMA max_page_count = 30');
    const more = records(2000, (index) => ({ time: NOON + 1_000_000 + index }));
    assert.throws(
      () => {
        store.append(more, []);
      },
      (error) => isPassing(error) && !isDamage(error) && troubleInWords(error) === 'the disk is full',
    );
    assert.deepEqual([store.count(query()).total, store.size().records], [100, 100]);
    db.exec('PRAGMA max_page_count = 100000');
    store.append(more, []);
    assert.deepEqual([store.count(query()).total, store.size().records], [2100, 2100]);
    assert.equal(
      store.usage(0, NOON * 2, true).reduce((sum, { sums }) => sum + sums.requests, 0),
      2100,
    );
    store.close();
  });
});
