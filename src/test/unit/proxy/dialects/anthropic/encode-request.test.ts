import assert from 'node:assert/strict';
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import { NotSupportedError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { answering, encoding, request, user } from './contexts';
import { assistant, call, encode, f, result } from './messages';

describe('anthropic: a request to an upstream', () => {
  it('has the path, the model and an output limit of its own when none was given', () => {
    const wire = anthropicAdapter.encodeRequest(request(), encoding('claude-sonnet-4-5'));
    assert.equal(wire.path, '/v1/messages');
    assert.deepEqual(wire.body, {
      model: 'claude-sonnet-4-5',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stream: false,
    });
  });

  it('puts leading system text apart and later system text in its place, merged into alternating turns', () => {
    const context = encoding();
    const body = encode(
      {
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'S' }] },
          user('a'),
          { role: 'system', content: [{ type: 'text', text: 'late' }] },
          user(' '),
          user('b'),
        ],
      },
      context,
    );
    assert.deepEqual(body['system'], [{ type: 'text', text: 'S' }]);
    assert.deepEqual(body.messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: '<system>\nlate\n</system>' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
    assert.deepEqual(
      context.warnings.map(({ type, field }) => `${field} ${type}`),
      ['messages[3] dropped', 'messages[2] changed'],
    );
  });

  it('begins with the user and does not end in the assistant’s white space', () => {
    const body = encode({
      messages: [
        assistant({ type: 'text', text: 'a' }),
        user('b'),
        assistant({ type: 'text', text: 'c \n' }),
      ],
    });
    assert.deepEqual(
      body.messages.map(({ role }) => role),
      ['user', 'assistant', 'user', 'assistant'],
    );
    assert.deepEqual(body.messages[3]?.['content'], [{ type: 'text', text: 'c' }]);
    const later = encode(
      { messages: [user('b'), assistant({ type: 'text', text: 'c' })] },
      encoding('claude-opus-4-6'),
    );
    assert.deepEqual(
      later.messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
  });

  it('answers every call directly after it: in front, supplied when missing, as text when there was no call', () => {
    const context = encoding();
    const body = encode(
      {
        tools: [f],
        messages: [user('a'), assistant(call('x'), call('y')), user('mid'), result('x'), result('z', 'lost')],
      },
      context,
    );
    const content = body.messages[2]?.['content'] as JsonObject[];
    assert.deepEqual(
      content.map((block) => [block['type'], block['tool_use_id'] ?? block['text']]),
      [
        ['tool_result', 'x'],
        ['tool_result', 'y'],
        ['text', 'mid'],
        ['text', 'Result of the tool z:\nlost'],
      ],
    );
    assert.equal(content[1]?.['is_error'], true);
    assert.equal(context.warnings.length, 2);
  });

  it('makes ids of calls acceptable and unique, the same for call and result', () => {
    const body = encode({
      messages: [
        user('a'),
        assistant(call('c:1')),
        result('c:1', 'A'),
        assistant(call('c:1')),
        result('c:1', 'B'),
      ],
    });
    const id = (turn: number, field: string) =>
      (body.messages[turn]?.['content'] as JsonObject[])[0]?.[field];
    assert.deepEqual(
      [id(1, 'id'), id(2, 'tool_use_id'), id(3, 'id'), id(4, 'tool_use_id')],
      ['c_1', 'c_1', 'c_1_2', 'c_1_2'],
    );
    assert.equal(id(4, 'content'), 'B');
  });

  const inputs: [input: string, expected: JsonObject, warned: boolean][] = [
    ['', {}, false],
    ['null', {}, false],
    ['{"a":1}', { a: 1 }, false],
    ['[1]', { input: [1] }, true],
    ['{"a":', { input: '{"a":' }, true],
  ];
  for (const [input, expected, warned] of inputs)
    it(`sends the input ${input || '(empty)'} as an object`, () => {
      const context = encoding();
      const body = encode({ messages: [user('a'), assistant(call('x', input)), result('x')] }, context);
      assert.deepEqual((body.messages[1]?.['content'] as JsonObject[])[0]?.['input'], expected);
      assert.equal(context.warnings.length > 0, warned);
    });

  it('sends its own thinking unchanged and never that of others', () => {
    const context = encoding();
    const body = encode(
      {
        messages: [
          user('a'),
          assistant(
            { type: 'reasoning', text: 'mine', metadata: { anthropic: { signature: 'S' } } },
            { type: 'reasoning', text: '', metadata: { anthropic: { redacted: 'R' } } },
            { type: 'reasoning', text: 'theirs', metadata: { gemini: { thoughtSignature: 'gAAAA' } } },
            { type: 'text', text: 'b' },
          ),
          user('c'),
        ],
      },
      context,
    );
    assert.deepEqual(body.messages[1]?.['content'], [
      { type: 'thinking', thinking: 'mine', signature: 'S' },
      { type: 'redacted_thinking', data: 'R' },
      { type: 'text', text: 'b' },
    ]);
    assert.equal(JSON.stringify(body).includes('gAAAA'), false);
    assert.equal(context.warnings.length, 1);
  });

  it('puts back thinking that the client could not carry, by the id of the call', () => {
    const answers = answering();
    anthropicAdapter.decodeResponse(
      {
        content: [
          { type: 'thinking', thinking: 't', signature: 'S' },
          { type: 'text', text: 'x' },
          { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
        ],
      },
      answers,
    );
    const context = encoding('claude-sonnet-4-5', { signatures: answers.signatures });
    const body = encode(
      {
        tools: [f],
        reasoning: { mode: 'on', budgetTokens: 2000 },
        messages: [user('a'), assistant({ type: 'text', text: 'x' }, call('toolu_1')), result('toolu_1')],
      },
      context,
    );
    assert.deepEqual((body.messages[1]?.['content'] as JsonObject[])[0], {
      type: 'thinking',
      thinking: 't',
      signature: 'S',
    });
    assert.deepEqual(body['thinking'], { type: 'enabled', budget_tokens: 2000 });
  });

  it('declares functions, custom tools and web search, and renames what the API refuses', () => {
    const long = 'mcp.'.repeat(30);
    const context = encoding();
    const wire = anthropicAdapter.encodeRequest(
      request({
        tools: [
          {
            type: 'function',
            name: long,
            parameters: {
              anyOf: [
                { type: 'object', properties: { a: {} } },
                { type: 'object', properties: { b: {} } },
              ],
            },
          },
          { type: 'custom', name: 'patch' },
          {
            type: 'built-in',
            kind: 'web-search',
            dialect: 'openai-responses',
            value: { type: 'web_search' },
          },
          {
            type: 'built-in',
            kind: 'file-search',
            dialect: 'openai-responses',
            value: { type: 'file_search' },
          },
        ],
        messages: [user('a'), assistant(call('x', '{}', long)), result('x')],
      }),
      context,
    );
    const [first, second, third, ...more] = wire.body['tools'] as JsonObject[];
    assert.match(String(first?.['name']), /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(wire.restoreToolName?.(String(first?.['name'])), long);
    assert.equal(
      ((wire.body['messages'] as JsonObject[])[1]?.['content'] as JsonObject[])[0]?.['name'],
      first?.['name'],
    );
    assert.deepEqual(first?.['input_schema'], {
      type: 'object',
      properties: { a: {}, b: {} },
      description: 'Use the properties of one of: {a}, {b}.',
    });
    assert.deepEqual((second?.['input_schema'] as JsonObject)['required'], ['input']);
    assert.deepEqual([...(wire.customToolNames ?? [])], ['patch']);
    assert.deepEqual(third, { type: 'web_search_20250305', name: 'web_search' });
    assert.equal(more.length, 0);
  });

  it('asks for a schema where the model has it, otherwise in words', () => {
    const schema = { type: 'object', properties: { minimum: { type: 'number', minimum: 3 } } };
    const format = { type: 'json-schema', schema } as const;
    assert.deepEqual(encode({ responseFormat: format })['output_config'], {
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { minimum: { type: 'number', description: 'At least 3.' } },
          additionalProperties: false,
        },
      },
    });
    const words = encode({ responseFormat: format }, encoding('claude-3-7-sonnet'));
    assert.equal(words['output_config'], undefined);
    assert.match(JSON.stringify(words['system']), /JSON schema/);
  });

  const files: [
    mediaType: string,
    source: { type: 'url'; url: string } | { type: 'base64'; data: string } | { type: 'id'; id: string },
    expected: unknown,
  ][] = [
    [
      'image/*',
      { type: 'url', url: 'https://x/i.png' },
      { type: 'image', source: { type: 'url', url: 'https://x/i.png' } },
    ],
    [
      'image/*',
      { type: 'url', url: 'data:image/png;base64,iVBORw0KGgoA' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgoA' } },
    ],
    [
      'image/jpg',
      { type: 'base64', data: 'AA' },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AA' } },
    ],
    [
      'application/pdf',
      { type: 'id', id: 'f' },
      { type: 'document', source: { type: 'file', file_id: 'f' } },
    ],
    [
      'text/plain',
      { type: 'base64', data: 'w6Q=' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ä' } },
    ],
  ];
  for (const [mediaType, source, expected] of files)
    it(`sends ${mediaType} by ${source.type}`, () => {
      const body = encode({ messages: [{ role: 'user', content: [{ type: 'file', mediaType, source }] }] });
      assert.deepEqual(body.messages[0]?.['content'], [expected]);
    });
  for (const mediaType of ['audio/wav', 'video/mp4', 'image/svg+xml'])
    it(`says that it cannot send ${mediaType}`, () => {
      const content = [{ type: 'file' as const, mediaType, source: { type: 'base64' as const, data: 'AA' } }];
      assert.throws(() => encode({ messages: [{ role: 'user', content }] }), NotSupportedError);
    });

  it('warns of every parameter that the API lacks', () => {
    const context = encoding();
    encode(
      {
        seed: 1,
        presencePenalty: 1,
        frequencyPenalty: 1,
        candidates: 2,
        logprobs: true,
        promptCacheKey: 'k',
      },
      context,
    );
    assert.deepEqual(
      context.warnings.map(({ field }) => field),
      ['seed', 'presence_penalty', 'frequency_penalty', 'n', 'logprobs', 'prompt_cache_key'],
    );
  });

  it('sends a client’s Anthropic request as it came', () => {
    const body: JsonObject = {
      model: 'claude-sonnet-4-5',
      max_tokens: 5000,
      system: [{ type: 'text', text: 'S', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 't', signature: 'S' },
            { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'r' },
            { type: 'search_result', title: 't', source: 's', content: [] },
          ],
        },
      ],
      tools: [
        { name: 'f', description: 'd', input_schema: { type: 'object' }, defer_loading: true, strict: true },
      ],
      thinking: { type: 'enabled', budget_tokens: 1500 },
      metadata: { user_id: 'u' },
      context_management: { edits: [] },
      stream: false,
    };
    const decoded = anthropicAdapter.decodeRequest(body, answering());
    assert.deepEqual(anthropicAdapter.encodeRequest(decoded, encoding()).body, body);
  });

  it('counts with the fields that the count takes', () => {
    const wire = anthropicAdapter.count?.encodeRequest(
      request({ temperature: 1, userId: 'u', tools: [f] }),
      encoding(),
    );
    assert.equal(wire?.path, '/v1/messages/count_tokens');
    assert.deepEqual(Object.keys(wire.body).sort(), ['messages', 'model', 'tools']);
    assert.equal(anthropicAdapter.count?.decodeResponse({ input_tokens: 7 }), 7);
    assert.throws(() => anthropicAdapter.count?.decodeResponse({}));
  });
});
