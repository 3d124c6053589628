/** Limits that OpenAI sets in both of its protocols, with what fits instead. */
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { Warning } from '../canonical';
import { hashText } from '../tools/call-ids';

/** "Invalid 'user': string too long. Expected a string with maximum length 64"; likewise for the key of the cache. */
const MAX_ID = 64;

/** The end user's id, undefined (and warned of) where it is too long: agents put whole JSON objects there. */
export function limitUserId(userId: string | undefined, warn: Warn): string | undefined {
  if (userId === undefined || userId.length <= MAX_ID) return userId;
  warn({
    type: 'dropped',
    field: 'user',
    message: `The id of the user is longer than ${MAX_ID} characters.`,
  });
  return undefined;
}

/** The key of the prompt cache; a longer one becomes a hash, the same in every turn, so that the cache still hits. */
export function limitCacheKey(key: string | undefined): string | undefined {
  return key === undefined || key.length <= MAX_ID ? key : `key_${hashText(key)}`;
}

/**
 * The arguments of a call as JSON text of an object, as they came where they are that. Models write other things at
 * times, which servers that parse the history refuse: `onWrap` is told when they became the object's `input`.
 */
export function argumentsText(input: string, onWrap: () => void): string {
  if (input.trim() === '') return '{}';
  try {
    if (isObject(JSON.parse(input))) return input;
  } catch {
    // Wrapped below.
  }
  onWrap();
  return JSON.stringify({ input });
}

/** The warning of a call whose arguments were put into an object. */
export const wrappedArguments = (field: string, name: string): Warning => ({
  type: 'changed',
  field,
  message: `The arguments of a call of "${name}" are no JSON object; they were sent as its "input".`,
});
