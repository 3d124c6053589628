import assert from 'node:assert/strict';
import Ajv from 'ajv';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import type { ExchangeRow, ExportFormat, MonitorQuery, Part } from '../../../../../shared/monitor';
import { exportPiece } from '../../../../../proxy/monitor/export/export-piece';
import { MemoryStore } from '../../../../../proxy/monitor/store/memory-store';
import type { RecordStore, StoredMessage } from '../../../../../proxy/monitor/store/record-store';
import { HAR_SCHEMA } from './har-schema';

const validate = new Ajv({ strict: false, allErrors: true }).compile(HAR_SCHEMA);
const query: MonitorQuery = { filter: {}, sort: { key: 'time', descending: true } };

const recordOf = (seq: number, more: Partial<ExchangeRecord> = {}): ExchangeRecord => ({
  seq,
  id: `req_${seq}`,
  time: 1_763_900_000_000 + seq,
  method: 'POST',
  path: '/v1/messages',
  attempts: [{ account: 'a', model: 'm', status: 200 }],
  status: 200,
  outcome: 'completed',
  durationMs: 120,
  firstByteMs: 40,
  warnings: [],
  ...more,
});
const messageOf = (
  seq: number,
  part: Part,
  body: string | undefined,
  more: Partial<StoredMessage> = {},
): StoredMessage => ({
  seq,
  part,
  headers: [
    ['content-type', 'application/json'],
    ['host', '127.0.0.1:9999'],
  ],
  contentType: 'application/json',
  size: body?.length ?? 0,
  kept: body?.length ?? 0,
  ...(body !== undefined && { body: Buffer.from(body) }),
  ...more,
});

/** A store of these records, that counts how many it has handed out at once. */
function storeOf(records: ExchangeRecord[], messages: StoredMessage[] = [], gone = new Set<number>()) {
  const store = {
    rows: (_query: MonitorQuery, from: number, count: number) =>
      records
        .slice(from, from + count)
        .map(({ seq }) => ({ seq, captured: messages.some((each) => each.seq === seq) }) as ExchangeRow),
    indexOf: (_query: MonitorQuery, seq: number) => records.findIndex((each) => each.seq === seq),
    record: (seq: number) => (gone.has(seq) ? undefined : records.find((each) => each.seq === seq)),
    messages: (seq: number) => messages.filter((each) => each.seq === seq),
    message: (seq: number, part: Part, attempt: number | undefined) =>
      messages.find((each) => each.seq === seq && each.part === part && each.attempt === attempt),
  };
  return store as unknown as RecordStore;
}

function exported(
  store: RecordStore,
  format: ExportFormat,
  mask?: (text: string) => string,
): { text: string; pieces: string[] } {
  const pieces: string[] = [];
  for (let at: number | undefined = 0; at !== undefined;) {
    const piece: { text: string; next?: number } = exportPiece(store, { query, format, at }, mask);
    pieces.push(piece.text);
    at = piece.next;
  }
  return { text: pieces.join(''), pieces };
}

interface Har {
  log: {
    entries: {
      time: number;
      request: { url: string; postData?: { text: string }; queryString: object[] };
      response: { content: { text?: string } };
      timings: Record<string, number>;
      _portside: ExchangeRecord & { messages?: { body?: string }[] };
    }[];
  };
}
function har(store: RecordStore): Har {
  const { text } = exported(store, 'har');
  const value = JSON.parse(text) as Har;
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 3)));
  return value;
}

