/** Files of agents on the disk: read as they are, written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { canAccess } from '../can-access';
import type { ConfigFile } from './agent';
import { malformedAt } from './edit/malformed-at';

/** A file at one moment. */
export interface Snapshot {
  path: string;
  /** What is there behind symbolic links: a link stays one, and its target is written. */
  target: string;
  /** Absent where there is no file. */
  bytes?: Buffer;
  /** Permissions, without the file's type. */
  mode?: number;
}

/** A file cannot be written: nothing was. */
export class UnwritableConfigError extends Error {
  override name = 'UnwritableConfigError';

  /** @param path of the file behind links */
  constructor(readonly path: string) {
    super(`${path} may not be written: it, or the folder it lies in, is read-only.`);
  }
}

/** Whatever an agent writes by itself is far smaller. */
const LARGEST_FILE = 8 * 1024 * 1024;
const LONGEST_CHAIN = 40;
/** A new file may hold the local key. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const PERMISSIONS = 0o7777;
const ANYONE_WRITES = 0o222;

/** Reads a file. @throws when it is there and cannot be read, is no file, or is larger than 8 MiB */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const target = await followLinks(path);
  const stats = await statOf(target);
  if (!stats) return { path, target };
  if (!stats.isFile()) throw new Error(`${path} is not a file.`);
  if (stats.size > LARGEST_FILE) throw new Error(`${path} is too large to be a configuration file.`);
  return { path, target, bytes: await fs.readFile(target), mode: stats.mode & PERMISSIONS };
}

/** The text of a snapshot. @throws MalformedConfigError when it is not UTF-8 */
export function textOf({ path, bytes }: Pick<Snapshot, 'path' | 'bytes'>): ConfigFile {
  if (!bytes) return { path };
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const lossy = bytes.toString('utf8');
    throw malformedAt({ path, text: lossy }, lossy.indexOf('\uFFFD'), 'This is not UTF-8.');
  }
}

/** Whether two contents are the same; undefined is a file that is not there. */
export const sameBytes = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
  a && b ? a.equals(b) : a === b;

/** @throws UnwritableConfigError when the file, or the folder that it would have to be made in, may not be written */
export async function assertWritable({ target, mode }: Snapshot): Promise<void> {
  // Whoever may do everything would write it all the same: it is read-only because somebody wants it so.
  const isReadOnly = mode !== undefined && (mode & ANYONE_WRITES) === 0;
  if (isReadOnly || !(await mayWrite(await nearestOf(target)))) throw new UnwritableConfigError(target);
}

const mayWrite = (path: string): Promise<boolean> => canAccess(path, fs.constants.W_OK);

/** The path itself, or the innermost folder on the way to it that exists. */
async function nearestOf(path: string): Promise<string> {
  let each = path;
  while (!(await statOf(each)) && dirname(each) !== each) each = dirname(each);
  return each;
}

/**
 * Writes a file through a new one beside it that takes its place, so that nobody sees half of it. Where none can be put
 * beside it, or it has a second name, its content is replaced.
 * @param mode of the file; only its owner may read a new one
 * @returns the folders that had to be made, outermost first
 * @throws UnwritableConfigError
 */
export async function writeWhole(
  snapshot: Snapshot,
  content: Buffer,
  wantedMode?: number,
): Promise<string[]> {
  const { target, mode } = snapshot;
  await assertWritable(snapshot);
  const folders = await makeFolders(dirname(target));
  const old = await statOf(target);
  // Another name of the same file would be left behind with the old content.
  if (old && (old.nlink > 1 || !(await mayWrite(dirname(target))))) {
    await fs.writeFile(target, content);
    return folders;
  }
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await fs.open(beside, 'wx', PRIVATE_FILE);
    try {
      await file.writeFile(content);
      await file.chmod(wantedMode ?? mode ?? PRIVATE_FILE);
      if (old && process.getuid?.() === 0) await file.chown(old.uid, old.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(beside, target);
  } catch (error) {
    await fs.rm(beside, { force: true });
    if (old && isMounted(error)) await fs.writeFile(target, content);
    else {
      await removeFolders(folders);
      throw error;
    }
  }
  return folders;
}

/** A single file that a container mounts from outside keeps its place. */
const isMounted = (error: unknown): boolean =>
  process.platform !== 'win32' && /^(EBUSY|EXDEV)$/.test((error as NodeJS.ErrnoException).code ?? '');

/** Removes a file, if it is there. */
export const removeWhole = ({ target }: Snapshot): Promise<void> => fs.rm(target, { force: true });

/** Makes a folder and what it lies in. @returns those that were missing, outermost first */
async function makeFolders(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let each = folder; !(await statOf(each)); each = dirname(each)) missing.unshift(each);
  for (const each of missing) await fs.mkdir(each, { mode: PRIVATE_FOLDER });
  return missing;
}

/** Removes those of these folders that are empty. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  // The innermost first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    // One that has something in it is somebody else's by now.
    await fs.rmdir(folder).catch(() => undefined);
  }
}

/** The path behind symbolic links, also where the last one leads to nothing. */
async function followLinks(path: string): Promise<string> {
  let target = resolve(path);
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const link = await fs.readlink(target).catch(() => undefined);
    if (link === undefined) return target;
    target = resolve(dirname(target), link);
  }
  throw new Error(`${path} is a symbolic link that leads in a circle.`);
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await fs.stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Under Windows a scanner may hold the old file for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || tries >= 9 || !/^(EPERM|EACCES|EBUSY)$/.test(code)) throw error;
      await new Promise((later) => setTimeout(later, 20 * (tries + 1)));
    }
  }
}
