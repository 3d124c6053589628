/**
 * Where an answer's words come from. Gemini says it at the end, for all of the answer: `groundingMetadata`
 * (https://ai.google.dev/api/generate-content#GroundingMetadata), `citationMetadata` (#CitationMetadata) and
 * `urlContextMetadata` (#UrlContextMetadata). Places count bytes of UTF-8 from the beginning of a part.
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Citation, OpaquePart, TextPart } from '../canonical';
import { placeOfByte } from '../text-offsets';
import { field } from './wire';

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const filled = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const count = (value: Json | undefined): number => (typeof value === 'number' && value > 0 ? value : 0);

/** What the citations' places count in. */
export interface GroundedText {
  /** All text of the answer, thoughts left out. */
  said: string;
  /** Where in it the text of the part begins; 0 where parts are not known, in streams. */
  placeOfPart: (index: number) => number;
}

/** Every source has this mark of its own dialect: Gemini's clients get the metadata itself. */
const OWN = { metadata: { gemini: {} } };

/** A page, a document of the user's, or a place on the map. */
function decodeChunk(chunk: JsonObject): Citation {
  const source = [field(chunk, 'web'), field(chunk, 'retrievedContext'), field(chunk, 'maps')].find(isObject);
  const [url, title, citedText] = source
    ? [filled(field(source, 'uri')), filled(field(source, 'title')), filled(field(source, 'text'))]
    : [];
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(citedText !== undefined && { citedText }),
    ...OWN,
  };
}

/** The place of a segment; its own text tells whether the indices are to be believed. */
function placeOf(segment: JsonObject, { said, placeOfPart }: GroundedText): Pick<Citation, 'start' | 'end'> {
  const from = placeOfPart(count(field(segment, 'partIndex')));
  const part = said.slice(from);
  const start = from + placeOfByte(part, count(field(segment, 'startIndex')));
  const end = from + placeOfByte(part, count(field(segment, 'endIndex')));
  const text = filled(field(segment, 'text'));
  if (text === undefined || said.slice(start, end) === text) return end > start ? { start, end } : {};
  const found = said.indexOf(text);
  return found < 0 ? {} : { start: found, end: found + text.length };
}

function decodeSupports(grounding: JsonObject, text: GroundedText): Citation[] {
  const chunks = objects(field(grounding, 'groundingChunks')).map(decodeChunk);
  const supports = objects(field(grounding, 'groundingSupports'));
  if (supports.length === 0) return chunks;
  return supports.flatMap((support) => {
    const segment = field(support, 'segment');
    const place = isObject(segment) ? placeOf(segment, text) : {};
    const indices = field(support, 'groundingChunkIndices');
    return (Array.isArray(indices) ? indices : []).flatMap((index): Citation[] => {
      const chunk = typeof index === 'number' ? chunks[index] : undefined;
      return chunk ? [{ ...place, ...chunk }] : [];
    });
  });
}

/** Sources of an answer, their places in all of its text. */
export function decodeGrounding(details: JsonObject | undefined, text: GroundedText): Citation[] {
  if (!details) return [];
  const grounding = field(details, 'groundingMetadata');
  const cited = isObject(grounding) ? decodeSupports(grounding, text) : [];
  const quoted = field(details, 'citationMetadata');
  const quotes = isObject(quoted)
    ? objects(field(quoted, 'citations') ?? field(quoted, 'citationSources'))
    : [];
  for (const quote of quotes) {
    const url = filled(field(quote, 'uri'));
    const title = filled(field(quote, 'title'));
    if (url === undefined) continue;
    cited.push({ ...placeOf(quote, text), url, ...(title !== undefined && { title }), ...OWN });
  }
  const fetched = field(details, 'urlContextMetadata');
  for (const page of isObject(fetched) ? objects(field(fetched, 'urlMetadata')) : []) {
    const url = filled(field(page, 'retrievedUrl'));
    const failed = filled(field(page, 'urlRetrievalStatus'))?.endsWith('SUCCESS') === false;
    if (url !== undefined && !failed && !cited.some((one) => one.url === url)) cited.push({ url, ...OWN });
  }
  return cited;
}

/** The searches behind an answer; undefined where there were none. Gemini's clients get the metadata itself. */
export function decodeSearch(details: JsonObject | undefined): OpaquePart | undefined {
  const grounding = details && field(details, 'groundingMetadata');
  if (!isObject(grounding)) return undefined;
  const asked = field(grounding, 'webSearchQueries');
  const queries = (Array.isArray(asked) ? asked : []).flatMap((query) => filled(query) ?? []);
  if (queries.length === 0) return undefined;
  const sources = objects(field(grounding, 'groundingChunks')).flatMap((chunk) => {
    const { url, title } = decodeChunk(chunk);
    return url === undefined ? [] : [{ url, ...(title !== undefined && { title }) }];
  });
  const step = { type: 'web-search' as const, id: 'grounding', queries, sources };
  return { type: 'opaque', dialect: 'gemini', label: 'webSearchQueries', value: null, step };
}

/** The citations that belong to one stretch of the answer's text, their places counted from its beginning. */
export function citationsWithin(citations: Citation[], from: number, length: number): Citation[] {
  return citations.flatMap((citation): Citation[] => {
    const { start, end, ...source } = citation;
    if (start === undefined || end === undefined) return [source];
    if (start >= from + length || start < from) return [];
    return [{ start: start - from, end: Math.min(end - from, length), ...source }];
  });
}

/** Puts the sources of an answer to its texts; what names no place belongs to the last. */
export function citeTexts(content: readonly { type: string }[], citations: Citation[]): void {
  const texts = content.filter((part): part is TextPart => part.type === 'text');
  let from = 0;
  for (const part of texts) {
    const isLast = part === texts.at(-1);
    const placed = isLast ? citations : citations.filter(({ start }) => start !== undefined);
    const own = citationsWithin(placed, from, part.text.length);
    if (own.length > 0) part.citations = own;
    from += part.text.length;
  }
}
