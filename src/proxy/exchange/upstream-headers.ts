import type { IncomingMessage } from 'node:http';
import { HOP_BY_HOP, OF_ONE_DELIVERY } from '../../shared/connection-headers';
import type { Target } from './attempts/attempt';

/** Never passed on: the local key, who asks from where, and what belongs to this connection or this body. */
const NOT_UPSTREAM = new Set([
  ...OF_ONE_DELIVERY,
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'cookie',
  'origin',
  'referer',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]);

const NOT_DOWNSTREAM = new Set([
  ...HOP_BY_HOP,
  'x-request-id',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
]);

/** Headers that a `Connection` header says are for this connection alone; undefined for what it usually says. */
function namedByConnection(value: string | undefined): Set<string> | undefined {
  if (value === undefined || /^(keep-alive|close)$/i.test(value)) return undefined;
  return new Set(value.split(',').map((name) => name.trim().toLowerCase()));
}

/** Headers of a same-protocol request: the client's, less what is not for others, plus the account's. */
export function passedHeaders(incoming: IncomingMessage, { auth, endpoint }: Target): string[] {
  // Only plain bytes can be read on the side, masked and cut at events.
  const headers = ['accept-encoding', 'identity', ...auth];
  const sent = incoming.headers;
  const hop = namedByConnection(sent.connection);
  for (const name in sent) {
    if (NOT_UPSTREAM.has(name) || hop?.has(name)) continue;
    const value = sent[name];
    if (typeof value === 'string') headers.push(name, value);
    else if (value) for (const each of value) headers.push(name, each);
  }
  for (const name in endpoint.headers) {
    if (sent[name] === undefined) headers.push(name, endpoint.headers[name] ?? '');
  }
  return headers;
}

/** Headers of a translated request: nothing of the client's. The endpoint's own stand in place of the usual ones. */
export function translatedHeaders({ auth, endpoint }: Target, extra: Record<string, string> = {}): string[] {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    'user-agent': 'portside',
    ...endpoint.headers,
    ...extra,
  };
  return [...Object.entries(headers).flat(), ...auth];
}

/**
 * An answer's headers for the client, less what belongs to the upstream's connection.
 * @param secret the account's key, starred out where a value repeats it
 */
export function downstreamHeaders(headers: string[], secret = ''): string[] {
  const passed: string[] = [];
  const hop = namedByConnection(headerOf(headers, 'connection'));
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const lower = name.toLowerCase();
    // Which pages may read an answer is for the guard to say, not for the upstream.
    if (NOT_DOWNSTREAM.has(lower) || lower.startsWith('access-control-') || hop?.has(lower)) continue;
    const value = headers[index + 1] ?? '';
    passed.push(name, secret.length >= 6 && value.includes(secret) ? value.replaceAll(secret, '***') : value);
  }
  return passed;
}

/** The first value of a header in a flat list, by its lower-case name. */
export function headerOf(headers: string[], wanted: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index];
    if (name !== undefined && name.length === wanted.length && name.toLowerCase() === wanted)
      return headers[index + 1];
  }
  return undefined;
}

/** A flat list without the headers whose names match. */
export function withoutHeaders(headers: string[], names: RegExp): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.test(name)) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}
