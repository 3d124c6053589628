import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Finish, StopReason } from '../canonical';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html */
const REASONS: Record<string, StopReason> = {
  end_turn: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  guardrail_intervened: 'content-filter',
  content_filtered: 'content-filter',
  refusal: 'refusal',
  malformed_model_output: 'malformed-tool-call',
  malformed_tool_use: 'malformed-tool-call',
  model_context_window_exceeded: 'context-length',
};

/** Which stop sequence was met, where Claude was asked for it. */
function stopSequence(fields: Json | undefined): string | undefined {
  if (!isObject(fields)) return undefined;
  const inner = isObject(fields['delta']) ? fields['delta']['stop_sequence'] : undefined;
  const sequence = inner ?? fields['stop_sequence'];
  return typeof sequence === 'string' ? sequence : undefined;
}

/**
 * How an answer ended, from a whole answer or from a stream's `messageStop`. Some models end turns with calls in
 * `end_turn`; agents wait for `tool-calls` then, so the content decides.
 */
export function decodeFinish(wire: JsonObject, hasToolCalls: boolean): Finish {
  const { stopReason: raw, additionalModelResponseFields } = wire;
  const reason = typeof raw === 'string' && Object.hasOwn(REASONS, raw) ? (REASONS[raw] ?? 'other') : 'other';
  const sequence = stopSequence(additionalModelResponseFields);
  return {
    reason: reason === 'stop' && hasToolCalls ? 'tool-calls' : reason,
    ...(sequence !== undefined && { stopSequence: sequence }),
    ...(typeof raw === 'string' && { raw }),
  };
}
