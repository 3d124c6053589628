import { isObject, type JsonObject } from '../../../shared/json';
import type { SseEvent } from '../adapter';
import type { ErrorInfo, ErrorKind } from '../canonical';

/**
 * Exceptions by name, in small letters without `exception`.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors,
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
 */
const EXCEPTIONS: Record<string, [kind: ErrorKind, status: number]> = {
  validation: ['invalid_request', 400],
  accessdenied: ['permission', 403],
  unrecognizedclient: ['authentication', 403],
  invalidclienttokenid: ['authentication', 403],
  invalidsignature: ['authentication', 403],
  signaturedoesnotmatch: ['authentication', 403],
  incompletesignature: ['authentication', 403],
  missingauthenticationtoken: ['authentication', 403],
  expiredtoken: ['authentication', 403],
  resourcenotfound: ['not_found', 404],
  modeltimeout: ['timeout', 408],
  modelerror: ['upstream', 424],
  throttling: ['rate_limit', 429],
  toomanyrequests: ['rate_limit', 429],
  servicequotaexceeded: ['rate_limit', 429],
  modelnotready: ['unavailable', 429],
  internalserver: ['upstream', 500],
  internalfailure: ['upstream', 500],
  modelstreamerror: ['upstream', 502],
  serviceunavailable: ['unavailable', 503],
};

const BY_STATUS: Record<number, ErrorKind> = {
  401: 'authentication',
  403: 'permission',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  413: 'request_too_large',
  429: 'rate_limit',
  503: 'unavailable',
  504: 'timeout',
};

const MAX_MESSAGE = 500;

/** `com.amazon.coral.service#ThrottlingException:http://…` → `ThrottlingException`. */
const bareName = (type: string): string => type.replace(/^.*#/, '').replace(/:.*$/s, '').trim();

function exceptionOf(name: string): [kind: ErrorKind, status: number] | undefined {
  const bare = name.replace(/(exception|error)$/i, '').toLowerCase();
  return Object.hasOwn(EXCEPTIONS, bare) ? EXCEPTIONS[bare] : undefined;
}

function messageOf(body: unknown): string {
  const text = isObject(body) ? (body['message'] ?? body['Message'] ?? body['errorMessage']) : body;
  // A wrong signature is explained on further lines by repeating the request, its session token included.
  return typeof text === 'string' ? (text.trim().split('\n')[0] ?? '').slice(0, MAX_MESSAGE) : '';
}

function errorInfo(status: number, name: string | undefined, body: unknown): ErrorInfo {
  const known = name === undefined ? undefined : exceptionOf(name);
  // A quota that is used up is told with status 400.
  const real = known?.[0] === 'rate_limit' ? known[1] : status;
  return {
    status: real,
    kind: known?.[0] ?? BY_STATUS[status] ?? (status < 500 ? 'invalid_request' : 'upstream'),
    message: messageOf(body) || `Amazon Bedrock answered with ${name ?? `status ${status}`}.`,
    ...(name !== undefined && { code: name }),
  };
}

/**
 * An error answer. Its kind is named in the header `x-amzn-errortype`, sometimes in the body.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
export function decodeError(status: number, body: unknown, headers: readonly string[] = []): ErrorInfo {
  const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'x-amzn-errortype');
  const type = at < 0 ? (isObject(body) ? (body['__type'] ?? body['code']) : undefined) : headers[at + 1];
  const name = typeof type === 'string' ? bareName(type) : '';
  return errorInfo(status, name === '' ? undefined : name, body);
}

/** An exception inside a stream; its name stands for the status that cannot be sent any more. */
export function decodeException(name: string, body: JsonObject): ErrorInfo {
  const { originalStatusCode, originalMessage } = body;
  const told = typeof originalMessage === 'string' ? { message: originalMessage } : body;
  const status = exceptionOf(name)?.[1] ?? 502;
  const original =
    typeof originalStatusCode === 'number' && originalStatusCode >= 400 ? originalStatusCode : status;
  return errorInfo(original, name, told);
}

/** Whether an event's name is an exception's, or that of a broken stream. */
export function isException(name: string): boolean {
  return name === 'brokenStream' || /(exception|error)$/i.test(name) || exceptionOf(name) !== undefined;
}

/** The error that a stream's event carries, when it is one. */
export function readStreamError({ event = '', data }: SseEvent): ErrorInfo | undefined {
  if (!isException(event)) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    body = { message: data };
  }
  return decodeException(event, isObject(body) ? body : {});
}
