import type { JsonObject } from '../../../shared/json';
import type { ErrorInfo, ErrorKind } from '../canonical';

const TYPES: Record<ErrorKind, string> = {
  invalid_request: 'invalid_request_error',
  authentication: 'authentication_error',
  permission: 'permission_error',
  not_found: 'not_found_error',
  method_not_allowed: 'invalid_request_error',
  request_too_large: 'request_too_large',
  unsupported_media_type: 'invalid_request_error',
  upgrade_required: 'invalid_request_error',
  rate_limit: 'rate_limit_error',
  billing: 'billing_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
  unavailable: 'overloaded_error',
  not_supported: 'invalid_request_error',
  upstream: 'api_error',
  internal: 'api_error',
};

/** Codes that SDKs act upon; the Messages API tells them beside the message. */
const TOLD_CODES = new Set(['thread_not_found']);

/** An error as the Messages API answers it. https://platform.claude.com/docs/en/api/errors#error-shapes */
export function encodeError(error: ErrorInfo): JsonObject {
  const told = error.code !== undefined && TOLD_CODES.has(error.code);
  return {
    type: 'error',
    error: {
      type: TYPES[error.kind],
      message: error.message,
      ...(told && { details: { error_code: error.code } }),
    },
    request_id: error.requestId ?? null,
  };
}

/** The error as the last event of a stream that has begun. */
export function encodeStreamError(error: ErrorInfo): string {
  return `event: error\ndata: ${JSON.stringify(encodeError(error))}\n\n`;
}
