/**
 * Qwen Code: the pool's models as `modelProviders`, and the key in the `env` block, both in settings.json. A variable of
 * the environment or of a `.env` wins over that block, so the key has a name that nobody else has.
 * https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Connection, type Override, type Place } from '../agent';
import { editJson, type JsonChange, readJsonObject, valueAt } from '../edit/edit-json';
import { folderFrom, pathsOf, systemPath } from './place-paths';
import { readOthers } from './read-others';

/** The variable that holds the key. */
const KEY_NAME = 'PORTSIDE_API_KEY';
/** The kind of provider that speaks chat completions. */
const KIND = 'openai';
const PROVIDERS = ['modelProviders', KIND];
const AUTH_TYPE = ['security', 'auth', 'selectedType'];
const MODEL = ['model', 'name'];

const home = (place: Place): string =>
  folderFrom(place, 'QWEN_HOME') ?? pathsOf(place).join(place.home, '.qwen');

const systemSettings = (place: Place): string =>
  folderFrom(place, 'QWEN_CODE_SYSTEM_SETTINGS_PATH') ??
  systemPath(place, {
    windows: 'C:\\ProgramData\\qwen-code\\settings.json',
    mac: '/Library/Application Support/QwenCode/settings.json',
    other: '/etc/qwen-code/settings.json',
  });

interface Model {
  id: string;
  name: string;
  baseUrl: string;
  envKey: string;
}

const modelsOf = (listed: unknown): unknown[] => (Array.isArray(listed) ? listed : []);

const isOurs = (model: unknown): boolean => valueAt(model, ['envKey']) === KEY_NAME;

export const qwenCode: Agent = {
  id: 'qwen-code',
  name: 'Qwen Code',
  documentation: 'https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers/',
  programs: ['qwen'],

  files: (place) => [
    pathsOf(place).join(home(place), 'settings.json'),
    ...place.workspaces.map((folder) => pathsOf(place).join(folder, '.qwen', 'settings.json')),
    systemSettings(place),
  ],

  traces: (place) => [home(place)],

  isConnected([settings], { url }) {
    const all = settings && readJsonObject(settings);
    const listed = valueAt(all, PROVIDERS);
    // The first of a name is the one that is taken.
    const chosen = modelsOf(listed).find((model) => valueAt(model, ['id']) === valueAt(all, MODEL));
    return (
      valueAt(all, AUTH_TYPE) === KIND &&
      isOurs(chosen) &&
      valueAt(chosen, ['baseUrl']) === baseUrls(url).openai
    );
  },

  connect([settings], { url, key, models }) {
    if (!settings) return [];
    const all = readJsonObject(settings);
    const changes: JsonChange[] = [
      { path: ['env', KEY_NAME], value: key },
      ...listChanges(valueAt(all, PROVIDERS), { url, key, models }),
      { path: AUTH_TYPE, value: KIND },
    ];
    const others = modelsOf(valueAt(all, PROVIDERS)).filter((model) => !isOurs(model));
    const free = models.filter((id) => !others.some((model) => valueAt(model, ['id']) === id));
    const model = valueAt(all, MODEL);
    if (!free.some((id) => id === model)) changes.push({ path: MODEL, value: free[0] ?? models[0] });
    // They stand for all models of this kind, and would win over those of the list.
    for (const name of ['baseUrl', 'apiKey'])
      if (valueAt(all, ['security', 'auth', name]) !== undefined)
        changes.push({ path: ['security', 'auth', name], value: undefined });
    return rewritten(settings, editJson(settings, changes));
  },

  overrides({ env }, [own, ...others]) {
    const key = env[KEY_NAME];
    const isOtherKey = key && (!own || valueAt(readJsonObject(own), ['env', KEY_NAME]) !== key);
    return [
      ...(isOtherKey ? [{ name: KEY_NAME, isKey: true as const }] : []),
      ...others.flatMap(overridesOf),
    ];
  },
};

/** What makes the list of models: other providers' stay, ours are those of the pool. */
function listChanges(listed: unknown, { url, models }: Connection): JsonChange[] {
  const wanted = models.map((id): Model => ({
    id,
    name: id,
    baseUrl: baseUrls(url).openai,
    envKey: KEY_NAME,
  }));
  if (!Array.isArray(listed)) return [{ path: PROVIDERS, value: wanted }];
  const ours = listed.flatMap((model, index) => (isOurs(model) ? [index] : []));
  const same = JSON.stringify(ours.map((index) => listed[index] as unknown)) === JSON.stringify(wanted);
  if (same) return [];
  const length = listed.length - ours.length;
  return [
    // From the end, so that the others keep their places.
    ...ours.reverse().map((index) => ({ path: [...PROVIDERS, index], value: undefined })),
    ...wanted.map((model, index) => ({ path: [...PROVIDERS, length + index], value: model })),
  ];
}

/** What the settings of a project or of an organisation lead elsewhere. */
function overridesOf(file: ConfigFile): Override[] {
  const all = readOthers(file);
  const type = valueAt(all, AUTH_TYPE);
  const model = valueAt(all, MODEL);
  const providers = valueAt(all, ['modelProviders']);
  const isOther =
    (typeof type === 'string' && type !== KIND) || typeof model === 'string' || providers !== undefined;
  return isOther ? [{ name: file.path }] : [];
}
