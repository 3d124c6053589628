/** Takes thinking out of a request of this dialect, so that the API accepts what is left. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { isEnvelope } from '../signatures/envelope';
import { dropForeignCitations } from './citations';
import { isForeignStep } from './server-steps';
import { isThinking, loopLacksThinking } from './tool-loop';

/** Thinking that Portside put there for another provider. */
const isForeign = (block: Json): boolean =>
  isThinking(block) && isObject(block) && (isEnvelope(block['signature']) || isEnvelope(block['data']));

/**
 * Without the blocks that `unwanted` names. A message that has nothing else goes as a whole: the API refuses empty
 * lists and text that is blank, and takes the messages around it as one turn.
 * https://platform.claude.com/docs/en/api/messages#body-messages ("consecutive turns will be combined")
 */
function dropBlocks(body: JsonObject, unwanted: (block: Json) => boolean): boolean {
  const { messages } = body;
  if (!Array.isArray(messages)) return false;
  let dropped = false;
  body['messages'] = messages.flatMap((message): Json[] => {
    if (!isObject(message) || message['role'] !== 'assistant' || !Array.isArray(message['content']))
      return [message];
    const kept = message['content'].filter((block) => !unwanted(block));
    if (kept.length === message['content'].length) return [message];
    dropped = true;
    return kept.length === 0 ? [] : [{ ...message, content: kept }];
  });
  return dropped;
}

/**
 * In a tool loop that has lost its thinking the API refuses `enabled`, and this edit of contexts without thinking. Says whether
 * that is how it stood.
 */
function settleThinking(body: JsonObject): boolean {
  const { thinking, messages, context_management: management } = body;
  if (!isObject(thinking) || thinking['type'] !== 'enabled') return false;
  if (!Array.isArray(messages) || !loopLacksThinking(messages)) return false;
  body['thinking'] = { type: 'disabled' };
  if (!isObject(management) || !Array.isArray(management['edits'])) return true;
  const edits = management['edits'].filter(
    (edit) => !isObject(edit) || !String(edit['type']).startsWith('clear_thinking'),
  );
  if (edits.length > 0) body['context_management'] = { ...management, edits };
  else delete body['context_management'];
  return true;
}

/** Citations in texts of the assistant that Portside made out of another provider's. */
function dropCitations(body: JsonObject): void {
  if (!Array.isArray(body['messages'])) return;
  for (const message of body['messages']) {
    if (!isObject(message) || !Array.isArray(message['content'])) continue;
    message['content'] = message['content'].map((block) =>
      isObject(block) ? dropForeignCitations(block) : block,
    );
  }
}

/** See `DialectAdapter.dropEnvelopes`: thinking, what other providers' tools did, and citations of theirs. */
export function dropEnvelopes(body: JsonObject): void {
  dropBlocks(body, isForeignStep);
  dropCitations(body);
  if (dropBlocks(body, isForeign)) settleThinking(body);
}

/**
 * See `DialectAdapter.dropReasoning`: all thinking of earlier turns. There may be none, and thinking be refused for that: the
 * loop began at an account that gave none.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function dropReasoning(body: JsonObject): boolean {
  const dropped = dropBlocks(body, isThinking);
  return settleThinking(body) || dropped;
}
