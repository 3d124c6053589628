import type { StopReason } from '../canonical';

const FROM_WIRE: Record<string, StopReason> = {
  end_turn: 'stop',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  // Beta: the conversation was summarised and waits to be gone on with.
  compaction: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-length',
};

const TO_WIRE: Record<StopReason, string> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  'context-length': 'model_context_window_exceeded',
  'malformed-tool-call': 'end_turn',
  other: 'end_turn',
};

/**
 * Anthropic's `stop_reason` in canonical words. Compatible servers end turns with calls in `end_turn`; agents wait
 * for `tool-calls` then, so the content decides. https://platform.claude.com/docs/en/api/handling-stop-reasons
 */
export function decodeStopReason(wire: unknown, hasToolCalls: boolean): StopReason {
  const reason = typeof wire === 'string' ? (FROM_WIRE[wire] ?? 'other') : hasToolCalls ? 'stop' : 'other';
  return reason === 'stop' && hasToolCalls ? 'tool-calls' : reason;
}

/** The canonical reason as `stop_reason`; `tool_use` exactly where the answer that ended normally has calls. */
export function encodeStopReason(reason: StopReason, hasToolCalls: boolean): string {
  const wire = TO_WIRE[reason];
  if (wire === 'end_turn' && hasToolCalls && reason !== 'malformed-tool-call') return 'tool_use';
  if (wire === 'tool_use' && !hasToolCalls) return 'end_turn';
  return wire;
}
