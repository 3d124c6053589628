/** What keys look like, whoever gave them out. */
import { MASK } from '../../../shared/redact';

/**
 * How keys begin that have a mark of their own, and of what letters the rest is. A lower bound of length keeps names in
 * programs (`sk_buff`, `pk_url_kwarg`) what they are.
 */
const MARKED: readonly (readonly [start: string, rest: string])[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot, Stripe; `csk-` Cerebras.
  ['c?sk-', '[\\w-]{16,}'],
  ['[spr]k_(?:live|test|proj)_', '\\w{12,}'],
  ['gsk_', '\\w{20,}'],
  ['xai-', '[\\w-]{20,}'],
  ['pplx-', '\\w{20,}'],
  ['nvapi-', '[\\w-]{20,}'],
  ['tvly-', '[\\w-]{16,}'],
  ['r8_', '\\w{30,}'],
  ['fw_', '\\w{20,}'],
  ['AIza', '[\\w-]{30,}'],
  ['AQ\\.', '[\\w-]{20,}'],
  ['ya29\\.', '[\\w.-]{20,}'],
  ['GOCSPX-', '[\\w-]{20,}'],
  ['1//0', '[\\w-]{30,}'],
  ['A(?:KIA|SIA|BIA|CCA)', '[A-Z0-9]{16}(?![A-Za-z0-9])'],
  ['ABSK', '[\\w+/=-]{60,}'],
  ['gh[pousr]_', '\\w{30,}'],
  ['github_pat_', '\\w{20,}'],
  ['glpat-', '[\\w.-]{16,}'],
  ['xox[abeoprs]-', '[\\w-]{10,}'],
  ['xapp-', '[\\w-]{20,}'],
  ['hf_', '\\w{30,}'],
  ['npm_', '\\w{36}'],
  ['pypi-', '[\\w-]{40,}'],
  ['dop_v1_', '[0-9a-f]{40,}'],
  ['SG\\.', '[\\w-]{16,}\\.[\\w-]{16,}'],
  ['whsec_', '[\\w+/=]{20,}'],
  ['AGE-SECRET-KEY-1', '[A-Z0-9]{20,}'],
  ['eyJ', '[\\w-]{10,}\\.[\\w-]{10,}(?:\\.[\\w-]*)*'],
];

/**
 * What stands right before a key: no letter of a longer word or of base64, but an escape's last letter may. Asked after the
 * mark was found, so that it costs nothing elsewhere and a row of marks is read once.
 */
const BEFORE = '^|[^A-Za-z0-9_+-]|\\\\[nrtbf]|\\\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2}';
const MARKS = new RegExp(
  MARKED.map(([start, rest]) => `${start}(?<=(?:${BEFORE})${start})${rest}`).join('|'),
  'g',
);

