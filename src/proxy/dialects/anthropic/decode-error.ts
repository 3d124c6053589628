import { isObject } from '../../../shared/json';
import type { SseEvent } from '../adapter';
import type { ErrorInfo, ErrorKind } from '../canonical';

const KINDS: Record<string, [kind: ErrorKind, status: number]> = {
  invalid_request_error: ['invalid_request', 400],
  authentication_error: ['authentication', 401],
  billing_error: ['billing', 402],
  permission_error: ['permission', 403],
  not_found_error: ['not_found', 404],
  request_too_large: ['request_too_large', 413],
  rate_limit_error: ['rate_limit', 429],
  api_error: ['upstream', 500],
  timeout_error: ['timeout', 504],
  overloaded_error: ['overloaded', 529],
};

const BY_STATUS: Record<number, ErrorKind> = {
  401: 'authentication',
  402: 'billing',
  403: 'permission',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limit',
  503: 'unavailable',
  504: 'timeout',
  529: 'overloaded',
};

const MAX_MESSAGE = 500;

function kindOfStatus(status: number): ErrorKind {
  return BY_STATUS[status] ?? (status < 500 ? 'invalid_request' : 'upstream');
}

/**
 * An error answer of an upstream. The type in the body says more than the status where both are there; a body that
 * is not the protocol's (a gateway's page) gives its beginning as the message.
 * https://platform.claude.com/docs/en/api/errors
 */
export function decodeError(status: number, body: unknown): ErrorInfo {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : undefined;
  const type = typeof error?.['type'] === 'string' ? error['type'] : undefined;
  const requestId = isObject(body) && typeof body['request_id'] === 'string' ? body['request_id'] : undefined;
  const text = error?.['message'] ?? (isObject(body) ? (body['message'] ?? body['error']) : body);
  // A 5xx status is never turned into the client's fault by a body that says otherwise.
  const named = type === undefined ? undefined : KINDS[type];
  const kind = named && !(status >= 500 && named[1] < 500) ? named[0] : kindOfStatus(status);
  return {
    status,
    kind: status === 405 || status === 415 ? kindOfStatus(status) : kind,
    message:
      typeof text === 'string' && text.trim() !== ''
        ? text.trim().slice(0, MAX_MESSAGE)
        : `The upstream answered with status ${status}.`,
    ...(type !== undefined && { code: type }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** The `error` payload of a stream; its type stands for the status that cannot be sent any more. */
export function decodeErrorEvent(payload: unknown): ErrorInfo {
  const error = isObject(payload) && isObject(payload['error']) ? payload['error'] : undefined;
  const named = typeof error?.['type'] === 'string' ? KINDS[error['type']] : undefined;
  return decodeError(named?.[1] ?? 500, payload);
}

/** The error that a stream's event carries, when it is one. */
export function readStreamError(event: SseEvent): ErrorInfo | undefined {
  if (event.event !== 'error' && !event.data.includes('"error"')) return undefined;
  let payload: unknown;
  try {
    payload = JSON.parse(event.data);
  } catch {
    return event.event === 'error' ? decodeErrorEvent(event.data) : undefined;
  }
  const isError = event.event === 'error' || (isObject(payload) && payload['type'] === 'error');
  return isError ? decodeErrorEvent(payload) : undefined;
}
