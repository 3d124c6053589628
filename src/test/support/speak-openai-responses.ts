/** OpenAI Responses as a server speaks them (platform.openai.com/docs/api-reference/responses). */
import type { JsonObject } from '../../shared/json';
import { callId, DEFAULT_USAGE, pieces } from './scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer, WireEvent } from './scripted-answer';

/** The answer as a `response` body and as its stream of typed events. */
export function speakOpenaiResponses(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const model = answer.model ?? context.model;
  const used = answer.usage ?? DEFAULT_USAGE;
  const output: JsonObject[] = [];
  const events: WireEvent[] = [];
  let sequence = 0;
  const emit = (type: string, rest: JsonObject) => {
    events.push({ event: type, data: JSON.stringify({ type, sequence_number: sequence++, ...rest }) });
  };
  const base: JsonObject = {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1770000000,
    model,
    error: null,
    incomplete_details: null,
    ...answer.extra,
  };
  const begun: JsonObject = { ...base, status: 'in_progress', output: [] };
  emit('response.created', { response: begun });
  emit('response.in_progress', { response: begun });

  if (answer.text !== undefined) {
    const at = { item_id: 'msg_1', output_index: output.length, content_index: 0 };
    const part: JsonObject = { type: 'output_text', text: answer.text, annotations: [], logprobs: [] };
    const item: JsonObject = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [part],
    };
    emit('response.output_item.added', {
      output_index: output.length,
      item: { ...item, status: 'in_progress', content: [] },
    });
    emit('response.content_part.added', { ...at, part: { ...part, text: '' } });
    for (const delta of pieces(answer.text))
      emit('response.output_text.delta', { ...at, delta, logprobs: [] });
    emit('response.output_text.done', { ...at, text: answer.text, logprobs: [] });
    emit('response.content_part.done', { ...at, part });
    emit('response.output_item.done', { output_index: output.length, item });
    output.push(item);
  }
  (answer.toolCalls ?? []).forEach((call, index) => {
    const id = `fc_${index + 1}`;
    const at = { item_id: id, output_index: output.length };
    const input = JSON.stringify(call.arguments);
    const item: JsonObject = {
      id,
      type: 'function_call',
      status: 'completed',
      call_id: callId(call, index, 'call_'),
      name: call.name,
      arguments: input,
    };
    emit('response.output_item.added', {
      output_index: output.length,
      item: { ...item, status: 'in_progress', arguments: '' },
    });
    for (const delta of pieces(input)) emit('response.function_call_arguments.delta', { ...at, delta });
    emit('response.function_call_arguments.done', { ...at, arguments: input });
    emit('response.output_item.done', { output_index: output.length, item });
    output.push(item);
  });

  const body: JsonObject = {
    ...base,
    status: 'completed',
    output,
    usage: {
      input_tokens: used.input,
      input_tokens_details: { cached_tokens: used.cached ?? 0 },
      output_tokens: used.output,
      output_tokens_details: { reasoning_tokens: used.reasoning ?? 0 },
      total_tokens: used.input + used.output,
    },
  };
  emit('response.completed', { response: body });
  return { body, events };
}
