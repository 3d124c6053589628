import { randomBytes } from 'node:crypto';

/** A fresh id in the style of the providers': the prefix and 24 letters and digits. */
export function newId(prefix: string): string {
  return prefix + randomBytes(18).toString('base64url').replace(/[-_]/g, 'x');
}
