// Streams for measuring translation: in each dialect the same answer, of 204 events of about 300 bytes, half of them text,
// a quarter reasoning, a quarter arguments of a tool call; and the request of each dialect that asks for it.
import { API_KEY } from './load.mjs';

export const STREAM_DIALECTS = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const EVENT_BYTES = 300;
const TEXTS = 100;
const THOUGHTS = 50;
const ARGUMENTS = 46;

/** Renders an event with as much text as makes it EVENT_BYTES long. */
function filled(render) {
  const words = 'words and "more" of them, '.repeat(20);
  let text = words;
  for (let round = 0; round < 4; round += 1)
    text = words.slice(0, Math.max(1, text.length + EVENT_BYTES - render(text).length));
  return render(text);
}
const sse = (payload, name) =>
  `${name ? `event: ${payload.type}\n` : ''}data: ${JSON.stringify(payload)}\n\n`;
const repeat = (count, make) => Array.from({ length: count }, make);

function openaiChat() {
  const chunk = (delta, finish = null, more = {}) =>
    sse({
      id: 'chatcmpl-bench',
      object: 'chat.completion.chunk',
      created: 1763900000,
      model: 'bench',
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    });
  const call = (fn, more) => ({ tool_calls: [{ index: 0, ...more, function: fn }] });
  const usage = { prompt_tokens: 20, completion_tokens: 200, total_tokens: 220 };
  return [
    chunk({ role: 'assistant', content: '' }),
    ...repeat(THOUGHTS, () => filled((reasoning_content) => chunk({ reasoning_content }))),
    ...repeat(TEXTS, () => filled((content) => chunk({ content }))),
    chunk(call({ name: 'write', arguments: '{"text":"' }, { id: 'call_bench', type: 'function' })),
    ...repeat(ARGUMENTS, () => filled((text) => chunk(call({ arguments: text.replaceAll('"', '') })))),
    chunk(call({ arguments: '"}' })),
    chunk({}, 'tool_calls'),
    sse({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', model: 'bench', choices: [], usage }),
    'data: [DONE]\n\n',
  ];
}

function anthropic() {
  const event = (payload) => sse(payload, true);
  const start = (index, content_block) => event({ type: 'content_block_start', index, content_block });
  const delta = (index, fields) => event({ type: 'content_block_delta', index, delta: fields });
  const stop = (index) => event({ type: 'content_block_stop', index });
  const message = {
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'bench',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 20, output_tokens: 1 },
  };
  return [
    event({ type: 'message_start', message }),
    start(0, { type: 'thinking', thinking: '', signature: '' }),
    ...repeat(THOUGHTS, () => filled((thinking) => delta(0, { type: 'thinking_delta', thinking }))),
    delta(0, { type: 'signature_delta', signature: 'c2lnbmF0dXJl' }),
    stop(0),
    start(1, { type: 'text', text: '' }),
    ...repeat(TEXTS, () => filled((text) => delta(1, { type: 'text_delta', text }))),
    stop(1),
    start(2, { type: 'tool_use', id: 'toolu_bench', name: 'write', input: {} }),
    delta(2, { type: 'input_json_delta', partial_json: '{"text":"' }),
    ...repeat(ARGUMENTS, () =>
      filled((text) => delta(2, { type: 'input_json_delta', partial_json: text.replaceAll('"', '') })),
    ),
    delta(2, { type: 'input_json_delta', partial_json: '"}' }),
    stop(2),
    event({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 200 } }),
    event({ type: 'message_stop' }),
  ];
}

function gemini() {
  const chunk = (part, more = {}) =>
    sse({
      candidates: [{ content: { parts: [part], role: 'model' }, index: 0, ...more }],
      usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 100, totalTokenCount: 120 },
      modelVersion: 'bench',
      responseId: 'bench',
    });
  return [
    ...repeat(THOUGHTS, () => filled((text) => chunk({ text, thought: true }))),
    ...repeat(TEXTS + ARGUMENTS, () => filled((text) => chunk({ text }))),
    chunk({ functionCall: { name: 'write', args: { text: 'x' } }, thoughtSignature: 'c2lnbmF0dXJl' }),
    chunk({ text: '' }, { finishReason: 'STOP' }),
  ];
}

