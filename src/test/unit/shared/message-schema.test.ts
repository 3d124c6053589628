import assert from 'node:assert/strict';
import { parsePanelMessage } from '../../../shared/message-schema';

const reasonOf = (value: unknown): string => {
  const parsed = parsePanelMessage(value);
  assert.equal(parsed.ok, false, JSON.stringify(value));
  return parsed.reason;
};

describe('messages of the panel, as the host takes them', () => {
  it('a call that is right passes, with its texts trimmed', () => {
    const account = {
      provider: 'openai-compatible',
      key: ' k1 ',
      label: ' Local ',
      baseUrl: 'http://127.0.0.1:8000/v1/',
      models: ['qwen3'],
    };
    assert.deepEqual(parsePanelMessage({ seq: 1, type: 'addAccount', account }), {
      ok: true,
      message: {
        seq: 1,
        type: 'addAccount',
        account: { ...account, key: 'k1', label: 'Local', baseUrl: 'http://127.0.0.1:8000/v1' },
      },
    });
  });

  it('what is no message at all is refused without an answer to send', () => {
    for (const value of [
      undefined,
      null,
      'start',
      7,
      [],
      {},
      { type: 'start' },
      { seq: -1, type: 'start' },
    ]) {
      const parsed = parsePanelMessage(value);
      assert.equal(parsed.ok, false);
      assert.equal('seq' in parsed, false);
    }
  });

  it('an unknown call is refused and its number kept for the answer', () => {
    assert.deepEqual(
      { ...parsePanelMessage({ seq: 4, type: 'readSecrets' }), reason: '' },
      { ok: false, seq: 4, reason: '' },
    );
  });

  it('a port outside 1 to 65535 or broken is refused', () => {
    for (const port of [0, -1, 65_536, 1.5, '8045', null, NaN]) reasonOf({ seq: 1, type: 'setPort', port });
    for (const port of [1, 8045, 65_535])
      assert.equal(parsePanelMessage({ seq: 1, type: 'setPort', port }).ok, true);
  });

  it('a local key must start with sk-, be long enough and printable', () => {
    assert.match(reasonOf({ seq: 1, type: 'setKey', key: 'key-0123456789' }), /start with "sk-"/);
    assert.match(reasonOf({ seq: 1, type: 'setKey', key: 'sk-1234' }), /10 characters/);
    assert.match(reasonOf({ seq: 1, type: 'setKey', key: 'sk-1234 5678' }), /spaces/);
  });

  it('a refusal never quotes what was sent', () => {
    const secret = 'CANARY-0123456789';
    const account = {
      provider: 'gemini',
      key: `${secret}\n` + 'x',
      label: secret.repeat(9),
      baseUrl: secret,
    };
    for (const value of [
      { seq: 1, type: 'addAccount', account },
      { seq: 1, type: 'addAccount', account: { ...account, provider: secret } },
      { seq: 1, type: 'setKey', key: secret },
      { seq: 1, type: 'setAuthMode', mode: secret },
      { seq: 1, type: secret },
    ])
      assert.doesNotMatch(reasonOf(value), /CANARY/);
  });

  it('fields that do not belong to the call are refused', () => {
    reasonOf({ seq: 1, type: 'start', port: 1 });
    reasonOf({ seq: 1, type: 'addAccount', account: { provider: 'demo', key: '', id: 'mine' } });
  });

  it('a key for an upstream is one line of ASCII', () => {
    for (const key of ['a\nb', 'a\0b', 'ключ'])
      assert.match(reasonOf({ seq: 1, type: 'addAccount', account: { provider: 'gemini', key } }), /ASCII/);
  });

  it('every field of an account passes, and none out of its bounds', () => {
    const fields = {
      label: 'Work',
      baseUrl: 'https://example.test/v1',
      dialect: 'openai-responses',
      models: ['a', 'b'],
      defaultModel: 'a',
      priority: -3,
      weight: 0.5,
      maxConcurrent: 4,
      project: 'my-project',
      region: 'europe-west4',
    };
    const edit = (more: object) => ({
      seq: 1,
      type: 'editAccount',
      id: 'g1',
      fields: { ...fields, ...more },
    });
    assert.deepEqual(parsePanelMessage(edit({})), { ok: true, message: edit({}) });
    for (const wrong of [
      { label: '' },
      { label: 'x'.repeat(81) },
      { baseUrl: 'ftp://x' },
      { dialect: 'bedrock' },
      { models: Array.from({ length: 501 }, () => 'm') },
      { models: ['x'.repeat(257)] },
      { defaultModel: '' },
      { priority: 1.5 },
      { priority: 1_001 },
      { weight: 0 },
      { weight: Infinity },
      { maxConcurrent: 0 },
      { region: 'Europe West' },
      { project: 'x'.repeat(201) },
      { enabled: false },
    ])
      reasonOf(edit(wrong));
  });

  it('the JSON of a service account passes for Vertex AI alone', () => {
    const key = '{\n  "type": "service_account"\n}';
    const add = (provider: string, typed = key) => ({
      seq: 1,
      type: 'addAccount',
      account: { provider, key: typed },
    });
    assert.equal(parsePanelMessage(add('vertex')).ok, true);
    assert.match(reasonOf(add('gemini')), /one line/);
    assert.match(reasonOf(add('vertex', '{"private_key": "CANARY"')), /not valid JSON/);
    assert.match(reasonOf(add('vertex', '{"private_key": "CANARY"}')), /"type"/);
  });

  it('models are listed of an id or of an account, of one of them', () => {
    const ask = (more: object) => ({ seq: 1, type: 'listModels', ...more });
    const account = { provider: 'gemini', key: 'k' };
    assert.deepEqual(parsePanelMessage(ask({ id: 'a' })), { ok: true, message: ask({ id: 'a' }) });
    assert.deepEqual(parsePanelMessage(ask({ account })), { ok: true, message: ask({ account }) });
    reasonOf(ask({}));
    reasonOf(ask({ id: 'a', account }));
  });

  it('routes, scheduling, z.ai and clients pass within bounds', () => {
    const models = { opus: 'a', sonnet: 'b', haiku: 'c' };
    for (const message of [
      { type: 'setRoutes', routes: { 'claude-*': ['gemini/x', 'y'], b: 'c' } },
      { type: 'setScheduling', scheduling: 'balance', stickySessions: true, preferredAccount: '' },
      { type: 'setZai', dispatchMode: 'fallback', models },
      { type: 'setZaiKey', key: '' },
      { type: 'explainRoute', model: 'm', protocol: 'anthropic' },
      { type: 'addClientKey', name: 'ci', expires: '2030-01-31', models: ['a*'], requestsPerMinute: 60 },
      { type: 'addClientKey', name: 'ci', expires: '2030-01-31T10:00:00+02:00' },
      { type: 'moveAccount', id: 'a', to: 0 },
      { type: 'clearCooling', id: 'a', model: 'm' },
    ])
      assert.deepEqual(parsePanelMessage({ seq: 2, ...message }), {
        ok: true,
        message: { seq: 2, ...message },
      });
    for (const message of [
      { type: 'setRoutes', routes: { a: [] } },
      { type: 'setRoutes', routes: { '': 'b' } },
      {
        type: 'setRoutes',
        routes: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`m${i}`, 'x'])),
      },
      { type: 'setScheduling', scheduling: 'random', stickySessions: true, preferredAccount: '' },
      { type: 'setZai', dispatchMode: 'fallback', models: { opus: 'a' } },
      { type: 'setZaiKey', key: 'a\nb' },
      { type: 'explainRoute', model: '', protocol: 'anthropic' },
      { type: 'addClientKey', name: '../x' },
      { type: 'addClientKey', name: 'ci', expires: 'tomorrow' },
      { type: 'addClientKey', name: 'ci', requestsPerMinute: 0 },
      { type: 'addClientKey', name: 'ci', models: [] },
      { type: 'moveAccount', id: 'a', to: -1 },
    ])
      reasonOf({ seq: 2, ...message });
  });
});
