import assert from 'node:assert/strict';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import type {
  AssistantPart,
  CanonicalResponse,
  StopReason,
  StreamPart,
} from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { checkOpenaiChatStream } from '../../../../support/check/check-openai-chat-stream';
import { readEvents } from '../../../../support/read-events';
import { encodeParts, emptyRequest, makeContexts } from './make-contexts';

const answer = (...content: AssistantPart[]): CanonicalResponse => ({
  id: 'id1',
  model: 'upstreams-own',
  created: 5,
  choices: [{ content, finish: { reason: 'stop' } }],
  usage: { inputTokens: 7, cachedInputTokens: 3, outputTokens: 5, reasoningTokens: 2 },
});
const legacy = { metadata: { 'openai-chat': { legacyFunctions: true } } };
const call = (id: string, input: string): AssistantPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  kind: 'function',
  input,
});
const chunksOf = (written: string) =>
  readEvents(written)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as JsonObject);
const deltasOf = (written: string) =>
  chunksOf(written).flatMap(({ choices }) => (choices as JsonObject[]).map(({ delta }) => delta));

describe('openai-chat: encoding a stream', () => {
  it('writes chunks that the grammar allows, with usage when it was asked for', () => {
    const parts = replayResponse(
      answer(
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'Hi' },
        call('c1', '{"a":1}'),
        call('c2', '{}'),
      ),
    );
    for (const usage of [true, false]) {
      const reading = checkOpenaiChatStream(readEvents(encodeParts(parts, { streamUsage: usage })), {
        usage,
      });
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.reasoning, 'hm');
      assert.equal(reading.text, 'Hi');
      assert.equal(reading.stop, 'tool_calls');
      assert.deepEqual(
        reading.calls.map(({ id, input }) => [id, input]),
        [
          ['c1', '{"a":1}'],
          ['c2', '{}'],
        ],
      );
    }
  });

  it('names the model as the client did and keeps the id', () => {
    const [first] = chunksOf(encodeParts(replayResponse(answer({ type: 'text', text: 'Hi' }))));
    assert.deepEqual(first, {
      id: 'id1',
      object: 'chat.completion.chunk',
      created: 5,
      model: 'asked',
      choices: [
        { index: 0, delta: { role: 'assistant', content: 'Hi' }, logprobs: null, finish_reason: null },
      ],
    });
  });

  it('says in every chunk that usage comes later, and then all of it', () => {
    const chunks = chunksOf(
      encodeParts(replayResponse(answer({ type: 'text', text: 'Hi' })), { streamUsage: true }),
    );
    assert.deepEqual(
      chunks.map(({ usage }) => usage),
      [
        null,
        null,
        {
          prompt_tokens: 7,
          completion_tokens: 5,
          total_tokens: 12,
          prompt_tokens_details: { cached_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      ],
    );
    assert.deepEqual(chunks.at(-1)?.choices, []);
  });

  it('gives a call without arguments an empty object', () => {
    const parts: StreamPart[] = [
      { type: 'tool-input-start', id: 'c1', name: 'f', kind: 'function' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ];
    const reading = checkOpenaiChatStream(readEvents(encodeParts(parts)), { usage: false });
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.calls[0]?.input, '{}');
  });

  it('writes calls whose arguments arrive in turns under their own indexes', () => {
    const parts: StreamPart[] = [
      { type: 'tool-input-start', id: 'a', name: 'f', kind: 'function' },
      { type: 'tool-input-start', id: 'b', name: 'g', kind: 'function' },
      { type: 'tool-input-delta', id: 'a', text: '{"x":' },
      { type: 'tool-input-delta', id: 'b', text: '{}' },
      { type: 'tool-input-delta', id: 'a', text: '1}' },
      { type: 'tool-input-end', id: 'a' },
      { type: 'tool-input-end', id: 'b' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ];
    const reading = checkOpenaiChatStream(readEvents(encodeParts(parts)), { usage: false });
    assert.deepEqual(reading.complaints, []);
    assert.deepEqual(
      reading.calls.map(({ input }) => input),
      ['{"x":1}', '{}'],
    );
  });

  it('writes custom calls with free text', () => {
    const part: AssistantPart = { type: 'tool-call', id: 'c1', name: 'patch', kind: 'custom', input: 'raw' };
    const deltas = deltasOf(encodeParts(replayResponse(answer(part))));
    assert.deepEqual(deltas.slice(0, 2), [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, id: 'c1', type: 'custom', custom: { name: 'patch', input: '' } }],
      },
      { tool_calls: [{ index: 0, custom: { input: 'raw' } }] },
    ]);
  });

  it('answers clients of the old functions with function_call, one of them', () => {
    const contexts = makeContexts();
    const written = encodeParts(
      replayResponse(answer(call('c1', '{"a":1}'), call('c2', '{}'))),
      legacy,
      contexts,
    );
    assert.deepEqual(deltasOf(written), [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{"a":1}' } },
      {},
    ]);
    assert.equal((chunksOf(written).at(-1)?.choices as JsonObject[])[0]?.finish_reason, 'function_call');
    assert.equal(contexts.warnings.length, 1);
  });

  it('sends logprobs with the text they belong to, and alone where there is none', () => {
    const value = { content: [{ token: 'Hi' }] };
    const choicesOf = (parts: StreamPart[]) =>
      chunksOf(encodeParts(parts)).map(({ choices }) => (choices as JsonObject[])[0]);
    const logprobs: StreamPart = { type: 'logprobs', value };
    const finish: StreamPart = { type: 'finish', finish: { reason: 'stop' } };
    const [first] = choicesOf([logprobs, { type: 'text-delta', id: 't', text: 'Hi' }, finish]);
    assert.deepEqual([first?.delta, first?.logprobs], [{ role: 'assistant', content: 'Hi' }, value]);
    assert.deepEqual(
      choicesOf([logprobs, finish]).map((choice) => choice?.logprobs),
      [value, null],
    );
  });

  it('writes several choices', () => {
    const response = answer({ type: 'text', text: 'a' });
    response.choices.push({ content: [{ type: 'refusal', text: 'no' }], finish: { reason: 'refusal' } });
    const choices = chunksOf(encodeParts(replayResponse(response))).flatMap(
      ({ choices: all }) => all as JsonObject[],
    );
    assert.deepEqual(
      choices.map(({ index, delta, finish_reason: finish }) => [index, delta, finish]),
      [
        [0, { role: 'assistant', content: 'a' }, null],
        [1, { role: 'assistant', content: null, refusal: 'no' }, null],
        [0, {}, 'stop'],
        [1, {}, 'stop'],
      ],
    );
  });

  it('ends with the error, without [DONE], when the answer broke', () => {
    const written = encodeParts([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'Hi' },
      { type: 'text-end', id: 't' },
      { type: 'error', error: { status: 502, kind: 'upstream', message: 'cut' } },
    ]);
    const reading = checkOpenaiChatStream(readEvents(written), { usage: false });
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.error, 'cut');
    assert.equal(written.includes('[DONE]'), false);
  });

  it('writes no good end where no finish was', () => {
    assert.equal(encodeParts([{ type: 'text-delta', id: 't', text: 'Hi' }]).includes('[DONE]'), false);
  });

  it('keeps [DONE] in a text apart from the end', () => {
    const reading = checkOpenaiChatStream(
      readEvents(encodeParts(replayResponse(answer({ type: 'text', text: '\n\ndata: [DONE]\n\n' })))),
      { usage: false },
    );
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.text, '\n\ndata: [DONE]\n\n');
  });

  it('reports what chat completions cannot carry', () => {
    const contexts = makeContexts();
    const opaque: AssistantPart = {
      type: 'opaque',
      dialect: 'anthropic',
      label: 'web_search_tool_result',
      value: {},
    };
    const video: AssistantPart = {
      type: 'file',
      mediaType: 'video/mp4',
      source: { type: 'url', url: 'https://a.example' },
    };
    encodeParts(replayResponse(answer(opaque, video)), {}, contexts);
    openaiChatAdapter.encodeResponse(answer(opaque, video), contexts.reply());
    assert.deepEqual(
      contexts.warnings.map(({ type }) => type),
      ['dropped', 'dropped', 'dropped', 'dropped'],
    );
  });

  it('beats with a comment', () => {
    assert.equal(openaiChatAdapter.createStreamEncoder(makeContexts().reply()).heartbeat(), ': ping\n\n');
  });
});

