import type { Agent, Connection, Place } from './agent';
import { assertWritable, readSnapshot, sameBytes, textOf, type Snapshot } from './agent-files';
import type { Backup } from './backups';
import { formatOf } from './edit/file-format';
import { takeBack } from './edit/take-back';
import type { Plan } from './file-change';

/**
 * What connecting an agent would write. Connecting again (with another port or key) keeps the first backup.
 * @param kept what {@link Backups.load} has of the agent
 * @returns a plan without changes when the files are as they shall be
 * @throws MalformedConfigError when a file cannot be read as what it should be
 * @throws UnwritableConfigError
 */
export async function planConnect(
  agent: Agent,
  place: Place,
  connection: Connection,
  kept: readonly Backup[],
): Promise<Plan> {
  const snapshots = await Promise.all(agent.files(place).map((path) => readSnapshot(path)));
  const backups = new Map<string, FileBackup>(kept.map((backup) => [backup.path, backup]));
  const changes: Plan['changes'] = [];
  for (const { path, text } of agent.connect(snapshots.map(textOf), connection)) {
    const before = snapshots.find((each) => each.path === path) ?? (await readSnapshot(path));
    const after = Buffer.from(text);
    if (sameBytes(before.bytes, after)) continue;
    await assertWritable(before);
    changes.push({ before, after });
    backups.set(path, backupOf(agent, before, after, backups.get(path)));
  }
  const { url } = connection;
  return { agent, changes, backups: [...backups.values()].map((backup) => ({ ...backup, url })) };
}

type FileBackup = Omit<Backup, 'url'>;

/** The backup that goes with a file: what it is without Portside. */
function backupOf(agent: Agent, before: Snapshot, written: Buffer, kept: FileBackup | undefined): FileBackup {
  const { path, bytes, mode } = before;
  const first = {
    path,
    ...(bytes && { before: bytes }),
    written,
    ...(mode !== undefined && { mode }),
    folders: [],
  };
  if (!kept || !bytes) return first;
  if (sameBytes(bytes, kept.written)) return { ...kept, written };
  const format = formatOf(path);
  if (!format) return first;
  const own = takeBack(format, kept.before?.toString(), kept.written.toString(), textOf(before), agent);
  const { before: _, ...rest } = kept;
  return { ...rest, ...(own !== undefined && { before: Buffer.from(own) }), written };
}
