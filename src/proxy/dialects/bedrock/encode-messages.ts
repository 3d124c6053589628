import { warnOfLostDetails } from '../claude/warn-of-lost-details';
import { InvalidRequestError } from '../../errors';
import type { EncodeContext } from '../adapter';
import type { CanonicalRequest, Message, TextPart, ToolResultPart } from '../canonical';
import { orderMessages, type Turn } from '../order-messages';
import type { ToolNameMap } from '../tools/tool-names';
import { createCachePoints, type CachePoints } from './cache-points';
import { encodeAssistant } from './encode-assistant';
import {
  describeToolResult,
  DocumentNames,
  encodeFile,
  encodeText,
  encodeToolResult,
} from './encode-content';
import { ToolUseIds } from './tool-use-ids';
import { readModelName } from './vendor';
import { textOf, type WireBlock, type WireTurn } from './wire';

/** Stands where the API demands a user's message and the conversation has none. */
const PLACEHOLDER: WireBlock = { text: '(The conversation continues.)' };
const NO_RESULT = 'The tool gave no result.';

/** What encoding one conversation keeps in mind. */
export interface Conversation {
  context: EncodeContext;
  names: ToolNameMap;
  points: CachePoints;
  documents: DocumentNames;
  ids: ToolUseIds;
  /** The model is one of Anthropic's. */
  claude: boolean;
  /** Where reasoning stood that cannot be sent. */
  unproven: string[];
}

/**
 * The conversation as the API wants it: system text apart, turns that alternate and begin with the user, each call answered
 * at the start of the next turn, no blank text.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html
 */
