import assert from 'node:assert/strict';
import {
  AnswerError,
  ChatAnswerReader,
  type AnswerPart,
} from '../../../../host/chat-models/read-chat-answer';
import type { JsonObject } from '../../../../shared/json';

function read(...events: (JsonObject | string)[]): AnswerPart[] {
  const parts: AnswerPart[] = [];
  const reader = new ChatAnswerReader((part) => parts.push(part));
  for (const event of events) reader.take(typeof event === 'string' ? event : JSON.stringify(event));
  reader.end();
  return parts;
}
const delta = (given: JsonObject): JsonObject => ({
  choices: [{ index: 0, delta: given, finish_reason: null }],
});
const finish = (reason: string): JsonObject => ({
  choices: [{ index: 0, delta: {}, finish_reason: reason }],
});
const call = (index: number, given: JsonObject, id?: string): JsonObject =>
  delta({ tool_calls: [{ index, ...(id !== undefined && { id }), function: given }] });

describe('a streamed answer for the editor', () => {
  it('tells texts as they come, and refusals as text', () => {
    const parts = read(
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'He' }),
      delta({ content: 'llo' }),
      delta({ refusal: ' no' }),
      finish('stop'),
      '[DONE]',
    );
    assert.deepEqual(
      parts.map((part) => part.type === 'text' && part.text),
      ['He', 'llo', ' no'],
    );
  });

  it('tells a call when it is whole: at the beginning of the next, or the end', () => {
    const parts: AnswerPart[] = [];
    const reader = new ChatAnswerReader((part) => parts.push(part));
    const take = (event: JsonObject) => reader.take(JSON.stringify(event));
    take(call(0, { name: 'look', arguments: '{"at":' }, 'a'));
    take(call(0, { arguments: '1}' }));
    assert.equal(parts.length, 0);
    take(call(1, { name: 'go', arguments: '' }, 'b'));
    assert.deepEqual(parts, [{ type: 'tool-call', id: 'a', name: 'look', input: { at: 1 } }]);
    take(finish('tool_calls'));
    reader.end();
    assert.deepEqual(parts[1], { type: 'tool-call', id: 'b', name: 'go', input: {} });
    assert.equal(parts.length, 2);
  });

  it('takes servers that end without [DONE], and chunks without choices', () => {
    assert.equal(read({ choices: [], usage: {} }, delta({ content: 'x' }), finish('stop')).length, 1);
    assert.equal(read(delta({ content: 'x' }), '[DONE]').length, 1);
  });

  for (const [what, events, words] of [
    ['an error in the stream', [{ error: { message: 'Out of order.' } }], /Out of order/],
    ['an end before the answer’s', [delta({ content: 'half' })], /broke off/],
    ['what is no event', ['nonsense'], /no JSON/],
    [
      'arguments that are none',
      [call(0, { name: 'look', arguments: '{"at":' }, 'a'), finish('tool_calls')],
      /look/,
    ],
    [
      'arguments that are no object',
      [call(0, { name: 'look', arguments: '[1]' }, 'a'), finish('tool_calls')],
      /look/,
    ],
  ] as const)
    it(`is an error in words: ${what}`, () => {
      assert.throws(
        () => read(...events),
        (error: Error) => error instanceof AnswerError && words.test(error.message),
      );
    });

  it('that was withheld is told apart', () => {
    assert.throws(() => read(delta({ content: 'x' }), finish('content_filter')), { kind: 'blocked' });
  });
});
