/** Shortens what no person reads: images and other files in base64 within a text. */

/** Shorter ones stay, in characters. */
const LONG = 1024;
/** What stays of a long one. */
const PREFIX = 64;

const IN_BASE64 = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  IN_BASE64[letter.charCodeAt(0)] = 1;
const isBase64 = (code: number): boolean => IN_BASE64[code] === 1;

/** Not one letter again and again, as in tests. */
const isData = (start: string): boolean => /[A-Z]/.test(start) && /[a-z]/.test(start) && /[0-9]/.test(start);

/** Reasoning that the next request must bring back unchanged. */
const SIGNATURE =
  /"(?:\w*signature|encrypted_?content|encrypted|redactedContent|redacted_content|opaque)\\*"\s*:\s*\\*"$|redacted_thinking[^{}]*$/i;

/**
 * The text with the first letters and the size in place of base64 of more than 1 KiB. Looks at one letter in a thousand
 * where there is none.
 */
export function shortenData(text: string): { text: string; shortened: boolean } {
  let short = '';
  let from = 0;
  let start = 0;
  while (start + LONG <= text.length) {
    let at = start + LONG - 1;
    while (at >= start && isBase64(text.charCodeAt(at))) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + LONG;
    while (isBase64(text.charCodeAt(end))) end++;
    const run = end - start;
    if (
      isData(text.slice(start, start + LONG)) &&
      !SIGNATURE.test(text.slice(Math.max(0, start - 120), start))
    ) {
      while (text[end] === '=') end++;
      short += `${text.slice(from, start + PREFIX)}…(${Math.floor((run * 3) / 4)} bytes)`;
      from = end;
    }
    start = end;
  }
  return from === 0 ? { text, shortened: false } : { text: short + text.slice(from), shortened: true };
}
