/** What an upstream sends as events, judged before it is sent on: by how it begins, and by its unfinished end. */
import { isObject, type JsonObject } from '../../shared/json';
import type { UpstreamAdapter, SseEvent } from '../dialects/adapter';
import type { ErrorInfo } from '../dialects/canonical';
import { createSseParser, lastEventEnd } from './sse';

/** Longest beginning that is waited for, and longest unfinished event that is held back, in bytes. */
export const HOLD_LIMIT = 262_144;

/** What nearly every stream begins with; it needs no parser. */
const USUAL = /^(event: ?[\w.]+\r?\n)?data: ?\{/;

/** Events that open an answer and say nothing of it yet. An error may still be the first that follows them. */
const OPENING = new RegExp(
  [
    '"type":\\s*"(response\\.(created|in_progress|queued)|message_start|ping)"',
    '"delta":\\s*\\{\\s*"role":\\s*"assistant"(,\\s*"\\w+":\\s*(""|null))*\\s*\\}[^{}]*"finish_reason":\\s*null',
  ].join('|'),
);
const opens = (data: string) => OPENING.test(data.slice(0, 400));

/** What a body is, told by how it begins: JSON, events, or neither. Undefined while nothing but white space is there. */
export function formOf(bytes: Buffer): 'json' | 'events' | 'other' | undefined {
  const text = bytes
    .toString('utf8', 0, 256)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text === '') return undefined;
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  return /^(data|event|id|retry)?:/.test(text) ? 'events' : 'other';
}

/** How a whole body begins that is an error in spite of its status, as some gateways send theirs. */
const ERROR_BODY = /^\s*\{\s*("type"\s*:\s*"error"|"error"\s*:\s*[{"])/;

/** Whether a whole body must be read before anything of it is sent on: it seems to be an error. */
export function isError(bytes: Buffer): boolean {
  return ERROR_BODY.test(bytes.toString('latin1', 0, 64));
}

/** The error that a whole body holds: some gateways send theirs with status 200. */
export function errorInBody(body: JsonObject, adapter: UpstreamAdapter): ErrorInfo | undefined {
  if (!isObject(body.error)) return undefined;
  return adapter.readStreamError({ event: 'error', data: JSON.stringify(body) });
}

function eventsIn(bytes: Buffer): SseEvent[] {
  const parser = createSseParser();
  return [...parser.push(bytes), ...parser.end()];
}

/**
 * Whether enough of a stream is there to judge it. Comments say nothing.
 * @param patient events that only open an answer are not enough: an error behind them may still be another account's chance
 */
export function hasFirstEvent(bytes: Buffer, patient: boolean): boolean {
  if (bytes.length >= HOLD_LIMIT) return true;
  const end = lastEventEnd(bytes);
  if (end === 0) return false;
  const text = bytes.toString('latin1', 0, 512);
  if (USUAL.test(text) && !(patient && opens(text))) return true;
  return eventsIn(bytes.subarray(0, end)).some(({ data }) => !(patient && opens(data)));
}

/**
 * Judges a stream by the first event that says something (SPEC 5.6a).
 * @param over nothing more will come
 * @returns the error in it; in words what else is wrong with it; undefined where it is a beginning
 */
export function badBeginning(
  bytes: Buffer,
  adapter: UpstreamAdapter,
  over = false,
): ErrorInfo | string | undefined {
  const text = bytes.toString('latin1', 0, 4096);
  if (!over && USUAL.test(text) && !opens(text) && !text.includes('error')) return undefined;
  const events = eventsIn(bytes);
  const first = events.find(({ data }) => !opens(data));
  if (!first) {
    if (!over) return undefined;
    if (events.length > 0) return 'ended its answer before it was complete';
    return formOf(bytes) === 'other'
      ? 'answered with something that is no stream of events'
      : 'answered without any content';
  }
  const info = adapter.readStreamError(first);
  if (info) return info;
  if (first.data.trim() === '[DONE]') return 'answered without any content';
  return /^\s*([[{]|$)/.test(first.data) ? undefined : 'answered with an event that is not JSON';
}

/** Whether bytes that lack their last empty line are an event all the same, and not a part of one or something else. */
export function isWholeEvent(bytes: Buffer): boolean {
  const events = eventsIn(bytes);
  return events.length > 0 && events.every(({ data }) => data.trim() === '[DONE]' || isJson(data));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
