import { basename } from 'node:path';
import type { Agent } from './agent';
import {
  assertWritable,
  readSnapshot,
  removeFolders,
  removeWhole,
  sameBytes,
  type Snapshot,
  writeWhole,
} from './agent-files';
import type { Backup } from './backups';

/** What shall become of one file. */
export interface FileChange {
  /** The file as it was when the change was thought of. */
  before: Snapshot;
  /** Absent: the file shall be removed. */
  after?: Buffer;
  /** Permissions that it shall have; those it has where absent. */
  mode?: number;
  /** Folders to remove with it, where they are empty. */
  folders?: readonly string[];
}

/** What connecting or disconnecting an agent comes to; nothing is done yet. */
export interface Plan {
  agent: Agent;
  changes: FileChange[];
  /** What is to be kept of the agent's files from then on. */
  backups: Backup[];
}

/** A file is not any more what it was when the change was shown. */
export class ConfigChangedError extends Error {
  override name = 'ConfigChangedError';

  constructor(readonly path: string) {
    super(`${basename(path)} has changed meanwhile.`);
  }
}

/**
 * Writes files, once it is sure that all of them are as they were.
 * @returns for each path the folders that were made for it
 * @throws ConfigChangedError, UnwritableConfigError before anything is written
 */
export async function applyChanges(changes: readonly FileChange[]): Promise<Map<string, string[]>> {
  for (const { before, after } of changes) {
    await assertUnchanged(before);
    if (after || before.bytes) await assertWritable(before);
  }
  const made = new Map<string, string[]>();
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      const { before, after, mode } = change;
      await assertUnchanged(before);
      done.push(change);
      if (after) made.set(before.path, await writeWhole(before, after, mode));
      else await removeWhole(before);
    }
    // Files of one folder go before it does, whichever of them it was made for.
    await removeFolders(changes.flatMap(({ after, folders = [] }) => (after ? [] : folders)));
  } catch (error) {
    // All or none: what was written already becomes what it was.
    for (const { before } of done.reverse()) {
      if (before.bytes) await writeWhole(before, before.bytes).catch(() => undefined);
      else await removeWhole(before).catch(() => undefined);
    }
    await removeFolders([...made.values()].flat());
    throw error;
  }
  return made;
}

async function assertUnchanged(before: Snapshot): Promise<void> {
  const now = await readSnapshot(before.path);
  if (now.target !== before.target || !sameBytes(now.bytes, before.bytes))
    throw new ConfigChangedError(before.path);
}