function openaiResponses() {
  let sequence = 0;
  const event = (type, fields) => sse({ type, sequence_number: sequence++, ...fields }, true);
  /** Rendering is repeated to find the length: the number must not run away. */
  const one = (type, make) => {
    const before = sequence;
    const text = filled((each) => {
      sequence = before;
      return event(type, make(each));
    });
    sequence = before + 1;
    return text;
  };
  const response = {
    id: 'resp_bench',
    object: 'response',
    created_at: 1763900000,
    model: 'bench',
    output: [],
  };
  const thought = { item_id: 'rs_bench', output_index: 0, summary_index: 0 };
  const text = { item_id: 'msg_bench', output_index: 1, content_index: 0 };
  const call = { item_id: 'fc_bench', output_index: 2 };
  const reasoning = { id: 'rs_bench', type: 'reasoning', summary: [] };
  const message = { id: 'msg_bench', type: 'message', role: 'assistant', content: [] };
  const fn = { id: 'fc_bench', type: 'function_call', call_id: 'call_bench', name: 'write', arguments: '' };
  const part = { type: 'output_text', text: '', annotations: [] };
  return [
    event('response.created', { response: { ...response, status: 'in_progress' } }),
    event('response.output_item.added', { output_index: 0, item: reasoning }),
    event('response.reasoning_summary_part.added', { ...thought, part: { type: 'summary_text', text: '' } }),
    ...repeat(THOUGHTS, () =>
      one('response.reasoning_summary_text.delta', (delta) => ({ ...thought, delta })),
    ),
    event('response.output_item.done', { output_index: 0, item: reasoning }),
    event('response.output_item.added', { output_index: 1, item: message }),
    event('response.content_part.added', { ...text, part }),
    ...repeat(TEXTS, () => one('response.output_text.delta', (delta) => ({ ...text, delta, logprobs: [] }))),
    event('response.output_item.done', { output_index: 1, item: message }),
    event('response.output_item.added', { output_index: 2, item: fn }),
    event('response.function_call_arguments.delta', { ...call, delta: '{"text":"' }),
    ...repeat(ARGUMENTS, () =>
      one('response.function_call_arguments.delta', (delta) => ({
        ...call,
        delta: delta.replaceAll('"', ''),
      })),
    ),
    event('response.function_call_arguments.delta', { ...call, delta: '"}' }),
    event('response.output_item.done', { output_index: 2, item: fn }),
    event('response.completed', {
      response: { ...response, status: 'completed', usage: { input_tokens: 20, output_tokens: 200 } },
    }),
  ];
}

const MAKERS = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  anthropic,
  gemini,
};

/** The stream's events in a dialect. */
export const streamEvents = (dialect) => MAKERS[dialect]();

/** The model that leads to the account of a dialect; its upstream knows by it what to say. */
export const streamModel = (dialect) => `bench-stream-${dialect}`;

/** The dialect of a model's stream, undefined for other models. */
export const dialectOfModel = (model) =>
  STREAM_DIALECTS.find((dialect) => model.startsWith(streamModel(dialect)));

const TOOL = { name: 'write', description: 'Writes a text.' };
const PARAMETERS = { type: 'object', properties: { text: { type: 'string' } } };

/** The bytes of a request in the dialect of `client` for the stream of the account of `account`. */
export function streamRequest(client, account) {
  const model = streamModel(account);
  const prompt = 'Say something.';
  const [path, body] = {
    'openai-chat': [
      '/v1/chat/completions',
      {
        model,
        stream: true,
        messages: [{ role: 'user', content: prompt }],
        tools: [{ type: 'function', function: { ...TOOL, parameters: PARAMETERS } }],
      },
    ],
    'openai-responses': [
      '/v1/responses',
      {
        model,
        stream: true,
        store: false,
        input: prompt,
        tools: [{ type: 'function', ...TOOL, parameters: PARAMETERS }],
      },
    ],
    anthropic: [
      '/v1/messages',
      {
        model,
        stream: true,
        max_tokens: 4000,
        thinking: { type: 'enabled', budget_tokens: 2000 },
        messages: [{ role: 'user', content: prompt }],
        tools: [{ ...TOOL, input_schema: PARAMETERS }],
      },
    ],
    gemini: [
      `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
      {
        contents: [{ role: 'user', parts: [{ text: prompt }] }],
        tools: [{ functionDeclarations: [{ ...TOOL, parameters: PARAMETERS }] }],
        generationConfig: { thinkingConfig: { includeThoughts: true } },
      },
    ],
  }[client];
  const text = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: application/json\r\n` +
      `Accept: */*\r\nUser-Agent: portside-bench\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
