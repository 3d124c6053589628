/**
 * Gemini CLI: the way of signing in stands in settings.json, address and key in `.gemini/.env` of the home folder. It reads
 * one `.env` alone: the first on the way from the folder it is started in up to the home; and a variable of the
 * environment wins over all of them. In a folder that its user does not trust it reads none of these: it asks about a new
 * one when it starts there.
 * https://geminicli.com/docs/reference/configuration · https://geminicli.com/docs/get-started/authentication
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Override, type Place } from '../agent';
import { editEnv, readEnv } from '../edit/edit-env';
import { editJson, readJsonObject, valueAt } from '../edit/edit-json';
import { folderFrom, pathsOf, systemPath } from './place-paths';
import { readOthers } from './read-others';

const BASE_URL = 'GOOGLE_GEMINI_BASE_URL';
const API_KEY = 'GEMINI_API_KEY';
const AUTH_TYPE = ['security', 'auth', 'selectedType'];
const WITH_KEY = 'gemini-api-key';

/** The folder that `.gemini` lies in. */
const home = (place: Place): string => folderFrom(place, 'GEMINI_CLI_HOME') ?? place.home;

const systemSettings = (place: Place): string =>
  folderFrom(place, 'GEMINI_CLI_SYSTEM_SETTINGS_PATH') ??
  systemPath(place, {
    windows: 'C:\\ProgramData\\gemini-cli\\settings.json',
    mac: '/Library/Application Support/GeminiCli/settings.json',
    other: '/etc/gemini-cli/settings.json',
  });

/** What the user answered about folders. https://geminicli.com/docs/cli/trusted-folders */
const trustedFolders = (place: Place): string =>
  folderFrom(place, 'GEMINI_CLI_TRUSTED_FOLDERS_PATH') ??
  pathsOf(place).join(home(place), '.gemini', 'trustedFolders.json');

/** Folders from a workspace's own upwards, without the home: its files are the user's own. */
function foldersOver(place: Place, workspace: string): string[] {
  const { dirname } = pathsOf(place);
  const folders: string[] = [];
  for (let folder = workspace; folder !== home(place); folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) break;
  }
  return folders;
}

export const geminiCli: Agent = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  documentation: 'https://geminicli.com/docs/reference/configuration',
  programs: ['gemini'],

  files: (place) => {
    const { join } = pathsOf(place);
    const own = join(home(place), '.gemini');
    return [
      join(own, 'settings.json'),
      join(own, '.env'),
      ...place.workspaces.map((folder) => join(folder, '.gemini', 'settings.json')),
      systemSettings(place),
      trustedFolders(place),
      ...place.workspaces
        .flatMap((folder) => foldersOver(place, folder))
        .flatMap((folder) => [join(folder, '.gemini', '.env'), join(folder, '.env')]),
    ];
  },

  traces: (place) => [pathsOf(place).join(home(place), '.gemini')],

  isConnected([settings, env], { url }) {
    if (!settings || !env) return false;
    return (
      valueAt(readJsonObject(settings), AUTH_TYPE) === WITH_KEY &&
      readEnv(env)[BASE_URL]?.replace(/\/+$/, '') === baseUrls(url).gemini
    );
  },

  connect([settings, env], { url, key }) {
    if (!settings || !env) return [];
    const reached = [
      { path: [BASE_URL], value: baseUrls(url).gemini },
      { path: [API_KEY], value: key },
    ];
    return [
      ...rewritten(settings, editJson(settings, [{ path: AUTH_TYPE, value: WITH_KEY }])),
      ...rewritten(env, editEnv(env, reached)),
    ];
  },

  overrides(place, [, own, ...others]) {
    const { env } = place;
    const [base, key] = [env[BASE_URL], env[API_KEY]];
    const isOtherKey = key && (!own || readEnv(own)[API_KEY] !== key);
    return [
      ...(base ? [{ name: BASE_URL, value: base }] : []),
      ...(isOtherKey ? [{ name: API_KEY, isKey: true as const }] : []),
      // Each `.env` among them stands before the one that is the user's own.
      ...others.flatMap((file) =>
        file.path === trustedFolders(place) ? distrustOf(file, place) : overridesOf(file),
      ),
    ];
  },
};

/** In a folder that is not trusted the `.env` is not read. */
function distrustOf(file: ConfigFile, { workspaces }: Place): Override[] {
  const said = readOthers(file);
  return workspaces.some((folder) => said[folder] === 'DO_NOT_TRUST') ? [{ name: file.path }] : [];
}

function overridesOf(file: ConfigFile): Override[] {
  if (file.text === undefined) return [];
  if (file.path.endsWith('.env')) {
    const value = readEnv(file)[BASE_URL];
    return [{ name: file.path, ...(value !== undefined && { value }) }];
  }
  const type = valueAt(readOthers(file), AUTH_TYPE);
  return typeof type === 'string' && type !== WITH_KEY ? [{ name: file.path, value: type }] : [];
}
