import type { AgentView } from '../../shared/agents';
import { NO_KEY } from '../../shared/quick-start';
import { canAccess } from '../can-access';
import type { Agent, Connection, Override, Place } from './agent';
import { MalformedConfigError } from './agent';
import { readSnapshot, textOf } from './agent-files';
import type { Backup } from './backups';
import { givesKey } from './gives-key';
import { pathsOf } from './known/place-paths';

/**
 * How an agent stands: whether it is here, whether its files lead to Portside, and what wins over them. Never rejects:
 * a file that cannot be read is a problem of the agent's.
 * @param kept what {@link Backups.load} has of it
 */
export async function statusOf(
  agent: Agent,
  place: Place,
  connection: Connection,
  kept: readonly Backup[],
): Promise<AgentView> {
  const { id, name, documentation } = agent;
  const paths = agent.files(place);
  const view = {
    id,
    name,
    documentation,
    file: paths[0] ?? '',
    found: await isFound(agent, place),
    canDisconnect: kept.length > 0,
  };
  try {
    const files = (await Promise.all(paths.map((path) => readSnapshot(path)))).map(textOf);
    const connected = agent.isConnected(files, connection);
    const stale = connected
      ? !givesKey(agent, files, connection) && 'key'
      : kept.some(({ url }) => agent.isConnected(files, { ...connection, url })) && 'address';
    return {
      ...view,
      connected,
      ...(stale && { stale }),
      overrides: agent
        .overrides(place, files)
        .filter((override) => !leadsHere(override, connection))
        .map((override) => override.name),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const at = error instanceof MalformedConfigError ? { line: error.line, column: error.column } : undefined;
    return {
      ...view,
      ...(error instanceof MalformedConfigError && { file: error.path }),
      connected: false,
      overrides: [],
      problem,
      ...(at && { at }),
    };
  }
}

/** What wins but leads to Portside, too, is no trouble. */
const leadsHere = ({ value, isKey }: Override, { url, key }: Connection): boolean =>
  (isKey && key === NO_KEY) ||
  (value !== undefined && (value === url || value.startsWith(`${url.replace(/\/+$/, '')}/`)));

async function isFound(agent: Agent, place: Place): Promise<boolean> {
  const { delimiter, join } = pathsOf(place);
  const folders = (place.env['PATH'] ?? place.env['Path'] ?? '').split(delimiter).filter(Boolean);
  const endings = place.platform === 'win32' ? ['.exe', '.cmd', '.ps1', ''] : [''];
  const programs = agent.programs.flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  for (const path of [...agent.traces(place), ...programs]) if (await canAccess(path)) return true;
  return false;
}
