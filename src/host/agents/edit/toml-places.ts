/** Where things are in a TOML text that is known to be valid: tables, and the pairs of keys and values on their lines. */

/** One `key = value`. All offsets are in UTF-16 units of the text. */
export interface TomlPair {
  /** From the root, with the names of its table. */
  path: string[];
  /** The names of its table alone. */
  table: string[];
  key: number;
  value: number;
  end: number;
  lineBegin: number;
  /** Behind the line's end, so with a comment behind the value. */
  lineEnd: number;
  indent: string;
}

/** One `[table]` or `[[table]]`. */
export interface TomlTable {
  path: string[];
  /** Whether it is one of a list of tables. */
  isList: boolean;
  begin: number;
  headerEnd: number;
  /** Behind the last line that says something in it. */
  end: number;
  indent: string;
}

export interface TomlPlaces {
  pairs: TomlPair[];
  tables: TomlTable[];
  /** Where the first table's comments or the text begin, and where a pair of the root can be added. */
  rootEnd: { begin: number; at: number };
}

/** Reads the places of a text. What it gives for a text that is no TOML means nothing. */
export function scanToml(text: string): TomlPlaces {
  const pairs: TomlPair[] = [];
  const tables: TomlTable[] = [];
  const begin = text.startsWith('\uFEFF') ? 1 : 0;
  let at = begin;
  let rootEnd = begin;
  let table: TomlTable | undefined;
  while (at < text.length) {
    const lineBegin = at;
    const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? '';
    at += indent.length;
    if (text[at] === '[') {
      const isList = text[at + 1] === '[';
      const key = readKey(text, at + (isList ? 2 : 1));
      at = endOfLine(text, key.end);
      table = { path: key.names, isList, begin: lineBegin, headerEnd: at, end: at, indent };
      tables.push(table);
      continue;
    }
    if (text[at] === '#' || text[at] === '\r' || text[at] === '\n' || at >= text.length) {
      at = endOfLine(text, at);
      continue;
    }
    const key = readKey(text, at);
    const value = skipBlanks(text, key.end + 1);
    const end = endOfValue(text, value);
    const lineEnd = endOfLine(text, end);
    const names = table?.path ?? [];
    // Keys of a list's tables have no path of their own: nobody may find them by one.
    const prefix = table?.isList ? [...names, '[]'] : names;
    pairs.push({
      path: [...prefix, ...key.names],
      table: prefix,
      key: at,
      value,
      end,
      lineBegin,
      lineEnd,
      indent,
    });
    at = lineEnd;
    if (table) table.end = at;
    else rootEnd = at;
  }
  return {
    pairs,
    tables,
    rootEnd: { begin, at: tables.length === 0 && rootEnd === begin ? text.length : rootEnd },
  };
}

/** A dotted key: its names, and where the blanks behind it end. */
function readKey(text: string, from: number): { names: string[]; end: number } {
  const names: string[] = [];
  let at = from;
  for (;;) {
    at = skipBlanks(text, at);
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = endOfString(text, at);
      const inner = text.slice(at + 1, end - 1);
      names.push(quote === '"' ? unescapeKey(inner) : inner);
      at = end;
    } else {
      const bare = /^[A-Za-z0-9_-]+/.exec(text.slice(at))?.[0] ?? '';
      names.push(bare);
      at += bare.length;
    }
    at = skipBlanks(text, at);
    if (text[at] !== '.') return { names, end: at };
    at++;
  }
}

const SHORT: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\x1b' };

const unescapeKey = (text: string): string =>
  text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))/g,
    (_, u, U, x, short: string) => {
      const code = (u ?? U ?? x) as string | undefined;
      return code === undefined ? (SHORT[short] ?? short) : String.fromCodePoint(parseInt(code, 16));
    },
  );

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** Behind the next line feed; the end where there is none. */
function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}

/** The end of a string that begins here, with its closing quotes. */
function endOfString(text: string, from: number): number {
  const quote = text[from] ?? '';
  const isLong = text.startsWith(quote.repeat(3), from);
  let at = from + (isLong ? 3 : 1);
  while (at < text.length) {
    if (quote === '"' && text[at] === '\\') at += 2;
    else if (isLong && text.startsWith(quote.repeat(3), at)) {
      // Up to two quotes may stand before the closing ones.
      at += 3;
      while (text[at] === quote) at++;
      return at;
    } else if (!isLong && text[at] === quote) return at + 1;
    else at++;
  }
  return at;
}

/** The end of a value that begins here: blanks and a comment behind it are not of it. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  let end = from;
  while (at < text.length) {
    const sign = text[at];
    if (sign === '"' || sign === "'") {
      at = end = endOfString(text, at);
      continue;
    }
    if (sign === '#' || sign === '\n') {
      if (depth === 0) break;
      at = endOfLine(text, at);
      continue;
    }
    if (sign === '[' || sign === '{') depth++;
    if (sign === ']' || sign === '}') depth--;
    at++;
    if (sign !== ' ' && sign !== '\t' && sign !== '\r') end = at;
  }
  return end;
}
