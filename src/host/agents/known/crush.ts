/**
 * Crush: `~/.config/crush/crush.json` on every system, with a provider of type openai-compat, and the models to use in
 * `models.large` and `models.small`. What is chosen inside Crush goes to a second file of the same form in its data folder,
 * which wins: where that one chooses a model already, it is changed there, too.
 * https://github.com/charmbracelet/crush#configuration
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Connection, type Override, type Place } from '../agent';
import { editJson, readJsonObject, valueAt, type JsonChange } from '../edit/edit-json';
import { listChanges } from '../edit/list-changes';
import { mergeJson } from '../edit/merge-json';
import { MODEL_DETAILS } from './model-details';
import { configHome, folderFrom, pathsOf } from './place-paths';
import { readOthers } from './read-others';

const PROVIDER = 'portside';
const LARGE = ['models', 'large', 'provider'];

const configFolder = (place: Place): string =>
  folderFrom(place, 'CRUSH_GLOBAL_CONFIG') ?? pathsOf(place).join(configHome(place), 'crush');

function dataFolder(place: Place): string {
  const { join } = pathsOf(place);
  const own = folderFrom(place, 'CRUSH_GLOBAL_DATA');
  if (own) return own;
  const data = folderFrom(place, 'XDG_DATA_HOME');
  if (data) return join(data, 'crush');
  return place.platform === 'win32'
    ? join(place.env['LOCALAPPDATA'] ?? join(place.home, 'AppData', 'Local'), 'crush')
    : join(place.home, '.local', 'share', 'crush');
}

export const crush: Agent = {
  id: 'crush',
  name: 'Crush',
  documentation: 'https://github.com/charmbracelet/crush#configuration',
  programs: ['crush'],

  files(place) {
    const { join } = pathsOf(place);
    return [
      join(configFolder(place), 'crush.json'),
      join(dataFolder(place), 'crush.json'),
      join(configFolder(place), 'crushrc'),
      ...place.workspaces.flatMap((folder) => [
        ...['crush.json', '.crush.json', 'crushrc', '.crushrc'].map((name) => join(folder, name)),
        join(folder, '.crush', 'crush.json'),
      ]),
    ];
  },

  traces: (place) => [configFolder(place), dataFolder(place)],

  isConnected([config, data], { url }) {
    if (!config) return false;
    const said = readJsonObject(config);
    const chosen = valueAt(data && readJsonObject(data), LARGE) ?? valueAt(said, LARGE);
    const base = valueAt(said, ['providers', PROVIDER, 'base_url']);
    return base === baseUrls(url).openai && chosen === PROVIDER;
  },

  connect([config, data], connection) {
    if (!config) return [];
    const said = readJsonObject(config);
    const chosen = data && readJsonObject(data);
    const changes = [...providerChanges(said, connection), ...modelChanges(said, connection, true)];
    return [
      ...rewritten(config, editJson(config, changes)),
      ...(data && valueAt(chosen, ['models']) !== undefined
        ? rewritten(data, editJson(data, modelChanges(chosen, connection, false)))
        : []),
    ];
  },

  isOurs: ([name, id, ...rest], value) =>
    rest.length === 0 &&
    ((name === 'providers' && id === PROVIDER) ||
      (name === 'models' && id !== undefined && valueAt(value, ['provider']) === PROVIDER)),

  overrides(_place, [, , ...others]) {
    return others.flatMap((file) => overrideOf(file) ?? []);
  },
};

function providerChanges(said: Record<string, unknown>, { url, key, models }: Connection): JsonChange[] {
  const here = ['providers', PROVIDER];
  const list = valueAt(said, [...here, 'models']);
  const known = Array.isArray(list) ? list : [];
  const idOf = (model: unknown) => valueAt(model, ['id']);
  return [
    ...mergeJson(said, here, {
      name: 'Portside',
      type: 'openai-compat',
      base_url: baseUrls(url).openai,
      api_key: forShell(key),
    }),
    ...(known.length === 0
      ? [{ path: [...here, 'models'], value: models.map(detailsOf) }]
      : listChanges([...here, 'models'], known.map(idOf), models, detailsOf)),
  ];
}

const detailsOf = (id: string) => ({
  id,
  name: id,
  context_window: MODEL_DETAILS.context,
  default_max_tokens: MODEL_DETAILS.output,
  supports_attachments: true,
});

/** @param all whether a choice that nobody made yet is made, too */
function modelChanges(said: unknown, { models }: Connection, all: boolean): JsonChange[] {
  const wanted = { provider: PROVIDER, model: models[0] ?? '' };
  const isKnown = (size: string) =>
    valueAt(said, ['models', size, 'provider']) === PROVIDER &&
    models.includes(String(valueAt(said, ['models', size, 'model'])));
  const isThere = (size: string) => valueAt(said, ['models', size]) !== undefined;
  const isForeign = (size: string) =>
    isThere(size) && valueAt(said, ['models', size, 'provider']) !== PROVIDER;
  return [
    // Settings of another provider's model make no sense with this one: it goes as a whole.
    ...(isKnown('large') || (!all && !isThere('large'))
      ? []
      : [{ path: ['models', 'large'], value: wanted }]),
    // A small one of another provider is somebody's choice.
    ...(isKnown('small') || isForeign('small') || (!all && !isThere('small'))
      ? []
      : [{ path: ['models', 'small'], value: wanted }]),
  ];
}

/** Crush expands the key as the text of a here-document: quotes mean nothing in it. */
const forShell = (key: string): string => key.replace(/[\\$`]/g, '\\$&');

/** In a script; without a name the model is told only. */
const CHOOSES_ANOTHER = /^\s*(?:model\s+large\s+(?!portside\/)[^-\s]|provider\s+\w+\s+portside\b)/m;

/** What a file of the project, or a script, says against Portside. */
function overrideOf({ path, text }: ConfigFile): Override | undefined {
  if (/rc$/.test(path)) return text !== undefined && CHOOSES_ANOTHER.test(text) ? { name: path } : undefined;
  const said = readOthers({ path, ...(text !== undefined && { text }) });
  const base = valueAt(said, ['providers', PROVIDER, 'base_url']);
  if (typeof base === 'string') return { name: path, value: base };
  const provider = valueAt(said, LARGE);
  return typeof provider === 'string' && provider !== PROVIDER ? { name: path, value: provider } : undefined;
}
