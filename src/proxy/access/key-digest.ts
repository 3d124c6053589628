import * as crypto from 'node:crypto';

/** SHA-256 of a key, in one call where Node has it (20.12): half the cost of a hash object. */
export const keyDigest: (text: string) => Buffer =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'buffer')
    : (text) => crypto.createHash('sha256').update(text).digest();
