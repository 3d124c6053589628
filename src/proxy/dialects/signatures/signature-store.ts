import type { Dialect } from '../canonical';

/** Keeps what a client's protocol cannot carry, so that it can be put back on the next turn (SPEC 4.5). */
export interface SignatureStore {
  /** Remembers the signature that `dialect` gave with the tool call `callId`. */
  remember(dialect: Dialect, callId: string, signature: string): void;
  /** The signature that `dialect` gave with that call, if it is still known. */
  recall(dialect: Dialect, callId: string): string | undefined;
}

/** A store in memory that forgets the least recently used beyond `limit` signatures. */
export function createSignatureStore(limit = 10_000): SignatureStore {
  const signatures = new Map<string, string>();
  const keyOf = (dialect: Dialect, callId: string) => `${dialect}\n${callId}`;
  return {
    remember(dialect, callId, signature) {
      const key = keyOf(dialect, callId);
      signatures.delete(key);
      signatures.set(key, signature);
      if (signatures.size > limit) {
        const oldest = signatures.keys().next();
        if (!oldest.done) signatures.delete(oldest.value);
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
