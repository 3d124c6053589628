/** Durations counted in buckets whose width grows with them: sums over time that percentiles can still be read from. */
import type { UsageRow } from './usage-rows';

export type Buckets = UsageRow['duration'];

/** Every bucket ends 5 % above its beginning, so that its middle is off by 2.5 % at most. */
const STEP = Math.log(1.05);

/** @returns the bucket of a duration in milliseconds; 0 is what took less than one */
export const bucketOf = (ms: number): number => (ms >= 1 ? 1 + Math.floor(Math.log(ms) / STEP) : 0);

/** @returns the geometric middle of a bucket, in milliseconds to a tenth */
export const middleOf = (bucket: number): number =>
  bucket === 0 ? 0.5 : Math.round(Math.exp((bucket - 0.5) * STEP) * 10) / 10;

/** Counts one duration in. */
export function count(buckets: Buckets, ms: number): void {
  const bucket = bucketOf(ms);
  buckets[bucket] = (buckets[bucket] ?? 0) + 1;
}

/** Adds the counts of the second to the first. */
export function addBuckets(into: Buckets, more: Buckets): void {
  for (const [bucket, number] of Object.entries(more)) {
    into[Number(bucket)] = (into[Number(bucket)] ?? 0) + number;
  }
}

/**
 * Nearest-rank percentiles.
 * @param shares between 0 and 1
 * @returns one duration per share in milliseconds, null where nothing was counted
 */
export function percentiles(buckets: Buckets, shares: readonly number[]): (number | null)[] {
  // Keys of an object that are whole numbers come in their order.
  const entries = Object.entries(buckets);
  const total = entries.reduce((sum, [, number]) => sum + number, 0);
  return shares.map((share) => {
    if (total === 0) return null;
    let rank = Math.max(1, Math.ceil(share * total));
    for (const [bucket, number] of entries) {
      rank -= number;
      if (rank <= 0) return middleOf(Number(bucket));
    }
    return null;
  });
}
