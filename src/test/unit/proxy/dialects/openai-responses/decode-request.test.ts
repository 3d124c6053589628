import assert from 'node:assert/strict';
import { InvalidRequestError, NotSupportedError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { clientContexts, decodeBody } from './client-side';

const refused = (fields: JsonObject, param: string) => {
  assert.throws(
    () => decodeBody(fields),
    (error) => error instanceof InvalidRequestError && error.param === param,
    `${JSON.stringify(fields)} is not refused at ${param}`,
  );
};

describe('openai-responses: decoding the settings of a request', () => {
  it('reads what the vocabulary names', () => {
    const contexts = clientContexts();
    const request = decodeBody(
      {
        stream: true,
        max_output_tokens: 50,
        temperature: 0.5,
        top_p: 0.9,
        parallel_tool_calls: false,
        user: 'u1',
        prompt_cache_key: 'k1',
        reasoning: { effort: 'xhigh', summary: 'auto' },
        top_logprobs: 3,
        include: ['message.output_text.logprobs'],
      },
      contexts,
    );
    assert.equal(request.stream, true);
    assert.equal(request.maxOutputTokens, 50);
    assert.equal(request.temperature, 0.5);
    assert.equal(request.topP, 0.9);
    assert.equal(request.parallelToolCalls, false);
    assert.equal(request.userId, 'u1');
    assert.equal(request.promptCacheKey, 'k1');
    assert.deepEqual(request.reasoning, { effort: 'xhigh', visible: true });
    assert.equal(request.logprobs, true);
    assert.equal(request.topLogprobs, 3);
    assert.deepEqual(contexts.warnings, []);
  });

  it('takes text as input, and instructions before it', () => {
    const { messages } = decodeBody({ instructions: 'Be brief.', input: 'Hello' });
    assert.deepEqual(messages, [
      {
        role: 'system',
        content: [{ type: 'text', text: 'Be brief.' }],
        metadata: { 'openai-responses': { role: 'system', instructions: true } },
      },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    ]);
  });

  it('takes a conversation of instructions alone, but not of nothing', () => {
    assert.equal(decodeBody({ input: [], instructions: 'Begin.' }).messages.length, 1);
    assert.equal(decodeBody({ input: null, instructions: 'Begin.' }).messages.length, 1);
    refused({ input: [] }, 'input');
    refused({ input: null }, 'input');
    refused({ input: 7 }, 'input');
    refused({ model: null }, 'model');
  });

  it('reads the form of the answer', () => {
    const format = {
      type: 'json_schema',
      name: 'n',
      description: 'd',
      schema: { type: 'object' },
      strict: true,
    };
    assert.deepEqual(decodeBody({ text: { format } }).responseFormat, {
      type: 'json-schema',
      schema: { type: 'object' },
      name: 'n',
      description: 'd',
      strict: true,
    });
    assert.deepEqual(decodeBody({ text: { format: { type: 'json_object' } } }).responseFormat, {
      type: 'json',
    });
    assert.deepEqual(decodeBody({ text: { format: { type: 'text' } } }).responseFormat, { type: 'text' });
    assert.equal(decodeBody({ text: { verbosity: 'medium' } }).responseFormat, undefined);
    refused({ text: { format: { type: 'xml' } } }, 'text.format.type');
    refused({ text: { format: { type: 'json_schema', name: 'n' } } }, 'text.format.schema');
  });

  it('reads the older word for summaries, and an effort it does not know only with a warning', () => {
    assert.deepEqual(decodeBody({ reasoning: { generate_summary: 'concise' } }).reasoning, { visible: true });
    const contexts = clientContexts();
    assert.equal(decodeBody({ reasoning: { effort: 'extreme' } }, contexts).reasoning, undefined);
    assert.deepEqual(
      contexts.warnings.map(({ field }) => field),
      ['reasoning.effort'],
    );
  });

  it('says which field is of the wrong type', () => {
    refused({ max_output_tokens: 0 }, 'max_output_tokens');
    refused({ max_output_tokens: '5' }, 'max_output_tokens');
    refused({ temperature: 'hot' }, 'temperature');
    refused({ parallel_tool_calls: 'no' }, 'parallel_tool_calls');
    refused({ tools: {} }, 'tools');
    refused({ reasoning: 'high' }, 'reasoning');
  });

  it('refuses what only OpenAI keeps', () => {
    for (const [field, value] of Object.entries({
      background: true,
      conversation: 'conv_1',
      prompt: { id: 'pmpt_1' },
    })) {
      assert.throws(
        () => decodeBody({ [field]: value }),
        (error) => error instanceof NotSupportedError && error.status === 400 && error.param === field,
      );
    }
    assert.doesNotThrow(() => decodeBody({ background: false, conversation: null, prompt: null }));
  });

  it('keeps what it does not name and warns of what could change the answer', () => {
    const contexts = clientContexts();
    const request = decodeBody(
      {
        store: false,
        include: ['reasoning.encrypted_content'],
        truncation: 'auto',
        metadata: { a: 'b' },
        service_tier: 'auto',
        client_metadata: {},
        max_tool_calls: 2,
        text: { verbosity: 'low' },
        something_new: 1,
        previous_response_id: 'resp_0',
        safety_identifier: 's1',
        tools: [],
      },
      contexts,
    );
    assert.deepEqual(contexts.warnings.map(({ field }) => field).sort(), [
      'max_tool_calls',
      'something_new',
      'text.verbosity',
      'truncation',
    ]);
    const note = request.metadata?.['openai-responses'] as { fields: JsonObject; echo: JsonObject };
    assert.equal(note.fields.store, false);
    assert.equal(note.fields.something_new, 1);
    assert.equal(note.fields.previous_response_id, 'resp_0');
    assert.deepEqual(note.echo, {
      max_tool_calls: 2,
      metadata: { a: 'b' },
      previous_response_id: 'resp_0',
      safety_identifier: 's1',
      service_tier: 'auto',
      store: false,
      text: { verbosity: 'low' },
      tools: [],
      truncation: 'auto',
    });
    assert.equal(request.userId, 's1');
  });
});
