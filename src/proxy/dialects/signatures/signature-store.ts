import type { UpstreamDialect } from '../canonical';

/** Keeps what a client's protocol cannot carry, so that it can be put back on the next turn (SPEC 4.5). */
export interface SignatureStore {
  /**
   * Remembers the signature that `dialect` gave with the tool call of that id, or with the answer whose
   * text-key.ts key it is.
   */
  remember(dialect: UpstreamDialect, key: string, signature: string): void;
  /** The signature that `dialect` gave with that call or answer, if it is still known and there is only one. */
  recall(dialect: UpstreamDialect, key: string): string | undefined;
}

/** One signature, as it is kept between two runs. */
export interface RememberedSignature {
  /** Unix time in milliseconds. */
  at: number;
  /** The dialect and the key, in one. */
  key: string;
  /** Empty: two answers had this text, and each its own signature. */
  signature: string;
}

/** The store and what its keeper needs. */
export interface SignatureMemory extends SignatureStore {
  /** Takes in what was kept before, the oldest first; what is known already and later stays. */
  restore(entries: Iterable<RememberedSignature>): void;
}

export interface SignatureStoreOptions {
  /** Unix time in milliseconds. */
  now?: () => number;
  /** Called with everything that is to be kept for a later run. */
  onRemember?: (entry: RememberedSignature) => void;
}

/** Signatures of encrypted reasoning reach hundreds of kilobytes, so their number alone bounds nothing. */
const CHARACTERS = 32 * 1024 * 1024;
/** A conversation that nobody went on with for so long has most likely ended: 14 days, in milliseconds. */
export const SIGNATURE_TTL_MS = 14 * 86_400_000;

/**
 * A store in memory that forgets the least recently used.
 * @param limit most signatures kept
 * @param characters most characters kept, keys and signatures together; a larger signature is not kept at all
 */
export function createSignatureStore(
  limit = 10_000,
  characters = CHARACTERS,
  { now = Date.now, onRemember }: SignatureStoreOptions = {},
): SignatureMemory {
  const kept = new Map<string, RememberedSignature>();
  let size = 0;
  const sizeOf = ({ key, signature }: RememberedSignature) => key.length + signature.length;
  const keyOf = (dialect: UpstreamDialect, key: string) => `${dialect}\n${key}`;
  const forget = (key: string) => {
    const entry = kept.get(key);
    if (!entry) return;
    size -= sizeOf(entry);
    kept.delete(key);
  };
  const keep = (entry: RememberedSignature): boolean => {
    forget(entry.key);
    if (sizeOf(entry) > characters) return false;
    kept.set(entry.key, entry);
    size += sizeOf(entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= limit && size <= characters) break;
      forget(oldest);
    }
    return true;
  };
  return {
    remember(dialect, callId, signature) {
      const key = keyOf(dialect, callId);
      const before = kept.get(key);
      // "Done." may end many answers: what belongs to one of them must not be given to another.
      const ambiguous = callId.startsWith('text:') && before !== undefined && before.signature !== signature;
      const entry = { at: now(), key, signature: ambiguous ? '' : signature };
      if (keep(entry)) onRemember?.(entry);
    },
    recall(dialect, callId) {
      const key = keyOf(dialect, callId);
      const entry = kept.get(key);
      if (!entry) return undefined;
      kept.delete(key);
      if (entry.at + SIGNATURE_TTL_MS < now()) {
        size -= sizeOf(entry);
        return undefined;
      }
      kept.set(key, entry);
      return entry.signature === '' ? undefined : entry.signature;
    },
    restore(entries) {
      for (const entry of entries) {
        const known = kept.get(entry.key);
        if (entry.at + SIGNATURE_TTL_MS >= now() && (known === undefined || known.at < entry.at)) keep(entry);
      }
    },
  };
}
