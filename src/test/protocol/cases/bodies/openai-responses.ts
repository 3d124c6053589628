/** Requests to the Responses API as Codex and others of its kind make them. */
import type { JsonObject } from '../../../../shared/json';
import { PDF, PNG, READ_SCHEMA, type AgentBody } from './body';

const said = (role: string, text: string, more: JsonObject = {}): JsonObject => ({
  type: 'message',
  role,
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text }],
  ...more,
});
const PASSTHROUGH = { internal_chat_message_metadata_passthrough: { turn_id: '01a206af' } };
const exec = {
  type: 'function',
  name: 'exec_command',
  description: 'Runs a command.',
  strict: false,
  parameters: {
    type: 'object',
    properties: {
      cmd: { type: 'string' },
      tty: { type: 'boolean' },
      prefix_rule: { type: 'array', items: { type: 'string' } },
    },
    required: ['cmd'],
    additionalProperties: false,
  },
};
const patch = {
  type: 'custom',
  name: 'apply_patch',
  description: 'Edits files. This is a FREEFORM tool.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "*** Begin Patch" /.+/ "*** End Patch"' },
};
const TOOLS: JsonObject[] = [
  exec,
  patch,
  {
    type: 'namespace',
    name: 'multi_agent_v1',
    description: 'Spawns agents.',
    tools: [
      {
        type: 'function',
        name: 'spawn_agent',
        description: 'Spawns.',
        strict: false,
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
      { ...patch, name: 'note' },
    ],
  },
  {
    type: 'tool_search',
    execution: 'client',
    description: 'Finds tools.',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
  { type: 'web_search', external_web_access: false, search_content_types: ['text', 'image'] },
  { type: 'local_shell' },
];
const CODEX: JsonObject = {
  tools: TOOLS,
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto' },
  store: false,
  stream: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: '01a206af-89cf-7112-8a91-ad867ae87522',
  text: { verbosity: 'low' },
  client_metadata: { session_id: '01a206af', 'x-codex-turn-metadata': '{"installation_id":"7a081e13"}' },
};
const FIRST = [
  said('developer', 'You are Codex.', { id: 'msg_0affb257-5f99-53c0-bee6-a8b1af3c8499', ...PASSTHROUGH }),
  said('developer', '<permissions instructions>', { id: 'msg_01a206af-8a86-7522-a367-e341866435dd' }),
  said('user', '<environment_context>', { id: 'msg_01a206af-8a86-7522-a367-e35af5c91587' }),
  said('user', 'Read the notes.', { id: 'msg_01a206af-8a97-7cb0-b985-42619a39d09b' }),
];
const reasoning = (id: string, more: JsonObject = {}): JsonObject => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text: '**Looking**' }],
  content: null,
  encrypted_content: `gAAAAABencrypted_${id}`,
  ...more,
});
const call = (id: string, name: string, args: string, more: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: args,
  ...more,
});
const output = (id: string, value: string | JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: 'function_call_output',
  call_id: id,
  output: value,
  ...more,
});

const make = (name: string, body: JsonObject, more: Partial<AgentBody> = {}): AgentBody => ({
  name,
  client: 'openai-responses',
  body,
  ...more,
});

