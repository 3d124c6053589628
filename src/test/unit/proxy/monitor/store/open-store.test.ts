import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { APPLICATION_ID, MIGRATIONS, migrate } from '../../../../../proxy/monitor/store/migrations';
import { MemoryStore } from '../../../../../proxy/monitor/store/memory-store';
import { openStore } from '../../../../../proxy/monitor/store/open-store';
import { skipBecause } from '../../../../support/skip-because';
import { inFolder, message, NOON, query, record, records, sqliteOr } from './store-samples';

describe('opening the store', () => {
  it('finds in a file what was written to it, which nobody else may read', function () {
    sqliteOr(this);
    inFolder((folder) => {
      const file = join(folder, 'deeper', 'monitor.db');
      const { store, note } = openStore(file, NOON);
      assert.deepEqual([store.kind, note], ['disk', undefined]);
      const kept = record({ client: 'claude-cli', usage: { inputTokens: 3, outputTokens: 4 } });
      store.append([kept], [message(kept.seq, Buffer.from('body'))]);
      store.close();
      const again = openStore(file, NOON).store;
      assert.deepEqual(again.record(kept.seq), kept);
      assert.equal(Buffer.from(again.message(kept.seq, 'request', undefined)!.body!).toString(), 'body');
      assert.equal(again.usage(0, NOON * 2)[0]?.sums.inputTokens, 3);
      again.close();
      if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    });
  });

  it('keeps records in memory where there is no file', function () {
    sqliteOr(this);
    const { store, note } = openStore(undefined, NOON);
    store.append(records(3), []);
    assert.deepEqual([store.kind, note, store.count(query()).total], ['memory', undefined, 3]);
    store.close();
  });

  it('keeps records in memory where there is no SQLite, and says so', () => {
    inFolder((folder) => {
      const file = join(folder, 'monitor.db');
      const { store, note } = openWithout(file);
      assert.ok(store instanceof MemoryStore);
      assert.match(note ?? '', /no SQLite/);
      assert.ok(!existsSync(file));
    });
  });

  it('leaves the file of a newer version alone, byte for byte', function () {
    const { DatabaseSync } = sqliteOr(this);
    inFolder((folder) => {
      const file = join(folder, 'monitor.db');
      openStore(file, NOON).store.close();
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
      db.close();
      const before = readFileSync(file);
      const { store, note } = openStore(file, NOON);
      store.append(records(2), []);
      assert.equal(store.kind, 'memory');
      assert.match(note ?? '', /monitor\.db is not used, it was written by a newer version of Portside/);
      store.close();
      assert.ok(before.equals(readFileSync(file)));
      assert.deepEqual(readdirSync(folder), ['monitor.db']);
    });
  });

  it("leaves another program's database alone", function () {
    const { DatabaseSync } = sqliteOr(this);
    inFolder((folder) => {
      const file = join(folder, 'other.db');
      const db = new DatabaseSync(file);
      db.exec('CREATE TABLE precious (x)');
      db.close();
      const before = readFileSync(file);
      const { store, note } = openStore(file, NOON);
      assert.equal(store.kind, 'memory');
      assert.match(note ?? '', /another program's database/);
      assert.ok(before.equals(readFileSync(file)));
      store.close();
    });
  });

  for (const [what, damage] of [
    ['overwritten', (file: string) => writeFileSync(file, 'no database at all '.repeat(1000))],
    ['cut off', (file: string) => truncateSync(file, 3 * 4096)],
  ] as const) {
    it(`sets a file aside that was ${what}, and begins a new one`, function () {
      sqliteOr(this);
      inFolder((folder) => {
        const file = join(folder, 'monitor.db');
        const first = openStore(file, NOON).store;
        first.append(records(500), []);
        first.close();
        damage(file);
        const broken = readFileSync(file);
        const { store, note } = openStore(file, NOON);
        assert.equal(store.kind, 'disk');
        assert.match(note ?? '', /damaged/);
        store.append(records(2), []);
        assert.equal(store.count(query()).total, 2);
        store.close();
        const aside = readdirSync(folder)
          .filter((name) => name.includes('.broken-'))
          .sort();
        assert.equal(aside[0], 'monitor.db.broken-2026-11-23T12-00-00-000Z');
        assert.ok(broken.equals(readFileSync(join(folder, aside[0]!))));
      });
    });
  }

  it('keeps records in memory when the file cannot be made, and says why', function () {
    sqliteOr(this);
    inFolder((folder) => {
      writeFileSync(join(folder, 'file'), '');
      const { store, note } = openStore(join(folder, 'file', 'monitor.db'), NOON);
      assert.equal(store.kind, 'memory');
      assert.match(note ?? '', /monitor\.db is not used/);
      store.close();
    });
  });

  it('keeps records in memory when the file may not be written to', function () {
    sqliteOr(this);
    if (process.getuid?.() === 0) skipBecause(this, 'nothing is forbidden to root');
    if (process.platform === 'win32') skipBecause(this, 'folders have no such mode on Windows');
    inFolder((folder) => {
      chmodSync(folder, 0o500);
      const { store, note } = openStore(join(folder, 'monitor.db'), NOON);
      chmodSync(folder, 0o700);
      assert.equal(store.kind, 'memory');
      assert.match(note ?? '', /not used/);
    });
  });
});

describe('migrations', () => {
  it('bring every earlier version to the newest, each once, and keep what is there', function () {
    const { DatabaseSync } = sqliteOr(this);
    const steps = ['CREATE TABLE t (a)', 'ALTER TABLE t ADD COLUMN b', "UPDATE t SET b = a || '!'"];
    const db = new DatabaseSync(':memory:');
    migrate(db, steps.slice(0, 1));
    db.exec("INSERT INTO t VALUES ('x')");
    migrate(db, steps.slice(0, 1));
    migrate(db, steps);
    migrate(db, steps);
    assert.deepEqual({ ...db.prepare('SELECT * FROM t').get() }, { a: 'x', b: 'x!' });
    assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], 3);
    assert.equal(db.prepare('PRAGMA application_id').get()?.['application_id'], APPLICATION_ID);
    db.close();
  });

  it('that fail leave the version they began with', function () {
    const { DatabaseSync } = sqliteOr(this);
    const db = new DatabaseSync(':memory:');
    assert.throws(
      () => migrate(db, ['CREATE TABLE t (a)', 'CREATE TABLE u (a); CREATE TABLE t (a)']),
      /already exists/,
    );
    assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], 1);
    assert.deepEqual(
      db
        .prepare('SELECT name FROM sqlite_schema')
        .all()
        .map((row) => row['name']),
      ['t'],
    );
    db.close();
  });
});

/** As on a Node without `node:sqlite`. */
function openWithout(file: string) {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (() => undefined) as typeof getBuiltinModule;
  try {
    return openStore(file, NOON);
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
}
