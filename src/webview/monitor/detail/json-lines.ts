/** What a piece of JSON's text is, for its colour. */
export type TokenKind = 'name' | 'string' | 'number' | 'word' | 'mark';
export interface Token {
  kind: TokenKind;
  text: string;
}

/** A string with what tells a name from a value, a number, a word; anything else goes through as it is. */
const TOKEN =
  /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\btrue\b|\bfalse\b|\bnull\b)/g;

/** One line of JSON as coloured pieces, which make up the line again; also of text that was cut somewhere. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let done = 0;
  const mark = (to: number): void => {
    if (to > done) tokens.push({ kind: 'mark', text: line.slice(done, to) });
  };
  for (const match of line.matchAll(TOKEN)) {
    const [whole, string, colon, number, word] = match;
    mark(match.index);
    done = match.index + whole.length;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'name', text: string });
      if (colon !== undefined) tokens.push({ kind: 'mark', text: colon });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  mark(line.length);
  return tokens;
}

/** Shorter strings stay on their line. */
const SHORT_STRING = 80;

/**
 * Cuts a string of JSON after each `\\n` in it: prompts and files are read line by line. Nothing is added or left out.
 */
export function breakLines(string: string): string[] {
  if (string.length <= SHORT_STRING || !string.includes('\\n')) return [string];
  const lines: string[] = [];
  let from = 0;
  // Escapes in pairs: of `\\\\n` the `n` is a letter.
  for (const { 0: escape, index } of string.matchAll(/\\[^]/g)) {
    const to = index + escape.length;
    // The quotation mark that ends the string stays with its last line.
    if (escape !== '\\n' || to >= string.length - 1) continue;
    lines.push(string.slice(from, to));
    from = to;
  }
  lines.push(string.slice(from));
  return lines;
}

/** A line of indented JSON and what it does to the folds around it. */
export interface Line {
  text: string;
  /** The line begins an object or a list that folds; the line that ends it has `closes`. */
  opens?: true;
  closes?: true;
}

/** Deeper objects do not fold by themselves: every fold is a stop for whoever walks by keyboard. */
const DEEPEST = 2;

/**
 * Walks over indented JSON. Objects and lists fold down to the members of members: a request's messages, an answer's
 * content. Whatever is opened may stay open at the end: the text can have been cut.
 */
export function* linesOf(text: string): Generator<Line> {
  let depth = 0;
  for (const line of splitLines(text)) {
    if (/[[{]$/.test(line)) {
      // The outermost brackets hold everything: nobody folds them.
      const folds = depth >= 1 && depth <= DEEPEST;
      depth += 1;
      yield folds ? { text: line, opens: true } : { text: line };
    } else if (/^\s*[\]}]/.test(line)) {
      depth = Math.max(0, depth - 1);
      yield depth >= 1 && depth <= DEEPEST ? { text: line, closes: true } : { text: line };
    } else yield { text: line };
  }
}

/** The lines of a text without their ends, one by one. */
export function* splitLines(text: string): Generator<string> {
  let from = 0;
  for (;;) {
    const to = text.indexOf('\n', from);
    if (to < 0) break;
    yield text.slice(from, to);
    from = to + 1;
  }
  if (from < text.length || text === '') yield text.slice(from);
}
