import { randomFillSync } from 'node:crypto';

const BYTES = 18;
/** Random bytes for some ids at a time: each call of the system's generator costs as much as all the rest of an id. */
const pool = Buffer.alloc(BYTES * 64);
let used = pool.length;

/** A fresh id in the style of the providers': the prefix and 24 letters and digits. */
export function newId(prefix: string): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return prefix + pool.toString('base64url', used - BYTES, used).replace(/[-_]/g, 'x');
}
