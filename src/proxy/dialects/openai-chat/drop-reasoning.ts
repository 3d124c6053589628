/** Takes reasoning out of a request of this dialect. */
import { isObject, type JsonObject } from '../../../shared/json';
import { REASONING_FIELDS } from './wire';

/** See `DialectAdapter.dropEnvelopes`: chat completions have no field for signatures, so no envelope is ever in one. */
export function dropEnvelopes(_body: JsonObject): void {
  // Nothing to take out.
}

/**
 * See `DialectAdapter.dropReasoning`: `reasoning_details`, which OpenRouter hands through to the provider that signed
 * them (https://openrouter.ai/docs/guides/best-practices/reasoning-tokens), and the plain text beside them.
 */
export function dropReasoning(body: JsonObject): boolean {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  let dropped = false;
  for (const message of messages) {
    if (!isObject(message) || message.role !== 'assistant') continue;
    for (const name of [...REASONING_FIELDS, 'reasoning_details']) {
      if (message[name] === undefined) continue;
      delete message[name];
      dropped = true;
    }
  }
  return dropped;
}
