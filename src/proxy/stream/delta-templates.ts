/**
 * Nearly all events of a stream are alike but for one text. Once an event was read the long way, the next one of its form
 * is told by comparing what surrounds the text, and the text itself is taken as it stands, escaped. That costs a tenth of
 * parsing. Nothing here knows a protocol: whatever two events have in common was understood with the first.
 */
import type { EscapedDelta } from '../dialects/adapter';
import type { StreamPart } from '../dialects/canonical';

/** Letters of the escapes that `JSON.stringify` writes, too: other forms (`\u00e9`, `\/`) are read the long way. */
const USUAL = new Uint8Array(128);
for (const letter of '"\\nrtbf') USUAL[letter.charCodeAt(0)] = 1;
/**
 * What differs from event to event and means nothing to a translation (numbers of events, padding against guessing lengths:
 * a member at OpenAI, spaces before a brace at Anthropic), or only in the last event (usage).
 */
const VOLATILE =
  /"sequence_number":\s*\d+|"obfuscation":\s*"[^"\\]*"|"\w*[tT]oken(?:s|Count)":\s*\d+| *(?=\})/g;
const DIGITS = 0;
const WORD = 1;
const SPACES = 2;

/** What surrounds a text: literal pieces, and between them numbers or words that may differ. */
interface Surroundings {
  literals: string[];
  between: (typeof DIGITS | typeof WORD | typeof SPACES)[];
}

interface Template {
  before: Surroundings;
  after: Surroundings;
  delta: EscapedDelta;
}

function surroundings(text: string): Surroundings {
  const literals: string[] = [];
  const between: Surroundings['between'] = [];
  let at = 0;
  for (const match of text.matchAll(VOLATILE)) {
    const [member] = match;
    if (member.trim() === '') {
      literals.push(text.slice(at, match.index));
      between.push(SPACES);
      at = match.index + member.length;
      continue;
    }
    const word = member.endsWith('"');
    const value = word ? member.lastIndexOf('"', member.length - 2) + 1 : member.search(/\d+$/);
    literals.push(text.slice(at, match.index + value));
    between.push(word ? WORD : DIGITS);
    at = match.index + member.length - (word ? 1 : 0);
  }
  literals.push(text.slice(at));
  return { literals, between };
}

/** The offset after the surroundings, or -1 when the text is another there. */
function skip(text: string, from: number, { literals, between }: Surroundings): number {
  let at = from;
  for (let index = 0; index < literals.length; index++) {
    const literal = literals[index] ?? '';
    // A slice is compared as memory, `startsWith` letter by letter: that takes four times as long.
    if (text.slice(at, at + literal.length) !== literal) return -1;
    at += literal.length;
    const kind = between[index];
    if (kind === DIGITS) {
      const begin = at;
      for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at));
      if (at === begin) return -1;
    } else if (kind === WORD) {
      at = text.indexOf('"', at);
      if (at < 0) return -1;
    } else if (kind === SPACES) {
      while (text.charCodeAt(at) === 0x20) at++;
    }
  }
  return at;
}

/** Whether writing the text anew would give the same escapes. Upstreams are trusted to write JSON. */
function isUsual(escaped: string): boolean {
  for (let at = escaped.indexOf('\\'); at >= 0; at = escaped.indexOf('\\', at + 2))
    if (USUAL[escaped.charCodeAt(at + 1)] !== 1) return false;
  return true;
}

/** The offset of the quote that ends the string whose content begins at `from`; -1 where there is none. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote > from && text.charCodeAt(quote - 1) === 0x5c) {
    let escape = quote - 1;
    while (escape > from && text.charCodeAt(escape - 1) === 0x5c) escape--;
    if ((quote - escape) % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return quote;
}

/** So many more events learned than recognised: this stream has no two alike. */
const HOPELESS = 32;

/** Forms that are known at a time: reasoning and text may take turns, and so may the inputs of parallel calls. */
const KEPT = 4;

type Delta = Extract<StreamPart, { type: EscapedDelta['type'] }>;

/** Knows the last few forms of events of one stream. */
export class DeltaTemplates {
  #templates: Template[] = [];
  /** Events learned, less those recognised. */
  #balance = 0;

  /** Looks at an event that was read the long way, and at what it gave. */
  learn(data: string, parts: readonly StreamPart[]): void {
    let delta: Delta | undefined;
    let count = 0;
    let others = false;
    for (const part of parts) {
      if (part.type === 'usage') continue;
      if (part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-input-delta')
        delta = part;
      else others = true;
      count++;
    }
    // A part began or ended: what the events of before meant, later ones need not mean.
    if (others) this.#templates = [];
    if (!delta || count > 1 || this.#balance > HOPELESS) return;
    if (delta.text === '' || ('metadata' in delta && delta.metadata !== undefined)) return;
    const written = JSON.stringify(delta.text);
    const at = data.indexOf(written);
    // Twice the same text: which of them is it?
    if (at < 0 || data.includes(written, at + 1)) return;
    const { type, id, choice } = delta;
    this.#balance++;
    if (this.#templates.length >= KEPT) this.#templates.pop();
    this.#templates.unshift({
      before: surroundings(data.slice(0, at + 1)),
      after: surroundings(data.slice(at + written.length - 1)),
      delta: { type, id, choice, escaped: '' },
    });
  }

  /** The delta of an event of a known form. The object is used again for the next one. */
  match(data: string): EscapedDelta | undefined {
    for (const { before, after, delta } of this.#templates) {
      const from = skip(data, 0, before);
      if (from < 0) continue;
      const to = endOfString(data, from);
      if (to <= from || skip(data, to, after) !== data.length) continue;
      const escaped = data.slice(from, to);
      if (!isUsual(escaped)) return undefined;
      delta.escaped = escaped;
      this.#balance--;
      return delta;
    }
    return undefined;
  }
}
