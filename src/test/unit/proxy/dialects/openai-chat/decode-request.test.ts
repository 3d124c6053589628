import assert from 'node:assert/strict';
import { InvalidRequestError } from '../../../../../proxy/errors';
import type { CanonicalRequest } from '../../../../../proxy/dialects/canonical';
import type { Json, JsonObject } from '../../../../../shared/json';
import { decodeBody, makeContexts } from './make-contexts';

const contentOf = (message: JsonObject) => decodeBody({ messages: [message] }).messages[0]?.content;

describe('openai-chat: decoding a request', () => {
  const fields: [string, JsonObject, Partial<CanonicalRequest>][] = [
    ['max_tokens', { max_tokens: 9 }, { maxOutputTokens: 9 }],
    [
      'max_completion_tokens before max_tokens',
      { max_tokens: 9, max_completion_tokens: 8 },
      { maxOutputTokens: 8 },
    ],
    ['stop as a string', { stop: 'END' }, { stop: ['END'] }],
    ['stop as a list', { stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
    ['n', { n: 2 }, { candidates: 2 }],
    [
      'seed and penalties',
      { seed: 1, presence_penalty: 0.5, frequency_penalty: -1 },
      { seed: 1, presencePenalty: 0.5, frequencyPenalty: -1 },
    ],
    ['sampling', { temperature: 0, top_p: 0.5, top_k: 3 }, { temperature: 0, topP: 0.5, topK: 3 }],
    ['logprobs', { logprobs: true, top_logprobs: 2 }, { logprobs: true, topLogprobs: 2 }],
    ['JSON mode', { response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    [
      'JSON schema',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
        },
      },
      { responseFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } },
    ],
    ['reasoning_effort', { reasoning_effort: 'low' }, { reasoning: { effort: 'low' } }],
    [
      'reasoning of OpenRouter',
      { reasoning: { max_tokens: 7, exclude: true } },
      { reasoning: { budgetTokens: 7, visible: false } },
    ],
    ['thinking of z.ai', { thinking: { type: 'disabled' } }, { reasoning: { mode: 'off' } }],
    ['user', { user: 'u', safety_identifier: 's' }, { userId: 'u' }],
    ['safety_identifier', { safety_identifier: 's' }, { userId: 's' }],
    ['prompt_cache_key', { prompt_cache_key: 'k' }, { promptCacheKey: 'k' }],
    [
      'usage of streams',
      { stream: true, stream_options: { include_usage: true } },
      { stream: true, streamUsage: true },
    ],
    ['parallel calls', { parallel_tool_calls: false }, { parallelToolCalls: false }],
    ['tool_choice none', { tool_choice: 'none' }, { toolChoice: { type: 'none' } }],
    ['tool_choice required', { tool_choice: 'required' }, { toolChoice: { type: 'required' } }],
    [
      'a forced function',
      { tool_choice: { type: 'function', function: { name: 'f' } } },
      { toolChoice: { type: 'tool', name: 'f' } },
    ],
    [
      'a forced custom tool',
      { tool_choice: { type: 'custom', custom: { name: 'f' } } },
      { toolChoice: { type: 'tool', name: 'f' } },
    ],
    [
      'a forced function of old',
      { function_call: { name: 'f' } },
      { toolChoice: { type: 'tool', name: 'f' } },
    ],
    [
      'allowed tools, required',
      {
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
        },
      },
      { toolChoice: { type: 'required', names: ['f'] } },
    ],
  ];
  for (const [name, body, expected] of fields) {
    it(`reads ${name}`, () => {
      assert.deepEqual({ ...decodeBody(body), ...expected }, decodeBody(body));
    });
  }

  it('offers only the allowed tools where the model may choose', () => {
    const tools = ['a', 'b'].map((name) => ({ type: 'function', function: { name } }));
    const contexts = makeContexts();
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tools[1]] } } as Json;
    const request = decodeBody({ tools, tool_choice: choice }, contexts);
    assert.deepEqual(request.tools, [{ type: 'function', name: 'b' }]);
    assert.deepEqual(request.toolChoice, { type: 'auto' });
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('reads functions, custom tools and built-in tools', () => {
    const parameters = { type: 'object', properties: { type: { type: 'string' } } };
    const request = decodeBody({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
        {
          type: 'custom',
          custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
        },
        { type: 'web_search', max_uses: 2 },
      ],
    });
    assert.deepEqual(request.tools, [
      { type: 'function', name: 'f', description: 'd', parameters, strict: true },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      {
        type: 'built-in',
        kind: 'web-search',
        dialect: 'openai-chat',
        value: { type: 'web_search', max_uses: 2 },
        settings: { maxUses: 2 },
      },
    ]);
  });

  it('remembers that the client used the old functions', () => {
    const request = decodeBody({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
        { role: 'function', name: 'f', content: '42' },
      ],
    });
    assert.equal(request.metadata?.['openai-chat']?.legacyFunctions, true);
    const [, assistant, tool] = request.messages;
    const call = assistant?.content[0];
    const result = tool?.content[0];
    assert.ok(call?.type === 'tool-call' && result?.type === 'tool-result');
    assert.equal(call.input, '{}');
    assert.equal(result.callId, call.id);
  });

  const contents: [string, Json, unknown][] = [
    ['a string', 'hi', [{ type: 'text', text: 'hi' }]],
    ['null', null, []],
    ['an empty string', '', []],
    [
      'text parts, empty and blank ones too',
      [
        { type: 'text', text: '' },
        { type: 'text', text: ' ' },
      ],
      [
        { type: 'text', text: '' },
        { type: 'text', text: ' ' },
      ],
    ],
    [
      'an image in a data URL',
      [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } }],
      [{ type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' }, detail: 'low' }],
    ],
    [
      'an image by address',
      [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }],
      [{ type: 'file', mediaType: 'image/*', source: { type: 'url', url: 'https://a.example/b.png' } }],
    ],
    [
      'audio',
      [{ type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } }],
      [{ type: 'file', mediaType: 'audio/mpeg', source: { type: 'base64', data: 'QUJD' } }],
    ],
    [
      'a PDF',
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } }],
      [
        {
          type: 'file',
          mediaType: 'application/pdf',
          source: { type: 'base64', data: 'QUJD' },
          filename: 'a.pdf',
        },
      ],
    ],
    [
      'documents and videos of compatible servers',
      [
        { type: 'document_url', document_url: 'data:application/pdf;base64,QUJD' },
        { type: 'video_url', video_url: { url: 'https://a.example/b' } },
      ],
      [
        { type: 'file', mediaType: 'application/pdf', source: { type: 'base64', data: 'QUJD' } },
        { type: 'file', mediaType: 'video/mp4', source: { type: 'url', url: 'https://a.example/b' } },
      ],
    ],
    [
      'an uploaded file',
      [{ type: 'file', file: { file_id: 'file-1' } }],
      [
        {
          type: 'file',
          mediaType: 'application/octet-stream',
          source: { type: 'id', id: 'file-1' },
          metadata: { 'openai-chat': { uploaded: true } },
        },
      ],
    ],
  ];
  for (const [name, content, expected] of contents) {
    it(`reads ${name} as content of a user`, () => {
      assert.deepEqual(contentOf({ role: 'user', content }), expected);
    });
  }

  it('reads the reasoning in the content of Mistral, from assistants alone', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    assert.deepEqual(contentOf({ role: 'assistant', content: [thinking, { type: 'text', text: 'So' }] }), [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'So' },
    ]);
    assert.throws(() => contentOf({ role: 'user', content: [thinking] }), /thinking/);
  });

  it('keeps the role developer, and system messages where they stand', () => {
    const { messages } = decodeBody({
      messages: [
        { role: 'developer', content: 'a' },
        { role: 'user', content: 'hi', name: 'Ann' },
        { role: 'system', content: [{ type: 'text', text: 'b' }] },
      ],
    });
    assert.deepEqual(messages, [
      {
        role: 'system',
        content: [{ type: 'text', text: 'a' }],
        metadata: { 'openai-chat': { role: 'developer' } },
      },
      { role: 'user', content: [{ type: 'text', text: 'hi' }], name: 'Ann' },
      { role: 'system', content: [{ type: 'text', text: 'b' }] },
    ]);
  });

  it('reads reasoning, text, refusal and calls of an assistant, and results with the names of their calls', () => {
    const { messages } = decodeBody({
      messages: [
        {
          role: 'assistant',
          content: 'text',
          reasoning_content: 'thought',
          refusal: 'no',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '' } },
            { id: 'c2', type: 'custom', custom: { name: 'g', input: 'raw' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c2', content: 'two' },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'one' }] },
      ],
    });
    assert.deepEqual(messages, [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'thought', metadata: { 'openai-chat': { field: 'reasoning_content' } } },
          { type: 'text', text: 'text' },
          { type: 'refusal', text: 'no' },
          { type: 'tool-call', id: 'c1', name: 'f', kind: 'function', input: '{}' },
          { type: 'tool-call', id: 'c2', name: 'g', kind: 'custom', input: 'raw' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'c2', name: 'g', content: [{ type: 'text', text: 'two' }] },
          { type: 'tool-result', callId: 'c1', name: 'f', content: [{ type: 'text', text: 'one' }] },
        ],
      },
    ]);
  });

  it('keeps fields it does not know, and warns of those whose loss changes the answer', () => {
    const contexts = makeContexts();
    const request = decodeBody(
      {
        search_parameters: { mode: 'on' },
        logit_bias: { 1: 5 },
        store: true,
        metadata: { a: 'b' },
        modalities: ['text'],
        verbosity: null,
      },
      contexts,
    );
    assert.deepEqual(request.metadata?.['openai-chat']?.fields, {
      search_parameters: { mode: 'on' },
      logit_bias: { 1: 5 },
      store: true,
      metadata: { a: 'b' },
      modalities: ['text'],
    });
    assert.deepEqual(
      contexts.warnings.map(({ type, field }) => `${type} ${field}`),
      ['dropped search_parameters', 'dropped logit_bias'],
    );
  });

  const wrong: [string, JsonObject, string][] = [
    ['no messages', { messages: undefined }, 'messages'],
    ['empty messages', { messages: [] }, 'messages'],
    ['messages that are no list', { messages: 'hi' }, 'messages'],
    ['a message that is no object', { messages: ['hi'] }, 'messages[0]'],
    ['a message without a role', { messages: [{ content: 'hi' }] }, 'messages[0].role'],
    ['an unknown role', { messages: [{ role: 'robot', content: 'hi' }] }, 'messages[0].role'],
    ['a number as content', { messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    [
      'an unknown part',
      { messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'a part without a type',
      { messages: [{ role: 'user', content: [{ text: 'a' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'an image in a system message',
      {
        messages: [
          { role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://a.example' } }] },
        ],
      },
      'messages[0].content[0].type',
    ],
    [
      'an image without a URL',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content[0].image_url.url',
    ],
    [
      'an image in a local file',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] },
        ],
      },
      'messages[0].content[0].image_url.url',
    ],
    ['a result without its call', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [
      'a call without an id',
      { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }] },
      'messages[0].tool_calls[0].id',
    ],
    [
      'a call without a name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: {} }] }] },
      'messages[0].tool_calls[0].function.name',
    ],
    [
      'arguments that are no text',
      {
        messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: {} } }] }],
      },
      'messages[0].tool_calls[0].function.arguments',
    ],
    ['no model', { model: undefined }, 'model'],
    ['a tool without a name', { tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['tools that are no list', { tools: {} }, 'tools'],
    ['an unknown choice', { tool_choice: 'sometimes' }, 'tool_choice'],
    ['a temperature in words', { temperature: 'hot' }, 'temperature'],
    ['half a token', { max_tokens: 0.5 }, 'max_tokens'],
    ['a stop that is no text', { stop: [1] }, 'stop[0]'],
    ['an unknown format', { response_format: { type: 'xml' } }, 'response_format.type'],
    ['stream in words', { stream: 'yes' }, 'stream'],
  ];
  for (const [name, body, param] of wrong) {
    it(`refuses ${name} with the path ${param}`, () => {
      assert.throws(
        () => decodeBody(body),
        (error) => error instanceof InvalidRequestError && error.status === 400 && error.param === param,
      );
    });
  }
});
