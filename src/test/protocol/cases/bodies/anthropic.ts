/** Requests to the Messages API as Claude Code and others of its kind make them. */
import type { JsonObject } from '../../../../shared/json';
import { PDF, PNG, READ_SCHEMA, type AgentBody } from './body';

const MARK = { cache_control: { type: 'ephemeral' } };
const text = (value: string, more: JsonObject = {}) => ({ type: 'text', text: value, ...more });
const user = (...content: JsonObject[]): JsonObject => ({ role: 'user', content });
const assistant = (...content: JsonObject[]): JsonObject => ({ role: 'assistant', content });
const call = (id: string, name: string, input: JsonObject = {}) => ({ type: 'tool_use', id, name, input });
const result = (id: string, content?: string | JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: 'tool_result',
  tool_use_id: id,
  ...(content !== undefined && { content }),
  ...more,
});

const READ = { name: 'Read', description: 'Reads a file.', input_schema: READ_SCHEMA };
const SYSTEM = [
  text('x-anthropic-billing-header: cc_version=2.1.330.45e; cc_entrypoint=sdk-cli;'),
  text("You are a Claude agent, built on Anthropic's Claude Agent SDK.", MARK),
  text('You are an agent working with the user.', MARK),
];
const USER_ID = JSON.stringify({
  device_id: '7e49902f979d4d4aa6b66fbd1281a1617436afd5ca061a6cf51d69e37e49902f',
  account_uuid: '',
  session_id: '2a27f8b0-101f-4a2e-9900-dc209c9b84be',
});
const BETAS = {
  'anthropic-version': '2023-06-01',
  'anthropic-beta':
    'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,advanced-tool-use-2025-11-20',
  'x-app': 'cli',
};

