/** Changes of dotenv files, line by line: comments, order and what else stands there stay. https://github.com/motdotla/dotenv */
import type { ConfigFile } from '../agent';
import type { Change } from './take-back';
import { styleOf } from './text-style';

interface EnvLine {
  name: string;
  value: string;
  begin: number;
  /** Where the value begins and ends, with its quotes. */
  from: number;
  to: number;
  /** Behind the line's end. */
  end: number;
}

/** As dotenv reads it: a name, `=` or `:`, a value in quotes (over several lines) or up to a comment. */
const LINE =
  /(?<=^|\n|\uFEFF)[^\S\r\n]*(?:export[^\S\r\n]+)?(?<name>[\w.-]+)(?:[^\S\r\n]*=[^\S\r\n]*|:[^\S\r\n]+)(?<value>'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]*)?[^\r\n]*(?:\r?\n|$)/g;

function scan(text: string): EnvLine[] {
  return [...text.matchAll(LINE)].map((match) => {
    const shown = match.groups?.['value'] ?? '';
    const raw = shown.trimEnd();
    const head = match[0].indexOf(match.groups?.['name'] ?? '') + (match.groups?.['name']?.length ?? 0);
    const separator = /^(?:[^\S\r\n]*=[^\S\r\n]*|:[^\S\r\n]+)/.exec(match[0].slice(head))?.[0] ?? '';
    const from = match.index + head + separator.length;
    return {
      name: match.groups?.['name'] ?? '',
      value: unquote(raw),
      begin: match.index,
      from,
      to: from + raw.length,
      end: match.index + match[0].length,
    };
  });
}

function unquote(raw: string): string {
  const inner = /^(['"`])([^]*)\1$/.exec(raw);
  if (!inner) return raw.trim();
  const text = inner[2] ?? '';
  return inner[1] === '"' ? text.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : text;
}

/** The variables of a dotenv file; the last of a name counts. Lines that are none are passed by. */
export function readEnv({ text = '' }: ConfigFile): Record<string, string> {
  return Object.fromEntries(scan(text).map(({ name, value }) => [name, value]));
}

/**
 * The text of a file with changes of variables: the path is a name, the value a string.
 * @returns the same text when nothing changes
 */
export function editEnv(file: ConfigFile, changes: readonly Change[]): string {
  let text = file.text ?? '';
  for (const { path, value } of changes) {
    const name = String(path[0]);
    const lines = scan(text).filter((line) => line.name === name);
    const last = lines.at(-1);
    if (value === undefined) {
      for (const { begin, end } of lines.reverse()) text = text.slice(0, begin) + text.slice(end);
      continue;
    }
    const wanted = String(value);
    if (last?.value === wanted) continue;
    if (last) {
      text = text.slice(0, last.from) + quote(wanted) + text.slice(last.to);
      continue;
    }
    const { eol } = styleOf(text);
    const gap = text === '' || text === '\uFEFF' || text.endsWith('\n') ? '' : eol;
    text += `${gap}${name}=${quote(wanted)}${eol}`;
  }
  return text;
}

/** In quotes only where it needs them. */
function quote(value: string): string {
  if (/^[\w.:/@%+,=~!*?&()[\]{}|;<>^-]*$/.test(value)) return value;
  const sign = [`'`, '"', '`'].find((each) => !value.includes(each));
  return sign ? sign + value + sign : JSON.stringify(value);
}
