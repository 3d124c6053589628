/** Exchanges of every kind, for the pane of details. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { BodyText, CapturedMessage, ExchangeDetail, Part } from '../../../shared/monitor';

const TIME = Date.UTC(2026, 10, 20, 9, 30, 5, 123);

const record = (count: number, part: Partial<ExchangeRecord>): ExchangeRecord => ({
  seq: TIME * 1000 + count,
  id: `req_0123456789abcdef_${count}`,
  time: TIME,
  method: 'POST',
  path: '/v1/messages',
  client: 'claude-cli',
  clientVersion: '2.0.42',
  clientDialect: 'anthropic',
  attempts: [],
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
  ...part,
});

const detail = (
  one: ExchangeRecord,
  messages: CapturedMessage[] = [],
  cost?: ExchangeDetail['cost'],
): ExchangeDetail => ({ seq: one.seq, record: one, messages, ...(cost ? { cost } : {}) });

/** All went well at the first account; a prompt from the cache; nothing captured. */
export const SUCCESS = detail(
  record(1, {
    upstreamDialect: 'anthropic',
    modelAsked: 'claude-sonnet-4-5',
    modelServed: 'claude-sonnet-4-5-20250929',
    account: 'Anthropic work',
    clientKey: 'laptop',
    chosenBy: 'sticky',
    attempts: [
      {
        account: 'Anthropic work',
        model: 'claude-sonnet-4-5-20250929',
        dialect: 'anthropic',
        provider: 'anthropic',
        startMs: 3,
        firstByteMs: 812,
        durationMs: 6420,
        status: 200,
      },
    ],
    firstByteMs: 815,
    durationMs: 6423,
    usage: {
      inputTokens: 48_210,
      cachedInputTokens: 45_056,
      cacheWriteTokens: 2048,
      outputTokens: 742,
      reasoningTokens: 310,
    },
    costNano: 35_644_800,
  }),
  [],
  {
    lines: [
      { what: 'input', tokens: 1106, price: 3, costNano: 3_318_000 },
      { what: 'cachedInput', tokens: 45_056, price: 0.3, costNano: 13_516_800 },
      { what: 'cacheWrite', tokens: 2048, price: 3.75, costNano: 7_680_000 },
      { what: 'output', tokens: 742, price: 15, costNano: 11_130_000 },
    ],
    source: 'the table of 2026-11-20: anthropic / claude-sonnet-4-5',
  },
);

/** Three attempts, two accounts left out, a wait for a place, losses of the translation; sent again from another one. */
export const FAILOVER = detail(
  record(2, {
    upstreamDialect: 'openai-chat',
    modelAsked: 'claude-sonnet-4-5',
    modelServed: 'glm-4.6',
    account: 'Z.ai coding plan',
    chosenBy: 'preferred',
    replayOf: 'req_0123456789abcdef_1',
    queuedMs: 420,
    attempts: [
      {
        account: 'Anthropic work',
        model: 'claude-sonnet-4-5',
        dialect: 'anthropic',
        provider: 'anthropic',
        startMs: 424,
        durationMs: 190,
        status: 429,
        reason: 'rate limit of input tokens per minute, back at 09:31:00',
      },
      {
        account: 'Bedrock eu-central-1',
        model: 'eu.anthropic.claude-sonnet-4-5-v1:0',
        dialect: 'bedrock',
        provider: 'bedrock',
        startMs: 618,
        durationMs: 1502,
        reason: 'no answer: the connection was reset',
      },
      {
        account: 'Z.ai coding plan',
        model: 'glm-4.6',
        dialect: 'openai-chat',
        provider: 'zai',
        startMs: 2124,
        firstByteMs: 640,
        durationMs: 3900,
        status: 200,
      },
    ],
    skipped: [
      {
        account: 'Anthropic private',
        model: 'claude-sonnet-4-5',
        reason: 'cooling until 12:00:05: rate limit of requests per day',
      },
      {
        account: 'OpenRouter',
        model: 'anthropic/claude-sonnet-4.5',
        reason: 'disabled: the key was refused',
      },
    ],
    firstByteMs: 2764,
    durationMs: 6024,
    usage: { inputTokens: 9120, outputTokens: 388 },
    warnings: [
      { type: 'dropped', field: 'top_k', message: 'OpenAI Chat Completions has no top_k.' },
      {
        type: 'dropped',
        field: 'system[1].cache_control',
        message: 'Cache marks are understood by Anthropic only.',
      },
      {
        type: 'dropped',
        field: 'system[1].cache_control',
        message: 'Cache marks are understood by Anthropic only.',
      },
      {
        type: 'approximated',
        field: 'thinking.budget_tokens',
        message: '10000 tokens became the effort "medium".',
      },
    ],
  }),
);

/** Refused at the door. */
export const REJECTED = detail(
  record(3, { status: 401, outcome: 'rejected', error: 'The API key is wrong or missing.\nSee /healthz.' }),
);

const message = (part: Part, more: Partial<CapturedMessage>): CapturedMessage => ({
  part,
  headers: [['content-type', 'application/json']],
  contentType: 'application/json',
  size: 1000,
  kept: 1000,
  ...more,
});

