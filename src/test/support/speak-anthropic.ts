/** Anthropic messages as a server speaks them (docs.claude.com/en/api/messages, …/build-with-claude/streaming). */
import type { JsonObject } from '../../shared/json';
import { callId, DEFAULT_USAGE, pieces } from './scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer, WireEvent } from './scripted-answer';

const STOP = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal' } as const;

/** The answer as a `message` body and as its stream of named events. */
export function speakAnthropic(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const model = answer.model ?? context.model;
  const used = answer.usage ?? DEFAULT_USAGE;
  const cached = used.cached ?? 0;
  const usage: JsonObject = {
    input_tokens: used.input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: used.output,
    service_tier: 'standard',
  };
  const calls = answer.toolCalls ?? [];
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
        ...pieces(answer.reasoning).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature },
      ],
    );
  }
  if (answer.text !== undefined)
    block(
      { type: 'text', text: answer.text },
      { type: 'text', text: '' },
      pieces(answer.text).map((text) => ({ type: 'text_delta', text })),
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
      ...pieces(JSON.stringify(call.arguments)).map((partial) => ({
        type: 'input_json_delta',
        partial_json: partial,
      })),
    ]);
  });
  emit('message_delta', {
    delta: { stop_reason: stop, stop_sequence: null },
    usage: { output_tokens: used.output },
  });
  emit('message_stop', {});

  return {
    body: { ...message, content, stop_reason: stop, stop_sequence: null, usage, ...answer.extra },
    events,
  };
}
