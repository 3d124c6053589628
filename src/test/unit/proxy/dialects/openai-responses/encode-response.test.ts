import assert from 'node:assert/strict';
import type { AssistantPart, CanonicalRequest, StopReason } from '../../../../../proxy/dialects/canonical';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import { unwrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import { answerOf, clientContexts, decodeBody, encodeParts, finalOf, withoutIds } from './client-side';

const encode = (
  content: AssistantPart[],
  reason: StopReason = 'stop',
  request: Partial<CanonicalRequest> = {},
  contexts = clientContexts(),
) => openaiResponsesAdapter.encodeResponse(answerOf(content, reason), contexts.reply(request));

/** One of everything. */
const CONTENT: AssistantPart[] = [
  { type: 'reasoning', text: 'hm', metadata: { gemini: { thoughtSignature: 'sig' } } },
  {
    type: 'reasoning',
    text: '',
    metadata: { 'openai-responses': { id: 'rs_1', encrypted_content: 'gAAAA' } },
  },
  { type: 'text', text: 'Hi', metadata: { 'openai-responses': { id: 'msg_1', phase: 'commentary' } } },
  { type: 'text', text: ' there', metadata: { 'openai-responses': { id: 'msg_1' } } },
  { type: 'tool-call', id: 'c1', name: 'ns__f', kind: 'function', input: '{"a":1}' },
  { type: 'tool-call', id: 'c2', name: 'g', kind: 'custom', input: 'free' },
  { type: 'tool-call', id: 'c3', name: 'shell', kind: 'function', input: '{"commands":["ls"]}' },
  {
    type: 'tool-call',
    id: 'c4',
    name: 'apply_patch',
    kind: 'function',
    input: '{"type":"delete_file","path":"a"}',
  },
  { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' } },
  {
    type: 'opaque',
    dialect: 'openai-responses',
    label: 'mcp_call',
    value: { type: 'mcp_call', id: 'mcp_1' },
  },
  { type: 'text', text: 'Bye' },
  { type: 'refusal', text: 'No.' },
];
const REQUEST: JsonObject = {
  tools: [
    { type: 'namespace', name: 'ns', tools: [{ type: 'function', name: 'f' }] },
    { type: 'custom', name: 'g' },
    { type: 'shell' },
    { type: 'apply_patch' },
  ],
  include: ['reasoning.encrypted_content'],
};

describe('openai-responses: encoding a whole answer', () => {
  it('gives the response that a stream of the same answer ends with', () => {
    for (const reason of ['stop', 'tool-calls', 'length', 'content-filter', 'context-length'] as const) {
      for (const content of [CONTENT, CONTENT.slice(0, 3), CONTENT.slice(4), []]) {
        const request = decodeBody(REQUEST);
        const whole = encode(content, reason, request);
        const streamed = finalOf(encodeParts(replayResponse(answerOf(content, reason)), request));
        assert.deepEqual(withoutIds(whole), withoutIds(streamed));
      }
    }
  });

  it('has all fields that the reference demands', () => {
    const contexts = clientContexts();
    const response = encode([{ type: 'text', text: 'Hi' }], 'stop', {}, contexts);
    assert.deepEqual(response, {
      id: 'resp_new2',
      object: 'response',
      created_at: 5,
      status: 'completed',
      completed_at: 1_700_000_000,
      error: null,
      incomplete_details: null,
      model: 'asked',
      usage: {
        input_tokens: 7,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 12,
      },
      output: [
        {
          id: 'msg_new1',
          type: 'message',
          status: 'completed',
          content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Hi' }],
          role: 'assistant',
        },
      ],
      background: false,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      safety_identifier: null,
      service_tier: 'default',
      store: true,
      temperature: 1,
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      truncation: 'disabled',
      user: null,
      metadata: {},
      reasoning: { effort: null, summary: null },
      text: { format: { type: 'text' } },
    });
    assert.deepEqual(contexts.completed, [response]);
  });

  it('keeps encrypted reasoning from clients that did not ask for it, but not from what is stored', () => {
    const contexts = clientContexts();
    const response = encode(CONTENT.slice(0, 2), 'stop', {}, contexts);
    assert.doesNotMatch(JSON.stringify(response), /encrypted_content/);
    const [first, second] = contexts.completed[0]?.output as JsonObject[];
    assert.deepEqual(unwrapMetadata(String(first?.encrypted_content)), {
      gemini: { thoughtSignature: 'sig' },
    });
    assert.equal(second?.encrypted_content, 'gAAAA');
    assert.deepEqual((response.output as JsonObject[])[1], { id: 'rs_1', type: 'reasoning', summary: [] });
  });

  it('gives back what it got when the client sends the answer as input', () => {
    const request = decodeBody(REQUEST);
    const { output } = encode(CONTENT, 'tool-calls', request);
    const again = decodeBody({ ...REQUEST, input: output ?? null });
    const parts = again.messages.flatMap((message) => (message.role === 'assistant' ? message.content : []));
    assert.deepEqual(
      parts.map((part) => {
        if (part.type === 'reasoning')
          return [part.text, part.metadata?.gemini ?? part.metadata?.['openai-responses']];
        if (part.type === 'tool-call') return [part.id, part.name, part.kind];
        return part.type === 'opaque' ? part.label : part.type;
      }),
      [
        ['hm', { thoughtSignature: 'sig' }],
        ['', { id: 'rs_1', encrypted_content: 'gAAAA', summary: [] }],
        'text',
        'text',
        ['c1', 'ns__f', 'function'],
        ['c2', 'g', 'custom'],
        ['c3', 'shell', 'function'],
        ['c4', 'apply_patch', 'function'],
        'image_generation_call',
        'mcp_call',
        'text',
        'refusal',
      ],
    );
  });

  it('tells written cache tokens where they are known, and log probabilities', () => {
    const contexts = clientContexts();
    const logprobs = { content: [{ token: 'Hi', logprob: 0, bytes: null, top_logprobs: [] }] };
    const response = openaiResponsesAdapter.encodeResponse(
      {
        choices: [
          { content: [{ type: 'text', text: 'Hi' }], finish: { reason: 'stop' }, logprobs },
          { content: [{ type: 'text', text: 'Ho' }], finish: { reason: 'stop' } },
        ],
        usage: { inputTokens: 9, cacheWriteTokens: 4, outputTokens: 1 },
      },
      contexts.reply(),
    );
    assert.deepEqual((response.usage as JsonObject).input_tokens_details, {
      cached_tokens: 0,
      cache_write_tokens: 4,
    });
    const [message, ...others] = response.output as JsonObject[];
    assert.deepEqual((message?.content as JsonObject[])[0]?.logprobs, logprobs.content);
    assert.deepEqual(others, []);
    assert.deepEqual(
      contexts.warnings.map(({ field }) => field),
      ['n'],
    );
    assert.equal(response.created_at, 1_700_000_000);
  });
});
