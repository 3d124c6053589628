/**
 * Codex: a model provider of its own in config.toml, chosen for all sessions. The key stands beside the address
 * (`experimental_bearer_token`): the variable that `env_key` would name need not be set anywhere then. A project's
 * `.codex/config.toml` cannot choose another provider; the organisation's managed configuration can.
 * https://developers.openai.com/codex/config-reference · https://developers.openai.com/codex/config-advanced
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type Override, type Place } from '../agent';
import { valueAt } from '../edit/edit-json';
import { editToml, readToml } from '../edit/edit-toml';
import { folderFrom, pathsOf } from './place-paths';
import { readOthers } from './read-others';

const PROVIDER = 'portside';

const home = (place: Place): string =>
  folderFrom(place, 'CODEX_HOME') ?? pathsOf(place).join(place.home, '.codex');

/** What wins over the user's own file: https://developers.openai.com/codex/enterprise/managed-configuration */
const managed = (place: Place): string[] =>
  place.platform === 'win32'
    ? [pathsOf(place).join(home(place), 'managed_config.toml')]
    : ['/etc/codex/managed_config.toml'];

export const codex: Agent = {
  id: 'codex',
  name: 'Codex',
  documentation: 'https://developers.openai.com/codex/config-advanced',
  programs: ['codex'],

  files: (place) => [pathsOf(place).join(home(place), 'config.toml'), ...managed(place)],

  traces: (place) => [home(place)],

  isConnected([config], { url }) {
    const all = config && readToml(config);
    const provider = valueAt(all, ['model_provider']);
    return (
      provider === PROVIDER &&
      valueAt(all, ['model_providers', PROVIDER, 'base_url']) === baseUrls(url).openai
    );
  },

  connect([config], { url, key, models }) {
    if (!config) return [];
    const model = valueAt(readToml(config), ['model']);
    const text = editToml(config, [
      // For a name of its own it would send the tools that only that model was taught.
      ...(models.some((each) => each === model) ? [] : [{ path: ['model'], value: models[0] }]),
      { path: ['model_provider'], value: PROVIDER },
      {
        path: ['model_providers', PROVIDER],
        value: {
          name: 'Portside',
          base_url: baseUrls(url).openai,
          wire_api: 'responses',
          experimental_bearer_token: key,
        },
      },
    ]);
    return rewritten(config, text);
  },

  overrides: (_, [own, ...others]) => [
    ...(own ? profileOf(readToml(own)) : []),
    ...others.flatMap((file) => elsewhere(file.path, readOthers(file, readToml))),
  ],
};

/** Versions before 0.134 take a profile that the file chooses for all sessions. */
function profileOf(config: Record<string, unknown>): Override[] {
  const name = config['profile'];
  return typeof name === 'string' ? elsewhere(`profiles.${name}`, valueAt(config, ['profiles', name])) : [];
}

function elsewhere(name: string, config: unknown): Override[] {
  const provider = valueAt(config, ['model_provider']);
  return typeof provider === 'string' && provider !== PROVIDER ? [{ name, value: provider }] : [];
}
