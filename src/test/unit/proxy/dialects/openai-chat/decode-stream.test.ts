import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../../../../shared/json';
import { chunkOf, decodeChunks } from './make-contexts';
import { collect, contentOf, DONE } from './stream-parts';

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

  it('carries logprobs, images and annotations', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1 }], refusal: null };
    const parts = decodeChunks([
      { choices: [{ index: 0, delta: { content: 'a' }, logprobs }] },
      chunkOf({ annotations: [{ type: 'url_citation' }] }),
      chunkOf({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } }] }, 'stop'),
      DONE,
    ]);
    const [choice] = collect(parts).response().choices;
    assert.deepEqual(choice?.logprobs, logprobs);
    assert.deepEqual(choice?.content, [
      { type: 'text', text: 'a', citations: [{ metadata: { 'openai-chat': { type: 'url_citation' } } }] },
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' } },
    ]);
  });
});
