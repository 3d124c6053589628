/**
 * Items of an answer → canonical parts, for whole answers and for what a stream says at the end of each item.
 * Reference: https://platform.openai.com/docs/api-reference/responses/object#responses-object-output
 */
import type { Json, JsonObject } from '../../../shared/json';
import type { AnswerContext } from '../adapter';
import type { AssistantPart, OpaquePart, ReasoningPart } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { decodeAnnotation } from '../openai/citations';
import { clientToolOf, inputOfItem, isForClient } from './client-tool-items';
import { contentsOf, filled, noted, objectsIn, paragraphsOf, textOf } from './read-item';
import { stepOf } from './server-steps';
import { DIALECT, flatName } from './wire';

/** A call as an item tells it. */
export interface ItemCall {
  callId: string | undefined;
  /** As the client declared it; undefined where the item does not name it. */
  name: string | undefined;
  kind: 'function' | 'custom';
  /** A custom tool of the client in a function's clothes: `input` is JSON around the text. */
  wrapped: boolean;
  /** As the item has it; '' where there is none (yet). */
  input: string;
  note: JsonObject;
}

/** The arguments as JSON text; some servers give an object. */
const argumentsOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

function nameOf(item: JsonObject, context: AnswerContext): string | undefined {
  const name = filled(item.name);
  if (name === undefined) return undefined;
  const namespace = filled(item.namespace);
  // A tool that was found by search is a namespace of its own.
  const whole = namespace === undefined || namespace === name ? name : flatName(namespace, name);
  return context.restoreToolName?.(whole) ?? whole;
}

/** The call that an item makes of the client; undefined for items that are no calls, or not the client's to run. */
export function callOf(item: JsonObject, context: AnswerContext): ItemCall | undefined {
  const type = textOf(item.type);
  const id = filled(item.id);
  const callId = filled(item.call_id);
  const own = id === undefined ? {} : { id };
  if (type === 'function_call' || type === 'custom_tool_call') {
    const name = nameOf(item, context);
    const custom = type === 'custom_tool_call';
    const wrapped = !custom && name !== undefined && context.customToolNames?.has(name) === true;
    const namespace = filled(item.namespace);
    return {
      callId,
      name,
      kind: custom || wrapped ? 'custom' : 'function',
      wrapped,
      input: argumentsOf(custom ? item.input : item.arguments),
      note: { ...own, ...(namespace !== undefined && { namespace, name: item.name }) },
    };
  }
  const tool = clientToolOf(type);
  if (!tool || !isForClient(item)) return undefined;
  return {
    callId,
    name: context.restoreToolName?.(tool) ?? tool,
    kind: 'function',
    wrapped: false,
    input: inputOfItem(tool, item),
    note: { ...own, item: type },
  };
}

/** The input of a whole call: never empty for functions, unwrapped for custom tools. */
export function wholeInput(call: ItemCall): string {
  if (call.wrapped) return unwrapCustomInput(call.input);
  return call.kind === 'function' ? call.input || '{}' : call.input;
}

/** What only this API understands of a reasoning item. */
export function reasoningNote(item: JsonObject): JsonObject {
  const { id, encrypted_content: encrypted } = item;
  const summary = objectsIn(item.summary);
  const content = objectsIn(item.content);
  return {
    ...(filled(id) !== undefined && { id }),
    ...(filled(encrypted) !== undefined && { encrypted_content: encrypted }),
    ...(summary.length > 0 && { summary }),
    ...(content.length > 0 && { content }),
  };
}

/** A reasoning item; undefined when it holds neither words nor anything to be sent back. */
function decodeReasoning(item: JsonObject): ReasoningPart | undefined {
  const text = paragraphsOf(item.summary) || paragraphsOf(item.content);
  if (text === '' && filled(item.encrypted_content) === undefined) return undefined;
  return { type: 'reasoning', text, ...noted(reasoningNote(item)) };
}

/** What only this API understands of a message: the same for all its parts. */
export function messageNote(item: JsonObject): JsonObject {
  const id = filled(item.id);
  const phase = filled(item.phase);
  return { ...(id !== undefined && { id }), ...(phase !== undefined && { phase }) };
}

/** A message's parts, empty ones left out. */
function decodeMessage(item: JsonObject): AssistantPart[] {
  const note = messageNote(item);
  return contentsOf(item).flatMap((part): AssistantPart[] => {
    if (part.type === 'refusal') {
      const text = textOf(part.refusal);
      return text === '' ? [] : [{ type: 'refusal', text, ...noted(note) }];
    }
    if (typeof part.text !== 'string') return [opaquePart(part)];
    const annotations = objectsIn(part.annotations);
    if (part.text === '' && annotations.length === 0) return [];
    const cited = { text: part.text, from: 0 };
    const citations = annotations.map((each) => decodeAnnotation(each, DIALECT, cited));
    return [{ type: 'text', text: part.text, ...(citations.length > 0 && { citations }), ...noted(note) }];
  });
}

/** An item, or a part of a message, that only this API understands. */
export function opaquePart(item: JsonObject): OpaquePart {
  const step = stepOf(item);
  const label = textOf(item.type) || 'item';
  return { type: 'opaque', dialect: DIALECT, label, value: item, ...(step && { step }) };
}

/**
 * One item of a whole answer. Calls without a name are left out with a warning.
 * @param usedIds ids of calls so far; servers that repeat one, or give none, get fresh ones
 */
export function decodeItem(item: JsonObject, context: AnswerContext, usedIds: Set<string>): AssistantPart[] {
  if (item.type === 'message') return decodeMessage(item);
  if (item.type === 'reasoning') {
    const part = decodeReasoning(item);
    return part ? [part] : [];
  }
  const call = callOf(item, context);
  if (!call) return [opaquePart(item)];
  if (call.name === undefined) {
    warnNameless(context);
    return [];
  }
  const id = uniqueCallId(call.callId, context, usedIds);
  const { name, kind, note } = call;
  return [{ type: 'tool-call', id, name, kind, input: wholeInput(call), ...noted(note) }];
}

/** The call's id where it is given and not used yet, else a fresh one; used from now on. */
export function uniqueCallId(
  given: string | undefined,
  context: AnswerContext,
  usedIds: Set<string>,
): string {
  const id = given !== undefined && !usedIds.has(given) ? given : context.newId('call_');
  usedIds.add(id);
  return id;
}

/** A call of no tool cannot be carried. */
export function warnNameless(context: AnswerContext): void {
  context.warn({ type: 'dropped', field: 'output', message: 'The upstream named no tool for a call.' });
}

/** `logprobs` of a message's texts, in the form that chat completions have them in, too. */
export function logprobsOf(item: JsonObject): Json[] {
  return objectsIn(item.content).flatMap((part) => objectsIn(part.logprobs));
}