export const RESPONSES_BODIES: AgentBody[] = [
  make(
    'the first request of Codex',
    { ...CODEX, input: FIRST },
    { says: ['You are Codex.', 'Read the notes.', 'spawn_agent'], never: ['installation_id'] },
  ),
  make(
    'a later request of Codex',
    {
      ...CODEX,
      input: [
        ...FIRST,
        reasoning('rs_1'),
        said('assistant', 'I look.', { id: 'msg_2', phase: 'commentary', status: 'completed' }),
        call('call_1', 'exec_command', '{"cmd":"ls"}'),
        call('call_2', 'spawn_agent', '{}', { namespace: 'multi_agent_v1' }),
        output('call_2', 'spawned'),
        output('call_1', 'a b c', { id: 'fco_1' }),
        reasoning('rs_2', { summary: [] }),
        {
          type: 'custom_tool_call',
          id: 'ctc_3',
          call_id: 'call_3',
          name: 'apply_patch',
          input: '*** Begin Patch\n"x"\n*** End Patch',
          status: 'completed',
        },
        { type: 'custom_tool_call_output', call_id: 'call_3', output: 'Done!' },
        {
          type: 'local_shell_call',
          id: 'lsh_4',
          call_id: 'call_4',
          status: 'completed',
          action: { type: 'exec', command: ['pwd'], env: {} },
        },
        { type: 'local_shell_call_output', call_id: 'call_4', output: '/home' },
        { type: 'web_search_call', id: 'ws_5', status: 'completed', action: { type: 'search', query: 'x' } },
        {
          type: 'tool_search_call',
          id: 'tsc_6',
          call_id: 'call_6',
          status: 'completed',
          execution: 'client',
          arguments: { query: 'mail' },
        },
        {
          type: 'tool_search_output',
          call_id: 'call_6',
          status: 'completed',
          execution: 'client',
          tools: [
            {
              type: 'function',
              name: 'send_mail',
              description: 'Sends.',
              strict: false,
              parameters: { type: 'object', properties: {} },
            },
          ],
        },
        said('assistant', 'Done.', { id: 'msg_7', phase: 'final_answer' }),
        said('user', 'Now the picture.'),
        call('call_8', 'view_image', '{"path":"/a.png"}'),
        output('call_8', [
          { type: 'input_text', text: 'the picture' },
          { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'original' },
        ]),
      ],
    },
    {
      says: ['I look.', 'spawned', 'a b c', 'Done!', '/home', 'Now the picture.', 'the picture', PNG],
      never: ['gAAAAABencrypted'],
    },
  ),
  make(
    'a text alone',
    { input: 'Just text.', instructions: 'Be brief.' },
    { says: ['Just text.', 'Be brief.'] },
  ),
  make(
    'items without a type, with text as content',
    {
      instructions: 'Be brief.',
      input: [
        { role: 'system', content: 'S.' },
        { role: 'user', content: 'U.' },
        { role: 'assistant', content: 'A.' },
        { role: 'developer', content: 'D.' },
        { role: 'user', content: [{ type: 'input_text', text: 'V.' }] },
      ],
    },
    { says: ['Be brief.', 'S.', 'U.', 'A.', 'D.', 'V.'] },
  ),
  make(
    'results without calls, calls without results, the beginning of an answer last',
    {
      input: [
        said('user', 'Go.'),
        output('call_gone', 'orphan'),
        call('call_1', 'exec_command', '{"cmd":"x"}'),
        said('user', 'Stop.'),
        call('call_2', 'exec_command', ''),
        output('call_2', ''),
        said('assistant', 'Well, '),
      ],
      tools: [exec],
    },
    { says: ['orphan', 'Stop.'] },
  ),
  make(
    'tools declared on the way',
    {
      ...CODEX,
      input: [
        { type: 'additional_tools', role: 'developer', tools: [{ ...exec, name: 'late_tool' }] },
        ...FIRST,
        call('call_1', 'late_tool', '{"cmd":"a"}'),
        output('call_1', 'ok'),
      ],
    },
    { says: ['late_tool', 'Read the notes.'] },
  ),
  make('tools of the provider alone', {
    input: 'Search.',
    tools: [
      {
        type: 'web_search',
        filters: { allowed_domains: ['example.com'] },
        user_location: { type: 'approximate', country: 'CH' },
      },
      { type: 'code_interpreter', container: { type: 'auto' } },
      { type: 'image_generation', size: '1024x1024' },
      { type: 'mcp', server_label: 'x', server_url: 'https://mcp.example.com', require_approval: 'never' },
      { type: 'file_search', vector_store_ids: ['vs_1'] },
    ],
  }),
  make('a choice among tools', {
    input: 'Go.',
    tools: [exec, { ...exec, name: 'other' }, { ...exec, name: 'third' }],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'other' }] },
    parallel_tool_calls: false,
  }),
  make('a free-text tool forced', {
    input: 'Go.',
    tools: [patch, exec],
    tool_choice: { type: 'custom', name: 'apply_patch' },
  }),
  make('a schema, least tokens, logprobs, a long id of the user', {
    input: 'Go.',
    max_output_tokens: 16,
    temperature: 1.7,
    top_p: 0.9,
    top_logprobs: 3,
    include: ['message.output_text.logprobs'],
    text: {
      format: {
        type: 'json_schema',
        name: 'answer',
        strict: true,
        schema: {
          type: 'object',
          properties: { a: { type: 'string' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    },
    user: 'u'.repeat(64),
    metadata: { a: 'b' },
    truncation: 'auto',
    service_tier: 'flex',
    safety_identifier: 'person@example.com',
  }),
  make(
    'files and images',
    {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
            { type: 'input_file', file_url: 'https://example.com/b.pdf' },
            { type: 'input_image', image_url: 'https://example.com/a.png' },
            { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'high' },
            { type: 'input_text', text: 'Compare.' },
          ],
        },
      ],
    },
    { says: ['Compare.', 'https://example.com/a.png'] },
  ),
  make(
    'a conversation that was compacted',
    {
      input: [
        { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAAAABcompacted' },
        said('user', 'Go on.'),
        reasoning('rs_9', { encrypted_content: null }),
        said('assistant', 'Yes.'),
        said('user', 'And?'),
      ],
      reasoning: { effort: 'xhigh' },
    },
    { says: ['Go on.', 'And?'], never: ['gAAAAABcompacted'] },
  ),
  make('a schema as tool parameters that says nothing', {
    input: 'Go.',
    tools: [
      { type: 'function', name: 'a', parameters: null, strict: null },
      { type: 'function', name: 'b', parameters: {}, strict: true },
      { type: 'function', name: 'c', parameters: READ_SCHEMA },
      { type: 'function', name: 'd', parameters: { type: 'object', properties: { x: true, y: {} } } },
    ],
    tool_choice: 'required',
  }),
];