const BEARER = /\b(bearer|basic)([ \t]+|\+|%20)([A-Za-z0-9._~+/=-]{12,4096})/gi;
/** A quote behind the name wants one ahead of the value: a number of JSON is none. */
const AUTHORIZATION =
  /\b((?:proxy-)?authorization(?:[ \t]{0,4}[:=][ \t]{0,4}(?:\\*["'])?|\\*["'][ \t]{0,4}[:=][ \t]{0,4}\\*["'])(?:(?:bearer|basic|token|digest|apikey)[ \t]+)?)([^\s"'\\,;<>{}$]{8,4096})/gi;
const SCHEME_AT_END = /(?:bearer|basic|token|digest|apikey)[ \t]+$/i;
const ASSIGNED =
  /\b([A-Z][A-Z0-9_]{0,60}?(?:API_?KEY|ACCESS_KEY|TOKEN|SECRET|SECRET_KEY|PASSWORD|PASSWD)(?:\\*["'])?[ \t]{0,2}=[ \t]{0,2}(?:\\*["'])?)([A-Za-z0-9_.~+/=-]{12,4096})/g;
const QUERY =
  /([?&](?:(?:api[_-]?)?key|access_token|token|x-amz-signature|x-amz-credential|x-amz-security-token|sig)=)([^&\s"'<>\\#]{6,4096})/gi;
const IN_ADDRESS = /(:\/\/[^\s/?#"'@:\\<>`]{0,128}:)([^\s/?#"'@\\<>`]{1,512})(?=@[\w[])/g;
/** z.ai: an id and a secret. */
const ID_AND_SECRET = new RegExp(
  `[0-9a-f]{32}\\.(?<=(?:${BEFORE})[0-9a-f]{32}\\.)[A-Za-z0-9]{12,64}(?![A-Za-z0-9])`,
  'g',
);

const BEGIN_PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const IN_PRIVATE_KEY = /[A-Za-z0-9+/=\s:,.-]/;

/** Where the lines of a key end that begin at `from`; they may be escaped, in strings within strings. */
function privateKeyEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !text.startsWith('-----', at)) {
    if (text.charAt(at) === '\\') {
      let letter = at;
      while (text.charAt(letter) === '\\') letter++;
      if (!/[nrt]/.test(text.charAt(letter))) return at;
      at = letter + 1;
    } else if (IN_PRIVATE_KEY.test(text.charAt(at))) at++;
    else return at;
  }
  return at;
}

/** PEM keys (RFC 7468), with their lines as they are or escaped; of one that was cut off, all that is there. */
function maskPrivateKeys(text: string): string {
  let clean = '';
  let from = 0;
  for (const { 0: begin, index } of text.matchAll(BEGIN_PRIVATE_KEY)) {
    const start = index + begin.length;
    const end = privateKeyEnd(text, start);
    if (end === start) continue;
    clean += text.slice(from, start) + MASK;
    from = end;
  }
  return clean + text.slice(from);
}

const hasDigit = (text: string): boolean => /[0-9]/.test(text);

/** The text with the mask in place of what looks like a key. */
export function maskLooks(text: string): string {
  let clean = text.replace(MARKS, (key: string) => (hasDigit(key) ? MASK : key));
  if (clean.includes('PRIVATE KEY')) clean = maskPrivateKeys(clean);
  if (clean.includes('://')) clean = clean.replace(IN_ADDRESS, `$1${MASK}`);
  clean = clean.replace(BEARER, (all: string, scheme: string, gap: string, key: string) =>
    hasDigit(key) && /[A-Za-z]/.test(key) ? `${scheme}${gap}${MASK}` : all,
  );
  clean = clean.replace(AUTHORIZATION, (all: string, before: string, value: string) =>
    hasDigit(value) || SCHEME_AT_END.test(before) ? before + MASK : all,
  );
  clean = clean.replace(ASSIGNED, (all: string, before: string, value: string) =>
    hasDigit(value) ? before + MASK : all,
  );
  clean = clean.replace(QUERY, `$1${MASK}`);
  return clean.replace(ID_AND_SECRET, MASK);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const kindOf = (letter: string): number =>
  letter >= '0' && letter <= '9' ? 0 : letter >= 'a' && letter <= 'z' ? 1 : 2;

/** How often letters, capitals and digits follow one another, per character. */
function restlessness(text: string): number {
  let changes = 0;
  for (let at = 1; at < text.length; at++)
    if (kindOf(text.charAt(at)) !== kindOf(text.charAt(at - 1))) changes++;
  return changes / text.length;
}

/**
 * Whether a word was drawn rather than written: long, and capitals, letters and digits follow one another without a system.
 * Dates, versions, names of models and of programs are none.
 * @param shortest fewer letters and digits in a row tell nothing
 */
export function looksRandom(word: string, shortest = 16): boolean {
  if (word.length < shortest) return false;
  if (UUID.test(word)) return true;
  const pieces = word.split(/[^A-Za-z0-9]+/);
  for (const piece of pieces) {
    if (piece.length < shortest || !/[A-Za-z]/.test(piece)) continue;
    if (restlessness(piece) >= (hasDigit(piece) ? 0.22 : 0.38)) return true;
  }
  const joined = pieces.join('');
  return joined.length >= 20 && hasDigit(joined) && restlessness(joined) >= 0.45;
}

/** The text with the mask in place of every word that looks drawn. */
export function maskRandom(text: string): string {
  return text.replace(/[A-Za-z0-9_.~+/=-]{16,}/g, (word) => (looksRandom(word) ? MASK : word));
}
