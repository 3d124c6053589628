/**
 * Signatures between two runs (SPEC 4.5): a folder of files with one JSON array per line, `[at, key, signature]`. Every
 * process appends to files of its own, so several at once never meet; whoever starts reads them all. A kill at any
 * moment loses what was not written yet, and a line that was cut off is passed over.
 */
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNATURE_TTL_MS, type RememberedSignature } from '../dialects/signatures/signature-store';
import type { Log } from '../host';

/** How long a signature may wait to be written, in milliseconds. */
const WRITE_MS = 500;

export interface SignatureFilesOptions {
  /** Where the files are; made when it is not there. */
  folder: string;
  log: Log;
  /** Unix time in milliseconds. */
  now: () => number;
  /** Most bytes that are read at the start and left on disk; the newest stay. */
  limitBytes?: number;
  /** A file that has grown to this many bytes is followed by another. */
  segmentBytes?: number;
  /** More files of ended processes than this are made into one. */
  segments?: number;
}

export interface SignatureFiles {
  /** Everything that was kept, the oldest first; old and surplus files are removed. Never rejects. */
  load(): Promise<RememberedSignature[]>;
  /** To be written soon. Costs nothing but a push. */
  add(entry: RememberedSignature): void;
  /** Writes what waits. Never rejects. */
  flush(): Promise<void>;
}

/** A file of some process. */
interface Segment {
  path: string;
  pid: number;
  bytes: number;
  modified: number;
}

/** `.part` is one that was being made of others. */
const NAME = /^signatures-(\d+)-[\w-]+\.jsonl(\.part)?$/;

const toLine = ({ at, key, signature }: RememberedSignature): string =>
  `${JSON.stringify([at, key, signature])}\n`;

function parseLine(line: string): RememberedSignature[] {
  try {
    const [at, key, signature, ...more] = JSON.parse(line) as unknown[];
    return typeof at === 'number' &&
      typeof key === 'string' &&
      typeof signature === 'string' &&
      more.length === 0
      ? [{ at, key, signature }]
      : [];
  } catch {
    return [];
  }
}

/** When this process began, in Unix milliseconds: containers give every run the same number. */
const BEGUN = Date.now() - process.uptime() * 1000;

/** Whether the process that writes a file still runs; a stranger's with the same number counts as running. */
function isRunning({ pid, modified }: Segment): boolean {
  if (pid === process.pid) return modified >= BEGUN;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The files of one process in a folder. A folder that cannot be used is said once; the memory goes on without. */
export function createSignatureFiles(options: SignatureFilesOptions): SignatureFiles {
  const { folder, log, now } = options;
  const { limitBytes = 16 * 1_048_576, segmentBytes = 4 * 1_048_576, segments: most = 8 } = options;
  /** This process's files, the one that grows last. */
  const own: { path: string; bytes: number }[] = [];
  let waiting: RememberedSignature[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let broken = false;

  const newPath = () => join(folder, `signatures-${process.pid}-${randomUUID()}.jsonl`);
  const giveUp = (error: unknown) => {
    if (broken) return;
    broken = true;
    waiting = [];
    log.warn(`Signatures are not kept between runs: ${(error as Error).message}`);
  };

  const remove = (path: string) => unlink(path).catch(() => undefined);

  const list = async (): Promise<Segment[]> => {
    const found: Segment[] = [];
    for (const name of await readdir(folder)) {
      const pid = Number(NAME.exec(name)?.[1]);
      const path = join(folder, name);
      const facts = Number.isNaN(pid) ? undefined : await stat(path).catch(() => undefined);
      if (!facts?.isFile()) continue;
      const segment = { path, pid, bytes: facts.size, modified: facts.mtimeMs };
      if (!name.endsWith('.part')) found.push(segment);
      else if (!isRunning(segment)) await remove(path);
    }
    return found.sort((one, other) => other.modified - one.modified);
  };

  /** One file in place of many: written whole under another name first, so that no moment is without one of both. */
  const compact = async (entries: RememberedSignature[], ended: Segment[]): Promise<void> => {
    const path = newPath();
    const text = entries.map(toLine).join('');
    await writeFile(`${path}.part`, text, { mode: 0o600 });
    await rename(`${path}.part`, path);
    own.push({ path, bytes: Buffer.byteLength(text) });
    await Promise.all(ended.map((segment) => remove(segment.path)));
  };

  const load = async (): Promise<RememberedSignature[]> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const oldest = now() - SIGNATURE_TTL_MS;
    const read: Segment[] = [];
    const byKey = new Map<string, RememberedSignature>();
    let bytes = 0;
    for (const segment of await list()) {
      bytes += segment.bytes;
      if (segment.modified < oldest || bytes > limitBytes) {
        if (!isRunning(segment)) await remove(segment.path);
        continue;
      }
      // Another process may just have made it part of another file.
      const text = await readFile(segment.path, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      read.push(segment);
      for (const entry of text.split('\n').flatMap(parseLine))
        if (entry.at >= oldest && (byKey.get(entry.key)?.at ?? 0) <= entry.at) byKey.set(entry.key, entry);
    }
    const entries = [...byKey.values()].sort((one, other) => one.at - other.at);
    const ended = read.filter((segment) => !isRunning(segment));
    if (ended.length > most) await compact(entries, ended);
    return entries;
  };

  const append = async (text: string): Promise<void> => {
    let segment = own.at(-1);
    if (!segment || segment.bytes >= segmentBytes) {
      segment = { path: newPath(), bytes: 0 };
      own.push(segment);
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await appendFile(segment.path, text, { mode: 0o600 });
    segment.bytes += Buffer.byteLength(text);
    while (own.length > 1 && own.reduce((sum, each) => sum + each.bytes, 0) > limitBytes)
      await remove(own.shift()?.path ?? '');
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0 && !broken) {
      const batch = waiting;
      waiting = [];
      writing = writing.then(() => (broken ? undefined : append(batch.map(toLine).join('')).catch(giveUp)));
    }
    return writing;
  };

  return {
    load: () =>
      load().catch((error: unknown) => {
        giveUp(error);
        return [];
      }),
    add(entry) {
      if (broken) return;
      waiting.push(entry);
      timer ??= setTimeout(() => void flush(), WRITE_MS).unref();
    },
    flush,
  };
}
