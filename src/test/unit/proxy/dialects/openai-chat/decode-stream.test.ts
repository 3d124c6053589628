import assert from 'node:assert/strict';
import { collectStream } from '../../../../../proxy/dialects/collect-stream';
import type { StreamPart, ToolCallPart } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import type { Json, JsonObject } from '../../../../../shared/json';
import { chunkOf, decodeChunks, makeContexts } from './make-contexts';

const DONE = '[DONE]';
const typesOf = (parts: StreamPart[]) => parts.map((part) => part.type);
const collect = (parts: StreamPart[]) => {
  const collector = collectStream();
  for (const part of parts) collector.push(part);
  return collector;
};
const contentOf = (parts: StreamPart[], choice = 0) =>
  collect(parts).response().choices[choice]?.content ?? [];
const callsOf = (parts: StreamPart[]) =>
  contentOf(parts).filter((part): part is ToolCallPart => part.type === 'tool-call');
const piece = (...calls: JsonObject[]) => chunkOf({ tool_calls: calls });
const fn = (name: string | undefined, args: string | undefined) => ({
  function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
});

describe('openai-chat: decoding a stream', () => {
  it('opens and closes text, and gives usage before the finish', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const parts = decodeChunks([
      chunkOf({ role: 'assistant', content: '' }),
      chunkOf({ content: 'Hel' }),
      chunkOf({ content: 'lo' }),
      chunkOf({}, 'stop'),
      { id: 'c1', choices: [], usage },
      DONE,
    ]);
    assert.deepEqual(parts, [
      { type: 'start', id: 'c1', model: 'm', created: 1 },
      { type: 'text-start', id: 'text-0-0' },
      { type: 'text-delta', id: 'text-0-0', text: 'Hel' },
      { type: 'text-delta', id: 'text-0-0', text: 'lo' },
      { type: 'text-end', id: 'text-0-0' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { type: 'finish', finish: { reason: 'stop', raw: 'stop' } },
    ]);
  });

  it('goes from reasoning to text within one chunk without losing either', () => {
    const parts = decodeChunks([
      chunkOf({ reasoning_content: 'hm' }),
      chunkOf({ reasoning_content: '.', content: 'So' }),
      chunkOf({}, 'stop'),
      DONE,
    ]);
    assert.deepEqual(contentOf(parts), [
      { type: 'reasoning', text: 'hm.', metadata: { 'openai-chat': { field: 'reasoning_content' } } },
      { type: 'text', text: 'So' },
    ]);
  });

  const reasonings: [string, JsonObject, string][] = [
    ['reasoning_content', { reasoning_content: 'hm' }, 'hm'],
    ['reasoning', { reasoning: 'hm' }, 'hm'],
    [
      'reasoning_details alone',
      { reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }] },
      'hm',
    ],
    [
      'reasoning beside the same in reasoning_details',
      { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] },
      'hm',
    ],
    [
      'encrypted reasoning_details',
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }] },
      '',
    ],
    [
      'thinking parts of Mistral',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] },
      'hm',
    ],
  ];
  for (const [name, delta, expected] of reasonings) {
    it(`reads reasoning from ${name}`, () => {
      const [first, ...others] = contentOf(
        decodeChunks([chunkOf(delta), chunkOf({ content: 'So' }), chunkOf({}, 'stop'), DONE]),
      );
      assert.ok(first?.type === 'reasoning');
      assert.equal(first.text, expected);
      assert.deepEqual(first.metadata?.['openai-chat']?.reasoning_details, delta.reasoning_details);
      assert.deepEqual(others, [{ type: 'text', text: 'So' }]);
    });
  }

  it('reads a refusal and says so in the finish', () => {
    const { content, finish } =
      collect(
        decodeChunks([
          chunkOf({ refusal: 'I' }),
          chunkOf({ refusal: "'d rather not" }),
          chunkOf({}, 'stop'),
          DONE,
        ]),
      ).response().choices[0] ?? {};
    assert.deepEqual(content, [{ type: 'refusal', text: "I'd rather not" }]);
    assert.equal(finish?.reason, 'refusal');
  });

  const shapes: [string, JsonObject[], [id: string, name: string, input: string][]][] = [
    [
      'id and name, then arguments',
      [
        piece({ index: 0, id: 'a', ...fn('f', '') }),
        piece({ index: 0, ...fn(undefined, '{"x":') }),
        piece({ index: 0, ...fn(undefined, '1}') }),
      ],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'the first piece with arguments too',
      [piece({ index: 0, id: 'a', ...fn('f', '{"x":') }), piece({ index: 0, ...fn(undefined, '1}') })],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'a whole call in one chunk',
      [piece({ index: 0, id: 'a', ...fn('f', '{"x":1}') })],
      [['a', 'f', '{"x":1}']],
    ],
    ['a whole call without an index', [piece({ id: 'a', ...fn('f', '{"x":1}') })], [['a', 'f', '{"x":1}']]],
    [
      'pieces without an index',
      [
        piece({ id: 'a', ...fn('f', '') }),
        piece(fn(undefined, '{}')),
        piece({ id: 'b', ...fn('g', '') }),
        piece(fn(undefined, '{"y":2}')),
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{"y":2}'],
      ],
    ],
    [
      'two calls in one chunk',
      [piece({ index: 0, id: 'a', ...fn('f', '{}') }, { index: 1, id: 'b', ...fn('g', '{}') })],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'interleaved pieces of two calls',
      [
        piece({ index: 0, id: 'a', ...fn('f', '{"x"') }),
        piece({ index: 1, id: 'b', ...fn('g', '{"y"') }),
        piece({ index: 0, ...fn(undefined, ':1}') }),
        piece({ index: 1, ...fn(undefined, ':2}') }),
      ],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":2}'],
      ],
    ],
    [
      'one index for all calls, with new ids',
      [piece({ index: 0, id: 'a', ...fn('f', '{}') }), piece({ index: 0, id: 'b', ...fn('g', '{}') })],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'the id in every chunk',
      [
        piece({ index: 0, id: 'a', ...fn('f', '') }),
        piece({ index: 0, id: 'a', ...fn(undefined, '{"x"') }),
        piece({ index: 0, id: 'a', ...fn(undefined, ':1}') }),
      ],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'id and name in every chunk',
      [piece({ index: 0, id: 'a', ...fn('f', '{"x"') }), piece({ index: 0, id: 'a', ...fn('f', ':1}') })],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'a new id, but no name, in every chunk',
      [
        piece({ index: 0, id: 'a', ...fn('f', '{"x"') }),
        piece({ index: 0, id: 'z', ...fn(undefined, ':1}') }),
      ],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'the name after the id',
      [piece({ index: 0, id: 'a', ...fn(undefined, '') }), piece({ index: 0, ...fn('f', '{}') })],
      [['a', 'f', '{}']],
    ],
    ['no arguments at all', [piece({ index: 0, id: 'a', ...fn('f', undefined) })], [['a', 'f', '{}']]],
    ['empty arguments', [piece({ index: 0, id: 'a', ...fn('f', '') })], [['a', 'f', '{}']]],
    [
      'arguments as an object',
      [piece({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } })],
      [['a', 'f', '{"x":1}']],
    ],
    ['no id', [piece({ index: 0, ...fn('f', '{}') })], [['call_new1', 'f', '{}']]],
    ['an empty id', [piece({ index: 0, id: '', ...fn('f', '{}') })], [['call_new1', 'f', '{}']]],
    [
      'whole calls without ids under one index',
      [piece({ index: 0, ...fn('f', '{}') }), piece({ index: 0, ...fn('g', '{}') })],
      [
        ['call_new1', 'f', '{}'],
        ['call_new2', 'g', '{}'],
      ],
    ],
    [
      'one id for two calls',
      [piece({ index: 0, id: 'a', ...fn('f', '{}') }), piece({ index: 1, id: 'a', ...fn('g', '{}') })],
      [
        ['a', 'f', '{}'],
        ['call_new1', 'g', '{}'],
      ],
    ],
    [
      'the old function_call',
      [
        chunkOf({ function_call: { name: 'f', arguments: '' } }),
        chunkOf({ function_call: { arguments: '{}' } }),
      ],
      [['call_new1', 'f', '{}']],
    ],
  ];
  for (const [name, chunks, expected] of shapes) {
    it(`puts tool calls together from ${name}`, () => {
      const parts = decodeChunks([...chunks, chunkOf({}, 'tool_calls'), DONE]);
      assert.deepEqual(
        callsOf(parts).map(({ id, name: called, input }) => [id, called, input]),
        expected,
      );
      assert.equal(typesOf(parts).at(-1), 'finish');
      assert.equal(collect(parts).response().choices[0]?.finish.reason, 'tool-calls');
    });
  }

  it('streams arguments as they come', () => {
    const decoder = openaiChatAdapter.createStreamDecoder(makeContexts().answer);
    decoder.push({ data: JSON.stringify(piece({ index: 0, id: 'a', ...fn('f', '') })) });
    const parts = decoder.push({ data: JSON.stringify(piece({ index: 0, ...fn(undefined, '{"x"') })) });
    assert.deepEqual(parts, [{ type: 'tool-input-delta', id: 'a', text: '{"x"' }]);
  });

  it('restores the names that were shortened on the way up', () => {
    const contexts = makeContexts();
    contexts.answer.restoreToolName = (name) => (name === 'short' ? 'a.long.name' : name);
    const parts = decodeChunks(
      [piece({ index: 0, id: 'a', ...fn('short', '{}') }), chunkOf({}, 'tool_calls'), DONE],
      contexts,
    );
    assert.equal(callsOf(parts)[0]?.name, 'a.long.name');
  });

  it('never lets text overlap an open call: it closes whole calls, and waits for others', () => {
    const whole = decodeChunks([
      piece({ index: 0, id: 'a', ...fn('f', '{}') }),
      chunkOf({ content: 'x' }),
      chunkOf({}, 'stop'),
      DONE,
    ]);
    assert.deepEqual(typesOf(whole).slice(1, 7), [
      'tool-input-start',
      'tool-input-delta',
      'tool-input-end',
      'text-start',
      'text-delta',
      'text-end',
    ]);
    const half = decodeChunks([
      piece({ index: 0, id: 'a', ...fn('f', '{') }),
      chunkOf({ content: 'x' }),
      piece({ index: 0, ...fn(undefined, '}') }),
      chunkOf({}, 'stop'),
      DONE,
    ]);
    assert.deepEqual(contentOf(half), [
      { type: 'tool-call', id: 'a', name: 'f', kind: 'function', input: '{}' },
      { type: 'text', text: 'x' },
    ]);
  });

  it('takes "stop" behind tool calls for the calls', () => {
    const parts = decodeChunks([piece({ index: 0, id: 'a', ...fn('f', '{}') }), chunkOf({}, 'stop'), DONE]);
    assert.deepEqual(parts.at(-1), { type: 'finish', finish: { reason: 'tool-calls', raw: 'stop' } });
  });

  it('tells several choices apart', () => {
    const of = (index: number, delta: JsonObject, finish: string | null = null) => ({
      id: 'c',
      choices: [{ index, delta, finish_reason: finish }],
    });
    const parts = decodeChunks([
      of(0, { content: 'a' }),
      of(1, { content: 'b' }),
      of(0, { content: 'A' }),
      of(1, {}, 'length'),
      of(0, {}, 'stop'),
      DONE,
    ]);
    const { choices } = collect(parts).response();
    assert.deepEqual(
      choices.map(({ content, finish }) => [content[0], finish.reason]),
      [
        [{ type: 'text', text: 'aA' }, 'stop'],
        [{ type: 'text', text: 'b' }, 'length'],
      ],
    );
  });

  it('goes on when the first, empty chunk already says "stop"', () => {
    const parts = decodeChunks([
      chunkOf({ content: '' }, 'stop'),
      chunkOf({ content: 'hi' }),
      chunkOf({}, 'length'),
      DONE,
    ]);
    assert.deepEqual(contentOf(parts), [{ type: 'text', text: 'hi' }]);
    assert.deepEqual(parts.at(-1), { type: 'finish', finish: { reason: 'length', raw: 'length' } });
  });

  const usage = (out: number) => ({ prompt_tokens: 3, completion_tokens: out, total_tokens: 3 + out });
  const usages: [string, Json[]][] = [
    [
      'a last chunk without choices',
      [chunkOf({ content: 'a' }), chunkOf({}, 'stop'), { choices: [], usage: usage(9) }],
    ],
    ['the chunk that finishes', [chunkOf({ content: 'a' }), chunkOf({}, 'stop', { usage: usage(9) })]],
    [
      'every chunk: the last one counts',
      [chunkOf({ content: 'a' }, null, { usage: usage(1) }), chunkOf({}, 'stop', { usage: usage(9) })],
    ],
    ['x_groq', [chunkOf({ content: 'a' }), chunkOf({}, 'stop', { x_groq: { usage: usage(9) } })]],
  ];
  for (const [name, chunks] of usages) {
    it(`reads usage once from ${name}`, () => {
      const parts = decodeChunks([...chunks, DONE]).filter((part) => part.type === 'usage');
      assert.deepEqual(parts, [{ type: 'usage', usage: { inputTokens: 3, outputTokens: 9 } }]);
    });
  }

  it('ends well without [DONE] where a finish_reason was there', () => {
    assert.equal(typesOf(decodeChunks([chunkOf({ content: 'a' }, 'stop')])).at(-1), 'finish');
  });

  it('ends well at [DONE] where the finish_reason was forgotten', () => {
    assert.equal(typesOf(decodeChunks([chunkOf({ content: 'a' }), DONE])).at(-1), 'finish');
  });

  const broken: [string, (Json | string)[]][] = [
    ['bytes that end in the middle', [chunkOf({ content: 'a' })]],
    [
      'bytes that end with one of two choices open',
      [chunkOf({ content: 'a' }, 'stop'), { choices: [{ index: 1, delta: { content: 'b' } }] }],
    ],
    ['no bytes at all', []],
    ['[DONE] alone', [DONE]],
    ['something that is no JSON', [chunkOf({ content: 'a' }), '<html>']],
    ['something that is no object', [chunkOf({ content: 'a' }), '"text"']],
  ];
  for (const [name, chunks] of broken) {
    it(`makes an error of ${name}, with everything closed before it`, () => {
      const parts = decodeChunks(chunks);
      const last = parts.at(-1);
      assert.ok(last?.type === 'error');
      assert.equal(last.error.status, 502);
      assert.equal(typesOf(parts).includes('finish'), false);
      const opened = typesOf(parts).filter((type) => type.endsWith('-start')).length;
      assert.equal(typesOf(parts).filter((type) => type.endsWith('-end')).length, opened);
    });
  }

  it('hands on an error inside the stream, once, with its code', () => {
    const error = {
      message: 'Rate limit reached. Please try again in 1.5s.',
      type: 'tokens',
      code: 'rate_limit_exceeded',
    };
    const parts = decodeChunks([chunkOf({ content: 'a' }), { error }, chunkOf({ content: 'b' }), DONE]);
    assert.deepEqual(parts.at(-1), {
      type: 'error',
      error: {
        status: 429,
        kind: 'rate_limit',
        message: error.message,
        code: 'rate_limit_exceeded',
        retryAfterSeconds: 2,
      },
    });
    assert.equal(typesOf(parts).filter((type) => type === 'text-delta').length, 1);
  });

  it('does not take [DONE] or "error" inside a text for more than text', () => {
    const words = 'data: [DONE] "error" {"error":{"message":"x"}} "finish_reason":"stop"';
    const event = { data: JSON.stringify(chunkOf({ content: words })) };
    assert.equal(openaiChatAdapter.isTerminal(event), false);
    assert.equal(openaiChatAdapter.readStreamError(event), undefined);
    assert.deepEqual(contentOf(decodeChunks([chunkOf({ content: words }), chunkOf({}, 'stop'), DONE])), [
      { type: 'text', text: words },
    ]);
  });

  const ends: [string, string, boolean][] = [
    ['[DONE]', '[DONE]', true],
    ['a finish_reason', JSON.stringify(chunkOf({}, 'stop')), true],
    ['a finish_reason with spaces', JSON.stringify(chunkOf({}, 'stop'), null, 1), true],
    ['no finish_reason', JSON.stringify(chunkOf({ content: 'a' })), false],
    ['an empty finish_reason', JSON.stringify(chunkOf({}, '')), false],
    ['garbage', '{"finish_reason":"stop"', false],
  ];
  for (const [name, data, expected] of ends) {
    it(`${expected ? 'knows' : 'sees no'} the end in ${name}`, () => {
      assert.equal(openaiChatAdapter.isTerminal({ data }), expected);
    });
  }

  it('carries logprobs, images and annotations', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1 }], refusal: null };
    const parts = decodeChunks([
      { choices: [{ index: 0, delta: { content: 'a' }, logprobs }] },
      chunkOf({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } }] }),
      chunkOf({ annotations: [{ type: 'url_citation' }] }, 'stop'),
      DONE,
    ]);
    const [choice] = collect(parts).response().choices;
    assert.deepEqual(choice?.logprobs, logprobs);
    assert.deepEqual(choice?.content.slice(1), [
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' } },
      { type: 'opaque', dialect: 'openai-chat', label: 'annotation', value: { type: 'url_citation' } },
    ]);
  });
});
