import assert from 'node:assert/strict';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import type { Json } from '../../../../../shared/json';
import { chunkOf, decodeChunks } from './make-contexts';
import { contentOf, DONE, typesOf } from './stream-parts';

describe('openai-chat: decoding a stream', () => {
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
});
