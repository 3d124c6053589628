import assert from 'node:assert/strict';
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import type { StreamPart } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { recallThinking } from '../../../../../proxy/dialects/anthropic/thinking-memory';
import { answering } from './contexts';

function decode(payloads: JsonObject[], context = answering()): StreamPart[] {
  const decoder = anthropicAdapter.createStreamDecoder(context);
  const parts = payloads.flatMap((payload) =>
    decoder.push({ event: String(payload['type']), data: JSON.stringify(payload) }),
  );
  return [...parts, ...decoder.end()];
}
const start = (usage: JsonObject = { input_tokens: 5, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'm', usage },
});
const open = (index: number, content_block: JsonObject) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, fields: JsonObject) => ({ type: 'content_block_delta', index, delta: fields });
const close = (index: number) => ({ type: 'content_block_stop', index });
const end = (stop_reason: string, usage: JsonObject = { output_tokens: 9 }) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const last = (parts: StreamPart[]) => parts.at(-1);

describe('anthropic: an upstream’s stream', () => {
  it('reads interleaved thinking, text with citations and calls', () => {
    const context = answering({ restoreToolName: (name) => (name === 'f_1' ? 'f.1' : name) });
    const parts = decode(
      [
        start(),
        open(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'hm' }),
        delta(0, { type: 'signature_delta', signature: 'S' }),
        close(0),
        { type: 'ping' },
        open(1, { type: 'text', text: '' }),
        delta(1, { type: 'text_delta', text: 'a' }),
        delta(1, { type: 'citations_delta', citation: { url: 'u' } }),
        close(1),
        open(2, { type: 'redacted_thinking', data: 'R' }),
        close(2),
        open(3, { type: 'tool_use', id: 't', name: 'f_1', input: {} }),
        delta(3, { type: 'input_json_delta', partial_json: '' }),
        delta(3, { type: 'input_json_delta', partial_json: '{"a":' }),
        delta(3, { type: 'input_json_delta', partial_json: '1}' }),
        close(3),
        ...end('tool_use'),
      ],
      context,
    );
    assert.deepEqual(parts.slice(1), [
      { type: 'reasoning-start', id: 'block-0' },
      { type: 'reasoning-delta', id: 'block-0', text: 'hm' },
      { type: 'reasoning-end', id: 'block-0', metadata: { anthropic: { signature: 'S' } } },
      { type: 'text-start', id: 'block-1' },
      { type: 'text-delta', id: 'block-1', text: 'a' },
      {
        type: 'citation',
        id: 'block-1',
        citation: { start: 0, end: 1, url: 'u', metadata: { anthropic: { url: 'u' } } },
        said: 'a',
        from: 0,
      },
      { type: 'text-end', id: 'block-1' },
      { type: 'reasoning-start', id: 'block-2', metadata: { anthropic: { redacted: 'R' } } },
      { type: 'reasoning-end', id: 'block-2', metadata: { anthropic: { redacted: 'R' } } },
      { type: 'tool-input-start', id: 't', name: 'f.1', kind: 'function' },
      { type: 'tool-input-delta', id: 't', text: '{"a":' },
      { type: 'tool-input-delta', id: 't', text: '1}' },
      { type: 'tool-input-end', id: 't' },
      { type: 'usage', usage: { inputTokens: 5, outputTokens: 9 } },
      { type: 'finish', finish: { reason: 'tool-calls', raw: 'tool_use' } },
    ]);
    assert.deepEqual(
      recallThinking(context.signatures, 't').map(({ type }) => type),
      ['thinking', 'redacted_thinking'],
    );
  });

  const inputs: [name: string, startInput: JsonObject, pieces: string[], expected: string][] = [
    ['only in the start', { a: 1 }, [], '{"a":1}'],
    ['nowhere', {}, [''], '{}'],
    ['in one delta', {}, ['{"a":1}'], '{"a":1}'],
    ['in the start and in deltas', { a: 1 }, ['{"a":', '2}'], '{"a":2}'],
  ];
  for (const [name, input, pieces, expected] of inputs)
    it(`reads a call’s input that stands ${name} (CASES 3, 12)`, () => {
      const parts = decode([
        start(),
        open(0, { type: 'tool_use', id: 't', name: 'f', input }),
        ...pieces.map((partial_json) => delta(0, { type: 'input_json_delta', partial_json })),
        close(0),
        ...end('end_turn'),
      ]);
      const text = parts.map((part) => (part.type === 'tool-input-delta' ? part.text : '')).join('');
      assert.equal(text, expected);
      assert.deepEqual(last(parts), { type: 'finish', finish: { reason: 'tool-calls', raw: 'end_turn' } });
    });

  it('takes the text of a custom tool out of its function', () => {
    const parts = decode(
      [
        start(),
        open(0, { type: 'tool_use', id: 't', name: 'p', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{"input":"x\\n"}' }),
        close(0),
        ...end('tool_use'),
      ],
      answering({ customToolNames: new Set(['p']) }),
    );
    assert.deepEqual(parts.slice(1, 4), [
      { type: 'tool-input-start', id: 't', name: 'p', kind: 'custom' },
      { type: 'tool-input-delta', id: 't', text: 'x\n' },
      { type: 'tool-input-end', id: 't' },
    ]);
  });

  it('gives blocks of server tools whole', () => {
    const parts = decode([
      start(),
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"q"}' }),
      close(0),
      ...end('end_turn'),
    ]);
    const value = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } };
    assert.deepEqual(parts[1], {
      type: 'opaque',
      part: {
        type: 'opaque',
        dialect: 'anthropic',
        label: 'server_tool_use',
        value,
        step: { type: 'web-search', id: 's', queries: ['q'] },
      },
    });
  });

  it('merges usage of start and end without counting twice', () => {
    const parts = decode([
      start({
        input_tokens: 10,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 20,
        output_tokens: 1,
      }),
      ...end('end_turn', {
        output_tokens: 7,
        cache_read_input_tokens: 100,
        input_tokens: null,
        output_tokens_details: { thinking_tokens: 3 },
      }),
    ]);
    const usage = parts.find((part) => part.type === 'usage')?.usage;
    assert.deepEqual(
      { ...usage, metadata: undefined },
      {
        inputTokens: 130,
        cachedInputTokens: 100,
        cacheWriteTokens: 20,
        outputTokens: 7,
        reasoningTokens: 3,
        metadata: undefined,
      },
    );
  });

  it('reads calls that stand in message_start', () => {
    const call = { type: 'tool_use', id: 't', name: 'roll', input: { sides: 6 } };
    const parts = decode([
      { type: 'message_start', message: { id: 'msg_1', content: [call], stop_reason: 'tool_use' } },
      open(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'a' }),
      close(0),
      { type: 'message_stop' },
    ]);
    assert.deepEqual(parts, [
      { type: 'start', id: 'msg_1' },
      { type: 'tool-input-start', id: 't', name: 'roll', kind: 'function' },
      { type: 'tool-input-delta', id: 't', text: '{"sides":6}' },
      { type: 'tool-input-end', id: 't' },
      { type: 'text-start', id: 'block-1' },
      { type: 'text-delta', id: 'block-1', text: 'a' },
      { type: 'text-end', id: 'block-1' },
      { type: 'finish', finish: { reason: 'tool-calls', raw: 'tool_use' } },
    ]);
  });

  it('fails when another message begins within the first', () => {
    const another = { type: 'message_start', message: { id: 'msg_2', model: 'm' } };
    const begun = [start(), open(0, { type: 'tool_use', id: 't', name: 'f', input: {} })];
    const parts = decode([...begun, another, ...begun.slice(1), ...end('tool_use')]);
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'tool-input-start', 'error'],
    );
    assert.equal(last(decode([start(), another, ...end('end_turn')]))?.type, 'finish');
  });

  it('begins once however often message_start comes', () => {
    assert.equal(
      decode([start(), start(), ...end('end_turn')]).filter(({ type }) => type === 'start').length,
      1,
    );
  });

  it('reads deltas without a start and blocks without a stop', () => {
    const parts = decode([
      start(),
      delta(0, { type: 'text_delta', text: 'a' }),
      open(1, { type: 'thinking', thinking: 'b' }),
      ...end('end_turn'),
    ]);
    assert.deepEqual(
      parts.slice(1, -2).map(({ type }) => type),
      ['text-start', 'text-delta', 'text-end', 'reasoning-start', 'reasoning-delta', 'reasoning-end'],
    );
  });

  const errors: [type: string, kind: string, status: number][] = [
    ['overloaded_error', 'overloaded', 529],
    ['rate_limit_error', 'rate_limit', 429],
    ['api_error', 'upstream', 500],
  ];
  for (const [type, kind, status] of errors)
    it(`makes ${type} in the stream an error of kind ${kind}`, () => {
      const event = { type: 'error', error: { type, message: 'M' } };
      const part = last(decode([start(), event, ...end('end_turn')]));
      const error = { status, kind, message: 'M', code: type };
      assert.deepEqual(part, { type: 'error', error });
      assert.deepEqual(
        anthropicAdapter.readStreamError({ event: 'error', data: JSON.stringify(event) }),
        error,
      );
    });

  it('is an error when it is cut, empty or garbage', () => {
    assert.equal(last(decode([start(), open(0, { type: 'text', text: 'a' })]))?.type, 'error');
    assert.equal(last(decode([]))?.type, 'error');
    const decoder = anthropicAdapter.createStreamDecoder(answering());
    assert.equal(decoder.push({ data: '{"type":' })[0]?.type, 'error');
    assert.deepEqual(decoder.end(), []);
  });

  it('keeps the details of a refusal', () => {
    const parts = decode([
      start(),
      { type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: { category: 'cyber' } } },
      { type: 'message_stop' },
    ]);
    assert.deepEqual(last(parts), {
      type: 'finish',
      finish: {
        reason: 'refusal',
        raw: 'refusal',
        metadata: { anthropic: { stop_details: { category: 'cyber' } } },
      },
    });
  });

  it('tells its end from other events', () => {
    assert.equal(anthropicAdapter.isTerminal({ data: '{"type": "message_stop"}' }), true);
    assert.equal(anthropicAdapter.isTerminal({ event: 'message_stop', data: '{}' }), true);
    const quoting = JSON.stringify(delta(0, { type: 'text_delta', text: '{"type":"message_stop"}' }));
    assert.equal(anthropicAdapter.isTerminal({ event: 'content_block_delta', data: quoting }), false);
  });
});
