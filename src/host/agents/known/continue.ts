/**
 * Continue: `~/.continue/config.yaml` on every system, with the pool's models first in `models`: the first one is used until
 * another one is chosen. What was chosen is remembered in `index/globalContext.json`, which Continue writes itself.
 * Where there is only the older `config.json`, which the extension still reads, they are put at the end of that.
 * https://docs.continue.dev/reference · https://docs.continue.dev/reference/json-reference
 */
import { baseUrls } from '../../../shared/quick-start';
import { isObject } from '../../../shared/json';
import { rewritten, type Agent, type ConfigFile, type Connection, type Place } from '../agent';
import { editJson, readJsonObject, valueAt, type JsonChange } from '../edit/edit-json';
import { editYaml, readYaml, type YamlChange } from '../edit/edit-yaml';
import { malformedAt } from '../edit/malformed-at';
import { mergeJson } from '../edit/merge-json';
import { MODEL_DETAILS } from './model-details';
import { folderFrom, pathsOf } from './place-paths';
import { readOthers } from './read-others';

const folder = (place: Place): string =>
  folderFrom(place, 'CONTINUE_GLOBAL_DIR') ?? pathsOf(place).join(place.home, '.continue');

/** What Continue itself asks of a file. */
const HEAD = { name: 'Main Config', version: '1.0.0', schema: 'v1' };

/** What a model is called says that it is Portside's. */
const titleOf = (model: string): string => `${model} (Portside)`;
const isTitle = (title: unknown): boolean => typeof title === 'string' && title.endsWith(' (Portside)');

export const continueAgent: Agent = {
  id: 'continue',
  name: 'Continue',
  documentation: 'https://docs.continue.dev/reference',
  programs: ['cn'],

  files(place) {
    const { join } = pathsOf(place);
    const home = folder(place);
    return [join(home, 'config.yaml'), join(home, 'config.json'), join(home, 'index', 'globalContext.json')];
  },

  traces: (place) => [folder(place)],

  isConnected([yaml, json], { url }) {
    const { openai } = baseUrls(url);
    const list = isOld(yaml, json) ? modelsOf(readJsonObject(json)) : yaml ? modelsOf(readMap(yaml)) : [];
    const ours = list.filter((model) => isTitle(valueAt(model, ['name']) ?? valueAt(model, ['title'])));
    return ours.length > 0 && ours.every((model) => valueAt(model, ['apiBase']) === openai);
  },

  connect([yaml, json], connection) {
    const old = isOld(yaml, json) ? json : undefined;
    const file = old ?? yaml;
    if (!file) return [];
    const text = old
      ? editJson(old, jsonChanges(readJsonObject(old), connection))
      : editYaml(file, yamlChanges(readMap(file), connection));
    return rewritten(file, text);
  },

  required: Object.keys(HEAD),
  isOurs: ([name, index, ...rest], value) =>
    name === 'models' &&
    index !== undefined &&
    rest.length === 0 &&
    isTitle(valueAt(value, ['name']) ?? valueAt(value, ['title'])),

  overrides(place, [, , context]) {
    const said = readOthers(context);
    const chosen = [
      configChosen(place, said),
      valueAt(said, ['selectedModelsByProfileId', 'local', 'chat']),
      said['cliSelectedModel'],
    ].find((title) => typeof title === 'string' && !isTitle(title));
    return context && typeof chosen === 'string' ? [{ name: context.path, value: chosen }] : [];
  },
};

/** The configuration that was chosen for a folder that is open, where it is another one than the user's own. */
function configChosen({ workspaces }: Place, said: Record<string, unknown>): unknown {
  // Of folders that are open together, the addresses are joined.
  const isOpen = (name: string) =>
    name.split('&').some((uri) => workspaces.some((folder) => uri.endsWith(pathOfUri(folder))));
  const chosen = Object.entries(said['lastSelectedProfileForWorkspace'] ?? {}) as [string, unknown][];
  return chosen.find(
    ([name, config]) => isOpen(name) && typeof config === 'string' && config !== 'local',
  )?.[1];
}

/** As the editor writes a path in an address. */
const pathOfUri = (folder: string): string =>
  folder
    .split(/[\\/]/)
    .map((step, index) =>
      encodeURIComponent(index === 0 && /^[A-Z]:$/.test(step) ? step.toLowerCase() : step),
    )
    .join('/');

/** Whether there is only the older form of the file; beside an empty newer one Continue does not read it any more. */
const isOld = (yaml: ConfigFile | undefined, json: ConfigFile | undefined): json is ConfigFile =>
  yaml?.text === undefined && json?.text !== undefined;

function readMap(file: ConfigFile): Record<string, unknown> {
  const said = readYaml(file);
  if (said === undefined) return {};
  if (isObject(said)) return said;
  throw malformedAt(file, (file.text ?? '').search(/[^\s\uFEFF]/), 'A map is expected here.');
}

function modelsOf(said: Record<string, unknown>): unknown[] {
  const { models } = said;
  return Array.isArray(models) ? models : [];
}

function yamlChanges(said: Record<string, unknown>, { url, key, models }: Connection): YamlChange[] {
  const known = modelsOf(said);
  const reached = { apiBase: baseUrls(url).openai, apiKey: key };
  const entries = models
    .filter((model) => !known.some((each) => valueAt(each, ['name']) === titleOf(model)))
    .map((model) => ({
      name: titleOf(model),
      provider: 'openai',
      model,
      ...reached,
      // Continue tells by the names of models otherwise, and the pool's may be anyone's.
      capabilities: ['tool_use', 'image_input'],
      defaultCompletionOptions: { contextLength: MODEL_DETAILS.context, maxTokens: MODEL_DETAILS.output },
    }));
  const changes: YamlChange[] = [];
  for (const [name, value] of Object.entries(HEAD))
    if (said[name] === undefined && (name !== 'schema' || Object.keys(said).length === 0))
      changes.push({ path: [name], value });
  for (const index of [...known.keys()].reverse()) {
    const title = valueAt(known[index], ['name']);
    if (!isTitle(title)) continue;
    if (models.some((model) => titleOf(model) === title))
      for (const [name, value] of Object.entries(reached))
        changes.push({ path: ['models', index, name], value });
    else changes.push({ path: ['models', index], value: undefined });
  }
  // Each comes before all others, so that the last one goes first.
  for (const value of [...entries].reverse()) changes.push({ path: ['models', 0], value, insert: true });
  return changes;
}

function jsonChanges(said: Record<string, unknown>, { url, key, models }: Connection): JsonChange[] {
  const known = modelsOf(said);
  const reached = { apiBase: baseUrls(url).openai, apiKey: key };
  const entries = models
    .filter((model) => !known.some((each) => valueAt(each, ['title']) === titleOf(model)))
    .map((model) => ({
      title: titleOf(model),
      provider: 'openai',
      model,
      ...reached,
      contextLength: MODEL_DETAILS.context,
      completionOptions: { maxTokens: MODEL_DETAILS.output },
    }));
  return [
    ...entries.map((value, index) => ({ path: ['models', known.length + index], value })),
    ...[...known.keys()].reverse().flatMap((index) => {
      const title = valueAt(known[index], ['title']);
      if (!isTitle(title)) return [];
      return models.some((model) => titleOf(model) === title)
        ? mergeJson(said, ['models', index], reached)
        : [{ path: ['models', index], value: undefined }];
    }),
  ];
}
