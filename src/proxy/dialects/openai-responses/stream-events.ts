/** Ends and errors of a Responses stream. Reference: https://platform.openai.com/docs/api-reference/responses-streaming */
import { isObject, type JsonObject } from '../../../shared/json';
import type { SseEvent } from '../adapter';
import type { ErrorInfo } from '../canonical';
import { decodeOpenaiError, openaiErrorObject, parseData } from '../openai/errors';

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** The event's type: the SSE field where it is given, else the `type` of its data. */
function typeOf(event: SseEvent): string | undefined {
  if (event.event) return event.event;
  const data = parseData(event.data);
  return isObject(data) && typeof data.type === 'string' ? data.type : undefined;
}

/** Whether the event ends the response: completed, incomplete or failed. */
export function isTerminal(event: SseEvent): boolean {
  const type = typeOf(event);
  return type !== undefined && TERMINAL.has(type);
}

/** The error of an `error` or `response.failed` event. */
export function readStreamError(event: SseEvent): ErrorInfo | undefined {
  const type = typeOf(event);
  if (type !== 'error' && type !== 'response.failed') return undefined;
  const data = parseData(event.data);
  if (!isObject(data)) return decodeOpenaiError(0, event.data);
  if (type === 'response.failed') {
    const response: JsonObject = isObject(data.response) ? data.response : {};
    return decodeOpenaiError(0, { error: response.error ?? { message: 'The response failed.' } });
  }
  if (isObject(data.error)) return decodeOpenaiError(0, data);
  // The documented form has code, message and param at the top, beside `type: "error"`.
  const { type: _type, ...fields } = data;
  return decodeOpenaiError(0, { error: fields });
}

/** A stream that has begun: how many events it had, and its `response` object with this error. */
interface BegunStream {
  sequence: number;
  failed: (error: { code: string; message: string }) => JsonObject;
}

/**
 * The end of a stream that has begun: `error`, then `response.failed`, as OpenAI sends them. The official SDKs throw
 * at the first; Codex skips it and acts on the second, where it takes the wait from the words "try again in 3s".
 * @param begun where it is known; readers do not check the sequence
 */
export function encodeStreamError(error: ErrorInfo, begun?: BegunStream): string {
  const inner = openaiErrorObject(error);
  const wait = error.retryAfterSeconds;
  const message =
    error.kind === 'rate_limit' && wait !== undefined && !/try again in/i.test(error.message)
      ? `${error.message} Please try again in ${wait}s.`
      : error.message;
  const { code, param } = inner;
  const sequence = begun?.sequence ?? 0;
  const failure = {
    type: 'error',
    sequence_number: sequence,
    code,
    message,
    param,
    error: { ...inner, message },
  };
  const wire = { code: typeof code === 'string' ? code : 'server_error', message };
  const response = begun?.failed(wire) ?? {
    id: `resp_${error.requestId ?? 'failed'}`,
    object: 'response',
    created_at: 0,
    status: 'failed',
    error: wire,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const failed = { type: 'response.failed', sequence_number: sequence + 1, response };
  return `event: error\ndata: ${JSON.stringify(failure)}\n\nevent: response.failed\ndata: ${JSON.stringify(failed)}\n\n`;
}
