import assert from 'node:assert/strict';
import type { CanonicalRequest, Message } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { NotSupportedError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { decodeBody, decodeChunks, chunkOf, emptyRequest, encodeBody, makeContexts } from './make-contexts';

const text = (words: string) => ({ type: 'text' as const, text: words });
const user: Message = { role: 'user', content: [text('hi')] };
const callOf = (id: string, name = 'f') => ({
  type: 'tool-call' as const,
  id,
  name,
  kind: 'function' as const,
  input: '{}',
});
const resultOf = (callId: string, ...words: string[]) => ({
  type: 'tool-result' as const,
  callId,
  content: words.map(text),
});
const messagesOf = (messages: Message[], contexts = makeContexts()) =>
  encodeBody({ messages }, contexts).messages;

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

  it('writes tools, with an object schema also where there are no arguments', () => {
    const tools: CanonicalRequest['tools'] = [
      {
        type: 'function',
        name: 'a',
        description: 'd',
        parameters: { type: 'object', properties: {} },
        strict: true,
      },
      { type: 'function', name: 'b' },
      { type: 'function', name: 'c', parameters: true },
    ];
    assert.deepEqual(
      encodeBody({ tools, toolChoice: { type: 'tool', name: 'b' }, parallelToolCalls: false }),
      {
        model: 'served',
        messages: [{ role: 'user', content: 'hi' }],
        tools: [
          {
            type: 'function',
            function: {
              name: 'a',
              description: 'd',
              parameters: { type: 'object', properties: {} },
              strict: true,
            },
          },
          { type: 'function', function: { name: 'b', parameters: { type: 'object', properties: {} } } },
          { type: 'function', function: { name: 'c', parameters: { type: 'object', properties: {} } } },
        ],
        tool_choice: { type: 'function', function: { name: 'b' } },
        parallel_tool_calls: false,
      },
    );
  });

  it('offers only the tools of which one is required', () => {
    const tools: CanonicalRequest['tools'] = [
      { type: 'function', name: 'a' },
      { type: 'function', name: 'b' },
    ];
    const body = encodeBody({ tools, toolChoice: { type: 'required', names: ['b'] } });
    assert.equal((body.tools as unknown[]).length, 1);
    assert.equal(body.tool_choice, 'required');
  });

  it('shortens the names of tools everywhere, and knows the way back', () => {
    const name = `mcp__${'long'.repeat(30)}.read`;
    const messages: Message[] = [
      user,
      { role: 'assistant', content: [callOf('c1', name)] },
      { role: 'tool', content: [resultOf('c1', 'ok')] },
    ];
    const request: CanonicalRequest = {
      ...emptyRequest,
      messages,
      tools: [{ type: 'function', name }],
      toolChoice: { type: 'tool', name },
    };
    const wire = openaiChatAdapter.encodeRequest(request, makeContexts().encode);
    const sent = (wire.body.tool_choice as { function: { name: string } }).function.name;
    assert.match(sent, /^[A-Za-z0-9_-]{1,64}$/);
    assert.equal(JSON.stringify(wire.body).split(sent).length - 1, 3);
    assert.equal(wire.restoreToolName?.(sent), name);
  });

  it('refuses a forced tool that only another provider runs', () => {
    const tools: CanonicalRequest['tools'] = [
      { type: 'built-in', kind: 'web-search', dialect: 'anthropic', value: { name: 'web_search' } },
    ];
    assert.throws(
      () => encodeBody({ tools, toolChoice: { type: 'tool', name: 'web_search' } }),
      NotSupportedError,
    );
    assert.throws(() => encodeBody({ tools, toolChoice: { type: 'required' } }), NotSupportedError);
  });

  it('sends a custom tool as a function with one string, and takes the text out of the answer', () => {
    const contexts = makeContexts();
    const messages: Message[] = [
      { role: 'assistant', content: [{ ...callOf('c1', 'patch'), kind: 'custom', input: 'say "x"' }] },
      { role: 'tool', content: [resultOf('c1', 'ok')] },
    ];
    const tools: CanonicalRequest['tools'] = [
      {
        type: 'custom',
        name: 'patch',
        description: 'd',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: X' },
      },
    ];
    const wire = openaiChatAdapter.encodeRequest({ ...emptyRequest, messages, tools }, contexts.encode);
    assert.match(
      JSON.stringify(wire.body.tools),
      /"type":"function".*lark grammar.*start: X.*"required":\["input"\]/,
    );
    assert.match(JSON.stringify(wire.body.messages), /"arguments":"\{\\"input\\":\\"say/);
    contexts.answer.customToolNames = wire.customToolNames ?? new Set();
    const call = { index: 0, id: 'c2', function: { name: 'patch', arguments: '{"inp' } };
    const parts = decodeChunks(
      [
        chunkOf({ tool_calls: [call] }),
        chunkOf({ tool_calls: [{ index: 0, function: { arguments: 'ut":"a\\nb"}' } }] }),
        chunkOf({}, 'tool_calls'),
        '[DONE]',
      ],
      contexts,
    );
    assert.deepEqual(parts.slice(1, 4), [
      { type: 'tool-input-start', id: 'c2', name: 'patch', kind: 'custom' },
      { type: 'tool-input-delta', id: 'c2', text: 'a\nb' },
      { type: 'tool-input-end', id: 'c2' },
    ]);
  });

  it('sends a custom tool as such to a server that knows them', () => {
    const contexts = makeContexts();
    contexts.encode.traits = { customTools: true };
    const tools: CanonicalRequest['tools'] = [
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ];
    const body = encodeBody({ tools, toolChoice: { type: 'tool', name: 'c' } }, contexts);
    assert.deepEqual(body.tools, [
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
    ]);
    assert.deepEqual(body.tool_choice, { type: 'custom', custom: { name: 'c' } });
  });
});

