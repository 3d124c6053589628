import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';

/** "A maximum of 4 blocks with cache_control may be provided." */
const MAX_MARKS = 4;

/** Everything of a request that may be marked, in the order of the prompt. */
function* markedIn(value: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(value)) for (const one of value) yield* markedIn(one);
  if (!isObject(value)) return;
  if (value['cache_control'] !== undefined) yield value;
  yield* markedIn(value['content']);
}

/**
 * Takes away marks for the prompt cache that are too many, in place. The first one stays, which conversations share, and
 * the last three, which the next turn reads. https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function limitCacheMarks({ tools, system, messages }: JsonObject, warn: Warn): void {
  const marked = [tools, system, messages].flatMap((part) => [...markedIn(part)]);
  const extra = marked.slice(1, -(MAX_MARKS - 1));
  if (marked.length <= MAX_MARKS) return;
  for (const block of extra) delete block['cache_control'];
  warn({
    type: 'dropped',
    field: 'cache_control',
    message: `Anthropic takes ${MAX_MARKS} marks for its cache; ${extra.length} of ${marked.length} were left out.`,
  });
}
