/**
 * Reasoning of one provider on its way through the client of another (SPEC 4.5): clients send signatures back as they got
 * them, so whatever a provider wants back travels in the client's own signature field, in an envelope that says whose it
 * is. It needs no memory, survives restarts, and is told from the provider's own signatures by its beginning.
 */
import { isObject } from '../../../shared/json';
import type { Metadata } from '../canonical';

/** Base64 of `psig1:`: every envelope begins so, and nothing else does. */
export const ENVELOPE_MARK = 'cHNpZzE6';

const PREFIX = 'psig1:';

/** The envelope around the metadata of a part: Base64, as all signature fields are. */
export function wrapMetadata(metadata: Metadata): string {
  return toBase64(PREFIX + JSON.stringify(metadata));
}

/** What an envelope holds; undefined when the text is a provider's own signature, or damaged. */
export function unwrapMetadata(signature: string): Metadata | undefined {
  if (!signature.startsWith(ENVELOPE_MARK)) return undefined;
  try {
    const metadata: unknown = JSON.parse(fromBase64(signature).slice(PREFIX.length));
    return isObject(metadata) ? (metadata as Metadata) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a signature is an envelope: not the provider's own. */
export function isEnvelope(signature: unknown): boolean {
  return typeof signature === 'string' && signature.startsWith(ENVELOPE_MARK);
}

/** Base64 of the text's UTF-8. */
export function toBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/** The text behind {@link toBase64}; throws where it is none. */
export function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)));
}
