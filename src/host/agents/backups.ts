/**
 * What agents' files were before Portside wrote them, in the extension's own storage: `agents/<id>/backup.json`, and
 * beside it the exact bytes. Only the user may read them: there may be keys in them.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** One file as it was, and as Portside left it. */
export interface Backup {
  path: string;
  /** Absent where there was no file. */
  before?: Buffer;
  written: Buffer;
  /** Permissions of the file as it was. */
  mode?: number;
  /** Folders that Portside made for it, outermost first. */
  folders: string[];
  /** Where the agent was led: the proxy's root. */
  url: string;
}

interface Listed {
  path: string;
  before: string | null;
  written: string;
  mode?: number;
  folders: string[];
  url: string;
}

const LIST = 'backup.json';

/** The backups of all agents, in one folder. */
export class Backups {
  constructor(
    /** Need not exist. */
    readonly folder: string,
  ) {}

  /** The backups of one agent; none when it is not connected by Portside. @throws when they cannot be read */
  async load(id: string): Promise<Backup[]> {
    const folder = join(this.folder, id);
    let text: string;
    try {
      text = await fs.readFile(join(folder, LIST), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const listed = JSON.parse(text) as Listed[];
    return Promise.all(
      listed.map(async ({ path, before, written, mode, folders, url }) => ({
        path,
        ...(before !== null && { before: await fs.readFile(join(folder, before)) }),
        written: await fs.readFile(join(folder, written)),
        ...(mode !== undefined && { mode }),
        folders,
        url,
      })),
    );
  }

  /** Whether any agent is connected by Portside. Never rejects. */
  async any(): Promise<boolean> {
    return (await fs.readdir(this.folder).catch(() => [])).length > 0;
  }

  /**
   * Replaces the backups of an agent; with none of them its folder goes. The list is written last and in one step: until
   * then the old one and its files hold.
   */
  async save(id: string, backups: readonly Backup[]): Promise<void> {
    const folder = join(this.folder, id);
    if (backups.length === 0) {
      await fs.rm(folder, { recursive: true, force: true });
      return;
    }
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const stale = await fs.readdir(folder);
    const round = Date.now().toString(36) + process.pid.toString(36);
    const put = async (name: string, bytes: Buffer): Promise<string> => {
      await fs.writeFile(join(folder, name), bytes, { mode: 0o600, flush: true });
      return name;
    };
    const listed: Listed[] = [];
    for (const [index, { path, before, written, mode, folders, url }] of backups.entries())
      listed.push({
        path,
        before: before ? await put(`${index}-${round}.before`, before) : null,
        written: await put(`${index}-${round}.written`, written),
        ...(mode !== undefined && { mode }),
        folders,
        url,
      });
    const list = await put(`${round}.tmp`, Buffer.from(JSON.stringify(listed, null, 2)));
    await fs.rename(join(folder, list), join(folder, LIST));
    for (const name of stale) if (name !== LIST) await fs.rm(join(folder, name), { force: true });
  }
}
