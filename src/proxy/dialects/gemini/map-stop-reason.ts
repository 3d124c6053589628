import type { Finish, StopReason } from '../canonical';

/** Every `finishReason` of https://ai.google.dev/api/generate-content#FinishReason and Vertex AI. */
const REASONS: Record<string, StopReason> = {
  FINISH_REASON_UNSPECIFIED: 'other',
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'other',
  OTHER: 'other',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed-tool-call',
  UNEXPECTED_TOOL_CALL: 'malformed-tool-call',
  TOO_MANY_TOOL_CALLS: 'malformed-tool-call',
  MISSING_THOUGHT_SIGNATURE: 'other',
  MALFORMED_RESPONSE: 'other',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  IMAGE_OTHER: 'other',
  NO_IMAGE: 'other',
  CONTINUATION: 'pause',
};

const WORDS: Record<StopReason, string> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  // Gemini has no reason of its own for calls.
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'context-length': 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'OTHER',
  'malformed-tool-call': 'MALFORMED_FUNCTION_CALL',
  other: 'OTHER',
};

/** `finishReason` to a stop reason. `STOP` after function calls means that they shall be answered. */
export function decodeStopReason(finishReason: string, hasToolCalls: boolean): StopReason {
  const reason = Object.hasOwn(REASONS, finishReason) ? (REASONS[finishReason] ?? 'other') : 'other';
  return reason === 'stop' && hasToolCalls ? 'tool-calls' : reason;
}

/** A stop reason to `finishReason`; Gemini's own word comes back where it came from Gemini. */
export function encodeStopReason(finish: Finish): string {
  const { raw, reason } = finish;
  if (raw !== undefined && Object.hasOwn(REASONS, raw)) {
    const meaning = REASONS[raw];
    if (meaning === reason || (meaning === 'stop' && reason === 'tool-calls')) return raw;
  }
  return WORDS[reason];
}
