/** Finds where a text stops being JSON (RFC 8259). JSON.parse tells it for some errors only, in words that change. */

const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The offset just after what the pattern takes at `at`; `at` itself when it takes nothing. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

/** The offset of the quote that closes the string begun at `from`, or of what is wrong in it. By hand: a pattern
 * that repeats a choice overflows its stack on strings of megabytes. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    if (text[at] === '"' || text.charCodeAt(at) < 0x20) return at;
    if (text[at] === '\\') {
      const end = after(ESCAPE, text, at);
      if (end === at) return at;
      at = end;
    } else at++;
  }
  return at;
}

/**
 * @returns the offset (in UTF-16 units, from 0) of the first character, word, number or escape that is not right; the
 * text's length when it ends too early; undefined when it is JSON. Nesting costs no stack.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: ('{' | '[')[] = [];
  /** What may come next. */
  let want: 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'end' = 'value';
  let at = skipSpace(text, 0);
  for (; ; at = skipSpace(text, at)) {
    if (want === 'end' && open.length === 0) return at === text.length ? undefined : at;
    const character = text[at];
    switch (want) {
      case 'end': {
        const inside = open.at(-1);
        if (character === ',') want = inside === '{' ? 'key' : 'value';
        else if (character === (inside === '{' ? '}' : ']')) open.pop();
        else return at;
        at++;
        continue;
      }
      case ':':
        if (character !== ':') return at;
        want = 'value';
        at++;
        continue;
      case 'key or }':
      case 'key':
        if (character === '}' && want === 'key or }') {
          open.pop();
          want = 'end';
          at++;
          continue;
        }
        if (character !== '"') return at;
        at = stringEnd(text, at);
        if (text[at] !== '"') return at;
        want = ':';
        at++;
        continue;
      case 'value or ]':
        if (character === ']') {
          open.pop();
          want = 'end';
          at++;
          continue;
        }
        break;
      case 'value':
        break;
    }
    if (character === '{' || character === '[') {
      open.push(character);
      want = character === '{' ? 'key or }' : 'value or ]';
      at++;
      continue;
    }
    if (character === '"') {
      at = stringEnd(text, at);
      if (text[at] !== '"') return at;
      at++;
    } else {
      const end = after(character === '-' || /\d/.test(character ?? '') ? NUMBER : LITERAL, text, at);
      if (end === at) return at;
      at = end;
    }
    want = 'end';
  }
}
