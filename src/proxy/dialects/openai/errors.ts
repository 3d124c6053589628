/**
 * Errors in OpenAI's form, shared by chat completions and Responses.
 * Reference: https://platform.openai.com/docs/guides/error-codes/api-errors
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { ErrorInfo, ErrorKind } from '../canonical';

/** Types and codes as OpenAI sends them; `code` is used where the error brought none of its own. */
const WORDS: Record<ErrorKind, { type: string; code: string | null }> = {
  invalid_request: { type: 'invalid_request_error', code: null },
  authentication: { type: 'invalid_request_error', code: 'invalid_api_key' },
  permission: { type: 'permission_error', code: null },
  not_found: { type: 'invalid_request_error', code: null },
  method_not_allowed: { type: 'invalid_request_error', code: 'method_not_supported' },
  request_too_large: { type: 'invalid_request_error', code: 'request_too_large' },
  unsupported_media_type: { type: 'invalid_request_error', code: 'unsupported_media_type' },
  upgrade_required: { type: 'invalid_request_error', code: 'upgrade_required' },
  rate_limit: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  billing: { type: 'insufficient_quota', code: 'insufficient_quota' },
  // Codex shows "at capacity" for this code and backs off.
  overloaded: { type: 'service_unavailable_error', code: 'server_is_overloaded' },
  timeout: { type: 'server_error', code: 'timeout' },
  unavailable: { type: 'server_error', code: 'service_unavailable' },
  not_supported: { type: 'invalid_request_error', code: 'not_supported' },
  upstream: { type: 'server_error', code: 'upstream_error' },
  internal: { type: 'server_error', code: 'internal_error' },
};

/**
 * What Anthropic and Google call kinds of errors. As a `code` they say no more than the kind, and clients that act on
 * OpenAI's codes would not know them.
 */
const KINDS_ELSEWHERE = new Set([
  ...['invalid_request_error', 'authentication_error', 'permission_error', 'not_found_error'],
  ...['rate_limit_error', 'billing_error', 'timeout_error', 'overloaded_error', 'api_error'],
  ...['INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND'],
  ...[
    'RESOURCE_EXHAUSTED',
    'DEADLINE_EXCEEDED',
    'UNAVAILABLE',
    'INTERNAL',
    'UNKNOWN',
    'CANCELLED',
    'ABORTED',
  ],
]);

/** The inner `error` object: `{message, type, param, code}`. */
export function openaiErrorObject(error: ErrorInfo): JsonObject {
  const words = WORDS[error.kind];
  const own = error.code !== undefined && !KINDS_ELSEWHERE.has(error.code) ? error.code : undefined;
  return {
    message: error.message,
    type: words.type,
    param: error.param ?? null,
    code: own ?? words.code,
  };
}

/** A whole error body: `{"error": {…}}`. */
export function encodeOpenaiError(error: ErrorInfo): JsonObject {
  return { error: openaiErrorObject(error) };
}

const BILLING = /insufficient_quota|insufficient_balance|billing|credit|payment_required/i;
const OVERLOADED = /overloaded|slow_down|at_capacity/i;
const RATE = /rate_?limit|too_many_requests|resource_exhausted/i;
const AUTH = /invalid_api_key|authentication|unauthorized|unauthenticated/i;
const INVALID = /invalid_|context_length|bad_request|unsupported|not_found/i;

/** The kind behind a status, or behind the words of an error that came inside a 200 (`status` 0). */
function kindOf(status: number, words: string): ErrorKind {
  switch (status) {
    case 401:
      return 'authentication';
    case 402:
      return 'billing';
    case 403:
      return BILLING.test(words) ? 'billing' : 'permission';
    case 404:
      return 'not_found';
    case 405:
      return 'method_not_allowed';
    case 408:
    case 504:
      return 'timeout';
    case 413:
      return 'request_too_large';
    case 415:
      return 'unsupported_media_type';
    case 426:
      return 'upgrade_required';
    case 429:
      return BILLING.test(words) ? 'billing' : 'rate_limit';
    case 503:
      return OVERLOADED.test(words) ? 'overloaded' : 'unavailable';
    case 529:
      return 'overloaded';
    default:
      // The Responses API answers 400 where chat completions answer 404.
      if (status === 400 && /\bmodel_not_found\b/.test(words)) return 'not_found';
      if (status >= 400 && status < 500) return 'invalid_request';
      return OVERLOADED.test(words) ? 'overloaded' : 'upstream';
  }
}

