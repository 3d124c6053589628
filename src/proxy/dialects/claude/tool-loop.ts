import { isObject, type Json } from '../../../shared/json';

/** The blocks of a message. */
export const blocksOf = (message: Json | undefined): Json[] =>
  isObject(message) && Array.isArray(message['content']) ? message['content'] : [];

/**
 * Whether a conversation stands in a tool loop of which no step begins with reasoning. Claude refuses to begin thinking there:
 * "a final `assistant` message must start with a thinking block". A loop is one turn, so reasoning at the start of one of its
 * steps is enough. https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use
 * @param isAnswer whether a message brings results of tools
 * @param isReasoning whether a block is reasoning that the model takes back
 */
export function loopLacks(
  messages: readonly Json[],
  isAnswer: (message: Json | undefined) => boolean,
  isReasoning: (block: Json | undefined) => boolean,
): boolean {
  if (!isAnswer(messages.at(-1))) return false;
  const start = messages.findLastIndex(
    (message) => isObject(message) && message['role'] === 'user' && !isAnswer(message),
  );
  return !messages
    .slice(start + 1)
    .some(
      (message) => isObject(message) && message['role'] === 'assistant' && isReasoning(blocksOf(message)[0]),
    );
}
