import assert from 'node:assert/strict';
import type { StreamPart, ToolCallPart } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import type { JsonObject } from '../../../../../shared/json';
import { chunkOf, decodeChunks, makeContexts } from './make-contexts';
import { collect, contentOf, DONE, typesOf } from './stream-parts';

const callsOf = (parts: StreamPart[]) =>
  contentOf(parts).filter((part): part is ToolCallPart => part.type === 'tool-call');
const piece = (...calls: JsonObject[]) => chunkOf({ tool_calls: calls });
const fn = (name: string | undefined, args: string | undefined) => ({
  function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
});

describe('openai-chat: decoding a stream', () => {
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
});
