/** What is let go when a store has grown too old, too long or too large (SPEC 6.3): a slice at a time. */
import type { MonitorSettings } from '../../../shared/monitor-settings';

export type Limits = Pick<MonitorSettings, 'keepDays' | 'maxRecords' | 'maxMiB'>;

/** Records that go in one slice: some tens of milliseconds. */
const SLICE_RECORDS = 2000;
/** Bytes of bodies that go in one slice. */
const SLICE_BYTES = 32 * 1024 * 1024;
const DAY_MS = 86_400_000;

/** A store, as far as it can lose something. The oldest always goes first. */
export interface Shrinkable {
  records(): number;
  /** Bytes in use, without those that are free within the file. */
  used(): number;
  /** @returns how many of the oldest records went, of those with a lower seq where one is given */
  deleteOldest(most: number, below?: number): number;
  /** Deletes the oldest bodies until so many bytes are free. @returns whether there were any */
  deleteBodies(bytes: number): boolean;
  /** Gives a slice of what is free back to the file system. @returns whether there was some */
  giveBack(): boolean;
}

/**
 * Does one slice of what is to be done.
 * @param now Unix ms
 * @param reserve bytes that the store takes besides those in use
 * @returns whether anything went: call it again then, there may be more
 */
export function retain(store: Shrinkable, limits: Limits, now: number, reserve: number): boolean {
  let went = store.deleteOldest(SLICE_RECORDS, (now - limits.keepDays * DAY_MS) * 1000) > 0;

  const tooMany = store.records() - limits.maxRecords;
  if (tooMany > 0) went = store.deleteOldest(Math.min(tooMany, SLICE_RECORDS)) > 0 || went;

  // What comes between two looks has to find room, too.
  const budget = limits.maxMiB * 1024 * 1024 * 0.95 - reserve;
  const used = store.used();
  if (used > budget) {
    // A little more than needed, so that the next records find room.
    const excess = used - budget * 0.95;
    if (store.deleteBodies(Math.min(excess, SLICE_BYTES))) went = true;
    else {
      const records = store.records();
      const share = Math.ceil((records * excess) / used);
      if (records > 0) went = store.deleteOldest(Math.min(share, SLICE_RECORDS)) > 0 || went;
    }
  }
  return store.giveBack() || went;
}