/** The status that an error inside a 200 would have had. */
function statusOf(words: string): number {
  if (BILLING.test(words) || RATE.test(words)) return 429;
  if (OVERLOADED.test(words)) return 503;
  if (AUTH.test(words)) return 401;
  if (INVALID.test(words)) return 400;
  return 502;
}

/** Seconds in OpenAI's own sentence, "Please try again in 1.898s" (also `6m0s`, `120ms`), rounded up. */
export function retrySecondsIn(message: string): number | undefined {
  const found = /try again in\s+(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)\s*(ms|s))?/i.exec(message);
  if (!found) return undefined;
  const [, hours = '0', minutes = '0', rest = '0', unit = 's'] = found;
  const seconds =
    Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) / (unit.toLowerCase() === 'ms' ? 1000 : 1);
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

/** A short text of something that is not in the expected form: no markup, at most 500 characters. */
function plain(value: unknown): string | undefined {
  const raw = typeof value === 'string' ? value : JSON.stringify(value);
  const stripped = (raw ?? '')
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return stripped === '' ? undefined : stripped.slice(0, 500);
}

/** The object that holds message, type and code, in the forms of OpenAI and of servers like it. */
function innerError(body: unknown): JsonObject {
  // Gemini's OpenAI endpoint answers with an array of one.
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (!isObject(first)) return { message: plain(first) };
  const { error, detail, message } = first;
  if (isObject(error)) return error;
  if (typeof error === 'string') return { ...first, message: error };
  // vLLM and Mistral: the fields stand at the top; FastAPI: `detail`.
  if (message !== undefined) return first;
  if (detail !== undefined) return { ...first, message: plain(detail) };
  return { message: plain(first) };
}

/**
 * Any error body of OpenAI or of a server like it.
 * @param status the HTTP status; 0 for an error that came inside a 200
 * @param body the parsed JSON, or the text where it was none
 */
export function decodeOpenaiError(status: number, body: unknown): ErrorInfo {
  const inner = innerError(body);
  const type = text(inner.type);
  const code = text(inner.code);
  const told =
    text(inner.message) ?? plain(inner.message) ?? `The upstream answered ${status} without a reason.`;
  // OpenRouter says "Provider returned error" and leaves the reason to the provider's own words.
  const reason = isObject(inner.metadata) ? plain(inner.metadata.raw ?? '') : undefined;
  const message = reason === undefined ? told : `${told}: ${reason}`;
  const words = `${type ?? ''} ${code ?? ''} ${text(inner.status) ?? ''}`;
  const inBody = Number(code);
  const real = status >= 400 ? status : inBody >= 400 && inBody < 600 ? inBody : statusOf(words);
  const kind = kindOf(real, words);
  const info: ErrorInfo = { status: real, kind, message };
  // A code that only repeats the HTTP status says less than the type.
  const word = code !== undefined && !/^\d+$/.test(code) ? code : (type ?? code);
  if (word !== undefined) info.code = word;
  const param = text(inner.param);
  if (param !== undefined) info.param = param;
  const retryAfterSeconds = kind === 'rate_limit' ? retrySecondsIn(message) : undefined;
  if (retryAfterSeconds !== undefined) info.retryAfterSeconds = retryAfterSeconds;
  return info;
}

/** The JSON of one event's data, or undefined where it is none. */
export function parseData(data: string): Json | undefined {
  try {
    return JSON.parse(data) as Json;
  } catch {
    return undefined;
  }
}
