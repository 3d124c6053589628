/** The grammar of Responses streams (platform.openai.com/docs/api-reference/responses-streaming). */
import { deepStrictEqual } from 'node:assert/strict';
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { ResponsesItemChecker } from './check-openai-responses-item';
import type { WireEvent } from '../upstream/scripted-answer';
import { checkKeys, member, newReading, readData, textMember } from '../stream-reading';
import type { StreamReading } from '../stream-reading';

const TERMINAL = ['response.completed', 'response.failed', 'response.incomplete', 'error'];
const USAGE = ['input_tokens', 'output_tokens', 'total_tokens'];
const USAGE_MORE = ['input_tokens_details', 'output_tokens_details'];

export interface ResponsesExpectation {
  /**
   * The stream was recorded, and perhaps shortened, by somebody else: numbers may be missing or skip, deltas may be
   * left out, and ciphertexts differ from event to event.
   */
  recorded?: boolean;
}

/** Reads a whole stream and complains of everything that an official SDK or Codex would stumble over. */
export function checkOpenaiResponsesStream(
  events: WireEvent[],
  { recorded = false }: ResponsesExpectation = {},
): StreamReading {
  const reading = newReading();
  const complain = (text: string) => reading.complaints.push(text);
  const items: ResponsesItemChecker[] = [];
  const byIndex = new Map<Json | undefined, ResponsesItemChecker | undefined>();
  let next = 0;
  let id: string | undefined;

  const checkNumber = (type: string, number: Json | undefined) => {
    if (recorded) return;
    if (typeof number !== 'number') complain(`${type} lacks a sequence_number`);
    // Whoever ends a broken stream of somebody else does not know its numbers.
    else if (number !== next && type !== 'error' && type !== 'response.failed')
      complain(`sequence_number ${number} instead of ${next}`);
    next++;
  };
  const checkResponse = (type: string, response: JsonObject) => {
    id ??= textMember(response, 'id');
    if (!id) complain(`${type}: the response has no id`);
    if (textMember(response, 'id') !== id) complain('the id of the response changes');
    if (response.object !== 'response') complain(`${type}: object is ${String(response.object)}`);
    if (typeof response.created_at !== 'number') complain(`${type}: created_at is no number`);
    if (!textMember(response, 'model')) complain(`${type}: no model`);
    if (!Array.isArray(response.output)) complain(`${type}: output is no list`);
  };

  for (const [position, event] of events.entries()) {
    const data = readData(event, reading);
    if (!data) continue;
    const type = textMember(data, 'type');
    if (event.event !== type) complain(`event ${event.event} carries type ${type}`);
    // OpenAI itself sends `error` and then `response.failed`.
    const failed = type === 'response.failed' && reading.stop === 'error';
    if (reading.stop !== undefined && !failed) complain(`${type} after the end`);
    checkNumber(type, data.sequence_number);
    const expected = ['response.created', 'response.in_progress'][position];
    if (expected !== undefined && type !== expected && !TERMINAL.includes(type))
      complain(`${type} instead of ${expected}`);
    if (expected === undefined && ['response.created', 'response.in_progress'].includes(type))
      complain(`${type} again`);

    switch (type) {
      case 'response.created':
      case 'response.in_progress': {
        const response = member(data, 'response');
        checkResponse(type, response);
        if (response.status !== 'in_progress') complain(`${type}: status is ${String(response.status)}`);
        if (JSON.stringify(response.output) !== '[]') complain(`${type}: output is not empty`);
        continue;
      }
      case 'response.output_item.added':
        if (data.output_index !== items.length && !recorded)
          complain(`output_index ${String(data.output_index)} instead of ${items.length}`);
        if (items.some((item) => item.id === textMember(member(data, 'item'), 'id')))
          complain(`two items with id ${textMember(member(data, 'item'), 'id')}`);
        items.push(new ResponsesItemChecker(member(data, 'item'), recorded, complain));
        byIndex.set(data.output_index, items.at(-1));
        continue;
    }
    if (!TERMINAL.includes(type)) {
      const item = byIndex.get(data.output_index);
      if (item) item.push(type, data);
      else complain(`${type} for item ${String(data.output_index)}, which was not added`);
      continue;
    }
    reading.stop = type;
    if (type === 'error') {
      reading.error = textMember(data, 'message') || textMember(member(data, 'error'), 'message');
      continue;
    }
    const response = member(data, 'response');
    if (type === 'response.failed') {
      reading.error = textMember(member(response, 'error'), 'message');
      if (!textMember(member(response, 'error'), 'code')) complain('response.failed without a code');
      continue;
    }
    checkResponse(type, response);
    checkEnd(type, response, items, recorded, complain);
    checkUsage(member(response, 'usage'), reading);
    reading.usage = member(response, 'usage');
  }
  if (reading.stop === undefined) complain('no terminal event');
  for (const item of items) item.read(reading);
  for (const { id: callId } of reading.calls)
    if (reading.calls.filter((other) => other.id === callId).length > 1)
      complain(`two calls with id ${callId}`);
  return reading;
}

function checkEnd(
  type: string,
  response: JsonObject,
  items: ResponsesItemChecker[],
  recorded: boolean,
  complain: (text: string) => void,
): void {
  const details = response.incomplete_details;
  if (type === 'response.completed') {
    if (response.status !== 'completed') complain(`completed: status is ${String(response.status)}`);
    if (details !== null && !recorded) complain('completed: incomplete_details');
  } else {
    if (response.status !== 'incomplete') complain(`incomplete: status is ${String(response.status)}`);
    const reason = isObject(details) ? details.reason : undefined;
    if (reason !== 'max_output_tokens' && reason !== 'content_filter')
      complain(`incomplete: reason is ${String(reason)}`);
  }
  if (!recorded && response.error !== null) complain(`${type}: error is not null`);
  for (const item of items) if (!item.done) complain(`${type} while item ${item.id} is open`);
  const output = Array.isArray(response.output) ? response.output.filter(isObject) : [];
  const told = items.map((item) => item.done ?? {});
  const view = (item: JsonObject) => (recorded ? { type: item.type, call_id: item.call_id } : item);
  try {
    deepStrictEqual(output.map(view), told.map(view));
  } catch {
    complain(`${type}: output differs from the items told before`);
  }
}

function checkUsage(usage: JsonObject, reading: StreamReading): void {
  checkKeys(
    usage,
    'usage',
    USAGE,
    [...USAGE_MORE, 'num_sources_used', 'num_server_side_tools_used'],
    reading,
  );
  if (typeof member(usage, 'input_tokens_details').cached_tokens !== 'number')
    reading.complaints.push('usage lacks input_tokens_details.cached_tokens');
  if (typeof member(usage, 'output_tokens_details').reasoning_tokens !== 'number')
    reading.complaints.push('usage lacks output_tokens_details.reasoning_tokens');
  if (usage.total_tokens !== Number(usage.input_tokens) + Number(usage.output_tokens))
    reading.complaints.push('usage: total_tokens is not the sum');
}
