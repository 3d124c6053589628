/**
 * Places in a text, as the protocols count them: OpenAI in characters (code points, as Python counts), Gemini in bytes of
 * UTF-8. The vocabulary counts UTF-16 units. Places beyond the end are the end.
 */

const isPair = (text: string, at: number): boolean => (text.codePointAt(at) ?? 0) > 0xffff;

/** The UTF-16 place behind so many code points. */
export function placeOfCodePoint(text: string, count: number): number {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--) at += isPair(text, at) ? 2 : 1;
  return at;
}

/** How many code points stand before a UTF-16 place. */
export function codePointsBefore(text: string, place: number): number {
  let count = 0;
  for (let at = 0; at < place && at < text.length; at += isPair(text, at) ? 2 : 1) count++;
  return count;
}

const bytesOf = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** The UTF-16 place behind so many bytes; one within a character is its beginning. */
export function placeOfByte(text: string, count: number): number {
  let at = 0;
  for (let bytes = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    bytes += bytesOf(code);
    if (bytes > count) break;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

/** How many bytes stand before a UTF-16 place. */
export function bytesBefore(text: string, place: number): number {
  let bytes = 0;
  for (let at = 0; at < place && at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    bytes += bytesOf(code);
    at += code > 0xffff ? 2 : 1;
  }
  return bytes;
}
