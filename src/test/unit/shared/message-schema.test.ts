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
});
