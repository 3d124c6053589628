/** Chat completions as agents, old SDKs and hand-written programs ask for them. */
import type { JsonObject } from '../../../../shared/json';
import { PDF, PNG, READ_SCHEMA, type AgentBody } from './body';

const user = (content: JsonObject[] | string): JsonObject => ({ role: 'user', content });
const call = (id: string, name: string, args = '{}'): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const calls = (...tool_calls: JsonObject[]): JsonObject => ({ role: 'assistant', content: null, tool_calls });
const tool = (tool_call_id: string, content: string | JsonObject[]): JsonObject => ({
  role: 'tool',
  tool_call_id,
  content,
});
const declared = (name: string, more: JsonObject = {}): JsonObject => ({
  type: 'function',
  function: { name, description: `Does ${name}.`, parameters: READ_SCHEMA, ...more },
});
const GO = [user('Go.')];

const make = (name: string, body: JsonObject, more: Partial<AgentBody> = {}): AgentBody => ({
  name,
  client: 'openai-chat',
  body,
  ...more,
});

export const CHAT_BODIES: AgentBody[] = [
  make(
    'functions, as the package of version 3 calls them',
    {
      messages: [
        { role: 'system', content: 'Sys.' },
        user('Weather?'),
        {
          role: 'assistant',
          content: null,
          function_call: { name: 'get_weather', arguments: '{"city":"Bern"}' },
        },
        { role: 'function', name: 'get_weather', content: 'sunny' },
        user('And there?'),
        { role: 'assistant', content: '', function_call: { name: 'get_weather', arguments: '' } },
        { role: 'function', name: 'get_weather', content: 'rain' },
      ],
      functions: [
        { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
      ],
      function_call: 'auto',
    },
    { says: ['Sys.', 'sunny', 'rain'] },
  ),
  make('one function forced, as of version 3', {
    messages: GO,
    functions: [{ name: 'f', description: 'Does f.', parameters: { type: 'object', properties: {} } }],
    function_call: { name: 'f' },
  }),
  make(
    'the most tokens that Copilot asks for',
    {
      messages: [{ role: 'system', content: 'You are Copilot.' }, user([{ type: 'text', text: 'Hi.' }])],
      max_tokens: 128_000,
      tools: [
        declared('view'),
        declared('bash', { parameters: {} }),
        declared('stop', { parameters: undefined as never }),
      ],
      temperature: 0,
      n: 1,
      parallel_tool_calls: true,
    },
    { says: ['You are Copilot.', 'Hi.', 'Does bash.'] },
  ),
  make(
    'a title with a forced tool',
    {
      messages: [{ role: 'system', content: 'Title.' }, user('hello')],
      tools: [
        declared('session_title', {
          parameters: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
        }),
      ],
      tool_choice: { type: 'function', function: { name: 'session_title' } },
      max_tokens: 100,
    },
    { says: ['Title.', 'hello'] },
  ),
  make(
    'search parameters of another provider',
    {
      messages: GO,
      max_tokens: 1536,
      temperature: 0.7,
      search_parameters: { mode: 'off' },
      tool_choice: 'auto',
      tools: [declared('a')],
    },
    { says: ['Go.'], never: ['search_parameters'] },
  ),
  make(
    'messages in every odd form',
    {
      messages: [
        {
          role: 'developer',
          content: [{ type: 'text', text: 'Dev.', cache_control: { type: 'ephemeral' } }],
        },
        { role: 'system', content: 'Sys.' },
        {
          role: 'user',
          name: 'bob',
          content: [
            { type: 'text', text: 'One.' },
            { type: 'text', text: '' },
            { type: 'text', text: 'Two.' },
          ],
        },
        { role: 'assistant', content: '' },
        { role: 'assistant', content: [{ type: 'text', text: 'Three.' }], reasoning_content: 'I thought.' },
        user('Four.'),
        user(''),
        { role: 'system', content: 'Sys two.' },
        calls(call('call_a', 'view', ''), call('call_b', 'view', '{"file_path":"b"}')),
        tool('call_b', [{ type: 'text', text: 'Bbb.' }]),
        tool('call_a', ''),
        { role: 'assistant', content: 'Five.', refusal: null, tool_calls: [], annotations: [], audio: null },
        user('Six.'),
      ],
      tools: [declared('view')],
    },
    { says: ['Dev.', 'Sys.', 'One.', 'Two.', 'Three.', 'Four.', 'Sys two.', 'Bbb.', 'Five.', 'Six.'] },
  ),
  make(
    'ids and arguments that others refuse',
    {
      messages: [
        user('Go.'),
        calls(
          call(`call|${'x'.repeat(80)}`, 'view', 'not json'),
          call('functions.view:1', 'view', '[1]'),
          call('functions.view:1', 'view', '{"a":1}'),
        ),
        tool(`call|${'x'.repeat(80)}`, 'AAA'),
        tool('functions.view:1', 'BBB'),
        tool('functions.view:1', 'CCC'),
        calls(call('call_open', 'view')),
        user('Never mind.'),
        tool('call_nobody', 'DDD'),
      ],
      tools: [declared('view')],
    },
    { says: ['AAA', 'BBB', 'CCC', 'DDD', 'Never mind.'] },
  ),
  make(
    'files of every kind',
    {
      messages: [
        user([
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
          { type: 'text', text: 'Compare.' },
        ]),
      ],
    },
    { says: ['Compare.', 'https://example.com/a.png', PNG] },
  ),
  make(
    'an image in what a tool answered',
    {
      messages: [
        user('Look.'),
        calls(call('call_1', 'shot')),
        tool('call_1', [
          { type: 'text', text: 'A shot.' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
        ]),
      ],
      tools: [declared('shot')],
    },
    { says: ['A shot.', PNG] },
  ),
  make('settings of every kind', {
    messages: GO,
    max_completion_tokens: 5,
    temperature: 1.9,
    top_p: 0.3,
    seed: 5_000_000_000,
    presence_penalty: 1,
    frequency_penalty: -1,
    logit_bias: { '50256': -100 },
    logprobs: true,
    top_logprobs: 4,
    stop: ['a', '\n', 'c', 'd'],
    reasoning_effort: 'minimal',
    verbosity: 'high',
    user: 'someone',
    metadata: { a: 'b' },
    store: true,
    service_tier: 'flex',
    prompt_cache_key: 'k'.repeat(100),
    safety_identifier: 's'.repeat(64),
    prediction: { type: 'content', content: 'x' },
  }),
  make('a stop of no characters, thinking at most', {
    messages: GO,
    stop: '',
    reasoning_effort: 'xhigh',
    max_tokens: 100,
  }),
  make('JSON in no form', { messages: GO, response_format: { type: 'json_object' } }),
  make('a schema beside tools', {
    messages: GO,
    tools: [declared('view')],
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'my answer!',
        strict: true,
        schema: {
          type: 'object',
          properties: { a: { $ref: '#/$defs/a' } },
          required: ['a'],
          additionalProperties: false,
          $defs: {
            a: {
              type: 'object',
              properties: { n: { type: ['number', 'null'] } },
              required: ['n'],
              additionalProperties: false,
            },
          },
        },
      },
    },
  }),
  make('a schema that is no object', {
    messages: GO,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'list', schema: { type: 'array', items: { type: 'string' } } },
    },
  }),
  make('names that others refuse, and one twice', {
    messages: GO,
    tools: [
      declared('mcp.server/do it'),
      declared('9lives'),
      declared('x'.repeat(90)),
      declared(`${'x'.repeat(90)}y`),
      declared('ünïcode'),
    ],
    tool_choice: 'required',
    parallel_tool_calls: false,
  }),
  make(
    'instructions alone',
    { messages: [{ role: 'system', content: 'Say hello.' }] },
    { says: ['Say hello.'] },
  ),
  make(
    'an answer alone',
    { messages: [{ role: 'assistant', content: 'Once upon a time ' }] },
    { says: ['Once upon a time'] },
  ),
  make('tools forbidden, thinking asked in the words of others', {
    messages: GO,
    tools: [declared('a')],
    tool_choice: 'none',
    reasoning: { effort: 'high', exclude: false },
    top_k: 20,
    min_p: 0.1,
    provider: { order: ['x'] },
  }),
];