const FIRST: JsonObject = {
  max_tokens: 32_000,
  system: SYSTEM,
  messages: [
    user(
      text('<system-reminder>\nToday is Monday.\n</system-reminder>'),
      text(''),
      text('Read the notes.', MARK),
    ),
  ],
  tools: [
    READ,
    {
      name: 'mcp__github__create_issue',
      description: '',
      input_schema: { type: 'object' },
      defer_loading: true,
    },
    {
      name: 'NotebookEdit',
      description: 'Edits.',
      input_schema: {
        type: 'object',
        properties: {
          cell: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          at: { type: ['integer', 'null'], const: 3 },
        },
        propertyNames: { pattern: '^[a-z]+$' },
      },
      ...MARK,
    },
  ],
  metadata: { user_id: USER_ID },
  thinking: { type: 'enabled', budget_tokens: 31_999, display: 'omitted' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  stream: false,
};

const make = (name: string, body: JsonObject, more: Partial<AgentBody> = {}): AgentBody => ({
  name,
  client: 'anthropic',
  headers: BETAS,
  body: { max_tokens: 1000, ...body },
  ...more,
});

/** After one call of Read. */
const turn = (answer: JsonObject, ...more: JsonObject[]): JsonObject[] => [
  user(text('Read the notes.')),
  assistant(call('toolu_01VchJu2NLDJo1Foa5DK6fKo', 'Read', { file_path: '/notes' })),
  user(answer, ...more),
];
const ID = 'toolu_01VchJu2NLDJo1Foa5DK6fKo';

export const ANTHROPIC_BODIES: AgentBody[] = [
  make('the first request of Claude Code', FIRST, {
    says: ['You are an agent working with the user.', 'Read the notes.', 'Today is Monday.'],
    never: ['clear_thinking_20251015', 'device_id', 'defer_loading'],
  }),
  make(
    'the second request of Claude Code',
    {
      ...FIRST,
      messages: turn(result(ID, '1\tSECRET\n', MARK), text('<system-reminder>Go on.</system-reminder>')),
    },
    { says: ['SECRET', 'Go on.'] },
  ),
  make(
    'a title call with a schema',
    {
      max_tokens: 512,
      system: 'Generate a title.',
      messages: [{ role: 'user', content: 'hello' }],
      thinking: { type: 'disabled' },
      temperature: 1,
      output_config: {
        effort: 'low',
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: { title: { type: 'string' } },
            required: ['title'],
            additionalProperties: false,
          },
        },
      },
    },
    { says: ['Generate a title.', 'hello'] },
  ),
  make('adaptive thinking, most effort, 128000 tokens', {
    ...FIRST,
    max_tokens: 128_000,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'max' },
  }),
  make('a thinking budget under the least there is', {
    max_tokens: 600,
    messages: [{ role: 'user', content: 'hi' }],
    thinking: { type: 'enabled', budget_tokens: 500 },
  }),
  make(
    'tools found by the search of the client',
    {
      tools: [
        READ,
        { name: 'ToolSearch', input_schema: { type: 'object', properties: { query: { type: 'string' } } } },
      ],
      messages: [
        user(text('Look.')),
        assistant(call('toolu_1', 'ToolSearch', { query: 'read' })),
        user(result('toolu_1', [{ type: 'tool_reference', tool_name: 'Read' }])),
      ],
    },
    { says: ['Read'] },
  ),
  make(
    'tools found by the search of the provider',
    {
      tools: [
        { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
        { ...READ, defer_loading: true },
      ],
      messages: [
        user(text('Look.')),
        assistant(
          text('I search.'),
          {
            type: 'server_tool_use',
            id: 'srvtoolu_1',
            name: 'tool_search_tool_regex',
            input: { pattern: 'read' },
          },
          {
            type: 'tool_search_tool_result',
            tool_use_id: 'srvtoolu_1',
            content: {
              type: 'tool_search_tool_search_result',
              tool_references: [{ type: 'tool_reference', tool_name: 'Read' }],
            },
          },
          call('toolu_2', 'Read', { file_path: '/a' }),
        ),
        user(result('toolu_2', 'found')),
      ],
    },
    { says: ['I search.', 'found'] },
  ),
  make(
    'the web searched by the provider',
    {
      tools: [
        {
          type: 'web_search_20250305',
          name: 'web_search',
          max_uses: 5,
          user_location: { type: 'approximate', city: 'Bern' },
        },
        READ,
      ],
      messages: [
        user(text('News?')),
        assistant(
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'news' } },
          {
            type: 'web_search_tool_result',
            tool_use_id: 'srvtoolu_1',
            content: [
              {
                type: 'web_search_result',
                url: 'https://example.com',
                title: 'T',
                encrypted_content: 'EqgfCioIARgB',
                page_age: null,
              },
            ],
          },
          text('There is news.', {
            citations: [
              {
                type: 'web_search_result_location',
                url: 'https://example.com',
                title: 'T',
                encrypted_index: 'Eo8B',
                cited_text: 'news',
              },
            ],
          }),
        ),
        user(text('More?')),
      ],
    },
    { says: ['There is news.', 'More?'] },
  ),
  make(
    'tools of an MCP server of the provider',
    {
      mcp_servers: [
        {
          type: 'url',
          url: 'https://mcp.example.com/sse',
          name: 'example',
          authorization_token: 'secret-of-mcp',
        },
      ],
      tools: [{ type: 'mcp_toolset', mcp_server_name: 'example' }, READ],
      messages: [
        user(text('Use it.')),
        assistant(
          { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'echo', server_name: 'example', input: {} },
          { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', is_error: false, content: [text('hello')] },
          text('Used.'),
        ),
        user(text('Again.')),
      ],
    },
    { says: ['Used.', 'Again.'], never: ['secret-of-mcp'] },
  ),
  make(
    'tools that the client runs but Anthropic declares',
    {
      tools: [
        { type: 'bash_20250124', name: 'bash' },
        { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
        { type: 'memory_20250818', name: 'memory' },
        READ,
      ],
      messages: [
        user(text('List.')),
        assistant(call('toolu_b', 'bash', { command: 'ls' })),
        user(result('toolu_b', 'a b c')),
      ],
    },
    { says: ['a b c'] },
  ),
  make(
    'instructions in the middle',
    {
      messages: [
        user(text('One.')),
        assistant(text('Two.')),
        user(text('Three.')),
        { role: 'system', content: 'Be brief.' },
        assistant(text('Four.')),
        { role: 'system', content: [text('Be kind.', MARK)] },
        user(text('Five.')),
      ],
    },
    { says: ['Be brief.', 'Be kind.', 'Five.'] },
  ),
  make(
    'documents of every kind',
    {
      messages: [
        user(
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: PDF },
            title: 'a.pdf',
            citations: { enabled: true },
          },
          {
            type: 'document',
            source: { type: 'text', media_type: 'text/plain', data: 'plain words' },
            context: 'ctx',
          },
          { type: 'document', source: { type: 'content', content: [text('inner words')] } },
          { type: 'search_result', source: 'https://e.com', title: 'R', content: [text('found words')] },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          text('Compare.'),
        ),
      ],
    },
    { says: ['Compare.', 'found words', 'inner words'] },
  ),
  make(
    'results with images, without content, with blanks',
    {
      tools: [READ],
      messages: [
        user(text('Read four.')),
        assistant(
          call('toolu_a', 'Read'),
          call('toolu_b', 'Read'),
          call('toolu_c', 'Read'),
          call('toolu_d', 'Read'),
        ),
        user(
          result('toolu_a', [
            text('see'),
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          ]),
          result('toolu_b'),
          result('toolu_c', [text(' \n')], { is_error: true }),
          result('toolu_d', [], { is_error: true }),
          text('   '),
        ),
      ],
    },
    { says: ['see'] },
  ),
  make(
    'thinking of earlier turns, in a loop of tools',
    {
      ...FIRST,
      messages: [
        user(text('Read.')),
        assistant(
          { type: 'thinking', thinking: 'I read.', signature: 'EqQBCkgIARABGAIiQFsig' },
          { type: 'redacted_thinking', data: 'EmwKAhgBEgyredacted' },
          text('Reading.'),
          call('toolu_1', 'Read', { file_path: '/a' }),
        ),
        user(result('toolu_1', 'A')),
        assistant(
          { type: 'thinking', thinking: '', signature: 'EqQBCkgIARABGAIiQFsig2' },
          call('toolu_2', 'Read', { file_path: '/b' }),
        ),
        user(result('toolu_2', 'B')),
      ],
    },
    { says: ['Reading.'], never: ['EqQBCkgIARABGAIiQFsig', 'EmwKAhgBEgyredacted'] },
  ),
  make('a forced tool while thinking', {
    thinking: { type: 'adaptive' },
    tools: [READ],
    tool_choice: { type: 'tool', name: 'Read', disable_parallel_tool_use: true },
    messages: [user(text('Go.'))],
  }),
  make(
    'the beginning of the answer',
    { messages: [user(text('JSON, please.')), assistant(text('{ "a": '))] },
    { says: ['{ "a":'] },
  ),
  make(
    'calls nobody answered, results nobody asked for, ids twice',
    {
      tools: [READ],
      messages: [
        user(text('Go.')),
        assistant(call('toolu_1', 'Read'), call('toolu_2', 'Read')),
        user(result('toolu_2', 'two'), result('toolu_9', 'nine')),
        assistant(call('toolu_1', 'Read')),
        user(result('toolu_1', 'one')),
        assistant(call('toolu_3', 'Read')),
        user(text('Never mind.')),
      ],
    },
    { says: ['two', 'nine', 'one', 'Never mind.'] },
  ),
  make('no system, no tools, tools empty, stop of blanks', {
    tools: [],
    system: [],
    stop_sequences: ['\n\n', 'END'],
    messages: [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
    temperature: 0.3,
    top_k: 5,
    service_tier: 'auto',
  }),
];
