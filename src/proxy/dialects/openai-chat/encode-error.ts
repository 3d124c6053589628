import type { JsonObject } from '../../../shared/json';
import type { ErrorInfo } from '../canonical';
import { encodeOpenaiError } from '../openai/errors';

/** `{"error": {message, type, param, code}}`. */
export const encodeError: (error: ErrorInfo) => JsonObject = encodeOpenaiError;

/**
 * The error as a stream's last event. The official SDKs throw as soon as a chunk has `error`, and read no further. No
 * `[DONE]` follows: a client that looks for neither takes it as a good end, and so sees that there is none.
 */
export function encodeStreamError(error: ErrorInfo): string {
  return `data: ${JSON.stringify(encodeOpenaiError(error))}\n\n`;
}
