/**
 * Changes of YAML files that leave everything else as it is: comments, order, unknown keys, indentation, line ends, a byte
 * order mark. The parser tells where things are, and each change is a piece of text put in or taken out; what comes of it is
 * read again, and when it does not say what it should, the file is refused. https://yaml.org/spec/1.2.2/
 */
import { isDeepStrictEqual } from 'node:util';
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ConfigFile } from '../agent';
import { malformedAt } from './malformed-at';
import { styleOf } from './text-style';
import { cutItem, cutPair, endOfEntry, lineEnd, lineStart, startOfList } from './yaml-places';

export type YamlPath = readonly (string | number)[];

/** As a change of JSON: an index that equals the length appends; undefined takes the property or element away. */
export interface YamlChange {
  path: YamlPath;
  value: unknown;
  /** The path ends in an index before whose element the value shall come. Only 0 is supported. */
  insert?: boolean;
}

type Parsed = Document.Parsed;

/**
 * What a YAML file says.
 * @returns undefined for a file that is absent, or holds nothing but white space and comments
 * @throws MalformedConfigError with the position of the first error, also for several documents in one file
 */
export function readYaml(file: ConfigFile): unknown {
  return valueOf(file, parse(file, file.text ?? '')) ?? undefined;
}

/**
 * The text of a file with changes, one after the other; maps and lists on the way are made where they are missing.
 * @returns the same text when nothing changes
 * @throws MalformedConfigError when the file is no YAML, something on the way is neither map nor list, or the place cannot be
 * changed without touching others (aliases, keys over several lines)
 */
export function editYaml(file: ConfigFile, changes: readonly YamlChange[]): string {
  let text = file.text ?? '';
  for (const change of changes) {
    const current = { ...file, text };
    const after = applyChange(current, change);
    if (after !== text) assertSays(current, after, change);
    text = after;
  }
  return text;
}

function parse(file: ConfigFile, text: string): Parsed {
  const doc = parseDocument(text, { keepSourceTokens: true, prettyErrors: false });
  const [error] = doc.errors;
  if (error) throw malformedAt({ ...file, text }, error.pos[0], `This is no valid YAML: ${error.message}`);
  return doc;
}

function valueOf(file: ConfigFile, doc: Parsed): unknown {
  try {
    return doc.toJS();
  } catch (error) {
    // Aliases without an anchor, or too many of them.
    throw malformedAt(file, 0, error instanceof Error ? error.message : String(error));
  }
}

function applyChange(file: ConfigFile & { text: string }, change: YamlChange): string {
  const { path, value, insert = false } = change;
  const { text } = file;
  const doc = parse(file, text);
  valueOf(file, doc);
  const root: Node | null = doc.contents;
  if (isEmpty(root)) return value === undefined ? text : appendDocument(text, nest(path, value));
  let place: Place = { node: root, inFlow: false };
  for (const [index, step] of path.entries()) {
    const { node } = place;
    const rest = nest(path.slice(index), value);
    if (isEmpty(node)) return value === undefined ? text : replace(text, doc, place, rest);
    const list = typeof step === 'number';
    const parent = list ? (isSeq(node) ? node : undefined) : isMap(node) ? node : undefined;
    if (!parent)
      throw malformedAt(
        file,
        node.range?.[0] ?? 0,
        list ? 'A list is expected here.' : 'A map is expected here.',
      );
    const inFlow = place.inFlow || parent.flow === true;
    const isLast = index === path.length - 1;
    const child: Place | undefined = insert && isLast ? undefined : childOf(parent, step, inFlow);
    if (!child) {
      if (value === undefined) return text;
      const entry = nest(path.slice(index + 1), value);
      return isEmptyFlow(text, parent, place.inFlow)
        ? replace(text, doc, place, typeof step === 'number' ? [entry] : { [step]: entry })
        : add(text, doc, parent, step, entry, inFlow);
    }
    if (isLast && value === undefined) return remove(text, doc, place, child, inFlow);
    place = child;
  }
  return isDeepStrictEqual(isNode(place.node) ? place.node.toJS(doc) : null, value)
    ? text
    : replace(text, doc, place, value);
}

/** Somewhere in a document: a node, and what it hangs on. */
interface Place {
  /** Null where a key or a dash has nothing behind it. */
  node: Node | null;
  inFlow: boolean;
  pair?: Pair<Node, Node | null>;
  parent?: YAMLMap | YAMLSeq;
  index?: number;
}

