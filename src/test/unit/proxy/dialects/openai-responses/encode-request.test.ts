import assert from 'node:assert/strict';
import type { BuiltInSettings, CanonicalRequest, Tool } from '../../../../../proxy/dialects/canonical';
import { dropReasoning } from '../../../../../proxy/dialects/openai-responses/drop-reasoning';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { NotSupportedError, UpstreamError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { encodeBody, message, upstreamContexts, user } from './upstream-side';

const look: Tool = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };
const own = (note: JsonObject) => ({ metadata: { 'openai-responses': note } });
const builtIn = (
  kind: Extract<Tool, { type: 'built-in' }>['kind'],
  value: JsonObject,
  settings?: BuiltInSettings,
): Tool => ({
  type: 'built-in',
  kind,
  dialect: 'anthropic',
  value,
  ...(settings && { settings }),
});

describe('openai-responses: requests to upstreams', () => {
  it('asks for one answer, stores nothing, and wants reasoning in a form that can come back', () => {
    const { encode } = upstreamContexts();
    const request = { model: 'asked', stream: false, messages: [user('hi')], tools: [] };
    const wire = openaiResponsesAdapter.encodeRequest(request, encode);
    assert.equal(wire.path, '/responses');
    assert.deepEqual(wire.body, {
      store: false,
      model: 'served',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      include: ['reasoning.encrypted_content'],
      stream: false,
    });
  });

  it('says what the client asked for in the words of the API', () => {
    const body = encodeBody({
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      logprobs: true,
      topLogprobs: 3,
      promptCacheKey: 'k',
      userId: 'u',
      parallelToolCalls: false,
      tools: [look],
      toolChoice: { type: 'tool', name: 'look' },
    });
    const { input: _input, tools: _tools, ...rest } = body;
    assert.deepEqual(rest, {
      store: false,
      model: 'served',
      tool_choice: { type: 'function', name: 'look' },
      parallel_tool_calls: false,
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 3,
      prompt_cache_key: 'k',
      safety_identifier: 'u',
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
      stream: false,
    });
  });

  it('warns of everything that the API has no field for, and of values out of its bounds', () => {
    const contexts = upstreamContexts();
    const body = encodeBody(
      {
        topK: 5,
        stop: ['x'],
        seed: 1,
        presencePenalty: 1,
        frequencyPenalty: 1,
        candidates: 2,
        maxOutputTokens: 1,
        userId: 'u'.repeat(65),
      },
      contexts,
    );
    assert.equal(body.max_output_tokens, 16);
    assert.equal(body.safety_identifier, undefined);
    assert.deepEqual(contexts.warnings.map(({ field }) => field).sort(), [
      'frequency_penalty',
      'max_output_tokens',
      'n',
      'presence_penalty',
      'seed',
      'stop',
      'top_k',
      'user',
    ]);
    for (const field of ['top_k', 'stop', 'seed', 'presence_penalty', 'frequency_penalty', 'n'])
      assert.equal(field in body, false, field);
  });

  const efforts: [string, CanonicalRequest['reasoning'], JsonObject | undefined][] = [
    ['an effort', { effort: 'high' }, { effort: 'high' }],
    ['visible thinking', { mode: 'on', effort: 'low' }, { effort: 'low', summary: 'auto' }],
    ['thinking that is not to be shown', { mode: 'on', effort: 'low', visible: false }, { effort: 'low' }],
    ['a budget', { mode: 'on', budgetTokens: 8000 }, { effort: 'medium', summary: 'auto' }],
    ['adaptive thinking', { mode: 'adaptive' }, { summary: 'auto' }],
    ['no thinking', { mode: 'off' }, undefined],
    ['an effort of none', { effort: 'none' }, { effort: 'none' }],
  ];
  for (const [what, reasoning, expected] of efforts)
    it(`asks for ${what}`, () => {
      const body = encodeBody({ ...(reasoning && { reasoning }) });
      assert.deepEqual(body.reasoning, expected);
      const encrypted = expected?.effort !== 'none' && reasoning?.mode !== 'off';
      assert.deepEqual(body.include, encrypted ? ['reasoning.encrypted_content'] : undefined);
    });

  it('sends the own fields of its own clients as they came', () => {
    const body = encodeBody({
      reasoning: { effort: 'low', visible: true },
      ...own({
        fields: { store: true, include: ['file_search_call.results'], truncation: 'auto' },
        echo: { reasoning: { effort: 'low', summary: 'detailed' }, text: { verbosity: 'low' } },
      }),
    });
    assert.equal(body.store, true);
    assert.equal(body.truncation, 'auto');
    assert.deepEqual(body.include, ['file_search_call.results', 'reasoning.encrypted_content']);
    assert.deepEqual(body.reasoning, { effort: 'low', summary: 'detailed' });
    assert.deepEqual(body.text, { verbosity: 'low' });
  });

  it('declares functions as not strict unless the client says otherwise', () => {
    const closed = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const body = encodeBody({
      tools: [
        { type: 'function', name: 'a', description: 'A.' },
        { type: 'function', name: 'b', parameters: closed, strict: true },
        { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      ],
    });
    assert.deepEqual(body.tools, [
      {
        type: 'function',
        name: 'a',
        description: 'A.',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
      { type: 'function', name: 'b', parameters: closed, strict: true },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ]);
  });

  it('maps names that the API does not take, and maps them back', () => {
    const { encode } = upstreamContexts();
    const request = {
      model: 'm',
      stream: false,
      messages: [user('hi')],
      tools: [{ ...look, name: 'lo.ok' } as Tool],
    };
    const wire = openaiResponsesAdapter.encodeRequest(request, encode);
    const [tool] = wire.body.tools as JsonObject[];
    assert.match(String(tool?.name), /^[A-Za-z0-9_-]{1,64}$/);
    assert.equal(wire.restoreToolName?.(String(tool?.name)), 'lo.ok');
  });

  it('declares client tools and namespaces as its own clients did', () => {
    const within = (name: string): Tool => ({
      ...look,
      name: `files__${name}`,
      ...own({ namespace: 'files', name }),
    });
    const body = encodeBody({
      tools: [
        { ...look, name: 'apply_patch', ...own({ tool: { type: 'apply_patch' } }) },
        within('find'),
        within('read'),
      ],
      toolChoice: { type: 'required', names: ['apply_patch', 'files__read'] },
    });
    const tools = body.tools as JsonObject[];
    assert.deepEqual(tools[0], { type: 'apply_patch' });
    assert.equal(tools[1]?.type, 'namespace');
    assert.deepEqual(
      (tools[1]?.tools as JsonObject[]).map(({ name }) => name),
      ['find', 'read'],
    );
    assert.deepEqual(body.tool_choice, {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'apply_patch' }, { type: 'function', namespace: 'files', name: 'read' }],
    });
  });

  it('has counterparts of some built-in tools, warns of the others, and refuses them where they are forced', () => {
    const contexts = upstreamContexts();
    const tools = [
      builtIn(
        'web-search',
        { type: 'web_search_20250305', name: 'web_search' },
        { allowedDomains: ['a.example'] },
      ),
      builtIn('code-execution', { type: 'code_execution_20250522', name: 'code_execution' }),
      builtIn('computer', { type: 'computer_20250124', name: 'computer' }),
    ];
    const body = encodeBody({ tools, toolChoice: { type: 'tool', name: 'web_search' } }, contexts);
    assert.deepEqual(body.tools, [
      { type: 'web_search', filters: { allowed_domains: ['a.example'] } },
      { type: 'code_interpreter', container: { type: 'auto' } },
    ]);
    assert.deepEqual(body.tool_choice, { type: 'web_search' });
    assert.equal(contexts.warnings[0]?.field, 'tools[2]');
    assert.throws(
      () => encodeBody({ tools, toolChoice: { type: 'tool', name: 'computer' } }),
      NotSupportedError,
    );
    assert.throws(
      () => encodeBody({ tools: tools.slice(2), toolChoice: { type: 'required' } }),
      NotSupportedError,
    );
  });

  it('wraps free-text tools for servers that know functions only', () => {
    const contexts = upstreamContexts({}, { traits: { customTools: false } });
    const request = {
      model: 'm',
      stream: false,
      messages: [user('hi')],
      tools: [{ type: 'custom', name: 'patch' } as Tool],
    };
    const wire = openaiResponsesAdapter.encodeRequest(request, contexts.encode);
    const [tool] = wire.body.tools as JsonObject[];
    assert.equal(tool?.type, 'function');
    assert.ok(wire.customToolNames?.has('patch'));
  });

  it('asks for JSON by the format, and speaks of it where the API demands that', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const strict = encodeBody({
      responseFormat: { type: 'json-schema', schema, name: 'an answer', strict: true },
    });
    assert.deepEqual(strict.text, {
      format: { type: 'json_schema', name: 'an_answer', schema, strict: true },
    });
    const silent = encodeBody({ responseFormat: { type: 'json' } });
    assert.deepEqual(silent.text, { format: { type: 'json_object' } });
    assert.equal((silent.input as JsonObject[])[0]?.role, 'developer');
    const spoken = encodeBody({ responseFormat: { type: 'json' }, messages: [user('As JSON, please.')] });
    assert.equal((spoken.input as JsonObject[]).length, 1);
  });

  it('can be asked again without reasoning', () => {
    const body = encodeBody({ logprobs: true });
    assert.equal(dropReasoning(body), true);
    assert.deepEqual(body.include, ['message.output_text.logprobs']);
    assert.equal(dropReasoning(body), false);
    const plain = encodeBody({});
    dropReasoning(plain);
    assert.equal('include' in plain, false);
  });
});

