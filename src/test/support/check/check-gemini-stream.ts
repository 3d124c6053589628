/** The grammar of Gemini's streams (ai.google.dev/api/generate-content#method:-models.streamgeneratecontent). */
import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { readEvents } from '../read-events';
import type { WireEvent } from '../upstream/scripted-answer';
import { checkKeys, member, newReading, readData, textMember } from '../stream-reading';
import type { StreamReading } from '../stream-reading';

const FINISH_REASONS = [
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'OTHER',
];
const USAGE = ['promptTokenCount', 'totalTokenCount'];
const USAGE_MORE = [
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
  'toolUsePromptTokenCount',
  'promptTokensDetails',
  'candidatesTokensDetails',
  'cacheTokensDetails',
  'trafficType',
  'serviceTier',
];

/** The payloads of a JSON array as events, so that both framings have one grammar. Throws when it is no array. */
export function readJsonArray(text: string): WireEvent[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('the stream is no JSON array');
  return value.map((payload) => ({ data: JSON.stringify(payload) }));
}

/**
 * The events of a whole stream in either framing. Behind an error that ends it, the same error may stand once more, bare:
 * older SDKs know it by that alone.
 */
export function readGeminiEvents(text: string): WireEvent[] {
  if (text.startsWith('[')) return readJsonArray(text);
  const at = text.lastIndexOf('\n{"error":') + 1;
  if (at === 0) return readEvents(text);
  const events = readEvents(text.slice(0, at));
  if (events.at(-1)?.data !== text.slice(at).trim())
    throw new Error('a bare error that is not the one of the last event');
  return events;
}

/** Reads a whole stream and complains of everything that the official SDKs would stumble over. */
export function checkGeminiStream(events: WireEvent[]): StreamReading {
  const reading = newReading();
  const complain = (text: string) => reading.complaints.push(text);
  for (const event of events) {
    if (event.event !== undefined) complain(`a named event: ${event.event}`);
    if (event.data === '[DONE]') {
      complain('[DONE], which this protocol does not have');
      continue;
    }
    const payload = readData(event, reading);
    if (!payload) continue;
    if (reading.error !== undefined) complain('a payload after the error');
    if (isObject(payload.error)) {
      reading.error = textMember(payload.error, 'message');
      if (typeof payload.error.code !== 'number') complain('an error without a numeric code');
      if (!textMember(payload.error, 'status')) complain('an error without a status');
      continue;
    }
    if (!textMember(payload, 'modelVersion')) complain('a payload without modelVersion');
    if (isObject(payload.usageMetadata)) {
      checkKeys(payload.usageMetadata, 'usageMetadata', USAGE, USAGE_MORE, reading);
      reading.usage = payload.usageMetadata;
    }
    const candidates = Array.isArray(payload.candidates) ? payload.candidates : [];
    if (candidates.length === 0 && !isObject(payload.promptFeedback) && !isObject(payload.usageMetadata))
      complain('a payload without candidates');
    for (const candidate of candidates) if (isObject(candidate)) readCandidate(candidate, reading);
  }
  if (reading.error === undefined && reading.stop === undefined)
    complain('no finishReason and no error at the end');
  if (reading.error !== undefined && reading.stop !== undefined) complain('a finishReason and an error');
  return reading;
}

function readCandidate(candidate: JsonObject, reading: StreamReading): void {
  const complain = (text: string) => reading.complaints.push(text);
  if (candidate.index !== undefined && candidate.index !== 0)
    complain(`candidate index ${String(candidate.index)}`);
  if (reading.stop !== undefined) complain('a candidate after its finishReason');
  const content = member(candidate, 'content');
  if (isObject(candidate.content) && content.role !== 'model') complain(`role is ${String(content.role)}`);
  for (const part of Array.isArray(content.parts) ? content.parts : []) {
    if (!isObject(part)) {
      complain('a part that is no object');
    } else if (isObject(part.functionCall)) {
      readCall(part.functionCall, reading);
    } else if (typeof part.text === 'string') {
      if (part.thought === true) reading.reasoning += part.text;
      else reading.text += part.text;
    } else if (
      !isObject(part.inlineData) &&
      !isObject(part.executableCode) &&
      !isObject(part.toolCall) &&
      !isObject(part.toolResponse) &&
      !isObject(part.codeExecutionResult)
    ) {
      complain(`an unknown part: ${Object.keys(part).join(', ')}`);
    }
  }
  if (candidate.finishReason === undefined) return;
  reading.stop = textMember(candidate, 'finishReason');
  if (!FINISH_REASONS.includes(reading.stop)) complain(`unknown finishReason ${reading.stop}`);
}

/** Function calls may come in pieces: `willContinue`, then `partialArgs` by JSON path, then an empty call. */
function continueCall(call: JsonObject, reading: StreamReading): void {
  const open = reading.calls.at(-1);
  if (!open) {
    reading.complaints.push('a functionCall without a name');
    return;
  }
  const args = JSON.parse(open.input) as JsonObject;
  for (const piece of Array.isArray(call.partialArgs) ? call.partialArgs : []) {
    if (!isObject(piece)) continue;
    const path = textMember(piece, 'jsonPath');
    const steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map((step) => step[1] ?? Number(step[2]));
    if (steps.length === 0 || `$${steps.map(writeStep).join('')}` !== path)
      reading.complaints.push(`a path this reader does not know: ${path}`);
    else putPiece(args, steps, piece);
  }
  open.input = JSON.stringify(args);
}

const writeStep = (step: string | number) => (typeof step === 'number' ? `[${step}]` : `.${step}`);

/** Puts a value where the steps lead; texts come in pieces. */
function putPiece(args: JsonObject, steps: (string | number)[], piece: JsonObject): void {
  let at = args as Record<string | number, Json>;
  for (const [place, step] of steps.slice(0, -1).entries()) {
    at[step] ??= typeof steps[place + 1] === 'number' ? [] : {};
    at = at[step] as Record<string | number, Json>;
  }
  const last = steps.at(-1)!;
  if (typeof piece.stringValue === 'string') {
    const before = at[last];
    at[last] = (typeof before === 'string' ? before : '') + piece.stringValue;
  } else {
    at[last] = piece.numberValue ?? piece.boolValue ?? null;
  }
}

function readCall(call: JsonObject, reading: StreamReading): void {
  if (call.name === undefined) {
    continueCall(call, reading);
    return;
  }
  if (!textMember(call, 'name')) reading.complaints.push('a functionCall without a name');
  if (call.args !== undefined && !isObject(call.args))
    reading.complaints.push('functionCall.args is no object');
  const id = textMember(call, 'id');
  if (id && reading.calls.some((other) => other.id === id))
    reading.complaints.push(`two calls with id ${id}`);
  reading.calls.push({ id, name: textMember(call, 'name'), input: JSON.stringify(call.args ?? {}) });
}
