import assert from 'node:assert/strict';
import { adapterOf } from '../../../../proxy/dialects/registry';
import type { Dialect } from '../../../../proxy/dialects/canonical';
import { StreamTail } from '../../../../proxy/stream/stream-tail';

function tailOf(pieces: string[], limit = 65_536): StreamTail {
  const tail = new StreamTail(limit);
  for (const piece of pieces) tail.push(Buffer.from(piece));
  return tail;
}

const data = (...payloads: unknown[]) => payloads.map((each) => `data: ${JSON.stringify(each)}\n\n`);
const filler = Array.from(
  { length: 200 },
  (_, index) => data({ choices: [{ delta: { content: `${index}` } }] })[0] ?? '',
);

describe('the tail of a stream', () => {
  describe('tells whether the answer was complete', () => {
    const cases: [string, Dialect, string[], { complete: boolean; done: boolean }][] = [
      ['chat: [DONE]', 'openai-chat', [...filler, 'data: [DONE]\n\n'], { complete: true, done: true }],
      [
        'chat: [DONE] without a space',
        'openai-chat',
        ['data:[DONE]\r\n\r\n'],
        { complete: true, done: true },
      ],
      [
        'chat: a finish reason, no [DONE]',
        'openai-chat',
        data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        { complete: true, done: false },
      ],
      ['chat: cut', 'openai-chat', filler, { complete: false, done: false }],
      ['chat: nothing', 'openai-chat', [], { complete: false, done: false }],
      [
        'anthropic: message_stop',
        'anthropic',
        ['event: message_stop\n', 'data: {"type":"message_stop"}\n\n'],
        { complete: true, done: false },
      ],
      [
        'anthropic: cut',
        'anthropic',
        data({ type: 'message_delta', delta: {} }),
        { complete: false, done: false },
      ],
      [
        'anthropic: an error',
        'anthropic',
        data({ type: 'error', error: { type: 'overloaded_error', message: 'x' } }),
        { complete: true, done: false },
      ],
      [
        'gemini: a finish reason',
        'gemini',
        data({ candidates: [{ finishReason: 'STOP' }] }),
        { complete: true, done: false },
      ],
      [
        'gemini: cut',
        'gemini',
        data({ candidates: [{ content: { parts: [{ text: 'x' }] } }] }),
        { complete: false, done: false },
      ],
      [
        'responses: completed',
        'openai-responses',
        data({ type: 'response.completed', response: {} }),
        { complete: true, done: false },
      ],
      [
        'responses: cut',
        'openai-responses',
        data({ type: 'response.created', response: {} }),
        { complete: false, done: false },
      ],
    ];
    for (const [title, dialect, pieces, ending] of cases)
      it(title, () => {
        const { complete, done, error } = tailOf(pieces).ending(adapterOf(dialect));
        assert.deepEqual({ complete, done }, ending);
        assert.equal(error?.message, /error/.test(title) ? 'x' : undefined);
      });

    it('from the little that is kept of a long stream', () => {
      const tail = tailOf([...filler, ...data({ choices: [{ delta: {}, finish_reason: 'stop' }] })], 100);
      assert.deepEqual(tail.ending(adapterOf('openai-chat')), { complete: true, done: false });
    });

    it('of a last event longer than what is kept', () => {
      const long = `data: ${JSON.stringify({ type: 'response.completed', response: { text: 'x'.repeat(50_000) } })}\n\n`;
      const pieces = Array.from({ length: Math.ceil(long.length / 1000) }, (_, at) =>
        long.slice(at * 1000, at * 1000 + 1000),
      );
      const tail = tailOf(['data: {}\n\n'], 4096);
      for (const [index, piece] of pieces.entries()) {
        tail.midEvent = index < pieces.length - 1;
        tail.push(Buffer.from(piece));
      }
      assert.equal(tail.ending(adapterOf('openai-responses')).complete, true);
    });
  });

  describe('reads usage', () => {
    it('of chat completions: the last chunk that has one', () => {
      const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
      const read = tailOf(data({ usage: null }, { choices: [], usage }, { usage: null })).usage(
        adapterOf('openai-chat'),
      );
      assert.equal(read?.inputTokens, 7);
      assert.equal(read.outputTokens, 3);
    });

    it('of Gemini: the last count', () => {
      const chunks = data(
        { usageMetadata: { promptTokenCount: 5 } },
        { usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2 } },
      );
      const read = tailOf(chunks).usage(adapterOf('gemini'));
      assert.equal(read?.inputTokens, 5);
      assert.equal(read.outputTokens, 2);
    });

    it('of Responses: in the last event', () => {
      const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };
      const read = tailOf(data({ type: 'response.completed', response: { usage } })).usage(
        adapterOf('openai-responses'),
      );
      assert.equal(read?.inputTokens, 9);
      assert.equal(read.outputTokens, 4);
    });

    it('of Anthropic: input from the beginning, output from the end, however long the stream between', () => {
      const start = {
        type: 'message_start',
        message: { usage: { input_tokens: 2, cache_read_input_tokens: 40, output_tokens: 1 } },
      };
      const end = { type: 'message_delta', usage: { output_tokens: 12 } };
      const read = tailOf([...data(start), ...filler, ...data(end)], 200).usage(adapterOf('anthropic'));
      assert.equal(read?.inputTokens, 42);
      assert.equal(read.cachedInputTokens, 40);
      assert.equal(read.outputTokens, 12);
    });

    it('of Anthropic: the beginning alone, when the stream was cut', () => {
      const read = tailOf(
        data({ type: 'message_start', message: { usage: { input_tokens: 2, output_tokens: 1 } } }),
      ).usage(adapterOf('anthropic'));
      assert.equal(read?.inputTokens, 2);
    });

    it('of a whole answer that came in pieces', () => {
      const read = tailOf(['{"content":[],"usage":{"input_to', 'kens":3,"output_tokens":4}}']).usage(
        adapterOf('anthropic'),
      );
      assert.equal(read?.inputTokens, 3);
      assert.equal(read.outputTokens, 4);
    });

    it('of an answer that reports none: none', () => {
      assert.equal(tailOf(filler).usage(adapterOf('openai-chat')), undefined);
      assert.equal(tailOf([]).usage(adapterOf('anthropic')), undefined);
    });
  });
});