describe('openai-responses: tokens counted by upstreams', () => {
  const { count } = openaiResponsesAdapter;
  it('asks with the fields that count, and reads the number', () => {
    assert.ok(count);
    const { encode } = upstreamContexts();
    const request = { model: 'm', stream: false, messages: [user('hi')], tools: [look], maxOutputTokens: 5 };
    const wire = count.encodeRequest(request, encode);
    assert.equal(wire.path, '/responses/input_tokens');
    assert.deepEqual(Object.keys(wire.body).sort(), ['input', 'model', 'tools']);
    assert.equal(count.decodeResponse(count.encodeResponse(12)), 12);
    assert.deepEqual(count.encodeResponse(12), { object: 'response.input_tokens', input_tokens: 12 });
    assert.throws(() => count.decodeResponse({}), UpstreamError);
  });
});

describe('openai-responses: whole answers of upstreams', () => {
  const decode = (body: JsonObject) => openaiResponsesAdapter.decodeResponse(body, upstreamContexts().answer);

  it('reads the answer, its end and its usage', () => {
    const response = decode({
      id: 'resp_1',
      model: 'served',
      created_at: 5.5,
      status: 'completed',
      output: [message('Hello')],
      usage: { input_tokens: 3, output_tokens: 2 },
    });
    assert.deepEqual(response, {
      id: 'resp_1',
      model: 'served',
      created: 5,
      choices: [
        {
          content: [{ type: 'text', text: 'Hello', ...own({ id: 'msg_1' }) }],
          finish: { reason: 'stop', raw: 'completed' },
        },
      ],
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  it('throws the error that the body holds, and for bodies that are no answers', () => {
    const failed = {
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'Slow down.' },
      output: [],
    };
    assert.throws(
      () => decode(failed),
      (error) => error instanceof UpstreamError && error.status === 429 && error.message === 'Slow down.',
    );
    assert.throws(() => decode({ id: 'resp_1' }), UpstreamError);
    assert.throws(() => decode({ choices: [] }), UpstreamError);
  });
});
