/** Streams of Anthropic, Gemini and servers of the Responses API. */
import type { Json, JsonObject } from '../../../../shared/json';
import { named, sse, type Streams } from './server-stream';

const start: JsonObject = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 30, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  },
};
const open = (index: number, content_block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, value: JsonObject): JsonObject => ({
  type: 'content_block_delta',
  index,
  delta: value,
});
const close = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const finish = (reason: string): JsonObject[] => [
  {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 12 },
  },
  { type: 'message_stop' },
];
const block = (index: number, kind: 'text' | 'thinking', words: string): JsonObject[] =>
  kind === 'text'
    ? [
        open(index, { type: 'text', text: '' }),
        delta(index, { type: 'text_delta', text: words }),
        close(index),
      ]
    : [
        open(index, { type: 'thinking', thinking: '', signature: '' }),
        delta(index, { type: 'thinking_delta', thinking: words }),
        delta(index, { type: 'signature_delta', signature: 'EqQBCkgIARABGAIiQFsig' }),
        close(index),
      ];
const use = (index: number, name: string, input: JsonObject, ...pieces: string[]): JsonObject[] => [
  open(index, { type: 'tool_use', id: `toolu_${index}`, name, input }),
  ...pieces.map((partial_json) => delta(index, { type: 'input_json_delta', partial_json })),
  close(index),
];

export const ANTHROPIC: Streams = [
  {
    name: 'CASES 3: the whole input where the block begins',
    body: named([start, ...use(0, 'get_weather', { city: 'Bern' }), ...finish('tool_use')]),
    calls: [['get_weather', { city: 'Bern' }]],
  },
  {
    name: 'CASES 6: thinking, a call, thinking, text',
    body: named([
      start,
      ...block(0, 'thinking', 'One. '),
      ...use(1, 'get_time', {}, '', '{', '}'),
      ...block(2, 'thinking', 'Two.'),
      ...block(3, 'text', 'Words.'),
      ...finish('tool_use'),
    ]),
    reasoning: 'One. Two.',
    text: 'Words.',
    calls: [['get_time', {}]],
    tokens: { input: 30, output: 12 },
  },
  ...([[], [''], ['{}']] as string[][]).map((pieces) => ({
    name: `CASES 12: a call without arguments, in the pieces ${JSON.stringify(pieces)}`,
    body: named([start, ...use(0, 'get_time', {}, ...pieces), ...finish('tool_use')]),
    calls: [['get_time', {}]] as [string, Json][],
  })),
  {
    name: 'CASES 4: text where the block begins, and an empty block',
    body: named([
      start,
      { type: 'ping' },
      ...block(0, 'thinking', ''),
      open(1, { type: 'text', text: 'Be' }),
      delta(1, { type: 'text_delta', text: 'gin.' }),
      close(1),
      ...finish('end_turn'),
    ]),
    text: 'Begin.',
  },
  {
    name: 'class B: an end that says "end_turn" although there are calls',
    body: named([start, ...use(0, 'get_time', {}, '{}'), ...finish('end_turn')]),
    calls: [['get_time', {}]],
  },
];

const piece = (parts: JsonObject[], reason?: string, more: JsonObject = {}): JsonObject => ({
  candidates: [
    { content: { role: 'model', parts }, index: 0, ...(reason !== undefined && { finishReason: reason }) },
  ],
  ...more,
});
const geminiUsage = {
  usageMetadata: {
    promptTokenCount: 30,
    candidatesTokenCount: 8,
    thoughtsTokenCount: 4,
    totalTokenCount: 42,
  },
};

export const GEMINI: Streams = [
  {
    name: 'CASES 4: a thought and text in one event',
    body: sse([
      piece([{ text: 'Think.', thought: true }, { text: 'First ' }]),
      piece([{ text: 'then.' }], 'STOP', geminiUsage),
    ]),
    reasoning: 'Think.',
    text: 'First then.',
    tokens: { input: 30, output: 12 },
  },
  {
    name: 'CASES 5: the end in an event without parts',
    body: sse([
      piece([{ text: 'Hi.' }]),
      { candidates: [{ finishReason: 'STOP', index: 0 }], ...geminiUsage },
    ]),
    text: 'Hi.',
  },
  {
    name: 'CASES 5: a signature alone in the last part',
    body: sse([
      piece([{ text: 'Hi.' }]),
      piece([{ text: '', thoughtSignature: 'c2ln' }], 'STOP', geminiUsage),
    ]),
    text: 'Hi.',
  },
  {
    name: 'CASES 12: a call without arguments, and the word STOP although there are calls (class B)',
    body: sse([piece([{ functionCall: { name: 'get_time' } }], 'STOP', geminiUsage)]),
    calls: [['get_time', {}]],
  },
  {
    name: 'class B: two calls of one function in one event',
    body: sse([
      piece(
        [
          { functionCall: { name: 'get_weather', args: { city: 'A' } }, thoughtSignature: 'c2ln' },
          { functionCall: { name: 'get_weather', args: { city: 'B' } } },
        ],
        'STOP',
        geminiUsage,
      ),
    ]),
    calls: [
      ['get_weather', { city: 'A' }],
      ['get_weather', { city: 'B' }],
    ],
  },
  {
    name: 'class J: usage in every event',
    body: sse([
      piece([{ text: 'a' }], undefined, {
        usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 1, totalTokenCount: 31 },
      }),
      piece([{ text: 'b' }], 'STOP', geminiUsage),
    ]),
    text: 'ab',
    tokens: { input: 30, output: 12 },
  },
];

/** A stream of these items as servers write it that say only what is needed. */
function responses(items: JsonObject[], deltas: (at: number) => JsonObject[] = () => []): string {
  let sequence_number = 0;
  const response: JsonObject = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'm',
    status: 'in_progress',
    output: [],
  };
  const event = (type: string, more: JsonObject): JsonObject => ({
    type,
    sequence_number: sequence_number++,
    ...more,
  });
  return named([
    event('response.created', { response }),
    ...items.flatMap((item, output_index) => [
      event('response.output_item.added', {
        output_index,
        item: {
          ...item,
          ...(item.type === 'function_call'
            ? { arguments: '' }
            : item.type === 'message'
              ? { content: [] }
              : {}),
        },
      }),
      ...deltas(output_index).map((one) =>
        event(String(one.type), { output_index, item_id: item.id ?? '', ...one }),
      ),
      event('response.output_item.done', { output_index, item }),
    ]),
    event('response.completed', {
      response: {
        ...response,
        status: 'completed',
        output: items,
        usage: { input_tokens: 30, output_tokens: 12, total_tokens: 42 },
      },
    }),
  ]);
}
const fn = (id: string, name: string, args: string): JsonObject => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: `call_${id}`,
  name,
  arguments: args,
  status: 'completed',
});

export const RESPONSES: Streams = [
  {
    name: 'CASES 3: arguments in the finished item alone',
    body: responses([fn('1', 'get_weather', '{"city":"Bern"}')]),
    calls: [['get_weather', { city: 'Bern' }]],
    tokens: { input: 30, output: 12 },
  },
  {
    name: 'CASES 12: a call without arguments, and two calls at once (class B)',
    body: responses([fn('1', 'get_time', ''), fn('2', 'get_time', '{}')]),
    calls: [
      ['get_time', {}],
      ['get_time', {}],
    ],
  },
  {
    name: 'CASES 4: words in the finished item alone',
    body: responses([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Think.' }],
        encrypted_content: 'gAAAAAB',
      },
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Hi.', annotations: [] }],
      },
    ]),
    reasoning: 'Think.',
    text: 'Hi.',
  },
];
