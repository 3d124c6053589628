import { join } from 'node:path';

/**
 * Where the command line keeps what must survive a restart: `PORTSIDE_STATE`, or the platform's place for such files
 * (https://specifications.freedesktop.org/basedir-spec/latest/). An empty `PORTSIDE_STATE` means nowhere.
 * @param home the user's home folder
 */
export function stateFolder(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform,
  home: string,
): string | undefined {
  const chosen = environment.PORTSIDE_STATE;
  if (chosen !== undefined) return chosen === '' ? undefined : chosen;
  switch (platform) {
    case 'win32':
      return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Portside');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Portside');
    default:
      return join(environment.XDG_STATE_HOME || join(home, '.local', 'state'), 'portside');
  }
}
