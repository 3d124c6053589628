import type { JsonObject } from '../../../shared/json';
import type { ErrorInfo, ErrorKind } from '../canonical';
import { EVENT_END } from './wire';

/** google.rpc.Code names by kind (https://cloud.google.com/apis/design/errors). */
const STATUS: Record<ErrorKind, string> = {
  invalid_request: 'INVALID_ARGUMENT',
  authentication: 'UNAUTHENTICATED',
  permission: 'PERMISSION_DENIED',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'UNIMPLEMENTED',
  request_too_large: 'INVALID_ARGUMENT',
  unsupported_media_type: 'INVALID_ARGUMENT',
  upgrade_required: 'FAILED_PRECONDITION',
  rate_limit: 'RESOURCE_EXHAUSTED',
  billing: 'FAILED_PRECONDITION',
  overloaded: 'UNAVAILABLE',
  timeout: 'DEADLINE_EXCEEDED',
  unavailable: 'UNAVAILABLE',
  not_supported: 'INVALID_ARGUMENT',
  upstream: 'UNAVAILABLE',
  internal: 'INTERNAL',
};

/** An error in Google's form, with `RetryInfo`, `BadRequest`, `ErrorInfo` and `RequestInfo` details where known. */
export function encodeError(error: ErrorInfo): JsonObject {
  const type = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });
  const details: JsonObject[] = [];
  if (error.code !== undefined)
    details.push({ ...type('ErrorInfo'), reason: error.code, domain: 'portside' });
  if (error.param !== undefined)
    details.push({
      ...type('BadRequest'),
      fieldViolations: [{ field: error.param, description: error.message }],
    });
  if (error.retryAfterSeconds !== undefined)
    details.push({ ...type('RetryInfo'), retryDelay: `${error.retryAfterSeconds}s` });
  if (error.requestId !== undefined) details.push({ ...type('RequestInfo'), requestId: error.requestId });
  return {
    error: {
      code: error.status,
      message: error.message,
      // 502 to 504 are about reaching a server, 500 is about the server itself.
      status: error.kind === 'upstream' && error.status === 500 ? 'INTERNAL' : STATUS[error.kind],
      ...(details.length > 0 && { details }),
    },
  };
}

/**
 * An error as the last event of a stream, and once more bare, as Google itself sends it amid events: `@google/generative-ai` and
 * `@google/genai` before 2 know it by that alone, and Gemini CLI takes a turn that ends without it for a whole one. Readers of
 * event streams pass over such a line.
 * https://github.com/googleapis/js-genai/issues/461, https://github.com/googleapis/js-genai/issues/1973
 */
export function encodeStreamError(error: ErrorInfo): string {
  const body = JSON.stringify(encodeError(error));
  return `data: ${body}${EVENT_END}${body}${EVENT_END}`;
}
