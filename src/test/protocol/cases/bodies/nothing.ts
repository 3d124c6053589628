/** Requests that say nothing in many places: SDKs write their absent settings as null, and clients whole empty fields. */
import type { JsonObject } from '../../../../shared/json';
import type { AgentBody } from './body';

const nulls = (names: string): JsonObject => Object.fromEntries(names.split(' ').map((name) => [name, null]));
const PARAMETERS = { type: 'object', properties: {} };

export const BODIES_OF_NOTHING: AgentBody[] = [
  {
    name: 'every setting null',
    client: 'openai-chat',
    body: {
      ...nulls(
        'audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities n ' +
          'parallel_tool_calls prediction presence_penalty prompt_cache_key reasoning_effort response_format safety_identifier seed ' +
          'service_tier stop store stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options',
      ),
      messages: [
        { role: 'system', content: 'Sys.', name: null },
        { role: 'user', content: 'One.', name: null },
        {
          role: 'assistant',
          content: 'Two.',
          tool_calls: null,
          function_call: null,
          refusal: null,
          audio: null,
          reasoning_content: null,
        },
        { role: 'user', content: [{ type: 'text', text: 'Three.', cache_control: null }] },
      ],
    },
    says: ['Sys.', 'One.', 'Two.', 'Three.'],
  },
  {
    name: 'empty tools, no limits, blank instructions',
    client: 'openai-chat',
    body: {
      tools: [],
      stop: [],
      metadata: {},
      messages: [
        { role: 'system', content: '' },
        { role: 'user', content: 'One.' },
        { role: 'assistant', content: null },
        { role: 'user', content: [] },
      ],
    },
    says: ['One.'],
  },
  {
    name: 'every setting null',
    client: 'openai-responses',
    body: {
      ...nulls(
        'background conversation include instructions max_output_tokens max_tool_calls metadata parallel_tool_calls previous_response_id ' +
          'prompt prompt_cache_key reasoning safety_identifier service_tier store temperature text tool_choice tools top_logprobs top_p ' +
          'truncation user stream_options',
      ),
      input: [
        { type: 'message', role: 'user', content: 'One.', id: null, status: null },
        { type: 'reasoning', id: 'rs_1', summary: [], content: null, encrypted_content: null, status: null },
        {
          type: 'message',
          role: 'assistant',
          id: 'msg_1',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Two.', annotations: [], logprobs: null }],
        },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Three.' }] },
      ],
    },
    says: ['One.', 'Two.', 'Three.'],
  },
  {
    name: 'empty tools, empty include, a choice, nothing in reasoning and text',
    client: 'openai-responses',
    body: {
      input: [
        { role: 'user', content: 'One.' },
        { role: 'user', content: [] },
      ],
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      include: [],
      reasoning: { effort: null, summary: null },
      text: { format: { type: 'text' } },
      metadata: {},
      instructions: '',
    },
    says: ['One.'],
  },
  {
    name: 'every setting null',
    client: 'anthropic',
    body: {
      max_tokens: 1000,
      ...nulls(
        'system tools tool_choice metadata stop_sequences temperature top_p top_k thinking container context_management mcp_servers service_tier output_config',
      ),
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'One.', cache_control: null, citations: null }] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {}, cache_control: null }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: null, is_error: null },
            { type: 'text', text: 'Two.' },
          ],
        },
      ],
    },
    says: ['One.', 'Two.'],
  },
  {
    name: 'null where objects may hold it, empty text as system, an empty assistant',
    client: 'anthropic',
    body: {
      max_tokens: 1,
      system: '',
      metadata: { user_id: null },
      tools: [{ name: 'f', description: null, input_schema: PARAMETERS, cache_control: null, strict: null }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: null },
      messages: [
        { role: 'user', content: 'One.' },
        { role: 'assistant', content: [] },
        { role: 'user', content: 'Two.' },
      ],
    },
    says: ['One.', 'Two.'],
  },
  {
    name: 'every setting null',
    client: 'gemini',
    body: {
      ...nulls('systemInstruction tools toolConfig safetySettings generationConfig cachedContent'),
      contents: [
        { role: 'user', parts: [{ text: 'One.', thought: null, thoughtSignature: null, inlineData: null }] },
      ],
    },
    says: ['One.'],
  },
  {
    name: 'empty tools and settings, one part instead of a list',
    client: 'gemini',
    body: {
      tools: [],
      toolConfig: {},
      safetySettings: [],
      generationConfig: { stopSequences: [], thinkingConfig: {}, maxOutputTokens: null, temperature: 0 },
      systemInstruction: { parts: { text: 'Sys.' } },
      contents: [
        { role: 'user', parts: [{ text: 'One.' }] },
        { role: 'model', parts: [{ text: '' }] },
        { role: 'user', parts: [{ text: 'Two.' }] },
      ],
    },
    says: ['Sys.', 'One.', 'Two.'],
  },
  {
    name: 'a text as instructions, tools without declarations',
    client: 'gemini',
    body: {
      systemInstruction: 'Sys.',
      tools: [{}, { functionDeclarations: [] }],
      contents: [{ role: 'user', parts: [{ text: 'One.' }] }],
    },
    says: ['Sys.', 'One.'],
  },
];
