/** Who listens at a port of this machine, as far as the system tells. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface PortHolder {
  pid: number;
  /** Name of its program. */
  name?: string;
}

const LONGEST_OUTPUT = 4 * 1024 * 1024;

/**
 * Looks for it by the means of the platform: `/proc`, `lsof`, `netstat`. Programs of other users may stay unknown.
 * @returns undefined when nothing is found. Never rejects.
 */
export async function findPortHolder(
  port: number,
  platform: NodeJS.Platform,
  signal: AbortSignal,
): Promise<PortHolder | undefined> {
  try {
    switch (platform) {
      case 'linux':
        return await inProc(port, signal);
      case 'win32':
        return await onWindows(port, signal);
      default:
        return readLsof(await output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], signal));
    }
  } catch {
    return undefined;
  }
}

/** See https://man7.org/linux/man-pages/man5/proc_net_tcp.5.html: state 0A is LISTEN, the tenth column is the inode. */
async function inProc(port: number, signal: AbortSignal): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (signal.aborted) return undefined;
    const folder = join('/proc', pid, 'fd');
    // Of another user's processes one may not see what they have open.
    for (const fd of await readdir(folder).catch(() => [])) {
      const link = await readlink(join(folder, fd)).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      // Not `comm` first: that is what its main thread calls itself.
      const program = await readlink(join('/proc', pid, 'exe')).catch(() => '');
      const name = program
        ? basename(program).replace(/ \(deleted\)$/, '')
        : (await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => '')).trim();
      return { pid: Number(pid), ...(name && { name }) };
    }
  }
  return undefined;
}

/** The inodes of the sockets that listen at a port, from a table of `/proc/net`. */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${wanted}`))
    .flatMap((columns) => columns[9] ?? []);
}

/** The first process in what `lsof -Fpc` prints: `p` and a pid, `c` and a name, a line each. */
export function readLsof(text: string): PortHolder | undefined {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  if (pid === undefined) return undefined;
  const name = /^c(.+)$/m.exec(text)?.[1];
  return { pid: Number(pid), ...(name !== undefined && { name }) };
}

async function onWindows(port: number, signal: AbortSignal): Promise<PortHolder | undefined> {
  const pid = readNetstat(await output('netstat', ['-ano', '-p', 'TCP'], signal), port);
  if (pid === undefined) return undefined;
  const tasks = await output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], signal).catch(
    () => '',
  );
  const name = /^"([^"]+)"/m.exec(tasks)?.[1];
  return { pid, ...(name !== undefined && { name }) };
}

/** The process that listens at a port in what `netstat -ano` prints. A listener has no peer, whatever the word for its state. */
export function readNetstat(text: string, port: number): number | undefined {
  for (const line of text.split('\n')) {
    const [protocol, local, peer, , pid] = line.trim().split(/\s+/);
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) && peer?.endsWith(':0')) return Number(pid);
  }
  return undefined;
}

function output(program: string, args: string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { signal, windowsHide: true, maxBuffer: LONGEST_OUTPUT }, (error, stdout) => {
      // lsof ends with 1 also when it found something.
      if (error && stdout === '') reject(new Error(error.message));
      else resolve(stdout);
    });
  });
}
