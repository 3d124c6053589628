/** OpenAI Responses as a server speaks them (platform.openai.com/docs/api-reference/responses). */
import type { JsonObject } from '../../../shared/json';
import { callId, DEFAULT_USAGE, openaiLogprobs, pieces } from '../upstream/scripted-answer';
import type {
  ScriptedAnswer,
  ScriptedToolCall,
  SpeakContext,
  SpokenAnswer,
  WireEvent,
} from '../upstream/scripted-answer';

const INCOMPLETE: Partial<Record<NonNullable<ScriptedAnswer['stop']>, string>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
};

/** The events of one answer, numbered, and the items that they make. */
class Speech {
  readonly output: JsonObject[] = [];
  readonly events: WireEvent[] = [];
  private sequence = 0;

  emit(type: string, rest: JsonObject): void {
    this.events.push({
      event: type,
      data: JSON.stringify({ type, sequence_number: this.sequence++, ...rest }),
    });
  }

  /** One item: opened empty, filled by `fill`, then told as a whole. */
  item(item: JsonObject, empty: JsonObject, fill: (at: JsonObject) => void): void {
    const output_index = this.output.length;
    this.emit('response.output_item.added', {
      output_index,
      item: { ...item, ...('status' in item && { status: 'in_progress' }), ...empty },
    });
    fill({ item_id: item.id, output_index });
    this.emit('response.output_item.done', { output_index, item });
    this.output.push(item);
  }
}

function speakReasoning(speech: Speech, answer: ScriptedAnswer): void {
  if (answer.reasoning === undefined && answer.signature === undefined) return;
  const text = answer.reasoning ?? '';
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  const item: JsonObject = {
    id: 'rs_1',
    type: 'reasoning',
    summary,
    ...(answer.signature !== undefined && { encrypted_content: answer.signature }),
  };
  speech.item(item, { summary: [] }, (at) => {
    if (text === '') return;
    const place = { ...at, summary_index: 0 };
    speech.emit('response.reasoning_summary_part.added', {
      ...place,
      part: { type: 'summary_text', text: '' },
    });
    for (const delta of pieces(text, answer.pieceSize))
      speech.emit('response.reasoning_summary_text.delta', { ...place, delta });
    speech.emit('response.reasoning_summary_text.done', { ...place, text });
    speech.emit('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text } });
  });
}

function speakMessage(speech: Speech, answer: ScriptedAnswer, status: string): void {
  const { text, refusal } = answer;
  if (text === undefined && refusal === undefined) return;
  const logprobs = openaiLogprobs(answer.logprobs ?? []);
  const content: JsonObject[] = [];
  if (text !== undefined) content.push({ type: 'output_text', text, annotations: [], logprobs });
  if (refusal !== undefined) content.push({ type: 'refusal', refusal });
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status, content };
  speech.item(item, { content: [] }, (place) => {
    content.forEach((part, content_index) => {
      const at = { ...place, content_index };
      if (part.type === 'refusal') {
        speech.emit('response.content_part.added', { ...at, part: { type: 'refusal', refusal: '' } });
        for (const delta of pieces(refusal ?? '', answer.pieceSize))
          speech.emit('response.refusal.delta', { ...at, delta });
        speech.emit('response.refusal.done', { ...at, refusal });
      } else {
        speech.emit('response.content_part.added', { ...at, part: { ...part, text: '', logprobs: [] } });
        pieces(text ?? '', answer.pieceSize).forEach((delta, index) => {
          speech.emit('response.output_text.delta', { ...at, delta, logprobs: index === 0 ? logprobs : [] });
        });
        speech.emit('response.output_text.done', { ...at, text, logprobs });
      }
      speech.emit('response.content_part.done', { ...at, part });
    });
  });
}

function speakCall(speech: Speech, call: ScriptedToolCall, index: number, pieceSize?: number): void {
  const custom = call.free !== undefined;
  const input = call.free ?? JSON.stringify(call.arguments);
  const field = custom ? 'input' : 'arguments';
  const event = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const item: JsonObject = {
    id: `${custom ? 'ctc' : 'fc'}_${index + 1}`,
    type: custom ? 'custom_tool_call' : 'function_call',
    status: 'completed',
    call_id: callId(call, index, 'call_'),
    name: call.name,
    [field]: input,
  };
  speech.item(item, { [field]: '' }, (at) => {
    for (const delta of pieces(input, pieceSize)) speech.emit(`${event}.delta`, { ...at, delta });
    speech.emit(`${event}.done`, { ...at, [field]: input });
  });
}

/** The answer as a `response` body and as its stream of typed events. */
export function speakOpenaiResponses(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const used = answer.usage ?? DEFAULT_USAGE;
  const speech = new Speech();
  const base: JsonObject = {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1770000000,
    model: answer.model ?? context.model,
    error: null,
    incomplete_details: null,
    ...answer.extra,
  };
  const begun: JsonObject = { ...base, status: 'in_progress', output: [] };
  speech.emit('response.created', { response: begun });
  speech.emit('response.in_progress', { response: begun });
  const reason = INCOMPLETE[answer.stop ?? 'stop'];
  const status = reason === undefined ? 'completed' : 'incomplete';
  speakReasoning(speech, answer);
  speakMessage(speech, answer, status);
  (answer.toolCalls ?? []).forEach((call, index) => {
    speakCall(speech, call, index, answer.pieceSize);
  });

  const body: JsonObject = {
    ...base,
    status,
    ...(reason !== undefined && { incomplete_details: { reason } }),
    output: speech.output,
    usage: {
      input_tokens: used.input,
      input_tokens_details: {
        cached_tokens: used.cached ?? 0,
        ...(used.cacheWrite !== undefined && { cache_write_tokens: used.cacheWrite }),
      },
      output_tokens: used.output,
      output_tokens_details: { reasoning_tokens: used.reasoning ?? 0 },
      total_tokens: used.input + used.output,
    },
  };
  speech.emit(`response.${status}`, { response: body });
  return { body, events: speech.events };
}
