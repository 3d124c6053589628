import { randomBytes } from 'node:crypto';

/** A fresh local key: `sk-` and 48 hex digits from the system's secure generator (SPEC 2.4). */
export function generateApiKey(): string {
  return `sk-${randomBytes(24).toString('hex')}`;
}
