import type { AssistantPart, Finish, StopReason } from '../canonical';

/** https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason, and servers like it. */
const FROM_WIRE: Record<string, StopReason> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  length: 'length',
  max_tokens: 'length',
  // Mistral: the context is full.
  model_length: 'context-length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  // Moonshot, z.ai.
  sensitive: 'content-filter',
};

/**
 * `finish_reason` → what it means. Servers that say "stop" behind tool calls mean the calls; a refusal in words
 * ends with "stop" too.
 */
export function decodeFinish(reason: string | undefined, content: Pick<AssistantPart, 'type'>[]): Finish {
  const calls = content.some((part) => part.type === 'tool-call');
  const refused = content.some((part) => part.type === 'refusal');
  const mapped = reason === undefined ? 'stop' : (FROM_WIRE[reason] ?? 'other');
  const meant = mapped !== 'stop' ? mapped : calls ? 'tool-calls' : refused ? 'refusal' : 'stop';
  return { reason: meant, ...(reason !== undefined && { raw: reason }) };
}

/** What it means → `finish_reason`. */
export function encodeFinish(
  { reason }: Finish,
  content: { calls: boolean; refused: boolean; legacy: boolean },
): 'stop' | 'length' | 'tool_calls' | 'function_call' | 'content_filter' {
  const calling = content.legacy ? 'function_call' : 'tool_calls';
  switch (reason) {
    case 'stop':
    case 'stop-sequence':
    case 'pause':
    case 'malformed-tool-call':
    case 'other':
      return content.calls ? calling : 'stop';
    case 'length':
    case 'context-length':
      return 'length';
    case 'tool-calls':
      return content.calls ? calling : 'stop';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      // With the words of the refusal OpenAI says "stop"; without them the filter is the nearest.
      return content.refused ? 'stop' : 'content_filter';
  }
}
