import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Keeper } from '../../../../../proxy/monitor/keeper/keeper';
import type {
  FromKeeper,
  KeeperCall,
  RawMessage,
  ToKeeper,
} from '../../../../../proxy/monitor/keeper/keeper-messages';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import type {
  BodyText,
  ExchangeDetail,
  MonitorCalls,
  MonitorInfo,
  Series,
  Totals,
} from '../../../../../shared/monitor';
import { monitorSchema, type MonitorSettings } from '../../../../../shared/monitor-settings';
import { inFolder, NOON, query, record, records, sqliteOr } from '../store/store-samples';

const SECRET = 'canary-secret-4711-never-shown';

/** A keeper, and what it says. */
function keep(file?: string, settings: Partial<MonitorSettings> = {}, now = () => NOON) {
  const said: FromKeeper[] = [];
  const keeper = new Keeper((message) => said.push(message), now);
  const hear = (message: ToKeeper) => {
    keeper.hear(message);
  };
  const configure = (parts: Partial<MonitorSettings> = settings, place = file) => {
    hear({
      type: 'configure',
      settings: { ...monitorSchema.parse({}), ...parts },
      secrets: [SECRET],
      ...(place !== undefined && { file: place }),
    });
  };
  let id = 0;
  const ask = <Name extends keyof MonitorCalls>(
    call: KeeperCall & { type: Name },
  ): MonitorCalls[Name]['answer'] => {
    hear({ type: 'call', id: ++id, call, origin: 'http://127.0.0.1:8045' });
    const answer =
      said.at(-1)?.type === 'answer' ? said.at(-1) : said.findLast(({ type }) => type === 'answer');
    assert.ok(answer?.type === 'answer' && answer.id === id);
    if (!answer.ok) throw new Error(answer.message);
    return answer.answer as MonitorCalls[Name]['answer'];
  };
  /** {@link ask} for what is read by code that is loaded when it is needed. */
  const askLater = async <Name extends keyof MonitorCalls>(
    call: KeeperCall & { type: Name },
  ): Promise<MonitorCalls[Name]['answer']> => {
    hear({ type: 'call', id: ++id, call, origin: 'http://127.0.0.1:8045' });
    for (;;) {
      const answer = said.find((each) => each.type === 'answer' && each.id === id);
      if (answer?.type === 'answer') {
        assert.ok(answer.ok);
        return answer.answer as MonitorCalls[Name]['answer'];
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const append = (list: ExchangeRecord[], messages: RawMessage[] = []) => {
    hear({ type: 'append', records: JSON.stringify(list), messages });
  };
  const close = () => {
    hear({ type: 'close', id: ++id });
    assert.deepEqual(said.at(-1), { type: 'answer', id, ok: true, answer: null });
  };
  const changes = () => said.flatMap((each) => (each.type === 'changed' ? [each.added] : []));
  const logs = () => said.flatMap((each) => (each.type === 'log' ? [each.message] : []));
  configure();
  return { said, hear, configure, ask, askLater, append, close, changes, logs };
}

const raw = (seq: number, text: string): RawMessage => ({
  seq,
  part: 'request',
  method: 'POST',
  url: '/v1/messages',
  headers: ['content-type', 'application/json', 'authorization', `Bearer ${SECRET}`],
  body: [Buffer.from(text)],
  size: text.length,
});

/** 1000 tokens in and 100 out, by an account of a known kind. */
const priced = () =>
  record({
    client: 'codex',
    modelAsked: 'mine',
    modelServed: 'mine',
    account: 'a',
    attempts: [{ account: 'a', model: 'mine', provider: 'openai' }],
    usage: { inputTokens: 1000, outputTokens: 100 },
    error: `said ${SECRET}`,
  });

describe('the keeper of records', () => {
  it('prices, masks and stores what it is told, says so, and answers', async () => {
    const keeper = keep(undefined, { prices: { mine: { input: 2, output: 10 } } });
    const told = priced();
    keeper.append([told], [raw(told.seq, `{"model":"mine","note":"${SECRET}"}`)]);
    assert.deepEqual(keeper.changes(), [1]);

    const { rows, total, newest } = keeper.ask({ type: 'rows', query: query(), from: 0, count: 10 });
    assert.deepEqual([total, newest, rows.length], [1, told.seq, 1]);
    assert.equal(rows[0]?.costNano, 3_000_000);
    assert.deepEqual(keeper.ask({ type: 'query', query: query({ clients: ['codex'] }) }), {
      total: 1,
      newest: told.seq,
    });
    assert.deepEqual(keeper.ask({ type: 'indexOf', query: query(), seq: told.seq }), { index: 0 });

    const detail: ExchangeDetail = keeper.ask({ type: 'detail', seq: told.seq });
    assert.equal(detail.messages.length, 1);
    assert.equal(
      detail.cost?.lines.reduce((sum, { costNano }) => sum + costNano, 0),
      3_000_000,
    );
    const body: BodyText = await keeper.askLater({ type: 'body', seq: told.seq, part: 'request' });
    assert.match(body.text, /"model": "mine"/);
    const totals: Totals = keeper.ask({ type: 'totals', from: 0, to: NOON * 2, by: 'model' });
    assert.deepEqual([totals.all.costNano, totals.groups[0]?.name], [3_000_000, 'mine']);
    const series: Series = keeper.ask({
      type: 'series',
      from: NOON,
      to: NOON + 60_000,
      steps: 5,
      by: 'client',
    });
    assert.deepEqual(series.groups[0]?.requests, [1]);
    assert.deepEqual(keeper.ask({ type: 'facets' }).clients, [{ name: 'codex', count: 1 }]);
    const { text } = await keeper.askLater({
      type: 'exportPiece',
      query: query(),
      format: 'jsonl',
      at: 0,
    });
    assert.match(text, /codex/);
    assert.match(keeper.ask({ type: 'curl', seq: told.seq }).text, /curl/);
    assert.ok(!JSON.stringify(keeper.said).includes(SECRET));
  });

  it('shows no lines of a cost that would not add up to what was booked', () => {
    const keeper = keep(undefined, { prices: { mine: { input: 2, output: 10 } } });
    const told = priced();
    keeper.append([told]);
    assert.ok(keeper.ask({ type: 'detail', seq: told.seq }).cost);
    keeper.configure({ prices: { mine: { input: 3, output: 10 } } });
    const { cost, record: kept } = keeper.ask({ type: 'detail', seq: told.seq });
    assert.deepEqual([cost, kept.costNano], [undefined, 3_000_000]);
  });

  it('refuses in words what is not there', () => {
    const keeper = keep();
    assert.throws(() => keeper.ask({ type: 'detail', seq: 5 }), /no longer kept/);
    keeper.append([record()]);
    assert.throws(
      () => keeper.ask({ type: 'body', seq: NOON * 1000, part: 'response' }),
      /Nothing of this message/,
    );
  });

  it('keeps what it was told in the file when it is closed, and opens it again for what comes later', function () {
    const sqlite = sqliteOr(this);
    assert.ok(sqlite);
    inFolder((folder) => {
      const keeper = keep(join(folder, 'monitor.db'));
      keeper.append(records(3));
      keeper.close();
      assert.deepEqual(readdirSync(folder), ['monitor.db']);
      keeper.append([record({ time: NOON + 60_000 })]);
      assert.equal(keeper.ask({ type: 'info' }).records, 4);
      assert.equal(keeper.ask({ type: 'info' }).storage, 'disk');
      keeper.close();
    });
  });

  it('says what is left behind when it goes from memory over to a file', function () {
    sqliteOr(this);
    inFolder((folder) => {
      const keeper = keep();
      keeper.append(records(3));
      keeper.configure({}, join(folder, 'monitor.db'));
      assert.deepEqual(keeper.logs(), [
        'Monitor: 3 requests were kept in memory alone and are gone with it.',
      ]);
      keeper.close();
    });
  });

  it('goes over to another file when the settings name one', function () {
    sqliteOr(this);
    inFolder((folder) => {
      const keeper = keep(join(folder, 'one.db'));
      keeper.append(records(3));
      keeper.configure({}, join(folder, 'two.db'));
      assert.equal(keeper.ask({ type: 'info' }).records, 0);
      keeper.configure({}, join(folder, 'one.db'));
      assert.equal(keeper.ask({ type: 'info' }).records, 3);
      keeper.close();
    });
  });

  it('keeps on in memory when the file is a newer version’s, and says so in its information and once in the log', function () {
    const { DatabaseSync } = sqliteOr(this);
    inFolder((folder) => {
      const file = join(folder, 'monitor.db');
      keep(file).close();
      const db = new DatabaseSync(file);
      db.exec('PRAGMA user_version = 99');
      db.close();
      const keeper = keep(file);
      keeper.append(records(2));
      const info: MonitorInfo = keeper.ask({ type: 'info' });
      assert.deepEqual([info.storage, info.records], ['memory', 2]);
      assert.match(info.note ?? '', /newer version/);
      assert.equal(keeper.logs().length, 1);
      const told = keeper.said.findLast((each) => each.type === 'info');
      assert.match(told?.type === 'info' ? (told.info.note ?? '') : '', /newer version/);
    });
  });

  it('lets wait what cannot be written while another program has locked the file, and writes it then', async function () {
    this.timeout(20_000);
    const { DatabaseSync } = sqliteOr(this);
    await inFolder(async (folder) => {
      const file = join(folder, 'monitor.db');
      const keeper = keep(file);
      keeper.append([record({ id: 'before' })]);
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      keeper.append([record({ id: 'one', time: NOON + 1 })]);
      keeper.append(records(4, (index) => ({ id: `two-${index}`, time: NOON + 2 + index })));
      assert.deepEqual(keeper.changes(), [1]);
      assert.match(
        keeper.ask({ type: 'info' }).note ?? '',
        /cannot be written: another program has locked it/,
      );
      assert.equal(keeper.logs().length, 1);
      other.exec('ROLLBACK');
      other.close();
      while (keeper.changes().length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(keeper.changes(), [1, 1, 4]);
      assert.equal(keeper.ask({ type: 'info' }).note, undefined);
      assert.equal(keeper.ask({ type: 'query', query: query() }).total, 6);
      keeper.close();
    });
  });

  it('begins a new file when its own is damaged while it is in use, and loses nothing that comes after', function () {
    sqliteOr(this);
    inFolder((folder) => {
      const file = join(folder, 'monitor.db');
      const first = keep(file);
      first.append(records(2000));
      first.close();
      const keeper = keep(file);
      writeFileSync(file, 'x'.repeat(500_000));
      assert.throws(
        () => keeper.ask({ type: 'rows', query: query(), from: 1000, count: 500 }),
        /cannot be used: it is damaged/,
      );
      keeper.append(records(5, (index) => ({ time: NOON + DAY_LATER + index })));
      assert.deepEqual(keeper.changes(), [5]);
      const info = keeper.ask({ type: 'info' });
      assert.deepEqual([info.storage, info.records], ['disk', 5]);
      assert.match(info.note ?? '', /damaged/);
      assert.ok(readdirSync(folder).some((name) => name.startsWith('monitor.db.broken-')));
      keeper.close();
    });
  });

  it('counts and tells what cannot be stored at all, and stores the rest', function () {
    sqliteOr(this);
    const keeper = keep();
    keeper.append([{ ...record(), durationMs: {} as number }]);
    keeper.append([record({ time: NOON + 1 })]);
    keeper.hear({ type: 'append', records: 'no json', messages: [] });
    assert.deepEqual(keeper.changes(), [1, 1]);
    const { records: kept, note } = keeper.ask({ type: 'info' });
    assert.equal(kept, 1);
    assert.equal(note, '1 requests were not recorded.');
    assert.equal(keeper.logs().length, 2);
  });

  it('takes records that come before its configuration', () => {
    const said: FromKeeper[] = [];
    const keeper = new Keeper(
      (message) => said.push(message),
      () => NOON,
    );
    keeper.hear({ type: 'append', records: JSON.stringify(records(2)), messages: [] });
    assert.deepEqual(said, []);
    keeper.hear({ type: 'configure', settings: monitorSchema.parse({}), secrets: [] });
    assert.ok(JSON.stringify(said).includes('{"type":"changed","added":2}'));
  });

  it('deletes records when asked, and keeps the totals', () => {
    const keeper = keep();
    keeper.append(records(3));
    keeper.ask({ type: 'clear', totals: false });
    assert.equal(keeper.ask({ type: 'info' }).records, 0);
    assert.equal(keeper.ask({ type: 'totals', from: 0, to: NOON * 2, by: 'model' }).all.requests, 3);
    assert.equal(keeper.changes().at(-1), 0);
    keeper.ask({ type: 'clear', totals: true });
    assert.equal(keeper.ask({ type: 'totals', from: 0, to: NOON * 2, by: 'model' }).all.requests, 0);
  });
});

const DAY_LATER = 86_400_000;
