import { MalformedConfigError, type Agent } from './agent';
import { assertWritable, readSnapshot, sameBytes, textOf } from './agent-files';
import type { Backup } from './backups';
import { formatOf } from './edit/file-format';
import { takeBack } from './edit/take-back';
import type { FileChange, Plan } from './file-change';

/** What disconnecting an agent comes to. */
export interface DisconnectPlan extends Plan {
  /** Files that were changed since Portside wrote them: what becomes of them is to be shown first. */
  edited: string[];
}

/**
 * What disconnecting an agent would write. A file that still is as Portside wrote it becomes byte for byte what it was,
 * or goes where there was none. From one that was changed since, only what Portside put in is taken out.
 * @param kept what {@link Backups.load} has of the agent
 * @throws MalformedConfigError when a changed file cannot be read as what it should be
 * @throws UnwritableConfigError
 */
export async function planDisconnect(agent: Agent, kept: readonly Backup[]): Promise<DisconnectPlan> {
  const changes: FileChange[] = [];
  const edited: string[] = [];
  for (const { path, before: old, written, mode, folders } of kept) {
    const before = await readSnapshot(path);
    const { bytes } = before;
    // Removed by hand: what was made for it goes, too.
    if (!bytes && folders.length > 0) changes.push({ before, folders });
    // Or put back: there is nothing of Portside in it.
    if (!bytes || sameBytes(bytes, old)) continue;
    await assertWritable(before);
    if (sameBytes(bytes, written)) {
      changes.push({
        before,
        ...(old && { after: old }),
        ...(old && mode !== undefined && { mode }),
        folders,
      });
      continue;
    }
    const format = formatOf(path);
    if (!format) throw new MalformedConfigError(path, 1, 1, 'It has changed, and its format is not known.');
    const text = takeBack(format, old?.toString(), written.toString(), textOf(before), agent);
    const after = text === undefined ? undefined : Buffer.from(text);
    if (sameBytes(bytes, after)) continue;
    edited.push(path);
    changes.push({ before, ...(after && { after }), folders });
  }
  return { agent, changes, backups: [], edited };
}