describe('exports', () => {
  it('of nothing are valid', () => {
    assert.deepEqual(har(storeOf([])).log.entries, []);
    assert.equal(exported(storeOf([]), 'jsonl').text, '');
  });

  for (const count of [1, 199, 200, 201, 400, 1001])
    it(`of ${count} records are one valid file in pieces`, () => {
      const records = Array.from({ length: count }, (_, at) => recordOf(at + 1));
      assert.deepEqual(
        har(storeOf(records)).log.entries.map((entry) => entry._portside.id),
        records.map(({ id }) => id),
      );
      const lines = exported(storeOf(records), 'jsonl').text.split('\n');
      assert.equal(lines.pop(), '');
      assert.deepEqual(
        lines.map((line) => JSON.parse(line) as unknown),
        records,
      );
      assert.ok(exported(storeOf(records), 'har').pieces.length >= Math.ceil(count / 200));
    });

  it('never make a piece of many large bodies', () => {
    const records = Array.from({ length: 30 }, (_, at) => recordOf(at + 1));
    const messages = records.flatMap(({ seq }) => [
      messageOf(seq, 'request', `{"a":"${'x'.repeat(1_000_000)}"}`),
    ]);
    const { pieces, text } = exported(storeOf(records, messages), 'har');
    assert.ok(pieces.every((piece) => piece.length < 6_000_000));
    assert.equal((JSON.parse(text) as Har).log.entries.length, 30);
  });

  it('are valid where records went meanwhile, the first ones too', () => {
    const records = Array.from({ length: 450 }, (_, at) => recordOf(at + 1));
    const gone = new Set([1, 2, 200, 201, ...Array.from({ length: 210 }, (_, at) => at), 450]);
    assert.equal(
      har(storeOf(records, [], gone)).log.entries.length,
      records.filter(({ seq }) => !gone.has(seq)).length,
    );
  });

  for (const key of ['time', 'durationMs'] as const)
    for (const descending of [true, false])
      it(`hold every record once while others end, by ${key}, ${descending ? 'down' : 'up'}`, () => {
        const store = new MemoryStore();
        const numbers = Array.from({ length: 700 }, (_, at) => 10 * at + 10);
        store.append(
          numbers.map((seq) => recordOf(seq, { durationMs: seq })),
          [],
        );
        const sorted: MonitorQuery = { filter: {}, sort: { key, descending }, upTo: 7000 };
        const seqs: number[] = [];
        for (let at: number | undefined = 0, late = 1; at !== undefined; late += 3000) {
          const piece: { text: string; next?: number } = exportPiece(store, {
            query: sorted,
            format: 'jsonl',
            at,
          });
          for (const line of piece.text.split('\n').filter(Boolean))
            seqs.push((JSON.parse(line) as ExchangeRecord).seq);
          at = piece.next;
          // It began long ago, as did those of the list.
          store.append([recordOf(late, { durationMs: late })], []);
          store.append([recordOf(late + 5000, { durationMs: late + 5000 })], []);
        }
        assert.equal(new Set(seqs).size, seqs.length);
        assert.deepEqual(
          numbers.filter((seq) => !seqs.includes(seq)),
          [],
        );
      });

  for (const descending of [true, false])
    it(`go on where old records are let go meanwhile, ${descending ? 'down' : 'up'}`, () => {
      const store = new MemoryStore();
      store.append(
        Array.from({ length: 1000 }, (_, at) => recordOf((at + 1) * 1000)),
        [],
      );
      const sorted: MonitorQuery = { filter: {}, sort: { key: 'time', descending } };
      const seqs: number[] = [];
      for (let at: number | undefined = 0; at !== undefined;) {
        const piece: { text: string; next?: number } = exportPiece(store, {
          query: sorted,
          format: 'jsonl',
          at,
        });
        for (const line of piece.text.split('\n').filter(Boolean))
          seqs.push((JSON.parse(line) as ExchangeRecord).seq);
        at = piece.next;
        while (store.retain({ keepDays: 3650, maxRecords: 500, maxMiB: 100 }, 0));
      }
      assert.equal(new Set(seqs).size, seqs.length);
      // The newest five hundred are all there.
      assert.equal(seqs.filter((seq) => seq > 500_000).length, 500);
    });

  it('hold what was kept', () => {
    const record = recordOf(1, { queuedMs: 10 });
    const messages = [
      messageOf(1, 'request', '{"q":"ü\\n"}', {
        method: 'POST',
        url: '/v1/messages?beta=true&key=[redacted]',
      }),
      messageOf(1, 'upstream-request', '{"u":1}', { attempt: 0, url: 'https://h/v1/messages' }),
      messageOf(1, 'upstream-response', undefined, { attempt: 0, note: 'Not kept.', size: 12, status: 200 }),
      messageOf(1, 'response', 'data: {}\n\n', { status: 200 }),
    ];
    const [entry] = har(storeOf([record], messages)).log.entries;
    assert.equal(entry?.request.url, 'http://127.0.0.1:9999/v1/messages?beta=true&key=[redacted]');
    assert.deepEqual(entry.request.queryString, [
      { name: 'beta', value: 'true' },
      { name: 'key', value: '[redacted]' },
    ]);
    assert.equal(entry.request.postData?.text, '{"q":"ü\\n"}');
    assert.equal(entry.response.content.text, 'data: {}\n\n');
    assert.deepEqual(
      entry._portside.messages?.map(({ body }) => body),
      ['{"u":1}', undefined],
    );
    assert.deepEqual(entry.timings, { blocked: 10, send: 0, wait: 30, receive: 80 });
    const line = JSON.parse(exported(storeOf([record], messages), 'jsonl').text) as {
      messages: { part: string; body?: string }[];
    };
    assert.deepEqual(
      line.messages.map(({ part, body }) => [part, body]),
      [
        ['request', '{"q":"ü\\n"}'],
        ['upstream-request', '{"u":1}'],
        ['upstream-response', undefined],
        ['response', 'data: {}\n\n'],
      ],
    );
  });

  it('are valid for what never came to an end or to an upstream', () => {
    const records = [
      recordOf(1, { status: 0, outcome: 'cancelled', attempts: [], error: 'the client left' }),
      recordOf(2, { status: 401, outcome: 'rejected', durationMs: 0, path: '/' }),
      recordOf(3, { firstByteMs: 500, queuedMs: 900 }),
    ];
    for (const { timings, time } of har(storeOf(records)).log.entries) {
      const sum = Object.values(timings).reduce((all, each) => all + Math.max(0, each), 0);
      assert.equal(sum, time);
    }
  });

  it('pass bodies through the mask once more', () => {
    const messages = [
      messageOf(1, 'request', 'canary'),
      messageOf(1, 'upstream-request', 'canary', { attempt: 0 }),
    ];
    for (const format of ['har', 'jsonl'] as const)
      assert.ok(
        !exported(storeOf([recordOf(1)], messages), format, (text) =>
          text.replaceAll('canary', 'x'),
        ).text.includes('canary'),
      );
  });
});
