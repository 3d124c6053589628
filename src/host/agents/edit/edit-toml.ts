/**
 * Changes of TOML files that leave everything else as it is. A line is changed, added or taken away; smol-toml reads the
 * text before and after, and what it reads must be what was wanted.
 * https://toml.io/en/v1.0.0
 */
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, TomlError } from 'smol-toml';
import { type ConfigFile, MalformedConfigError } from '../agent';
import { malformedAt } from './malformed-at';
import type { Change } from './take-back';
import { styleOf } from './text-style';
import { scanToml, type TomlPair, type TomlPlaces } from './toml-places';

/**
 * What a TOML file says; an empty table where there is nothing.
 * @throws MalformedConfigError with the position of the first error
 */
export function readToml(file: ConfigFile): Record<string, unknown> {
  const text = (file.text ?? '').replace(/^\uFEFF/, '');
  try {
    return ordinary(parse(text, { integersAsBigInt: 'asNeeded' })) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new MalformedConfigError(file.path, error.line, error.column, `This is no valid TOML (${reason}).`);
  }
}

/**
 * The text of a file with changes, one after the other. A value that is a table sets each of its values; tables that
 * are missing are added at the end.
 * @returns the same text when nothing changes
 * @throws MalformedConfigError also where the layout of the file leaves no place for a change: inside an inline table
 */
export function editToml(file: ConfigFile, changes: readonly Change[]): string {
  let text = file.text ?? '';
  for (const { path, value } of changes) {
    const names = path.map(String);
    const old = readToml({ path: file.path, text });
    if (isTable(value) && Object.keys(value).length > 0)
      for (const [name, inner] of Object.entries(value))
        text = editToml({ path: file.path, text }, [{ path: [...names, name], value: inner }]);
    else text = applyChange({ path: file.path, text }, old, names, value);
  }
  return text;
}

function applyChange(
  file: { path: string; text: string },
  old: Record<string, unknown>,
  path: string[],
  value: unknown,
): string {
  const wanted = changed(old, path, value);
  if (isDeepStrictEqual(wanted, old)) return file.text;
  const places = scanToml(file.text);
  const text = value === undefined ? remove(file.text, places, path) : set(file.text, places, path, value);
  const refuse = (): never => {
    const near = places.pairs.find((pair) => path.join('\0').startsWith(pair.path.join('\0')));
    const where = `The value of ${path.join('.')} cannot be changed in a table of this form.`;
    throw malformedAt(file, near?.key ?? 0, where);
  };
  try {
    if (isDeepStrictEqual(plain(readToml({ ...file, text })), plain(wanted))) return text;
  } catch (error) {
    if (!(error instanceof MalformedConfigError)) throw error;
  }
  return refuse();
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Without tables that are empty: whether there is one says nothing to any reader of these files. */
function plain(value: unknown): unknown {
  if (!isTable(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, plain(inner)] as const);
  return Object.fromEntries(
    entries.filter(([, inner]) => !(isTable(inner) && Object.keys(inner).length === 0)),
  );
}

/** A copy of a document with one change. */
function changed(
  table: Record<string, unknown>,
  [name = '', ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  const others = Object.entries(table).filter(([each]) => each !== name);
  const old = Object.hasOwn(table, name) ? table[name] : undefined;
  const inner =
    rest.length === 0
      ? value
      : isTable(old) || value !== undefined
        ? changed(isTable(old) ? old : {}, rest, value)
        : old;
  const order = Object.keys(table);
  const entries = inner === undefined ? others : [...others, [name, inner] as const];
  return Object.fromEntries([...entries].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

/** With ordinary objects in place of those without a prototype, which equal no others. */
function ordinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordinary);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, ordinary(inner)]));
}

const KEY = /^[A-Za-z0-9_-]+$/;
const showKey = (names: readonly string[]): string =>
  names.map((name) => (KEY.test(name) ? name : JSON.stringify(name))).join('.');

/** A value on one line. */
function showValue(value: unknown): string {
  const shown = stringify({ value }).trim();
  return shown.slice(shown.indexOf('=') + 1).trim();
}

function set(text: string, { pairs, tables, rootEnd }: TomlPlaces, path: string[], value: unknown): string {
  const { eol } = styleOf(text);
  const pair = pairs.findLast((each) => isDeepStrictEqual(each.path, path));
  if (pair) return text.slice(0, pair.value) + showValue(value) + text.slice(pair.end);
  const parent = path.slice(0, -1);
  const line = (names: readonly string[], indent = '') => `${indent}${showKey(names)} = ${showValue(value)}`;
  const put = (at: number, added: string): string => {
    const before = text.slice(0, at);
    const gap = before === '' || before === '\uFEFF' || before.endsWith('\n') ? '' : eol;
    return before + gap + added + eol + text.slice(at);
  };
  if (parent.length === 0) {
    const added = put(rootEnd.at, line(path));
    if (rootEnd.at > rootEnd.begin || rootEnd.at === text.length) return added;
    // A first line of its own above the tables and their comments.
    return put(rootEnd.at, line(path) + eol);
  }
  const table = tables.findLast((each) => !each.isList && isDeepStrictEqual(each.path, parent));
  if (table) return put(table.end, line(path.slice(-1), table.indent));
  // Where the table is made of dotted keys, one more of them.
  const dotted = pairs.findLast((each) => isDeepStrictEqual(each.path.slice(0, parent.length), parent));
  if (dotted) return put(dotted.lineEnd, line(path.slice(dotted.table.length), dotted.indent));
  const blank = text.replace(/^\uFEFF/, '').trim() === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  return `${text}${blank}[${showKey(parent)}]${eol}${line(path.slice(-1))}${eol}`;
}

/** Takes away the lines of a value, or of a whole table with the tables in it. */
function remove(text: string, { pairs, tables }: TomlPlaces, path: string[]): string {
  const isWithin = (other: readonly string[]) => isDeepStrictEqual(other.slice(0, path.length), path);
  const gone: [number, number][] = [
    ...pairs
      .filter((pair: TomlPair) => isWithin(pair.path))
      .map(({ lineBegin, lineEnd }): [number, number] => [lineBegin, lineEnd]),
    ...tables
      .filter((table) => isWithin(table.path))
      .map((table): [number, number] => {
        // With one blank line above it, so that none is left over.
        const blank = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, table.begin))?.[1] ?? '';
        return [table.begin - blank.length, table.headerEnd];
      }),
  ];
  return gone
    .sort(([a], [b]) => b - a)
    .reduce((rest, [from, to]) => rest.slice(0, from) + rest.slice(to), text);
}
