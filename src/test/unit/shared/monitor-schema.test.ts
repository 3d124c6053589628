import assert from 'node:assert/strict';
import type { MonitorCallName, MonitorCalls, MonitorDeeds, MonitorQuery } from '../../../shared/monitor';
import { parseMonitorCall, parseMonitorMessage } from '../../../shared/monitor-schema';

const query: MonitorQuery = {
  filter: {
    text: 'codex 429',
    outcomes: ['failed', 'rejected'],
    statuses: ['4xx', '200'],
    protocols: ['openai-chat'],
    clients: ['codex'],
    clientKeys: ['laptop'],
    models: ['gpt-5'],
    accounts: ['a1'],
    since: 1_790_000_000_000,
    until: 1_790_000_100_000.5,
  },
  sort: { key: 'costNano', descending: true },
  upTo: 1_790_000_000_000_123,
};
const plain: MonitorQuery = { filter: {}, sort: { key: 'time', descending: true } };

/** Every call there is, each with all that it can carry. */
const CALLS: { [Name in MonitorCallName]: Required<MonitorCalls[Name]['ask']> } = {
  info: {},
  query: { query },
  rows: { query, from: 100_000, count: 1000 },
  indexOf: { query: plain, seq: 7 },
  detail: { seq: 7 },
  body: { seq: 7, part: 'upstream-response', attempt: 1, raw: true },
  totals: { from: 0, to: 1_790_000_000_000, by: 'account' },
  series: { from: 0, to: 1_790_000_000_000, steps: 120, by: 'model' },
  facets: {},
  open: {},
  clear: { totals: true },
  setCapture: { capture: true },
  curl: { seq: 7 },
  replay: { seq: 7 },
  exportPiece: { query, format: 'har', at: 0 },
};

const DEEDS: { [Name in keyof MonitorDeeds]: MonitorDeeds[Name]['ask'] } = {
  ready: {},
  copy: { text: 'x'.repeat(100_000) },
  exportFile: { query: plain, format: 'jsonl' },
  openText: { text: '{}', language: 'json' },
  openSettings: {},
};

const refuse = (value: unknown): string => {
  const parsed = parseMonitorCall(value);
  assert.equal(parsed.ok, false, JSON.stringify(value));
  return parsed.reason;
};

describe('calls of the monitor, as they are taken', () => {
  for (const [type, ask] of Object.entries(CALLS))
    it(`"${type}" passes as it is, and not with a field more`, () => {
      const call = { type, ...ask };
      assert.deepEqual(parseMonitorCall(call), { ok: true, call });
      refuse({ ...call, file: '/etc/passwd' });
      for (const name of Object.keys(ask)) refuse({ ...call, [name]: { strange: true } });
    });

  it('what is no call is refused, also one that the keeper alone may be asked', () => {
    for (const value of [undefined, null, 7, 'info', [], {}, { type: 'replayRequest', seq: 7 }])
      refuse(value);
  });

  it('nothing is larger than an honest view sends', () => {
    const filtered = (filter: object) => ({ type: 'query', query: { ...plain, filter } });
    assert.equal(parseMonitorCall(filtered({ text: 'x'.repeat(1000) })).ok, true);
    assert.match(refuse(filtered({ text: 'x'.repeat(1001) })), /at most 1000 characters/);
    assert.match(refuse(filtered({ models: ['x'.repeat(1001)] })), /at most 1000 characters/);
    assert.equal(parseMonitorCall(filtered({ models: Array<string>(200).fill('m') })).ok, true);
    assert.match(refuse(filtered({ models: Array<string>(201).fill('m') })), /at most 200 entries/);
    refuse(filtered({ outcomes: Array<string>(201).fill('failed') }));
    assert.match(refuse({ ...CALLS.rows, type: 'rows', count: 1001 }), /At most 1000 rows/);
    refuse({ ...CALLS.series, type: 'series', steps: 1001 });
  });

  it('numbers are finite, and places and counts whole and not below 0', () => {
    for (const bad of [NaN, Infinity, '1', null]) {
      refuse({ ...CALLS.totals, type: 'totals', from: bad });
      refuse({ type: 'query', query: { ...plain, filter: { since: bad } } });
    }
    for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 60]) {
      refuse({ type: 'detail', seq: bad });
      refuse({ ...CALLS.rows, type: 'rows', from: bad });
      refuse({ ...CALLS.rows, type: 'rows', count: bad });
      refuse({ ...CALLS.exportPiece, type: 'exportPiece', at: bad });
      refuse({ type: 'query', query: { ...plain, upTo: bad } });
    }
  });

  it('a refusal says where, and quotes nothing', () => {
    const reason = refuse({
      type: 'query',
      query: { ...plain, sort: { key: 'sk-0123456789', descending: true } },
    });
    assert.match(reason, /^query\.sort\.key: /);
    assert.doesNotMatch(reason, /sk-0123456789/);
  });
});

describe('messages of the monitor’s webview, as the host takes them', () => {
  for (const [type, ask] of Object.entries(DEEDS))
    it(`"${type}" passes as it is, and not with a field more`, () => {
      const message = { seq: 3, type, ...ask };
      assert.deepEqual(parseMonitorMessage(message), { ok: true, message });
      assert.equal(parseMonitorMessage({ ...message, path: '/tmp/x' }).ok, false);
    });

  it('a call passes within its message, and is checked there', () => {
    const message = { seq: 4, type: 'call', call: { type: 'detail', seq: 7 } };
    assert.deepEqual(parseMonitorMessage(message), { ok: true, message });
    const refused = parseMonitorMessage({ ...message, call: { type: 'detail', seq: -7 } });
    assert.deepEqual({ ...refused, reason: '' }, { ok: false, seq: 4, reason: '' });
  });

  it('what is no message at all is refused without an answer to send', () => {
    for (const value of [undefined, null, 'ready', {}, { type: 'ready' }, { seq: -1, type: 'ready' }]) {
      const parsed = parseMonitorMessage(value);
      assert.equal(parsed.ok, false);
      assert.equal('seq' in parsed, false);
    }
  });
});
