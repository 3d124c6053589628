/**
 * Compaction items that Portside makes where no provider can: the summary itself stands where OpenAI has ciphertext, so
 * that it survives restarts and can be read back for any provider.
 * https://platform.openai.com/docs/guides/compaction
 */
import { isObject, type JsonObject } from '../../../shared/json';
import { fromBase64, toBase64 } from '../signatures/envelope';

/** Base64 of `pcmp1:`: every summary of Portside's begins so, and nothing else does. */
export const COMPACTION_MARK = 'cGNtcDE6';

const PREFIX = 'pcmp1:';
const HEADING = 'Summary of the conversation so far:';

/**
 * The item that stands for a conversation up to here.
 * @param summary in words
 * @param id of the item, `cmp_…`
 */
export function makeCompaction(summary: string, id: string): JsonObject {
  return { id, type: 'compaction', encrypted_content: toBase64(PREFIX + summary) };
}

/** The summary in an item that {@link makeCompaction} made; undefined for any other item. */
export function readCompaction(item: JsonObject): string | undefined {
  const content = item.encrypted_content;
  if (typeof content !== 'string' || !content.startsWith(COMPACTION_MARK)) return undefined;
  try {
    return fromBase64(content).slice(PREFIX.length);
  } catch {
    return undefined;
  }
}

/** The summary as the user's message says it to a model. */
export function compactionText(summary: string): string {
  return `${HEADING}\n\n${summary}`;
}

/** Whether an item is Portside's own. */
export function isOwnCompaction(item: unknown): item is JsonObject {
  return isObject(item) && readCompaction(item) !== undefined;
}
