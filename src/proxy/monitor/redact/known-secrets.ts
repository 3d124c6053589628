/** Finds known secrets in text, in every form in which programs write them. */
import { secretParts } from '../../../shared/account-key';
import { MASK, SHORTEST_SECRET } from '../../../shared/redact';

/** Shorter pieces of a secret (an id before a colon, a line of a private key) may be ordinary words. */
const SHORTEST_PIECE = 12;
const BASE64_CHARACTER = /[A-Za-z0-9+/_-]/;

const percentEncoded = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate has no UTF-8.
    return text;
  }
};
const withLowerHex = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicodeEscaped = (text: string, letters: RegExp): string =>
  text.replace(letters, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The secret itself and the parts of it that are secrets too. */
function partsOf(secret: string): string[] {
  const parts = new Set(secretParts(secret));
  for (const part of [...parts]) {
    if (part.startsWith('{')) continue;
    // `id:secret` of AWS, the lines of a PEM key; `id.secret` of z.ai. A token's parts alone are found as well.
    for (const separator of [':', '\n', '.'] as const)
      for (const piece of part.split(separator)) if (piece.length >= SHORTEST_PIECE) parts.add(piece);
  }
  return [...parts];
}

/** What is certain of the secret in base64, whatever stands before and behind it: one core per alignment. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const cores: string[] = [];
  for (let before = 0; before < 3; before++) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const core = encoded.slice(Math.ceil((before * 8) / 6), whole);
    cores.push(core, core.replace(/\+/g, '-').replace(/\//g, '_'));
    if (/[+/]/.test(core))
      cores.push(percentEncoded(core), withLowerHex(percentEncoded(core)), core.replace(/\//g, '\\/'));
  }
  return cores;
}

/** JSON in strings of JSON in strings: tool calls within logs within tool results. Keys without quotes look the same in all. */
const NESTED = 6;
function escapedDeeper(forms: string[]): string[] {
  const deeper: string[] = [];
  for (let level = 1, last = forms; level < NESTED; level++) deeper.push(...(last = last.map(jsonEscaped)));
  return deeper;
}

/** Plain, percent-encoded (strict, lax, either case of hex, `+` for a space), escaped in JSON at several depths, UTF-8 read as Latin-1. */
function plainForms(secret: string): string[] {
  const percent = percentEncoded(secret);
  const strict = percent.replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const json = jsonEscaped(secret);
  const slashes = json.replace(/\//g, '\\/');
  const ascii = unicodeEscaped(json, /[^\x20-\x7e]/g);
  const html = unicodeEscaped(json, /[<>&\u2028\u2029]/g);
  const once = [json, slashes, ascii, html, unicodeEscaped(ascii, /[<>&'+]/g)];
  const percents = [percent, strict, percent.replace(/%20/g, '+'), strict.replace(/%20/g, '+')];
  return [
    secret,
    ...percents,
    ...percents.map(withLowerHex),
    // Encoded once more, as in the query of an address within an address.
    percentEncoded(percent),
    ...once,
    ...escapedDeeper(once),
    Buffer.from(secret, 'utf8').toString('latin1'),
  ];
}

interface Form {
  text: string;
  base64: boolean;
}

/**
 * Looks for many texts at once and mostly leaps over what cannot hold any (Wu and Manber, "A fast algorithm for multi-pattern
 * searching", 1994): three hundred forms cost no more than one.
 */
export class KnownSecrets {
  readonly #forms: Form[] = [];
  /** Secrets too short to be looked for in text, and all others. */
  readonly #whole = new Set<string>();
  /** By a hash of three characters: how far the window may leap. */
  readonly #leaps: Uint16Array | undefined;
  /** Forms whose window ends with three characters of this hash, the longest first. */
  readonly #ends = new Map<number, Form[]>();
  readonly #window: number = 0;

  /** @param secrets shorter ones than eight characters are words: they are known where they are the whole of a value */
  constructor(secrets: readonly string[]) {
    const forms = new Map<string, Form>();
    for (const secret of secrets) {
      if (secret === '') continue;
      this.#whole.add(secret);
      if (secret.length < SHORTEST_SECRET) continue;
      for (const part of partsOf(secret)) {
        this.#whole.add(part);
        if (part.length < SHORTEST_SECRET) continue;
        for (const text of plainForms(part)) forms.set(text, { text, base64: false });
        for (const text of base64Cores(part))
          if (text.length >= SHORTEST_SECRET && !forms.has(text)) forms.set(text, { text, base64: true });
      }
    }
    this.#forms = [...forms.values()].sort((a, b) => b.text.length - a.text.length);
    if (this.#forms.length === 0) return;
    const window = Math.min(...this.#forms.map(({ text }) => text.length));
    this.#window = window;
    const leaps = (this.#leaps = new Uint16Array(65_536).fill(window - 2));
    for (const form of this.#forms) {
      for (let end = 2; end < window; end++) {
        const hash = hashAt(form.text, end);
        const leap = window - 1 - end;
        if (leap < (leaps[hash] ?? 0)) leaps[hash] = leap;
        if (leap === 0) {
          const list = this.#ends.get(hash);
          if (list) list.push(form);
          else this.#ends.set(hash, [form]);
        }
      }
    }
  }

  /** Whether the text is a secret, whole: short ones too. */
  is(text: string): boolean {
    return this.#whole.has(text);
  }

  /** The text with the mask in place of every secret. */
  mask(text: string): string {
    const leaps = this.#leaps;
    if (!leaps) return text;
    const window = this.#window;
    let clean = '';
    let from = 0;
    let at = window - 1;
    while (at < text.length) {
      const hash = hashAt(text, at);
      const leap = leaps[hash] ?? 0;
      if (leap > 0) {
        at += leap;
        continue;
      }
      const start = at - window + 1;
      const found = this.#ends.get(hash)?.find((form) => text.startsWith(form.text, start));
      if (!found) {
        at++;
        continue;
      }
      let begin = start;
      let end = start + found.text.length;
      if (found.base64) {
        // The letters at both edges hold bits of the secret, too.
        if (begin > from && BASE64_CHARACTER.test(text.charAt(begin - 1))) begin--;
        if (BASE64_CHARACTER.test(text.charAt(end))) end++;
        while (text[end] === '=') end++;
      }
      clean += text.slice(from, begin) + MASK;
      from = end;
      at = end + window - 1;
    }
    return from === 0 ? text : clean + text.slice(from);
  }

  /**
   * The text, which was cut off somewhere, without the beginning of a secret at its end.
   * @param shortest a beginning of fewer characters may stay
   */
  withoutBeginning(text: string, shortest = 4): string {
    let end = text.length;
    for (const { text: form } of this.#forms) {
      for (let length = Math.min(form.length - 1, text.length); length >= shortest; length--) {
        if (text.charCodeAt(text.length - 1) !== form.charCodeAt(length - 1)) continue;
        if (!text.endsWith(form.slice(0, length))) continue;
        end = Math.min(end, text.length - length);
        break;
      }
    }
    return text.slice(0, end);
  }
}

function hashAt(text: string, end: number): number {
  return (text.charCodeAt(end) ^ (text.charCodeAt(end - 1) << 5) ^ (text.charCodeAt(end - 2) << 10)) & 0xffff;
}
