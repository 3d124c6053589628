/** JSON for reading: indented, and otherwise as it was. Numbers keep their digits and members their order. */

const INDENT = '  ';
/** Deeper levels are indented no further: brackets alone would become megabytes of spaces. */
const DEEPEST = 40;

/**
 * Indents JSON by two spaces. Never parses it: what is not JSON, or only the beginning of it, comes out as far as it goes.
 */
export function indentJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let at = 0;
  const line = () => `\n${INDENT.repeat(Math.min(depth, DEEPEST))}`;
  while (at < text.length) {
    const letter = text.charAt(at);
    switch (letter) {
      case '"': {
        const end = stringEnd(text, at);
        out.push(text.slice(at, end));
        at = end;
        continue;
      }
      case '{':
      case '[': {
        const next = skipSpace(text, at + 1);
        if (text.charAt(next) === (letter === '{' ? '}' : ']')) {
          out.push(letter, text.charAt(next));
          at = next + 1;
          continue;
        }
        depth++;
        out.push(letter, line());
        break;
      }
      case '}':
      case ']':
        depth = Math.max(0, depth - 1);
        out.push(line(), letter);
        break;
      case ',':
        out.push(letter, line());
        break;
      case ':':
        out.push(': ');
        break;
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        break;
      default: {
        let end = at + 1;
        while (end < text.length && !/[\s"{}[\],:]/.test(text.charAt(end))) end++;
        out.push(text.slice(at, end));
        at = end;
        continue;
      }
    }
    at++;
  }
  return out.join('');
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

/** The offset behind the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charAt(quote - 1 - backslashes) === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
