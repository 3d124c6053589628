import assert from 'node:assert/strict';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { UpstreamError } from '../../../../../proxy/errors';
import type { StopReason, Usage } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { makeContexts } from './make-contexts';

const decode = (body: JsonObject, contexts = makeContexts()) =>
  openaiChatAdapter.decodeResponse(body, contexts.answer);
const choiceOf = (message: JsonObject, more: JsonObject = {}) =>
  decode({ choices: [{ index: 0, message, finish_reason: 'stop', ...more }] }).choices[0];

describe('openai-chat: decoding a whole answer', () => {
  it('reads id, model, time, content and logprobs', () => {
    const logprobs = { content: [] };
    const message = { role: 'assistant', content: 'Hi', annotations: [] };
    assert.deepEqual(
      decode({
        id: 'i',
        model: 'm',
        created: 1,
        choices: [{ index: 0, message, logprobs, finish_reason: 'stop' }],
      }),
      {
        id: 'i',
        model: 'm',
        created: 1,
        choices: [
          { content: [{ type: 'text', text: 'Hi' }], finish: { reason: 'stop', raw: 'stop' }, logprobs },
        ],
      },
    );
  });

  it('reads the content parts of Mistral', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'So' },
    ];
    assert.deepEqual(
      choiceOf({ content })?.content.map((part) => ('text' in part ? [part.type, part.text] : [])),
      [
        ['reasoning', 'hm'],
        ['text', 'So'],
      ],
    );
  });

  it('passes over members that a server writes out empty', () => {
    const named = { name: 'f', arguments: '{"a":1}' };
    assert.deepEqual(
      choiceOf(
        {
          content: '',
          refusal: '',
          audio: { id: '', data: '', expires_at: 0, transcript: '' },
          function_call: { name: '', arguments: '' },
          tool_calls: [{ id: 'c', type: 'function', custom: { name: '', input: '' }, function: named }],
        },
        { finish_reason: '' },
      ),
      {
        content: [{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '{"a":1}' }],
        finish: { reason: 'tool-calls' },
      },
    );
    const custom = { id: 'c', type: 'custom', custom: { name: 'p', input: 'x' }, function: { name: '' } };
    const call = choiceOf({ tool_calls: [custom] })?.content[0];
    assert.deepEqual(call, { type: 'tool-call', id: 'c', name: 'p', kind: 'custom', input: 'x' });
  });

  it('gives ids to calls that have none or share one, and empty arguments their form', () => {
    const call = (id: string | null, name: string) => ({
      id,
      type: 'function',
      function: { name, arguments: '' },
    });
    const content = choiceOf({
      content: null,
      tool_calls: [call('a', 'f'), call('a', 'g'), call(null, 'h')],
    })?.content;
    assert.deepEqual(
      content?.map((part) => part.type === 'tool-call' && [part.id, part.name, part.input]),
      [
        ['a', 'f', '{}'],
        ['call_new1', 'g', '{}'],
        ['call_new2', 'h', '{}'],
      ],
    );
  });

  const reasons: [string | null, JsonObject, StopReason][] = [
    ['stop', { content: 'a' }, 'stop'],
    ['length', { content: 'a' }, 'length'],
    ['tool_calls', { tool_calls: [{ id: 'a', function: { name: 'f' } }] }, 'tool-calls'],
    ['stop', { tool_calls: [{ id: 'a', function: { name: 'f' } }] }, 'tool-calls'],
    ['function_call', { function_call: { name: 'f', arguments: '{}' } }, 'tool-calls'],
    ['content_filter', { content: '' }, 'content-filter'],
    ['stop', { refusal: 'no' }, 'refusal'],
    ['model_length', { content: 'a' }, 'context-length'],
    ['insufficient_system_resource', { content: 'a' }, 'other'],
    [null, { content: 'a' }, 'stop'],
  ];
  for (const [reason, message, expected] of reasons) {
    it(`takes ${String(reason)} with ${Object.keys(message).join()} for ${expected}`, () => {
      assert.equal(choiceOf(message, { finish_reason: reason })?.finish.reason, expected);
    });
  }

  const usages: [string, JsonObject, Usage | undefined][] = [
    ['nothing', {}, undefined],
    ['plain counts', { prompt_tokens: 3, completion_tokens: 2 }, { inputTokens: 3, outputTokens: 2 }],
    [
      'details',
      {
        prompt_tokens: 9,
        completion_tokens: 8,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
      { inputTokens: 9, outputTokens: 8, cachedInputTokens: 4, reasoningTokens: 5 },
    ],
    [
      'the cache of DeepSeek',
      { prompt_tokens: 9, completion_tokens: 8, prompt_cache_hit_tokens: 4 },
      { inputTokens: 9, outputTokens: 8, cachedInputTokens: 4 },
    ],
    [
      'reasoning that xAI counts beside the completion',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 35,
        completion_tokens_details: { reasoning_tokens: 20 },
      },
      { inputTokens: 10, outputTokens: 25, reasoningTokens: 20 },
    ],
    ['counts that are no numbers', { prompt_tokens: 'many', completion_tokens: -1 }, undefined],
  ];
  for (const [name, usage, expected] of usages) {
    it(`reads usage with ${name}`, () => {
      assert.deepEqual(openaiChatAdapter.readUsage({ usage }), expected);
    });
  }

  it('refuses an answer without a choice, and an error in the clothes of an answer', () => {
    assert.throws(() => decode({ choices: [] }), UpstreamError);
    assert.throws(
      () => decode({ error: { message: 'slow', code: 429 } }),
      (error) => error instanceof UpstreamError && error.status === 429 && error.kind === 'rate_limit',
    );
  });
});
