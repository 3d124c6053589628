import type { AssistantPart } from '../canonical';

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/**
 * A key for what belongs to an answer that made no call: 128 bits (cyrb128, not for secrets) of its text, white space
 * left out, because clients trim text and divide it otherwise.
 * @param text all text of the answer, joined; undefined comes back for none
 */
export function textKey(text: string): string | undefined {
  let [a, b, c, d] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a];
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0xa0) continue;
    length++;
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  if (length === 0) return undefined;
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  return `text:${hex(a ^ b ^ c ^ d)}${hex(b ^ a)}${hex(c ^ a)}${hex(d ^ a)}`;
}

/** The key of an answer: of all its text. Undefined for an answer without text. */
export function answerKey(content: readonly AssistantPart[]): string | undefined {
  return textKey(content.map((part) => (part.type === 'text' ? part.text : '')).join(''));
}
