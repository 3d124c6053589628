/**
 * Cline, the command line: `~/.cline/data/settings/providers.json`, of which it takes the provider that was used last. It
 * has one place for an OpenAI-compatible server; what stood there is in the backup. `models.json` beside it names further
 * models to choose from. Cline writes both itself when something is chosen in it.
 *
 * The extension remembers what is chosen in its own view elsewhere: in the editor's storage, and in newer versions in files
 * that it holds in memory and writes at any time. Nothing but the extension itself can write there: in it, "OpenAI Compatible"
 * is to be chosen by hand.
 * https://docs.cline.bot/getting-started/config · https://github.com/cline/cline/blob/main/apps/cli/DEVELOPMENT.md
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type Connection, type Place } from '../agent';
import { editJson, readJsonObject, valueAt, type JsonChange } from '../edit/edit-json';
import { mergeJson } from '../edit/merge-json';
import { MODEL_DETAILS } from './model-details';
import { folderFrom, pathsOf } from './place-paths';

/** A provider by another name is written the same way, but version 3.0.65 does not find it when it is to be asked. */
const PROVIDER = 'openai-compatible';
const BASE_URL = ['settings', 'baseUrl'];
/** Cline wants to know when a provider was configured, and does nothing with it. */
const SOME_TIME = '2026-01-01T00:00:00.000Z';

function dataFolder(place: Place): string {
  const { join } = pathsOf(place);
  return (
    folderFrom(place, 'CLINE_DATA_DIR') ??
    join(folderFrom(place, 'CLINE_DIR') ?? join(place.home, '.cline'), 'data')
  );
}

export const cline: Agent = {
  id: 'cline',
  name: 'Cline CLI',
  documentation: 'https://docs.cline.bot/getting-started/config',
  programs: ['cline'],

  files(place) {
    const { dirname, join } = pathsOf(place);
    const providers =
      folderFrom(place, 'CLINE_PROVIDER_SETTINGS_PATH') ??
      join(dataFolder(place), 'settings', 'providers.json');
    return [providers, join(dirname(providers), 'models.json')];
  },

  traces: (place) => [dataFolder(place)],

  isConnected([providers], { url }) {
    if (!providers) return false;
    const said = readJsonObject(providers);
    const base = valueAt(said, ['providers', PROVIDER, 'settings', 'baseUrl']);
    return base === baseUrls(url).openai && said['lastUsedProvider'] === PROVIDER;
  },

  connect([providers, registry], connection) {
    if (!providers || !registry) return [];
    return [
      { file: providers, changes: providerChanges(readJsonObject(providers), connection) },
      { file: registry, changes: registryChanges(readJsonObject(registry), connection) },
    ].flatMap(({ file, changes }) => rewritten(file, editJson(file, changes)));
  },

  required: ['version'],
  // Cline itself notes at every use when that was, which is nobody's wish.
  isOurs: ([name, id, ...rest], value, written) =>
    name === 'providers' &&
    id === PROVIDER &&
    rest.length === 0 &&
    valueAt(value, BASE_URL) === valueAt(written, BASE_URL),

  // It has a data folder of its own then.
  overrides: ({ env }) => (env['CLINE_SANDBOX'] === '1' ? [{ name: 'CLINE_SANDBOX' }] : []),
};

function providerChanges(said: Record<string, unknown>, { url, key, models }: Connection): JsonChange[] {
  const here = ['providers', PROVIDER];
  const model = valueAt(said, [...here, 'settings', 'model']);
  return [
    ...version(said),
    ...mergeJson(said, here, {
      settings: {
        provider: PROVIDER,
        apiKey: key,
        model: typeof model === 'string' && models.includes(model) ? model : (models[0] ?? ''),
        baseUrl: baseUrls(url).openai,
      },
      updatedAt: valueAt(said, [...here, 'updatedAt']) ?? SOME_TIME,
      tokenSource: 'manual',
    }),
    { path: ['lastUsedProvider'], value: PROVIDER },
  ];
}

function registryChanges(said: Record<string, unknown>, { models }: Connection): JsonChange[] {
  const here = ['providers', PROVIDER, 'models'];
  return [
    ...version(said),
    // Others may be of a server that somebody goes back to.
    ...models
      .filter((name) => valueAt(said, [...here, name]) === undefined)
      .map((name) => ({ path: [...here, name], value: detailsOf(name) })),
  ];
}

/** Without it Cline takes the file for empty. */
const version = (said: Record<string, unknown>): JsonChange[] =>
  said['version'] === undefined ? [{ path: ['version'], value: 1 }] : [];

const detailsOf = (id: string) => ({
  id,
  name: id,
  contextWindow: MODEL_DETAILS.context,
  maxTokens: MODEL_DETAILS.output,
  capabilities: ['tools', 'images', 'streaming'],
});
