/** The grammar of Anthropic's streams (docs.claude.com/en/docs/build-with-claude/streaming). */
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import type { WireEvent } from '../upstream/scripted-answer';
import { checkKeys, member, newReading, readData, textMember } from '../stream-reading';
import type { StreamReading } from '../stream-reading';

const DELTAS: Record<string, string[]> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  redacted_thinking: [],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};
const STOP_REASONS = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
];
/** Claude Code reads all of these from `message_start` (CASES.md 9). */
const USAGE = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
const USAGE_MORE = [
  'cache_creation',
  'service_tier',
  'server_tool_use',
  'inference_geo',
  'output_tokens_details',
  'iterations',
];

/** Reads a whole stream and complains of everything that the official SDK or Claude Code would stumble over. */
export function checkAnthropicStream(events: WireEvent[]): StreamReading {
  const reading = newReading();
  const complain = (text: string) => reading.complaints.push(text);
  let state: 'before' | 'open' | 'delta' | 'ended' = 'before';
  let open: { index: number; type: string; input: string; block: JsonObject } | undefined;
  let nextIndex = 0;

  for (const event of events) {
    const data = readData(event, reading);
    if (!data) continue;
    const type = textMember(data, 'type');
    if (event.event !== type) complain(`event ${event.event} carries type ${type}`);
    if (state === 'ended') {
      complain(`${type} after the end`);
      continue;
    }
    if (type === 'ping') continue;
    if (type === 'error') {
      reading.error = textMember(member(data, 'error'), 'message');
      if (!textMember(member(data, 'error'), 'type')) complain('an error without a type');
      state = 'ended';
      continue;
    }
    if (type !== 'message_start' && state === 'before') complain(`${type} before message_start`);
    switch (type) {
      case 'message_start': {
        if (state !== 'before') complain('a second message_start');
        state = 'open';
        startMessage(member(data, 'message'), reading);
        break;
      }
      case 'content_block_start': {
        const block = member(data, 'content_block');
        if (state === 'delta') complain('a block after message_delta');
        if (open) complain(`block ${String(data.index)} opens while ${open.index} is open`);
        if (data.index !== nextIndex) complain(`block index ${String(data.index)} instead of ${nextIndex}`);
        nextIndex++;
        open = { index: nextIndex - 1, type: textMember(block, 'type'), input: '', block };
        startBlock(block, reading);
        break;
      }
      case 'content_block_delta': {
        const delta = member(data, 'delta');
        const kind = textMember(delta, 'type');
        const block = open?.index === data.index ? open : undefined;
        if (!block) complain(`a delta for block ${String(data.index)}, which is not open`);
        else if (DELTAS[block.type]?.includes(kind) === false) complain(`${kind} in a ${block.type} block`);
        if (kind === 'text_delta') reading.text += textMember(delta, 'text');
        if (kind === 'thinking_delta') reading.reasoning += textMember(delta, 'thinking');
        if (kind === 'input_json_delta' && block) block.input += textMember(delta, 'partial_json');
        break;
      }
      case 'content_block_stop':
        if (open?.index !== data.index) complain(`block ${String(data.index)} ends, which is not open`);
        if (open?.type === 'tool_use') endCall(open, reading);
        open = undefined;
        break;
      case 'message_delta': {
        if (open) complain(`message_delta while block ${open.index} is open`);
        if (state === 'delta') complain('a second message_delta');
        state = 'delta';
        const stop = textMember(member(data, 'delta'), 'stop_reason');
        if (!STOP_REASONS.includes(stop)) complain(`unknown stop_reason ${stop}`);
        if (!('stop_sequence' in member(data, 'delta'))) complain('message_delta lacks stop_sequence');
        reading.stop = stop;
        checkKeys(
          member(data, 'usage'),
          'message_delta.usage',
          ['output_tokens'],
          [...USAGE, ...USAGE_MORE],
          reading,
        );
        reading.usage = { ...reading.usage, ...member(data, 'usage') };
        break;
      }
      case 'message_stop':
        if (state !== 'delta') complain('message_stop without message_delta');
        state = 'ended';
        break;
      default:
        complain(`unknown event ${type}`);
    }
  }
  if (state !== 'ended') complain('no message_stop and no error at the end');
  if (reading.error === undefined && reading.calls.length > 0 && reading.stop === 'end_turn')
    complain('calls, but stop_reason end_turn');
  return reading;
}

function startMessage(message: JsonObject, reading: StreamReading): void {
  const expected: JsonObject = { type: 'message', role: 'assistant', stop_reason: null, stop_sequence: null };
  for (const [key, value] of Object.entries(expected))
    if (message[key] !== value)
      reading.complaints.push(`message_start: ${key} is ${JSON.stringify(message[key])}`);
  if (!textMember(message, 'id')) reading.complaints.push('message_start without an id');
  if (!textMember(message, 'model')) reading.complaints.push('message_start without a model');
  if (!Array.isArray(message.content) || message.content.length > 0)
    reading.complaints.push('message_start: content is not empty');
  for (const block of Array.isArray(message.content) ? message.content : [])
    if (isObject(block) && block.type === 'tool_use') endCall({ input: '', block }, reading);
  checkKeys(member(message, 'usage'), 'message_start.usage', USAGE, USAGE_MORE, reading);
  reading.usage = member(message, 'usage');
}

function startBlock(block: JsonObject, reading: StreamReading): void {
  const type = textMember(block, 'type');
  if (type === 'text') reading.text += textMember(block, 'text');
  if (type === 'thinking') reading.reasoning += textMember(block, 'thinking');
  if (type !== 'tool_use') return;
  if (!textMember(block, 'id') || !textMember(block, 'name'))
    reading.complaints.push('tool_use without id or name');
  if (JSON.stringify(block.input) !== '{}')
    reading.complaints.push('tool_use opens with input other than {}');
}

function endCall(open: { input: string; block: JsonObject }, reading: StreamReading): void {
  const id = textMember(open.block, 'id');
  if (reading.calls.some((call) => call.id === id)) reading.complaints.push(`two calls with id ${id}`);
  const input = open.input === '' ? JSON.stringify(open.block.input ?? {}) : open.input;
  try {
    JSON.parse(input);
  } catch {
    reading.complaints.push(`arguments of ${id} are no JSON: ${input.slice(0, 80)}`);
  }
  reading.calls.push({ id, name: textMember(open.block, 'name'), input });
}
