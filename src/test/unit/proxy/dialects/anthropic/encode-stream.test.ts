import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import type { CanonicalRequest, StreamPart } from '../../../../../proxy/dialects/canonical';
import { checkAnthropicStream } from '../../../../support/check/check-anthropic-stream';
import { readEvents } from '../../../../support/read-events';
import { replying } from './contexts';

const THINKS: Partial<CanonicalRequest> = { reasoning: { mode: 'adaptive' } };

function encode(parts: StreamPart[], context = replying(THINKS)): string {
  const encoder = anthropicAdapter.createStreamEncoder(context);
  return parts.map((part) => encoder.push(part)).join('') + encoder.end();
}
const payloads = (text: string) =>
  readEvents(text).map(({ data }) => JSON.parse(data) as Record<string, never>);
const finish = (reason: 'stop' | 'tool-calls' = 'stop'): StreamPart => ({
  type: 'finish',
  finish: { reason },
});
const text = (id: string, words: string): StreamPart[] => [
  { type: 'text-start', id },
  { type: 'text-delta', id, text: words },
  { type: 'text-end', id },
];

describe('anthropic: a stream to a client', () => {
  it('begins with an estimate of the input where nothing is known yet, and ends with the truth', () => {
    const context = { ...replying(), estimateInput: () => 27 };
    const all = payloads(
      encode(
        [
          { type: 'start' },
          ...text('a', 'Hi'),
          finish(),
          { type: 'usage', usage: { inputTokens: 30, outputTokens: 4 } },
        ],
        context,
      ),
    );
    const [begin] = all as unknown as { message: { usage: object } }[];
    assert.deepEqual(Object.entries(begin?.message.usage ?? {}).slice(0, 3), [
      ['input_tokens', 27],
      ['cache_creation_input_tokens', 0],
      ['cache_read_input_tokens', 0],
    ]);
    const end = all.at(-2) as unknown as { usage: { input_tokens: number } };
    assert.equal(end.usage.input_tokens, 30);
  });

  it('begins with the input that the upstream told at once, and no output', () => {
    const context = { ...replying(), estimateInput: () => 27 };
    const [begin] = payloads(
      encode(
        [
          { type: 'start', usage: { inputTokens: 30, cachedInputTokens: 10, outputTokens: 4 } },
          ...text('a', 'Hi'),
          finish(),
        ],
        context,
      ),
    ) as unknown as { message: { usage: Record<string, unknown> } }[];
    const usage = begin?.message.usage;
    assert.deepEqual(
      [usage?.['input_tokens'], usage?.['cache_read_input_tokens'], usage?.['output_tokens']],
      [20, 10, 0],
    );
  });

  it('begins with the whole set of usage keys and ends with the truth', () => {
    const all = payloads(
      encode([
        { type: 'start', id: 'chatcmpl-1', model: 'x' },
        ...text('a', 'Hi'),
        finish(),
        { type: 'usage', usage: { inputTokens: 30, cachedInputTokens: 10, outputTokens: 4 } },
      ]),
    );
    assert.deepEqual(all, [
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'asked',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: 0,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
            output_tokens: 0,
            service_tier: 'standard',
          },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: {
          input_tokens: 20,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 10,
          cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
          output_tokens: 4,
          service_tier: 'standard',
        },
      },
      { type: 'message_stop' },
    ]);
  });

  it('writes text at once', () => {
    const encoder = anthropicAdapter.createStreamEncoder(replying());
    encoder.push({ type: 'start' });
    encoder.push({ type: 'text-start', id: 'a' });
    assert.match(encoder.push({ type: 'text-delta', id: 'a', text: 'now' }), /"text":"now"/);
  });

  it('puts parallel calls one after the other, each with its own input', () => {
    const reading = checkAnthropicStream(
      readEvents(
        encode([
          { type: 'tool-input-start', id: 'a', name: 'f', kind: 'function' },
          { type: 'tool-input-start', id: 'b', name: 'g', kind: 'custom' },
          { type: 'tool-input-delta', id: 'b', text: 'free ' },
          { type: 'tool-input-delta', id: 'a', text: '{"x":' },
          { type: 'tool-input-delta', id: 'b', text: 'text' },
          { type: 'tool-input-start', id: 'c', name: 'h', kind: 'function' },
          { type: 'tool-input-end', id: 'c' },
          { type: 'tool-input-end', id: 'b' },
          { type: 'tool-input-delta', id: 'a', text: '1}' },
          { type: 'tool-input-end', id: 'a' },
          finish('stop'),
        ]),
      ),
    );
    assert.deepEqual(reading.complaints, []);
    assert.deepEqual(reading.calls, [
      { id: 'a', name: 'f', input: '{"x":1}' },
      { id: 'b', name: 'g', input: '{"input":"free text"}' },
      { id: 'c', name: 'h', input: '{}' },
    ]);
    assert.equal(reading.stop, 'tool_use');
  });

  const thought = (metadata?: StreamPart & { type: 'reasoning-end' }): StreamPart[] => [
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', text: 'hm' },
    metadata ?? { type: 'reasoning-end', id: 'r' },
    finish(),
  ];
  const signed = (dialect: 'anthropic' | 'gemini') =>
    thought({ type: 'reasoning-end', id: 'r', metadata: { [dialect]: { signature: 'SIG' } } });

  it('signs thinking with Anthropic’s signature and with no other', () => {
    assert.match(encode(signed('anthropic')), /"signature_delta","signature":"SIG"/);
    assert.equal(encode(signed('gemini')).includes('SIG'), false);
    assert.equal(checkAnthropicStream(readEvents(encode(signed('gemini')))).reasoning, 'hm');
  });

  it('shows unsigned thinking only to a client that asked for thinking', () => {
    assert.equal(encode(thought(), replying()).includes('thinking'), false);
    assert.match(encode(signed('anthropic'), replying()), /"thinking":"hm"/);
  });

  it('writes redacted thinking as its own block', () => {
    const metadata = { anthropic: { redacted: 'R' } };
    const out = encode([
      { type: 'reasoning-start', id: 'r', metadata },
      { type: 'reasoning-end', id: 'r', metadata },
      finish(),
    ]);
    assert.match(out, /"content_block":\{"type":"redacted_thinking","data":"R"\}/);
    assert.deepEqual(checkAnthropicStream(readEvents(out)).complaints, []);
  });

  it('leaves no block of an empty text, and warns of what it cannot hold', () => {
    const context = replying();
    const file = { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: '' } } as const;
    const out = encode(
      [
        { type: 'text-start', id: 'a' },
        { type: 'text-end', id: 'a' },
        { type: 'file', part: file },
        finish(),
      ],
      context,
    );
    assert.equal(out.includes('content_block_start'), false);
    assert.equal(context.warnings.length, 1);
  });

  it('ends with an error where the answer does, and never cleanly without a finish', () => {
    const error = { status: 529, kind: 'overloaded', message: 'M' } as const;
    const failed = encode([...text('a', 'x'), { type: 'error', error }]);
    assert.match(
      failed,
      /event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error","message":"M"\},"request_id":null\}\n\n$/,
    );
    assert.equal(
      checkAnthropicStream(readEvents(encode(text('a', 'x')))).error,
      'The answer ended before it was complete.',
    );
    assert.match(encode([]), /^event: error/);
  });

  it('keeps alive with a ping', () => {
    assert.equal(
      anthropicAdapter.createStreamEncoder(replying()).heartbeat(),
      'event: ping\ndata: {"type": "ping"}\n\n',
    );
  });

  /** Legal sequences: parts one after the other, runs of calls interleaved. */
  const words = fc.array(fc.string(), { maxLength: 3 });
  const one = fc.oneof(
    fc.record({
      kind: fc.constantFrom('text' as const, 'reasoning' as const, 'refusal' as const),
      words,
      signed: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('calls' as const),
      count: fc.integer({ min: 1, max: 4 }),
      order: fc.array(fc.nat(3), { maxLength: 12 }),
    }),
    fc.record({ kind: fc.constant('opaque' as const) }),
  );
  const stream = fc.array(one, { maxLength: 6 }).map((items) => {
    const parts: StreamPart[] = [{ type: 'start' }];
    let said = '';
    const calls: string[] = [];
    items.forEach((item, n) => {
      const id = `p${n}`;
      if (item.kind === 'calls') {
        const ids = Array.from({ length: item.count }, (_, i) => `${id}-${i}`);
        calls.push(...ids);
        for (const call of ids)
          parts.push({ type: 'tool-input-start', id: call, name: 'f', kind: 'function' });
        const pieces = new Map(ids.map((call) => [call, ['{"k":', '"v"', '}']]));
        for (const turn of item.order) {
          const call = ids[turn % ids.length] ?? id;
          const piece = pieces.get(call)?.shift();
          if (piece !== undefined) parts.push({ type: 'tool-input-delta', id: call, text: piece });
        }
        for (const call of ids.reverse()) {
          for (const piece of pieces.get(call) ?? [])
            parts.push({ type: 'tool-input-delta', id: call, text: piece });
          parts.push({ type: 'tool-input-end', id: call });
        }
      } else if (item.kind === 'opaque') {
        const value = { type: 'server_tool_use', id: `s${n}`, name: 'web_search', input: { q: 1 } };
        parts.push({
          type: 'opaque',
          part: { type: 'opaque', dialect: 'anthropic', label: value.type, value },
        });
      } else {
        if (item.kind !== 'reasoning') said += item.words.join('');
        parts.push({ type: `${item.kind}-start`, id });
        for (const word of item.words) parts.push({ type: `${item.kind}-delta`, id, text: word });
        parts.push({
          type: `${item.kind}-end`,
          id,
          ...(item.signed && { metadata: { anthropic: { signature: 'S' } } }),
        } as StreamPart);
      }
    });
    return { parts: [...parts, finish()], said, calls };
  });

  it('is legal for every legal sequence of parts, and loses nothing', () => {
    fc.assert(
      fc.property(stream, fc.boolean(), ({ parts, said, calls }, asked) => {
        const reading = checkAnthropicStream(readEvents(encode(parts, replying(asked ? THINKS : {}))));
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.error, undefined);
        assert.equal(reading.text, said);
        assert.deepEqual(
          reading.calls.map(({ id }) => id),
          calls,
        );
        assert.ok(reading.calls.every(({ input }) => input === '{"k":"v"}'));
      }),
      { numRuns: 300, seed: 8045 },
    );
  });
});