/** Nothing, or a null that nobody wrote. */
function isEmpty(node: Node | null): node is null {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

/** `[]` or `{}` in a block, without a comment inside: what comes in may be laid out in lines. */
const isEmptyFlow = (text: string, node: YAMLMap | YAMLSeq, inFlow: boolean): boolean =>
  !inFlow &&
  node.flow === true &&
  node.items.length === 0 &&
  /^[[{]\s*[\]}]$/.test(text.slice(node.range?.[0], node.range?.[1]));

function childOf(parent: YAMLMap | YAMLSeq, step: string | number, inFlow: boolean): Place | undefined {
  if (isSeq(parent) && typeof step === 'number') {
    const node = parent.items[step];
    return isNode(node) ? { node, inFlow, parent, index: step } : undefined;
  }
  const index = parent.items.findIndex((each) => {
    const { key } = each as Pair;
    return isScalar(key) && String(key.value) === step;
  });
  if (index < 0) return undefined;
  const pair = parent.items[index] as Pair<Node, Node | null>;
  return { node: pair.value, inFlow, pair, parent, index };
}

const nest = (path: YamlPath, value: unknown): unknown =>
  path.reduceRight((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);

const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0;

/** A value on one line: as JSON, which is YAML, too, or without quotes where nothing speaks against it. */
function inline(value: unknown, inFlow: boolean): string {
  const shown = inFlow || !isPlain(value) ? '' : stringify(value, { lineWidth: 0 }).trimEnd();
  return shown === '' || shown.includes('\n') ? JSON.stringify(value) : shown;
}

/** A value in lines, each of them with this indentation. */
function block(text: string, doc: Parsed, value: unknown, indent: number): string {
  const { eol, unit } = styleOf(text);
  const shown = stringify(value, {
    indent: unit.includes('\t') ? 2 : Math.min(unit.length, 8),
    indentSeq: indentsLists(doc),
    lineWidth: 0,
  });
  const margin = ' '.repeat(indent);
  return shown
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? line : margin + line))
    .join(eol);
}

/** Whether dashes stand further to the right than the key above them. */
const indentsLists = ({ contents }: Parsed): boolean =>
  !isMap(contents) ||
  !contents.items.some(({ value }) => isSeq(value) && !value.flow && column(value) === column(contents));

const column = ({ srcToken }: Node): number => (srcToken && 'indent' in srcToken ? srcToken.indent : 0);

function appendDocument(text: string, value: unknown): string {
  const { eol } = styleOf(text);
  const before = text === '' || /[\n\uFEFF]$/.test(text) ? text : text + eol;
  return before + stringify(value, { lineWidth: 0 }).replaceAll('\n', eol);
}

/** Puts something behind the last child of a map, or before the first or behind the last of a list. */
function add(
  text: string,
  doc: Parsed,
  parent: YAMLMap | YAMLSeq,
  step: string | number,
  value: unknown,
  inFlow: boolean,
): string {
  const { eol } = styleOf(text);
  const first = step === 0;
  if (inFlow) {
    const entry =
      typeof step === 'number' ? inline(value, true) : `${JSON.stringify(step)}: ${inline(value, true)}`;
    const from = (parent.range?.[0] ?? 0) + 1;
    const last = parent.items.at(-1);
    if (first || last === undefined)
      return text.slice(0, from) + entry + (last === undefined ? '' : ', ') + text.slice(from);
    const at = endOfEntry(last);
    return `${text.slice(0, at)}, ${entry}${text.slice(at)}`;
  }
  const indent = column(parent);
  const margin = ' '.repeat(indent);
  const lines =
    typeof step === 'number'
      ? `${margin}- ${isPlain(value) ? inline(value, false) : block(text, doc, value, indent + 2).trimStart()}`
      : `${margin}${keyAndValue(text, doc, step, value, indent)}`;
  if (first && parent.items.length > 0) {
    const at = startOfList(text, parent);
    return text.slice(0, at) + lines + eol + text.slice(at);
  }
  const end = endOfEntry(parent.items.at(-1));
  const at = text[end - 1] === '\n' ? end : lineEnd(text, end);
  return text[at - 1] === '\n' || at === 0
    ? text.slice(0, at) + lines + eol + text.slice(at)
    : text.slice(0, at) + eol + lines + text.slice(at);
}

