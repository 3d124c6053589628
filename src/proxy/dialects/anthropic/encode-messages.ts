import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';
import type { EncodeContext } from '../adapter';
import type { AssistantMessage, CanonicalRequest, Message, TextPart, ToolResultPart } from '../canonical';
import { objectInput, wrappedInput } from '../tools/object-input';
import { answerKey } from '../signatures/text-key';
import type { ToolNameMap } from '../tools/tool-names';
import { describeToolResult, encodeFile, encodeText, encodeToolResult, warnDropped } from './encode-content';
import { recallThinking } from './thinking-memory';
import { isThinking } from './tool-loop';
import { createToolCallIds, type ToolCallIds } from './tool-call-ids';
import { warnOfLostDetails } from '../claude/warn-of-lost-details';
import type { WireBlock, WireTurn } from './wire';

/** Stands where the API demands a user's message and the conversation has none. */
const PLACEHOLDER: WireBlock = { type: 'text', text: '(The conversation continues.)' };
const NO_RESULT = 'The tool gave no result.';

/**
 * The conversation as the API wants it: system text first, then turns that alternate and begin with the user, each
 * call answered at the start of the next turn. https://platform.claude.com/docs/en/api/messages#body-messages,
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls
 */
export function encodeMessages(
  request: CanonicalRequest,
  names: ToolNameMap,
  context: EncodeContext,
): { system: WireBlock[]; turns: WireTurn[] } {
  const { warn } = context;
  warnOfLostDetails(request.messages, 'Claude chooses the detail of images itself.', warn);
  const leading = request.messages.findIndex((message) => message.role !== 'system');
  const body = leading === -1 ? [] : request.messages.slice(leading);
  const offset = request.messages.length - body.length;
  const system = request.messages
    .slice(0, offset)
    .flatMap((message) =>
      message.role === 'system' ? message.content.flatMap((part) => encodeText(part) ?? []) : [],
    );

  const turns: WireTurn[] = [];
  const ids = createToolCallIds();
  /** Calls of the last assistant turn that still wait for their result: the client's id → ids upstream. */
  let waiting = new Map<string, string[]>();
  let answered: WireBlock[] = [];
  /** Where reasoning of others stood. */
  const foreign: string[] = [];

  const add = (role: WireTurn['role'], blocks: WireBlock[]) => {
    if (blocks.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  };
  /** Before the assistant speaks again, or at the end: results first, the missing ones supplied. */
  const settle = () => {
    for (const wireId of [...waiting.values()].flat()) {
      warn({
        type: 'changed',
        field: 'messages',
        message: `A call (${wireId}) had no result; an error was put in its place.`,
      });
      answered.push({ type: 'tool_result', tool_use_id: wireId, content: NO_RESULT, is_error: true });
    }
    waiting = new Map();
    if (answered.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === 'user') last.content.unshift(...answered);
    else add('user', answered);
    answered = [];
  };
  const answer = (part: ToolResultPart, path: string) => {
    const wireId = waiting.get(part.callId)?.shift();
    if (wireId !== undefined) {
      answered.push(encodeToolResult(part, wireId, path));
      if (waiting.get(part.callId)?.length === 0) waiting.delete(part.callId);
      return;
    }
    warn({
      type: 'changed',
      field: path,
      message: 'A tool result without a call before it was sent as text.',
    });
    const files = part.content.flatMap((inner) => (inner.type === 'file' ? [encodeFile(inner, path)] : []));
    add('user', [{ type: 'text', text: describeToolResult(part) }, ...files]);
  };

  for (const [index, message] of body.entries()) {
    const path = `messages[${offset + index}]`;
    switch (message.role) {
      case 'system':
        add('user', encodeLateSystem(message.content, path, context));
        break;
      case 'user':
        add('user', encodeUser(message, path, context));
        break;
      case 'tool':
        for (const part of message.content) answer(part, path);
        break;
      case 'assistant': {
        const { blocks, calls, lost } = encodeAssistant(message, path, names, ids, context);
        foreign.push(...lost);
        if (blocks.length === 0) break;
        // A second message of the same turn may follow before the results: all calls of the turn wait together.
        if (turns.at(-1)?.role === 'user' || answered.length > 0) settle();
        for (const [id, wireId] of calls) waiting.set(id, [...(waiting.get(id) ?? []), wireId]);
        add('assistant', blocks);
        break;
      }
    }
  }
  settle();
  if (foreign[0] !== undefined)
    warnDropped(
      warn,
      foreign[0],
      `Reasoning without a signature of Anthropic is not accepted and was left out (${foreign.length} parts).`,
    );
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
  return { system, turns };
}

/**
 * Ends a conversation whose last word is the assistant's. With `keep` it is to be continued, and may then not end in
 * white space; other models refuse that, so the user speaks last.
 */
export function endConversation(turns: WireTurn[], keep: boolean, context: EncodeContext): void {
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return;
  if (!keep) {
    context.warn({
      type: 'changed',
      field: 'messages',
      message: 'This model does not continue a last assistant message: a placeholder follows it.',
    });
    turns.push({ role: 'user', content: [PLACEHOLDER] });
    return;
  }
  const block = last.content.at(-1);
  if (block?.type === 'text' && typeof block['text'] === 'string') block['text'] = block['text'].trimEnd();
}

function encodeLateSystem(content: TextPart[], path: string, { warn }: EncodeContext): WireBlock[] {
  const blocks = content.flatMap((part) => encodeText(part) ?? []);
  if (blocks.length === 0) return [];
  warn({
    type: 'changed',
    field: path,
    message: 'A system message inside the conversation was sent as the user’s, in <system> tags.',
  });
  return blocks.map((block) => ({ ...block, text: `<system>\n${String(block['text'])}\n</system>` }));
}

function encodeUser(
  message: Extract<Message, { role: 'user' }>,
  path: string,
  { warn }: EncodeContext,
): WireBlock[] {
  return message.content.flatMap((part, index): WireBlock[] => {
    const place = `${path}.content[${index}]`;
    if (part.type === 'text') return (encodeText(part) ?? []) as WireBlock[];
    if (part.type === 'file') return [encodeFile(part, place)];
    if (part.dialect === 'anthropic' && isObject(part.value)) return [part.value as WireBlock];
    warnDropped(warn, place, `Anthropic has no block for ${part.label}.`);
    return [];
  });
}

function encodeAssistant(
  message: AssistantMessage,
  path: string,
  names: ToolNameMap,
  ids: ToolCallIds,
  context: EncodeContext,
): { blocks: WireBlock[]; calls: [id: string, wireId: string][]; lost: string[] } {
  const { warn, signatures } = context;
  const blocks: WireBlock[] = [];
  const calls: [id: string, wireId: string][] = [];
  const ownReasoning = message.content.some((part) => part.type === 'reasoning' && part.metadata?.anthropic);
  let recalled = false;
  const unsigned: string[] = [];
  for (const [index, part] of message.content.entries()) {
    const place = `${path}.content[${index}]`;
    switch (part.type) {
      case 'text':
      case 'refusal': {
        const block = encodeText({ ...part, type: 'text' });
        if (block) blocks.push(block);
        break;
      }
      case 'reasoning': {
        const own = part.metadata?.anthropic;
        if (typeof own?.['redacted'] === 'string')
          blocks.push({ type: 'redacted_thinking', data: own['redacted'] });
        else if (typeof own?.['signature'] === 'string' && own['signature'] !== '')
          blocks.push({ type: 'thinking', thinking: part.text, signature: own['signature'] });
        else unsigned.push(place);
        break;
      }
      case 'tool-call': {
        if (!ownReasoning) {
          const thinking = recallThinking(signatures, part.id);
          // What was thought before the first call stood before everything that was said.
          if (calls.length === 0) blocks.unshift(...thinking);
          else blocks.push(...thinking);
          recalled ||= thinking.length > 0;
        }
        const wireId = ids.forCall(part.id);
        calls.push([part.id, wireId]);
        blocks.push({
          type: 'tool_use',
          id: wireId,
          name: names.toWire(part.name),
          input: objectInput(part, () => warn(wrappedInput(part.name))),
          ...part.metadata?.anthropic,
        });
        break;
      }
      case 'file':
        warnDropped(
          warn,
          place,
          `Anthropic takes no files (${part.mediaType}) in messages of the assistant.`,
        );
        break;
      case 'opaque':
        if (part.dialect === 'anthropic' && isObject(part.value)) blocks.push(part.value as WireBlock);
        else warnDropped(warn, place, `Anthropic has no block for ${part.label}.`);
        break;
    }
  }
  if (!ownReasoning && calls.length === 0) {
    const thinking = recallThinking(signatures, answerKey(message.content));
    blocks.unshift(...thinking);
    recalled = thinking.length > 0;
  }
  return { blocks: leadWithThinking(blocks), calls, lost: recalled ? [] : unsigned };
}

/**
 * Thinking before the text that it led to, as the API gives it, wherever the client's history had it. Behind calls it
 * stands where it was: it was thought there.
 */
function leadWithThinking(blocks: WireBlock[]): WireBlock[] {
  if (isThinking(blocks[0])) return blocks;
  const end = blocks.findIndex((block) => block.type !== 'text' && !isThinking(block));
  const head = end < 0 ? blocks : blocks.slice(0, end);
  return [
    ...head.filter(isThinking),
    ...head.filter((block) => !isThinking(block)),
    ...blocks.slice(head.length),
  ];
}
