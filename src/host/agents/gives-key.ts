import { NO_KEY } from '../../shared/quick-start';
import type { Agent, ConfigFile, Connection } from './agent';
import { formatOf } from './edit/file-format';

/**
 * Whether the files of a connected agent give the key that is asked for: whatever connecting would write because of the
 * key stands in them. True where none is asked for.
 * @throws MalformedConfigError
 */
export function givesKey(agent: Agent, files: readonly ConfigFile[], connection: Connection): boolean {
  const { key } = connection;
  if (key === NO_KEY) return true;
  const others = agent.connect(files, { ...connection, key: `${key}-other` });
  const wanted = agent.connect(files, connection);
  return others.every(({ path, text }) => {
    const format = formatOf(path);
    if (!format) return true;
    const said = (of: string | undefined) =>
      new Set(leavesOf(format.read({ path, ...(of !== undefined && { text: of }) })));
    const now = files.find((file) => file.path === path)?.text;
    const [here, right, wrong] = [
      said(now),
      said(wanted.find((each) => each.path === path)?.text ?? now),
      said(text),
    ];
    // Agents write it each in its own way: what the key changes is what it is written as.
    return [...right].every((value) => wrong.has(value) || here.has(value));
  });
}

function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}
