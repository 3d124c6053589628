import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../../../shared/json';

const OWN_ID = /^[A-Za-z0-9]{9}$/;

/** The same id for the same id: a call and its result find each other, in this request and in every later one. */
function idFor(id: string): string {
  if (OWN_ID.test(id)) return id;
  const digits = createHash('sha256').update(id).digest('base64').replace(/[+/=]/g, '');
  return digits.slice(0, 9);
}

/**
 * Makes a conversation from elsewhere one that Mistral takes, in place ({@link https://github.com/mistralai/mistral-common}, its
 * validator): "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9", "Unexpected role 'user' after role 'tool'"
 * (agents put a word of the user's after results; the assistant is given a short one before it).
 * @returns whether anything was changed
 */
export function arrangeMessages(messages: JsonObject[]): boolean {
  let changed = false;
  const rename = (holder: JsonObject, name: string): void => {
    const id = holder[name];
    if (typeof id !== 'string' || OWN_ID.test(id)) return;
    holder[name] = idFor(id);
    changed = true;
  };
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] ?? {};
    if (Array.isArray(message.tool_calls))
      for (const call of message.tool_calls) if (isObject(call)) rename(call, 'id');
    if (message.role === 'tool') rename(message, 'tool_call_id');
    if (message.role === 'user' && messages[at - 1]?.role === 'tool') {
      messages.splice(at, 0, { role: 'assistant', content: 'OK.' });
      changed = true;
    }
  }
  return changed;
}
