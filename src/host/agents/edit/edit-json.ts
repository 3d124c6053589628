/**
 * Changes of JSON and JSONC files that leave everything else as it is: comments, order, unknown keys, indentation, line
 * ends, a byte order mark, trailing commas. jsonc-parser tells where things are; its own `modify` is not used, for it
 * lays out anew whatever stands on the lines it touches.
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigFile, MalformedConfigError } from '../agent';
import { styleOf, type TextStyle } from './text-style';
import { malformedAt } from './malformed-at';

/** Names of properties and indexes of elements, from the root. An index that equals the length appends. */
export type JsonPath = readonly (string | number)[];

/** @property value what shall stand there; undefined takes the property or element away */
export interface JsonChange {
  path: JsonPath;
  value: unknown;
}

/**
 * What a JSON or JSONC file says; comments and trailing commas are allowed.
 * @returns undefined for a file that is absent, or holds nothing but white space and comments
 * @throws MalformedConfigError with the position of the first error
 */
export function readJson(file: ConfigFile): unknown {
  const root = parse(file, file.text ?? '');
  return root && valueOf(root);
}

/**
 * As {@link readJson}, for files whose root is an object.
 * @returns an empty object where there is nothing
 * @throws MalformedConfigError also when the root is something else
 */
export function readJsonObject(file: ConfigFile): Record<string, unknown> {
  const root = parse(file, file.text ?? '');
  if (!root) return {};
  if (root.type !== 'object') throw malformedAt(file, root.offset, 'An object is expected here.');
  return valueOf(root) as Record<string, unknown>;
}

/** The value at a path in what {@link readJson} gave; undefined where there is none. */
export function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/**
 * The text of a file with changes, one after the other. Objects and arrays on the way are made where they are missing; a
 * value that is already there is not touched.
 * @returns the same text when nothing changes
 * @throws MalformedConfigError when the file is no JSON, or something on the way is neither object nor array
 */
export function editJson(file: ConfigFile, changes: readonly JsonChange[]): string {
  let text = file.text ?? '';
  for (const change of changes) text = applyChange(file, text, change);
  return text;
}

/** The error for a value that is not what its agent takes there, with its place in a file that can be read. */
export function unexpectedAt(file: ConfigFile, path: JsonPath, reason: string): MalformedConfigError {
  let node = parse(file, file.text ?? '');
  for (const step of path) node = node && childOf(node, step);
  return malformedAt(file, node?.offset ?? 0, reason);
}

function applyChange(file: ConfigFile, text: string, { path, value }: JsonChange): string {
  const root = parse(file, text);
  const style = styleOf(text);
  if (!root) return value === undefined ? text : newDocument(text, nest(path, value), style);
  let node = root;
  for (const [index, step] of path.entries()) {
    const isList = typeof step === 'number';
    if (node.type !== (isList ? 'array' : 'object'))
      throw malformedAt(
        { ...file, text },
        node.offset,
        isList ? 'A list is expected here.' : 'An object is expected here.',
      );
    const child = childOf(node, step);
    if (!child) {
      if (value === undefined) return text;
      return insert(text, node, step, nest(path.slice(index + 1), value), style);
    }
    node = child;
  }
  if (value === undefined) return node.parent ? remove(text, node) : text;
  if (JSON.stringify(valueOf(node)) === JSON.stringify(value)) return text;
  const shown = render(value, style, indentAt(text, node.offset));
  return text.slice(0, node.offset) + shown + text.slice(node.offset + node.length);
}

/** The tree of a text, its offsets being those of the text with its byte order mark. */
function parse(file: ConfigFile, text: string): Node | undefined {
  // A space in its stead keeps the offsets: jsonc-parser takes the mark for a bad character.
  const body = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  if (error) throw malformedAt({ ...file, text }, error.offset, describe(error));
  return root;
}

function describe({ error }: ParseError): string {
  const words = printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `This is no valid JSON (${words.toLowerCase()}).`;
}

/** The last of a name counts, as for every parser of JSON. */
function childOf({ children = [] }: Node, step: string | number): Node | undefined {
  if (typeof step === 'number') return children[step];
  return children.findLast(({ children: pair }) => pair?.[0]?.value === step)?.children?.[1];
}

/** As JSON.parse would give it: a property called `__proto__` is one like any other. */
function valueOf(node: Node): unknown {
  const { type, children = [] } = node;
  if (type === 'array') return children.map(valueOf);
  if (type !== 'object') return node.value;
  return Object.fromEntries(
    children.flatMap(({ children: pair }) =>
      pair?.[0] && pair[1] ? [[pair[0].value as string, valueOf(pair[1])]] : [],
    ),
  );
}

