/**
 * Reasoning of one provider on its way through the client of another (SPEC 4.5): clients send signatures back as they got
 * them, so whatever a provider wants back travels in the client's own signature field, in an envelope that says whose it
 * is. It needs no memory, survives restarts, and is told from the provider's own signatures by its beginning.
 */
import { isObject } from '../../../shared/json';
import type { Metadata, ReasoningPart, UpstreamDialect } from '../canonical';

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

/**
 * The envelope around whole reasoning, text included: for signature fields that do not stand beside the text, because
 * the client hides or drops it.
 */
export function wrapReasoning(parts: readonly ReasoningPart[]): string {
  return toBase64(PREFIX + JSON.stringify(parts.map(({ text, metadata }) => ({ text, metadata }))));
}

/**
 * The reasoning that an envelope stands for; undefined when the text is a provider's own signature. A damaged envelope
 * stands for reasoning of nobody.
 * @param text the reasoning that stands beside it
 */
export function unwrapReasoning(signature: string, text: string): ReasoningPart[] | undefined {
  if (!isEnvelope(signature)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(fromBase64(signature).slice(PREFIX.length));
  } catch {
    // Damaged.
  }
  if (!Array.isArray(content))
    return [{ type: 'reasoning', text, ...(isObject(content) && { metadata: content as Metadata }) }];
  return content.filter(isObject).map((part) => ({
    type: 'reasoning',
    text: typeof part['text'] === 'string' ? part['text'] : '',
    ...(isObject(part['metadata']) && { metadata: part['metadata'] as Metadata }),
  }));
}

/** Whether reasoning is of another provider than those of `dialect`, or of nobody known. */
export function isForeign(metadata: Metadata | undefined, dialect: UpstreamDialect): boolean {
  return !isObject(metadata?.[dialect]);
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
