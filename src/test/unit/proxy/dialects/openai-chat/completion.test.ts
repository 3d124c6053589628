import assert from 'node:assert/strict';
import type { CanonicalResponse, StreamPart } from '../../../../../proxy/dialects/canonical';
import { decodeCompletion } from '../../../../../proxy/dialects/openai-chat/decode-completion';
import { completionVoice } from '../../../../../proxy/dialects/openai-chat/encode-completion';
import { makeContexts } from './make-contexts';

const text = (id: string, words: string, choice?: number): StreamPart[] => {
  const at = choice === undefined ? {} : { choice };
  return [
    { type: 'text-start', id, ...at },
    { type: 'text-delta', id, text: words, ...at },
    { type: 'text-end', id, ...at },
  ];
};

describe('text completions', () => {
  it('become a chat with the same settings', () => {
    const { decode, warnings } = makeContexts();
    const { requests, echo } = decodeCompletion(
      {
        model: 'm',
        prompt: ['one', 'two'],
        max_tokens: 7,
        temperature: 0,
        top_p: 0.5,
        n: 2,
        stop: 'END',
        seed: 3,
        presence_penalty: 1,
        frequency_penalty: -1,
        logprobs: 0,
        user: 'me',
        echo: true,
        best_of: 2,
        stream_options: { include_usage: true },
      },
      { ...decode, model: 'm', stream: true },
    );
    assert.equal(echo, true);
    const common = {
      model: 'm',
      stream: true,
      tools: [],
      maxOutputTokens: 7,
      temperature: 0,
      topP: 0.5,
      candidates: 2,
      stop: ['END'],
      seed: 3,
      presencePenalty: 1,
      frequencyPenalty: -1,
      logprobs: true,
      userId: 'me',
      streamUsage: true,
    };
    assert.deepEqual(
      requests,
      ['one', 'two'].map((prompt) => ({
        ...common,
        messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
      })),
    );
    assert.deepEqual(warnings, []);
  });

  it('stream the choices of several prompts, each prompt once before its own', () => {
    const { reply } = makeContexts();
    const encoder = completionVoice(['A', 'B']).createStreamEncoder(reply({ streamUsage: true }));
    const parts: StreamPart[] = [
      { type: 'start', id: 'up', created: 5 },
      ...text('0', '1'),
      ...text('1', '2', 1),
      ...text('2', '3', 1),
      { type: 'usage', usage: { inputTokens: 2, outputTokens: 3 } },
      { type: 'finish', finish: { reason: 'stop' } },
      { type: 'finish', finish: { reason: 'length' }, choice: 1 },
    ];
    const events = (parts.map((part) => encoder.push(part)).join('') + encoder.end()).split('\n\n');
    assert.equal(events.pop(), '');
    assert.equal(events.pop(), 'data: [DONE]');
    const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)) as Record<string, unknown>);
    assert.deepEqual(
      chunks.map(({ choices, usage }) => [choices, usage === null ? null : 'usage']),
      [
        [[{ text: 'A1', index: 0, logprobs: null, finish_reason: null }], null],
        [[{ text: 'B2', index: 1, logprobs: null, finish_reason: null }], null],
        [[{ text: '3', index: 1, logprobs: null, finish_reason: null }], null],
        [[{ text: '', index: 0, logprobs: null, finish_reason: 'stop' }], null],
        [[{ text: '', index: 1, logprobs: null, finish_reason: 'length' }], null],
        [[], 'usage'],
      ],
    );
    for (const chunk of chunks)
      assert.deepEqual(
        [chunk.id, chunk.object, chunk.created, chunk.model],
        ['up', 'text_completion', 5, 'asked'],
      );
  });

  it('repeat the prompt even where no text follows', () => {
    const { reply } = makeContexts();
    const encoder = completionVoice(['Hello']).createStreamEncoder(reply());
    assert.match(encoder.push({ type: 'finish', finish: { reason: 'length' } }), /"text":"Hello"/);
  });

  it('end without [DONE] after an error or without an end', () => {
    const { reply } = makeContexts();
    const failed = completionVoice([]).createStreamEncoder(reply());
    assert.match(
      failed.push({ type: 'error', error: { status: 500, kind: 'upstream', message: 'broken' } }),
      /broken/,
    );
    assert.equal(failed.end(), '');
    const cut = completionVoice([]).createStreamEncoder(reply());
    cut.push({ type: 'text-delta', id: '0', text: 'x' });
    assert.equal(cut.end(), '');
  });

  it('carry text and refusals, and tell of what they cannot carry', () => {
    const { reply, warnings } = makeContexts();
    const response: CanonicalResponse = {
      choices: [
        {
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'a' },
            { type: 'refusal', text: 'b' },
            { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AA==' } },
          ],
          finish: { reason: 'stop' },
        },
      ],
    };
    const body = completionVoice([]).encodeResponse(response, reply());
    assert.deepEqual(body.choices, [{ text: 'ab', index: 0, logprobs: null, finish_reason: 'stop' }]);
    assert.equal(warnings.length, 2);
  });
});
