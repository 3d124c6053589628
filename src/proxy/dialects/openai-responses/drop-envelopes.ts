import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { isEnvelope } from '../signatures/envelope';
import { compactionText, readCompaction } from './compaction';

/**
 * See `DialectAdapter.dropEnvelopes`: reasoning items whose encrypted content is an envelope go; a compaction item that
 * Portside made becomes the user's message with its summary.
 */
export function dropEnvelopes(body: JsonObject): void {
  const { input } = body;
  if (!Array.isArray(input)) return;
  body.input = input.flatMap((item): Json[] => {
    if (!isObject(item)) return [item];
    if (item.type === 'reasoning' && isEnvelope(item.encrypted_content)) return [];
    const summary = readCompaction(item);
    if (summary === undefined) return [item];
    const content = [{ type: 'input_text', text: compactionText(summary) }];
    return [{ type: 'message', role: 'user', content }];
  });
}
