import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { ErrorInfo, ErrorKind } from '../canonical';
import { field } from './wire';

/** google.rpc.Code names (https://cloud.google.com/apis/design/errors). */
const BY_STATUS: Record<string, ErrorKind> = {
  INVALID_ARGUMENT: 'invalid_request',
  FAILED_PRECONDITION: 'invalid_request',
  OUT_OF_RANGE: 'invalid_request',
  ALREADY_EXISTS: 'invalid_request',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not_found',
  RESOURCE_EXHAUSTED: 'rate_limit',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
  UNIMPLEMENTED: 'not_supported',
  ABORTED: 'unavailable',
  CANCELLED: 'upstream',
  INTERNAL: 'upstream',
  UNKNOWN: 'upstream',
  DATA_LOSS: 'upstream',
};

/** For bodies that name no status. */
const BY_HTTP: Record<number, ErrorKind> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'billing',
  403: 'permission',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** `ErrorInfo.reason` says more than the status: a wrong key is answered with 400 INVALID_ARGUMENT. */
const BY_REASON: Record<string, ErrorKind> = {
  API_KEY_INVALID: 'authentication',
  API_KEY_EXPIRED: 'authentication',
  API_KEY_SERVICE_BLOCKED: 'permission',
  SERVICE_DISABLED: 'permission',
  CONSUMER_SUSPENDED: 'permission',
  CONSUMER_INVALID: 'permission',
  BILLING_DISABLED: 'billing',
};

/**
 * An upstream's error: `{error:{code,message,status,details}}`, alone or first in a list, as JSON-array streams send
 * it (https://ai.google.dev/gemini-api/docs/troubleshooting). `status` is the HTTP status; for an error inside a 200
 * the body's own code stands.
 */
export function decodeError(status: number, body: unknown): ErrorInfo {
  const outer: unknown = Array.isArray(body)
    ? body.find((one) => isObject(one) && isObject(one['error']))
    : body;
  const error = isObject(outer) && isObject(outer['error']) ? outer['error'] : undefined;
  if (!error) {
    const text = typeof body === 'string' && body.trim() !== '' ? `: ${body.trim().slice(0, 500)}` : '.';
    return { status, kind: kindOfHttp(status), message: `The upstream answered ${status}${text}` };
  }
  const own = field(error, 'code');
  const code = typeof own === 'number' && own >= 400 && own <= 599 ? own : status;
  const word = field(error, 'status');
  const message = field(error, 'message');
  const details = detailsOf(error);
  const reason = textOf(details, 'ErrorInfo', 'reason');
  const kind = kindOf(
    code,
    typeof word === 'string' ? word : '',
    reason,
    typeof message === 'string' ? message : '',
  );
  const delay = parseDuration(textOf(details, 'RetryInfo', 'retryDelay'));
  const requestId = textOf(details, 'RequestInfo', 'requestId');
  const param = fieldViolation(details);
  return {
    status: code,
    kind,
    message: typeof message === 'string' && message !== '' ? message : `The upstream answered ${code}.`,
    ...(typeof word === 'string' && { code: reason ?? word }),
    ...(param !== undefined && { param }),
    ...(delay !== undefined && { retryAfterSeconds: delay }),
    ...(requestId !== undefined && { requestId }),
  };
}

function kindOf(status: number, word: string, reason: string | undefined, message: string): ErrorKind {
  const known = reason !== undefined && Object.hasOwn(BY_REASON, reason) ? BY_REASON[reason] : undefined;
  if (known) return known;
  if (/API key not valid|API key expired/i.test(message)) return 'authentication';
  if (/enable billing|billing account|credits are depleted/i.test(message)) return 'billing';
  // The word for 413 is the one for any bad argument, and UNKNOWN says less than any status.
  if (status === 413 || word === 'UNKNOWN') return kindOfHttp(status);
  const byWord = Object.hasOwn(BY_STATUS, word) ? BY_STATUS[word] : undefined;
  return byWord ?? kindOfHttp(status);
}

function kindOfHttp(status: number): ErrorKind {
  return BY_HTTP[status] ?? (status >= 500 ? 'upstream' : 'invalid_request');
}

function detailsOf(error: JsonObject): JsonObject[] {
  const details = field(error, 'details');
  return Array.isArray(details) ? details.filter(isObject) : [];
}

function detail(details: JsonObject[], type: string): JsonObject | undefined {
  return details.find(
    (one) => typeof one['@type'] === 'string' && one['@type'].endsWith(`google.rpc.${type}`),
  );
}

function textOf(details: JsonObject[], type: string, name: string): string | undefined {
  const found = detail(details, type);
  const value: Json | undefined = found && field(found, name);
  return typeof value === 'string' ? value : undefined;
}

function fieldViolation(details: JsonObject[]): string | undefined {
  const violations = detail(details, 'BadRequest')?.['fieldViolations'];
  const first = Array.isArray(violations) ? violations[0] : undefined;
  const path = isObject(first) ? first['field'] : undefined;
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** A protobuf duration (`34.4s`) in seconds. */
function parseDuration(text: string | undefined): number | undefined {
  const match = text === undefined ? null : /^(\d+(?:\.\d+)?)s$/.exec(text.trim());
  return match ? Number(match[1]) : undefined;
}
