/** What an upstream sends as events, judged before it is sent on: by how it begins, and by its unfinished end. */
import type { DialectAdapter, SseEvent } from '../dialects/adapter';
import type { ErrorInfo } from '../dialects/canonical';
import { latin1 } from './latin1';
import { createSseParser, lastEventEnd } from './sse';

/** Longest beginning that is waited for, and longest unfinished event that is held back, in bytes. */
export const HOLD_LIMIT = 262_144;

/** An event with data in it, and not a comment alone; the byte order mark as Latin-1 has it. */
const DATA_LINE = /(^|[\r\n])(\u00EF\u00BB\u00BF)?data:/;

/** What nearly every stream begins with; it needs no parser. */
const USUAL = /^(event: ?[\w.]+\r?\n)?data: ?\{/;

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

/** Whether enough of a stream is there to judge it: comments say nothing. */
export function hasFirstEvent(bytes: Buffer): boolean {
  return bytes.length >= HOLD_LIMIT || (lastEventEnd(bytes) > 0 && DATA_LINE.test(latin1(bytes)));
}

/**
 * Judges a stream by its first event (SPEC 5.6a).
 * @returns the error in it; in words what else is wrong with it; undefined where it is a beginning
 */
export function badBeginning(bytes: Buffer, adapter: DialectAdapter): ErrorInfo | string | undefined {
  const text = bytes.toString('latin1', 0, 4096);
  if (USUAL.test(text) && !text.includes('error')) return undefined;
  const parser = createSseParser();
  const first: SseEvent | undefined = [...parser.push(bytes), ...parser.end()][0];
  if (!first) {
    if (bytes.length >= HOLD_LIMIT) return undefined;
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
  const parser = createSseParser();
  const events = [...parser.push(bytes), ...parser.end()];
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