/** A pair for a block: without margin before it and line end behind it. */
const keyAndValue = (text: string, doc: Parsed, key: string, value: unknown, indent: number): string =>
  block(text, doc, { [key]: value }, indent).trimStart();

/** Puts a value in the place of another one. */
function replace(text: string, doc: Parsed, place: Place, value: unknown): string {
  const { node, inFlow, pair } = place;
  const { eol } = styleOf(text);
  const colon = pair ? endOfKey(text, pair.key) : 0;
  const isBlock = isCollection(node) && node.flow !== true;
  const start = isEmpty(node) ? colon : (node.range?.[0] ?? 0);
  const end = isEmpty(node) ? start : (node.range?.[1] ?? 0);
  const inLines = !inFlow && !isPlain(value) && pair !== undefined && place.parent !== undefined;
  if (inLines) {
    const from = isBlock ? lineStart(text, start) : start;
    const outer = column(place.parent as Node);
    const isList = Array.isArray(value) && !indentsLists(doc);
    const step = isList ? 0 : styleOf(text).unit.replaceAll('\t', '  ').length;
    const lines = block(text, doc, value, isBlock ? column(node) : outer + step);
    if (isBlock) return text.slice(0, from) + lines + (text[end - 1] === '\n' ? eol : '') + text.slice(end);
    const stop = text[end - 1] === '\n' && end > start ? end : lineEnd(text, end);
    const restOfLine = text[stop - 1] === '\n' && stop === end ? eol : text.slice(end, stop);
    const comment = restOfLine.replace(/[\r\n]+$/, '');
    return (
      text.slice(0, start).replace(/[ \t]+$/, '') +
      comment +
      eol +
      lines +
      (/\n$/.test(restOfLine) ? eol : '') +
      text.slice(stop)
    );
  }
  const shown = inline(value, inFlow);
  // Lists and maps in lines, and texts behind | and >, end with the line; they may begin on the one behind the key.
  const before = isBlock && pair ? text.slice(0, colon) : text.slice(0, start);
  const gap = /[:\-,[{]$/.test(before) ? ' ' : '';
  return before + gap + shown + (end > start && text[end - 1] === '\n' ? eol : '') + text.slice(end);
}

/** Behind the colon of a key. */
function endOfKey(text: string, key: Node): number {
  const at = text.indexOf(':', key.range?.[1] ?? 0);
  return at < 0 ? text.length : at + 1;
}

/** Takes a child away, in a block with its lines. */
function remove(text: string, doc: Parsed, place: Place, child: Place, inFlow: boolean): string {
  const { parent, index = 0 } = child;
  if (!parent) return text;
  if (parent.items.length === 1 && (place.parent || inFlow))
    return replace(text, doc, place, isSeq(parent) ? [] : {});
  return isSeq(parent) ? cutItem(text, parent, index, inFlow) : cutPair(text, parent, index, inFlow);
}

/** Makes sure that an edit did what it should, and nothing else. */
function assertSays(file: ConfigFile & { text: string }, after: string, change: YamlChange): void {
  const before = valueOf(file, parse(file, file.text));
  let now: unknown;
  try {
    now = valueOf(file, parse(file, after));
  } catch {
    now = undefined;
  }
  const expected = { root: structuredClone(before) };
  put(expected, ['root', ...change.path], change.value, change.insert === true);
  if (isDeepStrictEqual(emptyAsNull(now), emptyAsNull(expected.root))) return;
  throw malformedAt(file, 0, `${change.path.join('.')} cannot be changed here without touching the rest.`);
}

const emptyAsNull = (value: unknown): unknown =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    ? null
    : value;

function put(root: object, path: YamlPath, value: unknown, insert: boolean): void {
  let target = root as Record<string | number, unknown>;
  for (const [index, step] of path.slice(0, -1).entries()) {
    const next = path[index + 1];
    if (!Object.hasOwn(target, step) || target[step] === null || target[step] === undefined)
      define(target, step, typeof next === 'number' ? [] : {});
    target = target[step] as Record<string | number, unknown>;
  }
  const last = path.at(-1) ?? '';
  if (Array.isArray(target) && typeof last === 'number')
    target.splice(last, insert ? 0 : 1, ...(value === undefined ? [] : [value]));
  else if (value === undefined) Reflect.deleteProperty(target, last);
  else define(target, last, value);
}

const define = (target: object, name: string | number, value: unknown): void => {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};
