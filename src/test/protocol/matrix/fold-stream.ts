/** Puts a whole stream together to the body that the same answer has without one, as SDKs do. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import type { WireEvent } from '../../support/upstream/scripted-answer';
import { member, textMember } from '../../support/stream-reading';
import { objects } from './neutral';

/** The body that the events amount to. */
export function foldStream(dialect: Dialect, events: WireEvent[]): JsonObject {
  const payloads = events
    .filter((event) => event.data !== '[DONE]')
    .map((event) => JSON.parse(event.data) as JsonObject);
  switch (dialect) {
    case 'openai-chat':
      return foldChat(payloads);
    case 'openai-responses':
      return member(payloads.at(-1) ?? {}, 'response');
    case 'anthropic':
      return foldAnthropic(payloads);
    case 'gemini':
      return foldGemini(payloads);
  }
}

const append = (target: JsonObject, key: string, more: string) => {
  target[key] = textMember(target, key) + more;
};

function foldChat(chunks: JsonObject[]): JsonObject {
  const choices: JsonObject[] = [];
  const whole: JsonObject = { ...chunks[0], choices };
  for (const chunk of chunks) {
    if (isObject(chunk.usage)) whole.usage = chunk.usage;
    for (const given of objects(chunk.choices)) {
      const index = Number(given.index);
      const choice = (choices[index] ??= { message: { tool_calls: [] }, logprobs: { content: [] } });
      const message = member(choice, 'message');
      const delta = member(given, 'delta');
      for (const field of ['content', 'reasoning_content', 'refusal'])
        if (typeof delta[field] === 'string') append(message, field, delta[field]);
      if (Array.isArray(delta.annotations))
        message.annotations = [...objects(message.annotations), ...objects(delta.annotations)];
      const calls = message.tool_calls as JsonObject[];
      for (const part of objects(delta.tool_calls)) foldCall(calls, part);
      const logs = member(choice, 'logprobs').content as JsonObject[];
      logs.push(...objects(member(given, 'logprobs').content));
      if (typeof given.finish_reason === 'string') choice.finish_reason = given.finish_reason;
    }
  }
  return whole;
}

function foldCall(calls: JsonObject[], part: JsonObject): void {
  const kind = isObject(part.custom) ? 'custom' : 'function';
  const call = (calls[Number(part.index)] ??= { id: part.id, type: part.type, [kind]: {} });
  const target = member(call, kind);
  for (const field of ['name', 'arguments', 'input'])
    if (typeof member(part, kind)[field] === 'string')
      append(target, field, textMember(member(part, kind), field));
}

function foldAnthropic(payloads: JsonObject[]): JsonObject {
  const content: JsonObject[] = [];
  const inputs = new Map<number, string>();
  let message: JsonObject = {};
  for (const payload of payloads) {
    const index = Number(payload.index);
    const delta = member(payload, 'delta');
    const block = content[index];
    switch (payload.type) {
      case 'message_start':
        message = { ...member(payload, 'message'), content };
        break;
      case 'content_block_start':
        content[index] = { ...member(payload, 'content_block') };
        break;
      case 'content_block_delta':
        if (!block) break;
        if (delta.type === 'text_delta') append(block, 'text', textMember(delta, 'text'));
        if (delta.type === 'citations_delta')
          block.citations = [...objects(block.citations), member(delta, 'citation')];
        if (delta.type === 'thinking_delta') append(block, 'thinking', textMember(delta, 'thinking'));
        if (delta.type === 'signature_delta') append(block, 'signature', textMember(delta, 'signature'));
        if (delta.type === 'input_json_delta')
          inputs.set(index, (inputs.get(index) ?? '') + textMember(delta, 'partial_json'));
        break;
      case 'content_block_stop':
        if (block && inputs.has(index)) block.input = JSON.parse(inputs.get(index) || '{}') as JsonObject;
        break;
      case 'message_delta':
        Object.assign(message, delta);
        message.usage = { ...member(message, 'usage'), ...member(payload, 'usage') };
        break;
      default:
        break;
    }
  }
  return message;
}

function foldGemini(payloads: JsonObject[]): JsonObject {
  const candidates: JsonObject[] = [];
  const whole: JsonObject = {};
  for (const payload of payloads) {
    Object.assign(whole, payload);
    for (const given of objects(payload.candidates)) {
      const index = Number(given.index ?? 0);
      const { content: _content, ...rest } = given;
      const candidate = (candidates[index] ??= { content: { role: 'model', parts: [] } });
      Object.assign(candidate, rest);
      const parts = member(candidate, 'content').parts as JsonObject[];
      parts.push(...objects(member(given, 'content').parts));
    }
  }
  return { ...whole, candidates };
}
