/**
 * Citations as both of OpenAI's protocols have them: `annotations` of a text, flat in Responses
 * (https://platform.openai.com/docs/api-reference/responses/object#responses-object-output), nested under their type in
 * chat completions (https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-message-annotations).
 */
import { isObject, type JsonObject } from '../../../shared/json';
import type { Citation, Dialect } from '../canonical';
import { codePointsBefore, placeOfCodePoint } from '../text-offsets';

/** A text that indices count in, and the part of it that a citation belongs to. */
export interface CitedText {
  text: string;
  /** Where the part begins, in UTF-16 units. */
  from: number;
}

const filled = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** An annotation as a citation; its place counts from the beginning of the part. */
export function decodeAnnotation(
  annotation: JsonObject,
  dialect: Dialect,
  { text, from }: CitedText,
): Citation {
  const nested = annotation['url_citation'];
  const fields = isObject(nested) ? nested : annotation;
  const { start_index: first, end_index: last, content } = fields;
  const url = filled(fields['url']);
  const title = filled(fields['title']) ?? filled(fields['filename']);
  const quote = filled(content);
  const place =
    typeof first === 'number' && typeof last === 'number'
      ? { start: Math.max(0, placeOfCodePoint(text, first) - from), end: placeOfCodePoint(text, last) - from }
      : undefined;
  return {
    // Servers that know no place write zeros.
    ...(place && place.end > place.start && place),
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { citedText: quote }),
    metadata: { [dialect]: annotation },
  };
}

/**
 * A citation as the fields of a `url_citation`; undefined for a source without an address.
 * @param length of the part, for citations of all of it
 */
export function encodeUrlCitation(
  citation: Citation,
  { text, from }: CitedText,
  length: number,
): JsonObject | undefined {
  const { url, title, start = 0, end = length } = citation;
  if (url === undefined) return undefined;
  return {
    start_index: codePointsBefore(text, from + start),
    end_index: codePointsBefore(text, from + end),
    title: title ?? url,
    url,
  };
}
