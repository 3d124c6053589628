import { isObject } from '../../../shared/json';
import type { SseEvent } from '../adapter';
import type { ErrorInfo } from '../canonical';
import { decodeOpenaiError, parseData } from '../openai/errors';

/** An error body with its status. Reference: https://platform.openai.com/docs/guides/error-codes/api-errors */
export const decodeError: (status: number, body: unknown) => ErrorInfo = decodeOpenaiError;

/** An error inside a stream: `data: {"error": …}`, vLLM's `{"object": "error", …}`, or an `error` event. */
export function readStreamError(event: SseEvent): ErrorInfo | undefined {
  // The word stands in every such event; looking for it spares parsing all the others.
  if (event.event !== 'error' && !event.data.includes('"error"')) return undefined;
  const data = parseData(event.data);
  if (isObject(data) && ((data.error !== undefined && data.error !== null) || data.object === 'error')) {
    return decodeOpenaiError(0, data);
  }
  return event.event === 'error' ? decodeOpenaiError(0, data ?? event.data) : undefined;
}

/** Whether the event ends the answer well: `[DONE]`, or a chunk with a finish reason. */
export function isTerminal(event: SseEvent): boolean {
  if (event.data.trim() === '[DONE]') return true;
  // Inside a string the quotes would be escaped: this can only be the field itself, or one of that name elsewhere.
  if (!/"finish_reason"\s*:\s*"[^"]/.test(event.data)) return false;
  const data = parseData(event.data);
  if (!isObject(data) || !Array.isArray(data.choices)) return false;
  return data.choices.some(
    (choice) => isObject(choice) && typeof choice.finish_reason === 'string' && choice.finish_reason !== '',
  );
}
