/**
 * Citations of a text block: what the whole block says comes from its sources.
 * https://platform.claude.com/docs/en/build-with-claude/citations,
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#citations
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Citation, TextPart } from '../canonical';
import { isEnvelope, wrapMetadata } from '../signatures/envelope';
import type { WireBlock } from './wire';

const filled = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Where search results say their source, it is an address or any other name. */
const addressIn = (value: Json | undefined): string | undefined => {
  const text = filled(value);
  return text !== undefined && /^https?:/i.test(text) ? text : undefined;
};

/** The citations of a block whose text is `length` UTF-16 units long. */
export function decodeCitations(citations: Json | undefined, length: number): Citation[] {
  if (!Array.isArray(citations)) return [];
  return citations.filter(isObject).map((wire) => {
    const url = filled(wire['url']) ?? addressIn(wire['source']);
    const title = filled(wire['title']) ?? filled(wire['document_title']);
    const citedText = filled(wire['cited_text']);
    return {
      ...(length > 0 && { start: 0, end: length }),
      ...(url !== undefined && { url }),
      ...(title !== undefined && { title }),
      ...(citedText !== undefined && { citedText }),
      metadata: { anthropic: wire },
    };
  });
}

/**
 * A citation as a block has it; undefined for a source of another provider that has no address. The encrypted index of one
 * that another provider made is an empty envelope: the API must not get it back ({@link isForeignCitation}). What the
 * source says is told only where it is known.
 */
export function encodeCitation(citation: Citation): JsonObject | undefined {
  const { url, title, citedText, metadata } = citation;
  if (metadata?.anthropic) return metadata.anthropic;
  if (url === undefined) return undefined;
  return {
    type: 'web_search_result_location',
    url,
    title: title ?? null,
    encrypted_index: wrapMetadata({}),
    cited_text: citedText ?? '',
  };
}

/** Whether a citation in a client's history was made by Portside out of another provider's. */
export const isForeignCitation = (citation: Json): boolean =>
  isObject(citation) && isEnvelope(citation['encrypted_index']);

/** A text block of a history without the citations that the API would refuse; the block itself where it has none. */
export function dropForeignCitations<B extends JsonObject>(block: B): B {
  const { citations } = block;
  if (!Array.isArray(citations) || !citations.some(isForeignCitation)) return block;
  const { citations: _citations, ...rest } = block;
  const kept = citations.filter((citation) => !isForeignCitation(citation));
  return (kept.length > 0 ? { ...rest, citations: kept } : rest) as B;
}

/** A stretch of text with what is cited for it. */
interface Stretch {
  text: string;
  citations: JsonObject[];
}

/**
 * A text as blocks: one for each stretch that has sources, as the API itself divides its texts. Every citation stands once,
 * with the stretch that ends where it ends. No block is blank: the API would not take it back.
 */
export function encodeCitedText(part: TextPart, onLost: () => void): WireBlock[] {
  if (part.text === '') return [];
  const stretches = divide(part, onLost);
  return stretches.map(({ text, citations }) => ({
    type: 'text',
    text,
    ...(citations.length > 0 && { citations }),
  }));
}

function divide({ text, citations = [] }: TextPart, onLost: () => void): Stretch[] {
  const ends = new Map<number, { start: number; citations: JsonObject[] }>();
  for (const citation of citations) {
    const wire = encodeCitation(citation);
    if (!wire) {
      onLost();
      continue;
    }
    const { start = 0, end = text.length } = citation;
    const group = ends.get(end) ?? { start, citations: [] };
    group.start = Math.min(group.start, start);
    group.citations.push(wire);
    ends.set(end, group);
  }
  const stretches: Stretch[] = [];
  let at = 0;
  for (const [end, group] of [...ends].sort(([a], [b]) => a - b)) {
    const before = text.slice(at, Math.max(at, group.start));
    if (before.trim() !== '') {
      stretches.push({ text: before, citations: [] });
      at += before.length;
    }
    const said = text.slice(at, end);
    const last = stretches.at(-1);
    if (said.trim() === '' && last) last.citations.push(...group.citations);
    else {
      stretches.push({ text: said, citations: group.citations });
      at = end;
    }
  }
  const rest = text.slice(at);
  const last = stretches.at(-1);
  if (last && rest.trim() === '') last.text += rest;
  else if (rest !== '') stretches.push({ text: rest, citations: [] });
  return stretches;
}