/** A request of 1 MB and a stream, of the client and of two attempts. */
export const CAPTURED = detail(
  record(4, {
    upstreamDialect: 'anthropic',
    modelAsked: 'claude-sonnet-4-5',
    modelServed: 'claude-sonnet-4-5',
    account: 'Anthropic work',
    chosenBy: 'turn',
    attempts: [
      {
        account: 'Anthropic old',
        model: 'claude-sonnet-4-5',
        dialect: 'anthropic',
        startMs: 2,
        durationMs: 90,
        status: 529,
        reason: 'overloaded',
      },
      {
        account: 'Anthropic work',
        model: 'claude-sonnet-4-5',
        dialect: 'anthropic',
        startMs: 95,
        firstByteMs: 500,
        durationMs: 2400,
        status: 200,
      },
    ],
    firstByteMs: 595,
    durationMs: 2500,
    usage: { inputTokens: 240_000, outputTokens: 120 },
  }),
  [
    message('request', {
      method: 'POST',
      url: '/v1/messages?beta=true',
      size: 1_048_700,
      kept: 1_048_700,
      headers: [
        ['host', '127.0.0.1:8045'],
        ['authorization', 'Bearer [redacted]'],
        ['user-agent', 'claude-cli/2.0.42 (external, cli)'],
        ['content-type', 'application/json'],
        ['anthropic-beta', 'interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14'],
      ],
    }),
    message('upstream-request', {
      attempt: 0,
      method: 'POST',
      url: 'https://api.anthropic.com/v1/messages',
      headers: [['x-api-key', '[redacted]']],
    }),
    message('upstream-response', { attempt: 0, status: 529, size: 80, kept: 80 }),
    message('upstream-request', {
      attempt: 1,
      method: 'POST',
      url: 'https://api.anthropic.com/v1/messages',
      headers: [['x-api-key', '[redacted]']],
      size: 2_000_000,
      kept: 1_048_576,
      note: 'longer than the limit of 1,024 KiB',
    }),
    message('upstream-response', {
      attempt: 1,
      status: 200,
      contentType: 'text/event-stream; charset=utf-8',
    }),
    message('response', {
      status: 200,
      contentType: 'text/event-stream; charset=utf-8',
      size: 5200,
      kept: 5200,
    }),
  ],
);

/** Failed; only headers are kept, as without capturing. */
export const HEADERS_ONLY = detail(
  record(5, {
    status: 502,
    outcome: 'failed',
    error: 'The answer was not JSON.',
    modelAsked: 'gpt-5',
    attempts: [{ account: 'Local', model: 'gpt-5', status: 200, reason: 'the answer was not JSON' }],
  }),
  [
    message('request', {
      method: 'POST',
      url: '/v1/messages',
      size: 912,
      kept: 0,
      note: 'bodies are not captured',
    }),
  ],
);

/** The client left. */
export const CANCELLED = detail(
  record(6, {
    status: 499,
    outcome: 'cancelled',
    modelAsked: 'gpt-5',
    modelServed: 'gpt-5',
    account: 'OpenAI',
    chosenBy: 'only',
    attempts: [{ account: 'OpenAI', model: 'gpt-5', startMs: 2, durationMs: 65_000 }],
    durationMs: 65_002,
  }),
);

/** Of its request, the beginning alone is kept. */
export const PART_KEPT = detail(record(7, {}), [
  message('request', {
    method: 'POST',
    url: '/v1/messages',
    size: 4096,
    kept: 1024,
    note: 'longer than the limit',
  }),
]);

export const DETAILS = [SUCCESS, FAILOVER, REJECTED, CAPTURED, HEADERS_ONLY, CANCELLED, PART_KEPT];

const QUESTION =
  'Why does the pool skip an account whose cap is reached? <img src=x onerror="globalThis.marked=1">';

/** JSON of about 1 MB as agents send it: a system prompt, tools, many messages. */
export const LARGE_REQUEST = JSON.stringify({
  model: 'claude-sonnet-4-5',
  max_tokens: 32_000,
  stream: true,
  temperature: 0.7,
  thinking: { type: 'enabled', budget_tokens: 10_000 },
  system: [{ type: 'text', text: 'You are a coding agent.\n'.repeat(2500), cache_control: null }],
  messages: Array.from({ length: 400 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [
      {
        type: 'text',
        text: index === 0 ? QUESTION : `${index}: ${'A line of a file, with some code in it. '.repeat(50)}`,
      },
      { type: 'tool_use', id: `toolu_${index}`, input: { path: `src/file-${index}.ts`, limit: index } },
    ],
  })),
});

const EVENTS = [
  ['message_start', { type: 'message_start', message: { id: 'msg_1', role: 'assistant' } }],
  [
    'content_block_delta',
    { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Its places ' } },
  ],
  ['content_block_delta', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'are taken.' } }],
  ['message_stop', { type: 'message_stop' }],
] as const;

/** Bodies as the monitor would give them. */
export function bodyOf({ part, raw }: { part: Part; raw?: boolean }): BodyText {
  if (part.endsWith('request'))
    return {
      text: raw ? LARGE_REQUEST : JSON.stringify(JSON.parse(LARGE_REQUEST), null, 2),
      language: 'json',
      reassembled: false,
      cut: false,
    };
  if (raw)
    return {
      text: EVENTS.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n`).join('\n'),
      language: 'text',
      reassembled: false,
      cut: false,
    };
  const text = {
    id: 'msg_1',
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'The cap counts requests in flight.' },
      { type: 'text', text: 'Its places are taken.' },
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 240_000, output_tokens: 120 },
  };
  return { text: JSON.stringify(text, null, 2), language: 'json', reassembled: true, cut: false };
}
