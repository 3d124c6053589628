/** Masks members of JSON by their names, at any depth, also in JSON inside strings, in whole texts and in pieces of them. */
import { MASK } from '../../../shared/redact';
import { isSecretMember } from './secret-names';

const LONGEST_NAME = 80;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Backslashes right before a place. */
function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === BACKSLASH) count++;
  return count;
}

/** Skips white space, also where it is escaped (`\n` within a string). */
function skipSpace(text: string, from: number, escaped: boolean): number {
  let at = from;
  for (;;) {
    if (isSpace(text.charCodeAt(at))) at++;
    else if (escaped && text.charCodeAt(at) === BACKSLASH) {
      let letter = at;
      while (text.charCodeAt(letter) === BACKSLASH) letter++;
      if (!/[nrt]/.test(text.charAt(letter))) return at;
      at = letter + 1;
    } else return at;
  }
}

/**
 * Of the backslashes before a quote, those that are the quote's own: none at the outermost level, one in a string, three in a
 * string within it, and so on. The others are backslashes of the text before it.
 */
function ownBackslashes(text: string, quote: number): number {
  let count = backslashesBefore(text, quote);
  let own = 0;
  for (; count % 2 === 1; count = (count - 1) / 2) own = own * 2 + 1;
  return own;
}

/**
 * Where the string ends whose content begins at `from` and whose quotes have `depth` backslashes of their own: at a quote
 * like that, or where an outer string ends. The text's length where it was cut.
 */
function contentEnd(text: string, from: number, depth: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    const own = ownBackslashes(text, quote);
    if (own <= depth) return Math.max(from, quote - own);
  }
  return text.length;
}

/** How OpenAI and Gemini list the words of an answer with their probabilities. Those words are none of a secret. */
const PROBABILITY = /log_?prob|token_?id|"bytes"/i;
const isWordOfAnswer = (text: string, name: string, start: number, end: number): boolean =>
  /^token$/i.test(name) &&
  PROBABILITY.test(text.slice(Math.max(0, start - 48), start) + text.slice(end, end + 48));

/** Where the value of a secret member at `from` is masked: pieces of the text, in order. */
function* secretSpans(text: string, from: number, depth: number, name: string): Generator<[number, number]> {
  let at = skipSpace(text, from, depth > 0);
  const list = text.charAt(at) === '[';
  if (list) at = skipSpace(text, at + 1, depth > 0);
  for (;;) {
    let quote = at;
    while (text.charCodeAt(quote) === BACKSLASH) quote++;
    // Another depth: not a value, but the end of the string that all this stands in.
    if (text.charCodeAt(quote) !== QUOTE || quote - at !== depth) return;
    const start = quote + 1;
    const end = contentEnd(text, start, depth);
    if (!isWordOfAnswer(text, name, at, end)) yield [start, end];
    if (!list) return;
    at = skipSpace(text, end + depth + 1, depth > 0);
    if (text.charAt(at) !== ',') return;
    at = skipSpace(text, at + 1, depth > 0);
  }
}

/** What stands in place of a value: words that name where a secret is to be found (`$PORTSIDE_KEY`, `${TOKEN}`, ``) stay. */
const PLACEHOLDER = /^(\$[A-Z_][A-Z0-9_]*|\$\{[\w:.-]+\}|\{\{?[^{}"]{0,60}\}?\}|<[^<>"]{0,60}>|)$/;

/** The text with the mask in place of the values of secret members. Linear in its length. */
export function maskMembers(text: string): string {
  let clean = '';
  let from = 0;
  /** Just after the quote before. */
  let after = 0;
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', after)) {
    const begin = after;
    after = quote + 1;
    let next = after;
    while (isSpace(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) !== COLON || quote - begin > LONGEST_NAME || begin === 0) continue;
    const depth = ownBackslashes(text, quote);
    const name = text.slice(begin, quote - depth);
    if (!isSecretMember(name)) continue;
    for (const [start, end] of secretSpans(text, next + 1, depth, name)) {
      if (start < from || PLACEHOLDER.test(text.slice(start, Math.min(end, start + 80)))) continue;
      clean += text.slice(from, start) + MASK;
      from = end;
      after = Math.max(after, end);
    }
  }
  return from === 0 ? text : clean + text.slice(from);
}
