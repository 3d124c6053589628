/** The grammar of chat completion streams (platform.openai.com/docs/api-reference/chat-streaming). */
import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { WireEvent } from '../upstream/scripted-answer';
import { checkKeys, member, newReading, readChatText, readData, textMember } from '../stream-reading';
import type { StreamReading } from '../stream-reading';

const FINISH_REASONS = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call'];
const USAGE = ['prompt_tokens', 'completion_tokens', 'total_tokens'];
const USAGE_MORE = ['prompt_tokens_details', 'completion_tokens_details'];

export interface ChatExpectation {
  /** The client asked for usage: exactly one chunk with empty `choices` carries it, last before `[DONE]`. */
  usage: boolean;
}

/** Reads a whole stream of one choice and complains of everything that the official SDK would stumble over. */
export function checkOpenaiChatStream(events: WireEvent[], expect: ChatExpectation): StreamReading {
  const reading = newReading();
  const complain = (text: string) => reading.complaints.push(text);
  let ended = false;
  let seenRole = false;
  let usageChunks = 0;
  const seen: { id?: string; model?: string } = {};

  for (const event of events) {
    if (event.event !== undefined && event.event !== 'error') complain(`a named event: ${event.event}`);
    if (ended) {
      complain(`${event.data.slice(0, 40)} after [DONE]`);
      continue;
    }
    if (event.data === '[DONE]') {
      ended = true;
      continue;
    }
    const chunk = readData(event, reading);
    if (!chunk) continue;
    if (isObject(chunk.error)) {
      if (reading.error !== undefined) complain('a second error');
      reading.error = textMember(chunk.error, 'message');
      if (!textMember(chunk.error, 'type')) complain('an error without a type');
      continue;
    }
    if (reading.error !== undefined) complain('a chunk after the error');
    checkEnvelope(chunk, seen, reading);
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    if (isObject(chunk.usage)) {
      usageChunks++;
      if (choices.length > 0 && expect.usage) complain('usage in a chunk that has choices');
      if (usageChunks > 1) complain('usage twice');
      if (!reading.stop) complain('usage before the finish_reason');
      checkKeys(chunk.usage, 'usage', USAGE, USAGE_MORE, reading);
      reading.usage = chunk.usage;
    } else if (choices.length === 0) complain('a chunk without choices and without usage');
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      if (choice.index !== 0) complain(`choice index ${String(choice.index)}`);
      if (reading.stop !== undefined) complain('a choice after its finish_reason');
      const delta = member(choice, 'delta');
      if (!isObject(choice.delta)) complain('a choice without delta');
      if (!seenRole && delta.role !== 'assistant') complain('the first delta lacks the role');
      seenRole = true;
      readDelta(delta, reading);
      if (!('finish_reason' in choice)) complain('a choice without finish_reason');
      if (typeof choice.finish_reason === 'string') {
        reading.stop = choice.finish_reason;
        if (!FINISH_REASONS.includes(reading.stop)) complain(`unknown finish_reason ${reading.stop}`);
      }
    }
  }
  checkEnd(reading, ended);
  if (expect.usage && usageChunks === 0 && reading.error === undefined)
    complain('usage was asked for and is missing');
  if (!expect.usage && usageChunks > 0) complain('usage that nobody asked for');
  return reading;
}

function checkEnd(reading: StreamReading, ended: boolean): void {
  if (reading.error === undefined) {
    if (!ended) reading.complaints.push('no [DONE] at the end');
    if (reading.stop === undefined) reading.complaints.push('no finish_reason');
    if (reading.calls.length > 0 && reading.stop === 'stop')
      reading.complaints.push('calls, but finish_reason stop');
  } else if (reading.stop !== undefined) reading.complaints.push('a finish_reason and an error');
  for (const call of reading.calls) {
    if (!call.id || !call.name) reading.complaints.push('a call without id or name');
    if (reading.calls.filter((other) => other.id === call.id).length > 1)
      reading.complaints.push(`two calls with id ${call.id}`);
    if (reading.error !== undefined || call.custom) continue;
    try {
      JSON.parse(call.input);
    } catch {
      reading.complaints.push(`arguments of ${call.id} are no JSON: ${call.input.slice(0, 80)}`);
    }
  }
}

function checkEnvelope(
  chunk: JsonObject,
  seen: { id?: string; model?: string },
  reading: StreamReading,
): void {
  if (chunk.object !== 'chat.completion.chunk') reading.complaints.push(`object is ${String(chunk.object)}`);
  if (typeof chunk.created !== 'number') reading.complaints.push('created is no number');
  if (!Array.isArray(chunk.choices)) reading.complaints.push('a chunk without choices');
  for (const key of ['id', 'model'] as const) {
    const value = textMember(chunk, key);
    if (!value) reading.complaints.push(`a chunk without ${key}`);
    if (seen[key] !== undefined && seen[key] !== value)
      reading.complaints.push(`${key} changes within the stream`);
    seen[key] = value;
  }
}

function readDelta(delta: JsonObject, reading: StreamReading): void {
  const said = readChatText(delta);
  reading.text += said.text;
  reading.reasoning += said.reasoning;
  if (delta.tool_calls === undefined) return;
  for (const part of Array.isArray(delta.tool_calls) ? delta.tool_calls : []) {
    if (!isObject(part)) continue;
    const custom = isObject(part.custom);
    const words = member(part, custom ? 'custom' : 'function');
    const input = textMember(words, custom ? 'input' : 'arguments');
    // Illegal, but some servers send whole calls without an index: complained of, and read.
    const index = typeof part.index === 'number' ? part.index : reading.calls.length;
    if (part.index !== index) reading.complaints.push('a tool call delta without index');
    const call = reading.calls[index];
    if (call) {
      if (part.id !== undefined && part.id !== call.id)
        reading.complaints.push(`call ${index} changes its id`);
      if (textMember(words, 'name')) reading.complaints.push(`call ${index} is named twice`);
      call.input += input;
      continue;
    }
    if (index !== reading.calls.length)
      reading.complaints.push(`call index ${index} instead of ${reading.calls.length}`);
    if (part.type !== (custom ? 'custom' : 'function'))
      reading.complaints.push(`call ${index} opens without its type`);
    reading.calls.push({
      id: textMember(part, 'id'),
      name: textMember(words, 'name'),
      input,
      ...(custom && { custom: true }),
    });
  }
}
