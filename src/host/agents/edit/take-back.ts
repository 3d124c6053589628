/** Takes out of a file what Portside put in, and nothing else: for files that changed since. */
import type { Agent, ConfigFile } from '../agent';
import { isDeepStrictEqual } from 'node:util';

/** A kind of file that can be read and changed by paths. */
export interface FileFormat {
  /** @returns undefined for a file without content. @throws MalformedConfigError */
  read(file: ConfigFile): unknown;
  /** @throws MalformedConfigError */
  edit(file: ConfigFile, changes: readonly Change[]): string;
}

/** @property value what shall stand there; undefined takes it away */
export interface Change {
  path: readonly (string | number)[];
  value: unknown;
}

/**
 * The file as it would be had Portside not written it. What still is as Portside wrote it becomes what it was; what
 * has changed since is somebody's wish, and stays.
 * @param before text of the file before Portside wrote it, absent where there was none
 * @param written text that Portside wrote
 * @param current the file as it is
 * @param agent knows what is Portside's as a whole, and what a file must have
 * @returns undefined when nothing is left of a file that was not there
 * @throws MalformedConfigError when one of them cannot be read
 */
export function takeBack(
  format: FileFormat,
  before: string | undefined,
  written: string,
  current: ConfigFile,
  agent: Pick<Agent, 'isOurs' | 'required'> = {},
): string | undefined {
  const old = format.read({ path: current.path, ...(before !== undefined && { text: before }) });
  const mine = format.read({ path: current.path, text: written });
  const now = format.read(current);
  const changes = undo([], old, mine, now, (...what) => agent.isOurs?.(...what) === true);
  const apply = (all: readonly Change[]) =>
    all.length === 0 ? (current.text ?? '') : format.edit(current, all);
  const text = apply(changes);
  if (before !== undefined && old !== undefined) {
    // An agent that writes its file anew lays it out anew: the layout of before comes back, too.
    const isLaidOutAnew =
      withoutSpace(text) === withoutSpace(before) &&
      isDeepStrictEqual(format.read({ path: current.path, text }), old);
    return isLaidOutAnew ? before : text;
  }
  if (isEmpty(format.read({ path: current.path, text }))) return before === undefined ? undefined : text;
  const isRequired = ({ path: [name], value }: Change) =>
    value === undefined && agent.required?.includes(String(name)) === true;
  return changes.some(isRequired) ? apply(changes.filter((change) => !isRequired(change))) : text;
}

const withoutSpace = (text: string): string => text.replace(/\s/g, '');

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

type Path = readonly (string | number)[];
type IsOurs = (path: Path, value: unknown, written: unknown) => boolean;

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);

const get = (table: unknown, name: string): unknown =>
  isTable(table) && Object.hasOwn(table, name) ? table[name] : undefined;

/** Changes that lead from `now` back to `old` where `mine` had led away from it. */
function undo(path: Path, old: unknown, mine: unknown, now: unknown, isOurs: IsOurs): Change[] {
  if (isDeepStrictEqual(old, mine)) return [];
  if (now !== undefined && isOurs(path, now, mine)) return [{ path, value: old }];
  if (isTable(mine) && isTable(now) && (old === undefined || isTable(old)))
    return undoTable(path, old, mine, now, isOurs);
  if (Array.isArray(mine) && Array.isArray(now) && (old === undefined || Array.isArray(old)))
    return undoList(path, old, mine, now, isOurs);
  return isDeepStrictEqual(now, mine) ? [{ path, value: old }] : [];
}

function undoTable(
  path: Path,
  old: Record<string, unknown> | undefined,
  mine: Record<string, unknown>,
  now: Record<string, unknown>,
  isOurs: IsOurs,
): Change[] {
  // One that Portside made goes as a whole when nobody added to it.
  if (old === undefined && path.length > 0 && isDeepStrictEqual(now, mine))
    return [{ path, value: undefined }];
  const names = new Set([...Object.keys(mine), ...Object.keys(old ?? {})]);
  const changes = [...names].flatMap((name) =>
    undo([...path, name], get(old, name), get(mine, name), get(now, name), isOurs),
  );
  const gone = changes.filter(
    ({ path: each, value }) => value === undefined && each.length === path.length + 1,
  );
  const isLeftEmpty = gone.length === Object.keys(now).length && gone.length === changes.length;
  return old === undefined && path.length > 0 && isLeftEmpty ? [{ path, value: undefined }] : changes;
}

function undoList(
  path: Path,
  old: unknown[] | undefined,
  mine: unknown[],
  now: unknown[],
  isOurs: IsOurs,
): Change[] {
  const isAmong = (list: readonly unknown[], value: unknown) =>
    list.some((each) => isDeepStrictEqual(each, value));
  const added = mine.filter((value) => !isAmong(old ?? [], value));
  const gone = [...now.keys()].filter(
    (index) =>
      isAmong(added, now[index]) ||
      (isOurs([...path, index], now[index], undefined) && !isAmong(old ?? [], now[index])),
  );
  if (old === undefined && path.length > 0 && gone.length === now.length) return [{ path, value: undefined }];
  // From the end, so that the others keep their places.
  const changes: Change[] = gone.reverse().map((index) => ({ path: [...path, index], value: undefined }));
  const lost = (old ?? []).filter((value) => !isAmong(mine, value) && !isAmong(now, value));
  const length = now.length - gone.length;
  return [...changes, ...lost.map((value, index) => ({ path: [...path, length + index], value }))];
}
