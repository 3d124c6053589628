/**
 * Marks for the prompt cache. Anthropic's clients put them on blocks; here they are blocks of their own, behind what they
 * mark. https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { Metadata } from '../canonical';
import { abilitiesOf } from '../claude/model-abilities';
import { readModelName } from './vendor';
import type { WireBlock } from './wire';

/** "You can have up to 4 cache checkpoints." */
const MAX_POINTS = 4;

/** Where a mark stands. Amazon's own models have none in tools. */
type Place = 'tools' | 'system' | 'messages';

/** Makes the blocks that stand for marks. */
export interface CachePoints {
  /** Behind what has this metadata: a cache point, or nothing. */
  after(metadata: Metadata | undefined, place: Place): WireBlock[];
}

function markIn(metadata: Metadata | undefined): JsonObject | undefined {
  const own = metadata?.anthropic;
  const block = isObject(own?.['block']) ? own['block'] : own;
  return isObject(block?.['cache_control']) ? block['cache_control'] : undefined;
}

/** Cache points as the model takes them; marks for one that takes none are left out with a warning. */
export function createCachePoints(model: string, warn: Warn): CachePoints {
  const { vendor } = readModelName(model);
  const dropped = (message: string): WireBlock[] => {
    warn({ type: 'dropped', field: 'cache_control', message });
    return [];
  };
  return {
    after(metadata, place) {
      const mark = markIn(metadata);
      if (!mark) return [];
      if (vendor !== 'anthropic' && vendor !== 'amazon')
        return dropped('This model takes no marks for a prompt cache over Amazon Bedrock.');
      if (vendor === 'amazon' && place === 'tools')
        return dropped("Amazon's models take no mark for the prompt cache in tools.");
      const long = mark['ttl'] === '1h' && vendor === 'anthropic' && abilitiesOf(model).structuredOutput;
      if (mark['ttl'] === '1h' && !long)
        warn({
          type: 'approximated',
          field: 'cache_control.ttl',
          message: 'This model keeps its cache for five minutes.',
        });
      return [{ cachePoint: { type: 'default', ...(long && { ttl: '1h' }) } }];
    },
  };
}

const isPoint = (block: Json): boolean => isObject(block) && block['cachePoint'] !== undefined;

/**
 * Takes away cache points that are too many, in place. The first one stays, which conversations share, and the last three,
 * which the next turn reads.
 */
export function limitCachePoints({ toolConfig, system, messages }: JsonObject, warn: Warn): void {
  const lists = [
    isObject(toolConfig) ? toolConfig['tools'] : undefined,
    system,
    ...(Array.isArray(messages)
      ? messages.map((turn) => (isObject(turn) ? turn['content'] : undefined))
      : []),
  ].filter((list) => Array.isArray(list));
  const points = lists.flatMap((list) => list.filter(isPoint));
  if (points.length <= MAX_POINTS) return;
  const extra = new Set(points.slice(1, 1 - MAX_POINTS));
  for (const list of lists) list.splice(0, list.length, ...list.filter((block) => !extra.has(block)));
  warn({
    type: 'dropped',
    field: 'cache_control',
    message: `Amazon Bedrock takes ${MAX_POINTS} marks for its cache; ${extra.size} of ${points.length} were left out.`,
  });
}
