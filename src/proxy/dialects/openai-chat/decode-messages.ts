import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DecodeContext } from '../adapter';
import type { AssistantPart, Message, ToolCallPart, ToolResultPart } from '../canonical';
import { decodeContent, decodeGiven, decodeText } from './decode-content';
import {
  missing,
  readArray,
  readString,
  requireObject,
  requireString,
  wrongType,
  wrongValue,
} from '../openai/fields';
import { DIALECT, filled, note, objectsIn, REASONING_FIELDS } from './wire';

/** Reasoning that a compatible server gave and the client sends back, as that server wants it back. */
function decodeReasoning(message: JsonObject, path: string): AssistantPart[] {
  const details = objectsIn(message.reasoning_details);
  const kept: JsonObject = details.length > 0 ? { reasoning_details: details } : {};
  for (const field of REASONING_FIELDS) {
    const text = readString(message[field], `${path}.${field}`);
    if (text) return [{ type: 'reasoning', text, ...note({ ...kept, field }) }];
  }
  if (details.length === 0) return [];
  const text = details.map((detail) => filled(detail.text) ?? filled(detail.summary) ?? '').join('');
  return [{ type: 'reasoning', text, ...note(kept) }];
}

function decodeCall(given: Json | undefined, path: string): ToolCallPart {
  const call = requireObject(given, path);
  const id = requireString(call.id, `${path}.id`);
  if (call.type === 'custom') {
    const custom = requireObject(call.custom, `${path}.custom`);
    const name = requireString(custom.name, `${path}.custom.name`);
    const input = readString(custom.input, `${path}.custom.input`) ?? '';
    return { type: 'tool-call', id, name, kind: 'custom', input };
  }
  if (call.type !== undefined && call.type !== null && call.type !== 'function') {
    throw wrongValue(`${path}.type`, call.type, "'function' and 'custom'");
  }
  const fn = requireObject(call.function, `${path}.function`);
  const name = requireString(fn.name, `${path}.function.name`);
  const input = readString(fn.arguments, `${path}.function.arguments`);
  return { type: 'tool-call', id, name, kind: 'function', input: input || '{}' };
}

/** Reads messages in order; knows the calls so far, so that results find their names. */
export class MessageDecoder {
  readonly messages: Message[] = [];
  private readonly nameOfCall = new Map<string, string>();
  /** Ids made for calls of the old `function_call` form, which has none: function name → last id. */
  private readonly legacyCalls = new Map<string, string>();

  constructor(private readonly context: DecodeContext) {}

  /** @throws InvalidRequestError with the path of the bad field */
  add(given: Json, index: number): void {
    const path = `messages[${index}]`;
    const message = requireObject(given, path);
    const content = `${path}.content`;
    switch (message.role) {
      case 'system':
      case 'developer': {
        const name = readString(message.name, `${path}.name`);
        this.messages.push({
          role: 'system',
          content: decodeText(message.content, content),
          ...note({ ...(message.role === 'developer' && { role: 'developer' }), ...(name && { name }) }),
        });
        return;
      }
      case 'user': {
        const name = readString(message.name, `${path}.name`);
        const parts = decodeGiven(message.content, content, "'text', 'image_url', 'input_audio' and 'file'");
        this.messages.push({ role: 'user', content: parts, ...(name && { name }) });
        return;
      }
      case 'assistant':
        return this.addAssistant(message, index);
      case 'tool': {
        const callId = requireString(message.tool_call_id, `${path}.tool_call_id`);
        return this.addResult(callId, message, content);
      }
      case 'function': {
        const name = requireString(message.name, `${path}.name`);
        return this.addResult(this.legacyCalls.get(name) ?? `call_${name}_${index}`, message, content, name);
      }
      case undefined:
        throw missing(`${path}.role`);
      default:
        throw typeof message.role === 'string'
          ? wrongValue(
              `${path}.role`,
              message.role,
              "'system', 'developer', 'user', 'assistant', 'tool' and 'function'",
            )
          : wrongType(`${path}.role`, 'a string', message.role);
    }
  }

  private addAssistant(message: JsonObject, index: number): void {
    const path = `messages[${index}]`;
    const parts: AssistantPart[] = decodeReasoning(message, path);
    parts.push(...decodeContent(message.content, `${path}.content`));
    const refusal = readString(message.refusal, `${path}.refusal`);
    if (refusal) parts.push({ type: 'refusal', text: refusal });
    if (isObject(message.audio)) {
      parts.push({ type: 'opaque', dialect: DIALECT, label: 'audio', value: message.audio });
    }
    readArray(message.tool_calls, `${path}.tool_calls`)?.forEach((given, at) => {
      const call = decodeCall(given, `${path}.tool_calls[${at}]`);
      this.nameOfCall.set(call.id, call.name);
      parts.push(call);
    });
    if (message.function_call !== undefined && message.function_call !== null) {
      const call = requireObject(message.function_call, `${path}.function_call`);
      const name = requireString(call.name, `${path}.function_call.name`);
      const input = readString(call.arguments, `${path}.function_call.arguments`);
      // Made from name and position: the same in every turn, so that an upstream's cache holds.
      const id = `call_${name}_${index}`;
      this.legacyCalls.set(name, id);
      parts.push({ type: 'tool-call', id, name, kind: 'function', input: input || '{}' });
    }
    const name = readString(message.name, `${path}.name`);
    if (name)
      this.context.warn({
        type: 'dropped',
        field: `${path}.name`,
        message: 'Names of assistants are not carried.',
      });
    this.messages.push({ role: 'assistant', content: parts });
  }

  /** Results in a row answer the calls of one message and belong together. */
  private addResult(callId: string, message: JsonObject, path: string, given?: string): void {
    const name = given ?? this.nameOfCall.get(callId);
    const content = decodeGiven(message.content, path, "'text' and 'image_url'");
    const result: ToolResultPart = {
      type: 'tool-result',
      callId,
      ...(name !== undefined && { name }),
      content,
    };
    const last = this.messages.at(-1);
    if (last?.role === 'tool') last.content.push(result);
    else this.messages.push({ role: 'tool', content: [result] });
  }
}
