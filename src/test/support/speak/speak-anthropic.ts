/** Anthropic messages as a server speaks them (docs.claude.com/en/api/messages, …/build-with-claude/streaming). */
import type { JsonObject } from '../../../shared/json';
import { callId, DEFAULT_USAGE, pieces } from '../upstream/scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer, WireEvent } from '../upstream/scripted-answer';

const STOP = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'refusal',
  refusal: 'refusal',
  'stop-sequence': 'stop_sequence',
} as const;

/** The answer as a `message` body and as its stream of named events. */
export function speakAnthropic(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const model = answer.model ?? context.model;
  const used = answer.usage ?? DEFAULT_USAGE;
  const cached = used.cached ?? 0;
  const written = used.cacheWrite ?? 0;
  const usage: JsonObject = {
    input_tokens: used.input - cached - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: used.output,
    service_tier: 'standard',
    ...(used.reasoning !== undefined && { output_tokens_details: { thinking_tokens: used.reasoning } }),
  };
  const calls = answer.toolCalls ?? [];
  const text = answer.text ?? answer.refusal;
  const stopSequence = answer.stopSequence ?? null;
  const stop = calls.length && !answer.stop ? 'tool_use' : STOP[answer.stop ?? 'stop'];
  const content: JsonObject[] = [];
  const events: WireEvent[] = [];
  const emit = (type: string, rest: JsonObject) => {
    events.push({ event: type, data: JSON.stringify({ type, ...rest }) });
  };
  const block = (whole: JsonObject, opened: JsonObject, deltas: JsonObject[]) => {
    const index = content.length;
    emit('content_block_start', { index, content_block: opened });
    if (index === 0) emit('ping', {});
    for (const delta of deltas) emit('content_block_delta', { index, delta });
    emit('content_block_stop', { index });
    content.push(whole);
  };
  const message: JsonObject = { id: 'msg_scripted', type: 'message', role: 'assistant', model };

  emit('message_start', {
    message: {
      ...message,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
      ...answer.extra,
    },
  });
  if (answer.reasoning !== undefined) {
    const signature = answer.signature ?? 'c2lnbmF0dXJlLW9mLXNjcmlwdA==';
    block(
      { type: 'thinking', thinking: answer.reasoning, signature },
      { type: 'thinking', thinking: '', signature: '' },
      [
        ...pieces(answer.reasoning, answer.pieceSize).map((thinking) => ({
          type: 'thinking_delta',
          thinking,
        })),
        { type: 'signature_delta', signature },
      ],
    );
  }
  if (answer.redacted !== undefined) {
    const whole: JsonObject = { type: 'redacted_thinking', data: answer.redacted };
    block(whole, whole, []);
  }
  if (text !== undefined)
    block(
      { type: 'text', text },
      { type: 'text', text: '' },
      pieces(text, answer.pieceSize).map((piece) => ({ type: 'text_delta', text: piece })),
    );
  calls.forEach((call, index) => {
    const opened: JsonObject = {
      type: 'tool_use',
      id: callId(call, index, 'toolu_'),
      name: call.name,
      input: {},
    };
    block({ ...opened, input: call.arguments }, opened, [
      { type: 'input_json_delta', partial_json: '' },
      ...pieces(JSON.stringify(call.arguments), answer.pieceSize).map((partial) => ({
        type: 'input_json_delta',
        partial_json: partial,
      })),
    ]);
  });
  emit('message_delta', {
    delta: { stop_reason: stop, stop_sequence: stopSequence },
    usage: {
      output_tokens: used.output,
      ...(used.reasoning !== undefined && { output_tokens_details: { thinking_tokens: used.reasoning } }),
    },
  });
  emit('message_stop', {});

  return {
    body: { ...message, content, stop_reason: stop, stop_sequence: stopSequence, usage, ...answer.extra },
    events,
  };
}
