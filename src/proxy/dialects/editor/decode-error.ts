import { isObject, type Json } from '../../../shared/json';
import type { LmError } from '../../../shared/language-models';
import type { SseEvent } from '../adapter';
import type { ErrorInfo, ErrorKind } from '../canonical';

/** What each kind of trouble is for a client, with the status that says of the account what it means. */
const KINDS: Readonly<Record<LmError['kind'], [kind: ErrorKind, status: number]>> = {
  permission: ['permission', 403],
  blocked: ['invalid_request', 400],
  'not-found': ['not_found', 404],
  limited: ['rate_limit', 429],
  unsupported: ['not_supported', 501],
  failed: ['upstream', 502],
};

const BY_STATUS: Readonly<Record<number, LmError['kind']>> = {
  400: 'blocked',
  403: 'permission',
  404: 'not-found',
  429: 'limited',
  501: 'unsupported',
};

/** `{ error: { kind, message } }`, in whatever state it is. */
export function toErrorInfo(error: Json | undefined, status = 502): ErrorInfo {
  const said = isObject(error) ? error : {};
  const name = typeof said.kind === 'string' ? said.kind : '';
  const known = Object.hasOwn(KINDS, name) ? (name as LmError['kind']) : (BY_STATUS[status] ?? 'failed');
  const [kind, code] = KINDS[known];
  const message =
    typeof said.message === 'string' && said.message !== '' ? said.message : 'The editor gave no reason.';
  return { status: code, kind, message, code: `editor_${known.replace('-', '_')}` };
}

/** The error of an answer that is nothing else. */
export function decodeError(status: number, body: unknown): ErrorInfo {
  return toErrorInfo(isObject(body) ? body.error : undefined, status);
}

/** The error that an event carries, when it is one. */
export function readStreamError({ data }: SseEvent): ErrorInfo | undefined {
  try {
    const part = JSON.parse(data) as unknown;
    return isObject(part) && part.type === 'error' ? toErrorInfo(part.error) : undefined;
  } catch {
    return undefined;
  }
}
