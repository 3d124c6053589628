/**
 * Claude Code: the `env` block of its settings.json. A value there wins over the same variable of the shell; settings of
 * the project and of the organisation win over both.
 * https://code.claude.com/docs/en/settings · https://code.claude.com/docs/en/env-vars
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Override, type Place } from '../agent';
import { editJson, readJsonObject, valueAt } from '../edit/edit-json';
import { folderFrom, pathsOf, systemPath } from './place-paths';
import { readOthers } from './read-others';

/** Each of them sends the requests elsewhere than to ANTHROPIC_BASE_URL. */
const OTHER_CLOUDS = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_USE_ANTHROPIC_AWS',
  'CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD',
  'CLAUDE_CODE_USE_MANTLE',
  'CLAUDE_CODE_USE_GATEWAY',
] as const;

const home = (place: Place): string =>
  folderFrom(place, 'CLAUDE_CONFIG_DIR') ?? pathsOf(place).join(place.home, '.claude');

const managed = (place: Place): string =>
  systemPath(place, {
    windows: 'C:\\Program Files\\ClaudeCode\\managed-settings.json',
    mac: '/Library/Application Support/ClaudeCode/managed-settings.json',
    other: '/etc/claude-code/managed-settings.json',
  });

export const claudeCode: Agent = {
  id: 'claude-code',
  name: 'Claude Code',
  documentation: 'https://code.claude.com/docs/en/settings',
  programs: ['claude'],

  files: (place) => {
    const { join } = pathsOf(place);
    return [
      join(home(place), 'settings.json'),
      ...place.workspaces.flatMap((folder) => [
        join(folder, '.claude', 'settings.json'),
        join(folder, '.claude', 'settings.local.json'),
      ]),
      managed(place),
    ];
  },

  traces: (place) => [home(place), pathsOf(place).join(place.home, '.claude.json')],

  isConnected([settings], { url }) {
    const env = settings && readJsonObject(settings)['env'];
    const base = valueAt(env, ['ANTHROPIC_BASE_URL']);
    return typeof base === 'string' && base.replace(/\/+$/, '') === baseUrls(url).anthropic;
  },

  connect([settings], { url, key }) {
    if (!settings) return [];
    const env = valueAt(readJsonObject(settings), ['env']);
    const text = editJson(settings, [
      { path: ['env', 'ANTHROPIC_BASE_URL'], value: baseUrls(url).anthropic },
      // As a bearer token: an API key would have to be approved in a dialog first.
      { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: key },
      // It would be sent beside the token.
      ...(valueAt(env, ['ANTHROPIC_API_KEY']) === undefined
        ? []
        : [{ path: ['env', 'ANTHROPIC_API_KEY'], value: undefined }]),
      ...OTHER_CLOUDS.filter((name) => valueAt(env, [name]) !== undefined).map((name) => ({
        path: ['env', name],
        value: undefined,
      })),
    ]);
    return rewritten(settings, text);
  },

  overrides({ env }, [own, ...others]) {
    const found: Override[] = [];
    const set = own && readJsonObject(own)['env'];
    for (const name of OTHER_CLOUDS)
      if (env[name] && valueAt(set, [name]) === undefined) found.push({ name, value: env[name] });
    for (const file of others) found.push(...overridesOf(file));
    return found;
  },
};

/** What the settings of a project or an organisation lead elsewhere. */
function overridesOf(file: ConfigFile): Override[] {
  const env = readOthers(file)['env'];
  const base = valueAt(env, ['ANTHROPIC_BASE_URL']);
  if (typeof base === 'string') return [{ name: file.path, value: base }];
  const other = OTHER_CLOUDS.find((name) => valueAt(env, [name]) !== undefined);
  return other ? [{ name: file.path, value: other }] : [];
}