describe('openai-chat: encoding a conversation', () => {
  it('leaves system messages where they stand', () => {
    const system: Message = { role: 'system', content: [text('a'), text('b')] };
    const developer: Message = { ...system, metadata: { 'openai-chat': { role: 'developer' } } };
    assert.deepEqual(messagesOf([system, user, developer]), [
      { role: 'system', content: 'a\n\nb' },
      { role: 'user', content: 'hi' },
      { role: 'developer', content: 'a\n\nb' },
    ]);
  });

  it('writes images, PDFs and audio as parts, and text files as text', () => {
    const file = (mediaType: string, data = 'QUJD') => ({
      type: 'file' as const,
      mediaType,
      source: { type: 'base64' as const, data },
    });
    const content = [
      text('see'),
      { ...file('image/png'), detail: 'low' },
      { ...file('image/*'), source: { type: 'url' as const, url: 'https://a.example/b' } },
      file('application/pdf'),
      file('audio/wav'),
      file('text/plain', 'w6Q='),
    ];
    assert.deepEqual(messagesOf([{ role: 'user', content }]), [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://a.example/b' } },
          { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
          { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
          { type: 'text', text: 'ä' },
        ],
      },
    ]);
  });

  it('puts results behind their calls in the order of the calls, text that stood between after them', () => {
    const messages: Message[] = [
      { role: 'assistant', content: [text('so'), callOf('a'), callOf('b')] },
      { role: 'user', content: [text('by the way')] },
      { role: 'tool', content: [resultOf('b', '2'), resultOf('a', '1')] },
    ];
    assert.deepEqual(messagesOf(messages), [
      {
        role: 'assistant',
        content: 'so',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'by the way' },
    ]);
  });

  it('gives a result that answers no call as a user message, and says so', () => {
    const contexts = makeContexts();
    assert.deepEqual(messagesOf([user, { role: 'tool', content: [resultOf('lost', 'x')] }], contexts), [
      { role: 'user', content: 'hi' },
      { role: 'user', content: '[Result of the tool call lost]\n\nx' },
    ]);
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('answers a call that has no result, and says so', () => {
    const contexts = makeContexts();
    const messages = messagesOf(
      [{ role: 'assistant', content: [callOf('a')] }, user],
      contexts,
    ) as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['assistant', 'tool', 'user'],
    );
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('sends images of results in a user message behind the last result', () => {
    const image = {
      type: 'file' as const,
      mediaType: 'image/png',
      source: { type: 'base64' as const, data: 'QUJD' },
    };
    const contexts = makeContexts();
    const messages = messagesOf(
      [
        { role: 'assistant', content: [callOf('a'), callOf('b')] },
        {
          role: 'tool',
          content: [{ ...resultOf('a', 'shot'), content: [text('shot'), image] }, resultOf('b', 'ok')],
        },
      ],
      contexts,
    ) as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['assistant', 'tool', 'tool', 'user'],
    );
    assert.match(String(messages[1]?.content), /^shot\n\n\[1 file/);
    assert.match(JSON.stringify(messages[3]?.content), /tool call a \(f\).*data:image\/png;base64,QUJD/);
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('makes ids of calls fit, the same for call and result', () => {
    const id = `toolu_${'x'.repeat(60)}`;
    const messages = messagesOf([
      { role: 'assistant', content: [callOf(id)] },
      { role: 'tool', content: [resultOf(id, 'ok')] },
    ]) as JsonObject[];
    const sent = (messages[0]?.tool_calls as JsonObject[])[0]?.id;
    assert.ok(typeof sent === 'string' && sent.length <= 40);
    assert.equal(messages[1]?.tool_call_id, sent);
  });

  it('sends its own reasoning back where it stood, and drops that of others with one warning', () => {
    const contexts = makeContexts();
    const own: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'mine', metadata: { 'openai-chat': { field: 'reasoning' } } },
        text('a'),
      ],
    };
    const foreign: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'theirs', metadata: { anthropic: { signature: 's' } } },
        text('b'),
      ],
    };
    const sent = messagesOf([own, foreign, foreign], contexts);
    assert.deepEqual(sent, [
      { role: 'assistant', content: 'a', reasoning: 'mine' },
      { role: 'assistant', content: 'b' },
      { role: 'assistant', content: 'b' },
    ]);
    assert.equal(contexts.warnings.length, 1);
    assert.match(contexts.warnings[0]?.message ?? '', /2 earlier/);
  });

  it('restores reasoning_content by the call when the client could not carry it (DeepSeek demands it)', () => {
    const contexts = makeContexts();
    decodeChunks(
      [
        chunkOf({ reasoning_content: 'because' }),
        chunkOf({ tool_calls: [{ index: 0, id: 'c9', function: { name: 'f', arguments: '{}' } }] }),
        chunkOf({}, 'tool_calls'),
        '[DONE]',
      ],
      contexts,
    );
    const history: Message[] = [
      user,
      { role: 'assistant', content: [callOf('c9')] },
      { role: 'tool', content: [resultOf('c9', 'ok')] },
    ];
    const sent = messagesOf(history, contexts) as JsonObject[];
    assert.equal(sent[1]?.reasoning_content, 'because');
    contexts.encode.traits = { reasoningContent: false };
    assert.equal((messagesOf(history, contexts) as JsonObject[])[1]?.reasoning_content, undefined);
  });

  it('reports error marks of results once', () => {
    const contexts = makeContexts();
    const failed = { ...resultOf('a'), isError: true };
    const sent = messagesOf(
      [
        { role: 'assistant', content: [callOf('a')] },
        { role: 'tool', content: [failed] },
      ],
      contexts,
    ) as JsonObject[];
    assert.equal(sent[1]?.content, 'Error');
    assert.equal(contexts.warnings.length, 1);
  });
});