export function encodeMessages(
  request: CanonicalRequest,
  names: ToolNameMap,
  context: EncodeContext,
): { system: WireBlock[]; turns: WireTurn[] } {
  const { warn, model } = context;
  warnOfLostDetails(request.messages, 'Amazon Bedrock has no field for the detail of images.', warn);
  const { vendor } = readModelName(model);
  const conversation: Conversation = {
    context,
    names,
    points: createCachePoints(model, warn),
    documents: new DocumentNames(),
    ids: new ToolUseIds(vendor),
    claude: vendor === 'anthropic',
    unproven: [],
  };
  const system: WireBlock[] = [];
  const turns: WireTurn[] = [];
  const add = (role: WireTurn['role'], blocks: WireBlock[]) => {
    if (blocks.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  };

  const leading = request.messages.findIndex((message) => message.role !== 'system');
  const begin = leading === -1 ? request.messages.length : leading;
  for (const turn of orderMessages(request.messages)) {
    const path = `messages[${turn.index}]`;
    switch (turn.kind) {
      case 'message':
        if (turn.message.role === 'user') add('user', encodeUser(turn.message, path, conversation));
        else if (turn.index < begin)
          system.push(...encodeTexts(turn.message.content, 'system', conversation));
        else add('user', encodeLateSystem(turn.message.content, path, conversation));
        break;
      case 'assistant': {
        const { blocks, wireIds } = encodeAssistant(turn.message, path, conversation);
        add('assistant', blocks);
        add('user', encodeAnswers(turn.answered, wireIds, path, conversation));
        break;
      }
      case 'orphan':
        add('user', encodeOrphan(turn.result, path, conversation));
        break;
    }
  }
  const [unproven] = conversation.unproven;
  if (unproven !== undefined)
    warn({
      type: 'dropped',
      field: unproven,
      message: `Reasoning without a signature of this model is not accepted and was left out (${conversation.unproven.length} parts).`,
    });
  if (turns.length === 0 && system.length === 0)
    throw new InvalidRequestError('The request has no content.', 'messages');
  if (turns[0]?.role !== 'user') {
    warn({
      type: 'changed',
      field: 'messages',
      message: 'Conversations begin with the user: a placeholder was put first.',
    });
    turns.unshift({ role: 'user', content: [PLACEHOLDER] });
  }
  for (const turn of turns) textBesideDocuments(turn, context);
  return { system, turns };
}

/**
 * Ends a conversation whose last word is the assistant's. With `keep` it is to be continued, and may then not end in
 * white space; other models refuse that, so the user speaks last.
 */
export function endConversation(turns: WireTurn[], keep: boolean, { warn }: EncodeContext): void {
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return;
  if (!keep) {
    warn({
      type: 'changed',
      field: 'messages',
      message: 'This model does not continue a last assistant message: a placeholder follows it.',
    });
    turns.push({ role: 'user', content: [PLACEHOLDER] });
    return;
  }
  const block = last.content.at(-1);
  if (typeof block?.['text'] === 'string') block['text'] = block['text'].trimEnd();
}

function encodeTexts(
  content: TextPart[],
  place: 'system' | 'messages',
  { points }: Conversation,
): WireBlock[] {
  return content.flatMap((part) => {
    const block = encodeText(part);
    return block ? [block, ...points.after(part.metadata, place)] : [];
  });
}

function encodeLateSystem(content: TextPart[], path: string, conversation: Conversation): WireBlock[] {
  const blocks = encodeTexts(content, 'messages', conversation);
  if (blocks.length === 0) return [];
  conversation.context.warn({
    type: 'changed',
    field: path,
    message: 'A system message inside the conversation was sent as the user’s, in <system> tags.',
  });
  return blocks.map((block) =>
    'text' in block ? { text: `<system>\n${textOf(block['text'])}\n</system>` } : block,
  );
}

function encodeUser(
  message: Extract<Message, { role: 'user' }>,
  path: string,
  conversation: Conversation,
): WireBlock[] {
  const { context, documents, points } = conversation;
  return message.content.flatMap((part, index): WireBlock[] => {
    const place = `${path}.content[${index}]`;
    switch (part.type) {
      case 'text':
        return encodeTexts([part], 'messages', conversation);
      case 'file':
        return [encodeFile(part, documents, place), ...points.after(part.metadata, 'messages')];
      case 'opaque':
        context.warn({
          type: 'dropped',
          field: place,
          message: `Amazon Bedrock has no block for ${part.label}.`,
        });
        return [];
    }
  });
}

/** The results of a turn's calls, in their order; the missing ones supplied. */
function encodeAnswers(
  answered: Extract<Turn, { kind: 'assistant' }>['answered'],
  wireIds: ReadonlyMap<string, string>,
  path: string,
  { context, documents, points }: Conversation,
): WireBlock[] {
  return answered.flatMap(({ call, result }): WireBlock[] => {
    const toolUseId = wireIds.get(call.id) ?? call.id;
    if (result) {
      const marks = [result, ...result.content].flatMap(({ metadata }) => points.after(metadata, 'messages'));
      return [encodeToolResult(result, toolUseId, documents, path), ...marks.slice(0, 1)];
    }
    context.warn({
      type: 'changed',
      field: 'messages',
      message: `A call (${toolUseId}) had no result; an error was put in its place.`,
    });
    return [{ toolResult: { toolUseId, content: [{ text: NO_RESULT }], status: 'error' } }];
  });
}

function encodeOrphan(
  result: ToolResultPart,
  path: string,
  { context, documents }: Conversation,
): WireBlock[] {
  context.warn({
    type: 'changed',
    field: path,
    message: 'A tool result without a call before it was sent as text.',
  });
  const files = result.content.flatMap((inner) =>
    inner.type === 'file' ? [encodeFile(inner, documents, path)] : [],
  );
  return [{ text: describeToolResult(result) }, ...files];
}

/** "A text block is required in the message when a document is included." */
function textBesideDocuments({ role, content }: WireTurn, { warn }: EncodeContext): void {
  const hasDocument = content.some((block) => 'document' in block);
  if (role !== 'user' || !hasDocument || content.some((block) => 'text' in block)) return;
  warn({
    type: 'changed',
    field: 'messages',
    message: 'Amazon Bedrock takes no document without text: a placeholder stands beside it.',
  });
  content.push({ text: '(See the document.)' });
}
