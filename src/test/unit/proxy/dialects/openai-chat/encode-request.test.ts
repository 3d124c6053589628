import assert from 'node:assert/strict';
import type { CanonicalRequest } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import type { JsonObject } from '../../../../../shared/json';
import { decodeBody, emptyRequest, encodeBody, makeContexts } from './make-contexts';
import { user } from './messages';

describe('openai-chat: encoding a request', () => {
  it('asks for the model it was told, at the endpoint', () => {
    const request = { ...emptyRequest, messages: [user] };
    const { path, body } = openaiChatAdapter.encodeRequest(request, makeContexts().encode);
    assert.equal(path, '/chat/completions');
    assert.deepEqual(body, { model: 'served', messages: [{ role: 'user', content: 'hi' }] });
  });

  it('always asks a stream for its usage', () => {
    const contexts = makeContexts();
    contexts.encode.stream = true;
    assert.deepEqual(encodeBody({}, contexts).stream_options, { include_usage: true });
  });

  it('spells the output limit as the provider needs, else as the client did, else as most servers know', () => {
    const modern = decodeBody({ max_completion_tokens: 5 });
    assert.equal(encodeBody({ maxOutputTokens: 5 }).max_tokens, 5);
    assert.equal(encodeBody(modern).max_completion_tokens, 5);
    const contexts = makeContexts();
    contexts.encode.traits = { maxTokensField: 'max_tokens' };
    assert.equal(encodeBody(modern, contexts).max_tokens, 5);
    assert.equal('max_completion_tokens' in encodeBody(modern, contexts), false);
  });

  const fields: [string, Partial<CanonicalRequest>, JsonObject][] = [
    ['sampling', { temperature: 0, topP: 0.5, seed: 1 }, { temperature: 0, top_p: 0.5, seed: 1 }],
    ['penalties', { presencePenalty: 1, frequencyPenalty: 2 }, { presence_penalty: 1, frequency_penalty: 2 }],
    ['alternatives', { candidates: 3 }, { n: 3 }],
    ['logprobs', { logprobs: true, topLogprobs: 1 }, { logprobs: true, top_logprobs: 1 }],
    ['the user', { userId: 'u', promptCacheKey: 'k' }, { user: 'u', prompt_cache_key: 'k' }],
    ['JSON mode', { responseFormat: { type: 'json' } }, { response_format: { type: 'json_object' } }],
    [
      'a schema, with a name that OpenAI takes',
      { responseFormat: { type: 'json-schema', name: 'a b', schema: { type: 'object' } } },
      { response_format: { type: 'json_schema', json_schema: { name: 'a_b', schema: { type: 'object' } } } },
    ],
    ['an effort', { reasoning: { effort: 'xhigh' } }, { reasoning_effort: 'xhigh' }],
    ['no budget', { reasoning: { budgetTokens: 0 } }, { reasoning_effort: 'none' }],
    ['a small budget', { reasoning: { budgetTokens: 1024 } }, { reasoning_effort: 'low' }],
    ['a middle budget', { reasoning: { budgetTokens: 8192 } }, { reasoning_effort: 'medium' }],
    ['a large budget', { reasoning: { budgetTokens: 24576 } }, { reasoning_effort: 'high' }],
  ];
  for (const [name, request, expected] of fields) {
    it(`writes ${name}`, () => {
      const { model: _model, messages: _messages, ...rest } = encodeBody(request);
      assert.deepEqual(rest, expected);
    });
  }

  const losses: [string, Partial<CanonicalRequest>, string][] = [
    ['top_k', { topK: 5 }, 'dropped top_k'],
    ['the fifth stop sequence', { stop: ['1', '2', '3', '4', '5'] }, 'dropped stop'],
    ['a budget turned into words', { reasoning: { budgetTokens: 3000 } }, 'approximated reasoning'],
    ['reasoning switched off', { reasoning: { mode: 'off' } }, 'dropped reasoning'],
    [
      'a tool that another provider runs',
      {
        tools: [
          {
            type: 'built-in',
            kind: 'web-search',
            dialect: 'anthropic',
            value: { type: 'web_search_20250305', name: 'web_search' },
          },
        ],
      },
      'dropped tools[0]',
    ],
  ];
  for (const [name, request, expected] of losses) {
    it(`reports ${name}`, () => {
      const contexts = makeContexts();
      encodeBody(request, contexts);
      assert.deepEqual(
        contexts.warnings.map(({ type, field }) => `${type} ${field}`),
        [expected],
      );
    });
  }

  it('gives back to its own kind of server what only that kind understands', () => {
    const contexts = makeContexts();
    const request = decodeBody({
      logit_bias: { 1: 2 },
      top_k: 4,
      thinking: { type: 'enabled' },
      safety_identifier: 's',
      n: null,
    });
    const body = encodeBody(request, contexts);
    assert.deepEqual(
      [body.logit_bias, body.top_k, body.thinking, body.reasoning_effort, body.safety_identifier, body.user],
      [{ 1: 2 }, 4, { type: 'enabled' }, undefined, 's', undefined],
    );
    assert.deepEqual(contexts.warnings, []);
  });
});