/** A value wrapped in what its path asks for. */
function nest(path: JsonPath, value: unknown): unknown {
  return path.reduceRight((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

function newDocument(text: string, value: unknown, style: TextStyle): string {
  const before = text === '' || /[\n\uFEFF]\s*$/.test(text) ? text : text + style.eol;
  return before + render(value, style, '') + style.eol;
}

const render = (value: unknown, { unit, eol }: TextStyle, indent: string): string =>
  JSON.stringify(value, null, unit).replaceAll('\n', eol + indent);

/** The white space that the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\uFEFF?([ \t]*)/.exec(line)?.[1] ?? '';
}

/** Puts something behind the last child of an object or array. */
function insert(text: string, parent: Node, step: string | number, value: unknown, style: TextStyle): string {
  const close = parent.offset + parent.length - 1;
  const last = parent.children?.at(-1);
  const isFlat = last !== undefined && !text.slice(parent.offset, close).includes('\n');
  const outer = indentAt(text, parent.offset);
  const entry = (indent: string | undefined): string => {
    const shown = indent === undefined ? JSON.stringify(value) : render(value, style, indent);
    const gap = isFlat && last && isTight(last) ? '' : ' ';
    return typeof step === 'number' ? shown : `${JSON.stringify(step)}:${gap}${shown}`;
  };
  if (!last) {
    const at = endOfTrivia(text, parent.offset + 1, close, false);
    const tail = text.slice(at, close).includes('\n') ? '' : style.eol + outer;
    // Only white space in between: nothing of it is worth keeping inside.
    const end = text.slice(parent.offset + 1, close).trim() === '' ? close : at;
    const begin = end === close ? parent.offset + 1 : at;
    const ending = end === close ? style.eol + outer : tail;
    const indent = outer + style.unit;
    return text.slice(0, begin) + style.eol + indent + entry(indent) + ending + text.slice(end);
  }
  const lastEnd = last.offset + last.length;
  const comma = trailingComma(text, lastEnd, close);
  if (isFlat) {
    const gap = isTight(last) && !/[,{[]\s/.test(text.slice(parent.offset, last.offset)) ? '' : ' ';
    return comma === undefined
      ? text.slice(0, lastEnd) + `,${gap}` + entry(undefined) + text.slice(lastEnd)
      : text.slice(0, comma + 1) + gap + entry(undefined) + ',' + text.slice(comma + 1);
  }
  const startsLine = text.slice(text.lastIndexOf('\n', last.offset - 1) + 1, last.offset).trim() === '';
  const indent = startsLine ? indentAt(text, last.offset) : outer + style.unit;
  // Behind the comments that belong to the last one's line.
  const at = endOfTrivia(text, (comma ?? lastEnd - 1) + 1, close, true);
  const between = text.slice(lastEnd, at);
  const ending = text.slice(at, close).includes('\n') ? '' : style.eol + outer;
  return (
    text.slice(0, lastEnd) +
    (comma === undefined ? ',' : '') +
    between +
    style.eol +
    indent +
    entry(indent) +
    (comma === undefined ? '' : ',') +
    ending +
    text.slice(at)
  );
}

/** `"a":1`, without white space behind the colon. */
function isTight({ colonOffset, children }: Node): boolean {
  const value = children?.[1];
  return colonOffset !== undefined && value !== undefined && value.offset === colonOffset + 1;
}

const COMMENT = /[^\S\n]*(?:\/\/[^\n\r]*|\/\*[^]*?\*\/)/y;
const COMMENT_OF_ANY_LINE = /\s*(?:\/\/[^\n\r]*|\/\*[^]*?\*\/)/y;

/** The end of the last comment behind an offset: on its line, or before `limit`. */
function endOfTrivia(text: string, from: number, limit: number, onLine: boolean): number {
  const comment = onLine ? COMMENT : COMMENT_OF_ANY_LINE;
  let at = from;
  for (;;) {
    comment.lastIndex = at;
    const found = comment.exec(text);
    if (!found || at + found[0].length > limit) return at;
    at += found[0].length;
  }
}

/** Where the comma behind the last child is; undefined where there is none. */
function trailingComma(text: string, from: number, close: number): number | undefined {
  const at = endOfTrivia(text, from, close, false);
  const rest = text.slice(at, close);
  const gap = /^\s*/.exec(rest)?.[0].length ?? 0;
  return rest[gap] === ',' ? at + gap : undefined;
}

/** Takes a property or element away, with one comma and, where it has lines of its own, with these. Comments stay. */
function remove(text: string, value: Node): string {
  const entry = value.parent?.type === 'property' ? value.parent : value;
  const siblings = entry.parent?.children ?? [];
  const index = siblings.indexOf(entry);
  const next = siblings[index + 1];
  const previous = siblings[index - 1];
  const close = entry.parent ? entry.parent.offset + entry.parent.length - 1 : text.length;
  const end = entry.offset + entry.length;
  const after = trailingComma(text, end, next?.offset ?? close);
  const stop = after === undefined ? end : after + 1;
  const lead = /\r?\n[ \t]*$/.exec(text.slice(0, entry.offset))?.[0] ?? '';
  const isLastOfLine = /^[ \t]*(?:\r?\n|$)/.test(text.slice(stop));
  const from = entry.offset - (isLastOfLine ? lead.length : 0);
  if (after !== undefined) {
    const gap = isLastOfLine ? '' : (/^[ \t]*/.exec(text.slice(stop))?.[0] ?? '');
    return text.slice(0, from) + text.slice(end, after) + text.slice(stop + gap.length);
  }
  const before = previous && trailingComma(text, previous.offset + previous.length, entry.offset);
  const kept =
    before === undefined ? text.slice(0, from) : text.slice(0, before) + text.slice(before + 1, from);
  return (lead === '' ? kept.trimEnd() : kept) + text.slice(end);
}
