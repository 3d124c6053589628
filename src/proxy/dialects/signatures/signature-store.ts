import type { Dialect } from '../canonical';

/** Keeps what a client's protocol cannot carry, so that it can be put back on the next turn (SPEC 4.5). */
export interface SignatureStore {
  /** Remembers the signature that `dialect` gave with the tool call `callId`. */
  remember(dialect: Dialect, callId: string, signature: string): void;
  /** The signature that `dialect` gave with that call, if it is still known. */
  recall(dialect: Dialect, callId: string): string | undefined;
}

/** Signatures of encrypted reasoning reach hundreds of kilobytes, so their number alone bounds nothing. */
const CHARACTERS = 32 * 1024 * 1024;

/**
 * A store in memory that forgets the least recently used.
 * @param limit most signatures kept
 * @param characters most characters kept, ids and signatures together; a larger signature is not kept at all
 */
export function createSignatureStore(limit = 10_000, characters = CHARACTERS): SignatureStore {
  const signatures = new Map<string, string>();
  let size = 0;
  const keyOf = (dialect: Dialect, callId: string) => `${dialect}\n${callId}`;
  const forget = (key: string) => {
    const signature = signatures.get(key);
    if (signature === undefined) return;
    size -= key.length + signature.length;
    signatures.delete(key);
  };
  return {
    remember(dialect, callId, signature) {
      const key = keyOf(dialect, callId);
      forget(key);
      if (key.length + signature.length > characters) return;
      signatures.set(key, signature);
      size += key.length + signature.length;
      for (const oldest of signatures.keys()) {
        if (signatures.size <= limit && size <= characters) break;
        forget(oldest);
      }
    },
    recall(dialect, callId) {
      const key = keyOf(dialect, callId);
      const signature = signatures.get(key);
      if (signature === undefined) return undefined;
      signatures.delete(key);
      signatures.set(key, signature);
      return signature;
    },
  };
}