describe('openai-chat: encoding a whole answer', () => {
  const encode = (response: CanonicalResponse, request = {}) =>
    openaiChatAdapter.encodeResponse(response, makeContexts().reply(request));

  it('writes content, calls, reasoning and usage', () => {
    assert.deepEqual(
      encode(answer({ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Hi' }, call('c1', '{}'))),
      {
        id: 'id1',
        object: 'chat.completion',
        created: 5,
        model: 'asked',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: 'Hi',
              refusal: null,
              reasoning_content: 'hm',
              tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
            },
            logprobs: null,
            finish_reason: 'tool_calls',
          },
        ],
        usage: {
          prompt_tokens: 7,
          completion_tokens: 5,
          total_tokens: 12,
          prompt_tokens_details: { cached_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
    );
  });

  it('makes up id and time where the upstream gave none', () => {
    const { id, created } = encode({ choices: [] });
    assert.deepEqual([id, created], ['chatcmpl-new1', 1_700_000_000]);
  });

  it('writes function_call for clients of the old functions', () => {
    const choice = (encode(answer(call('c1', '{}')), legacy).choices as JsonObject[])[0];
    assert.deepEqual(choice?.message, {
      role: 'assistant',
      content: null,
      refusal: null,
      function_call: { name: 'f', arguments: '{}' },
    });
    assert.equal(choice?.finish_reason, 'function_call');
  });

  const reasons: [StopReason, AssistantPart[], string][] = [
    ['stop', [], 'stop'],
    ['stop', [call('c', '{}')], 'tool_calls'],
    ['stop-sequence', [], 'stop'],
    ['length', [], 'length'],
    ['length', [call('c', '{}')], 'length'],
    ['context-length', [], 'length'],
    ['tool-calls', [call('c', '{}')], 'tool_calls'],
    ['content-filter', [], 'content_filter'],
    ['refusal', [], 'content_filter'],
    ['refusal', [{ type: 'refusal', text: 'no' }], 'stop'],
    ['pause', [], 'stop'],
    ['malformed-tool-call', [], 'stop'],
    ['other', [], 'stop'],
  ];
  for (const [reason, content, expected] of reasons) {
    it(`says ${expected} for ${reason} with ${content.length} part(s)`, () => {
      const body = encode({ choices: [{ content, finish: { reason } }] });
      assert.equal((body.choices as JsonObject[])[0]?.finish_reason, expected);
    });
  }

  it('is what the request of the client decides, not the upstream', () => {
    assert.equal(encode(answer(), { ...emptyRequest }).model, 'asked');
  });
});
