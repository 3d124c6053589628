import { isObject, type Json } from '../../../shared/json';
import { blocksOf, loopLacks } from '../claude/tool-loop';
import { isEnvelope } from '../signatures/envelope';

/** Whether a block is thinking, of whomever. */
export function isThinking(block: Json | undefined): boolean {
  return isObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking');
}

/** Whether a block is thinking that the API may take back: signed or redacted, and not by another provider. */
export function isKeptThinking(block: Json | undefined): boolean {
  if (!isObject(block)) return false;
  const proof =
    block['type'] === 'redacted_thinking'
      ? block['data']
      : block['type'] === 'thinking'
        ? block['signature']
        : '';
  return typeof proof === 'string' && proof !== '' && !isEnvelope(proof);
}

const isAnswer = (message: Json | undefined): boolean =>
  isObject(message) &&
  message['role'] === 'user' &&
  blocksOf(message).some((block) => isObject(block) && block['type'] === 'tool_result');

/**
 * Whether the conversation stands in a tool loop of which no step begins with thinking. `thinking: enabled` is refused
 * there: "a final `assistant` message must start with a thinking block". A loop is one turn, so thinking at the start
 * of one of its steps is enough; `adaptive` asks for none.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use
 */
export function loopLacksThinking(messages: readonly Json[]): boolean {
  return loopLacks(messages, isAnswer, isKeptThinking);
}
