import type { JsonObject } from '../../shared/json';
import type { Dialect, Metadata } from './canonical';

/** Joins what came at the start of a part with what came at its end; the later one wins field by field. */
export function mergeMetadata(
  first: Metadata | undefined,
  second: Metadata | undefined,
): Metadata | undefined {
  if (!first || !second) return second ?? first;
  const merged: Metadata = { ...first };
  for (const [dialect, fields] of Object.entries(second) as [Dialect, JsonObject][])
    merged[dialect] = { ...merged[dialect], ...fields };
  return merged;
}
