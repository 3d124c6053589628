import { latin1 } from '../stream/latin1';

/** A text without the key in it. Stars of the same length keep announced lengths true. */
export function starredOut(text: string, key: string): string {
  return text.replaceAll(key, '*'.repeat(key.length));
}

/** An answer's bytes without the account's key: some servers repeat the key they were sent (SPEC 2.9). */
export function maskKey(bytes: Buffer, secret: Buffer | undefined): Buffer {
  if (!secret || !bytes.includes(secret)) return bytes;
  return Buffer.from(starredOut(latin1(bytes), latin1(secret)), 'latin1');
}
