/**
 * OpenCode and what descends from it: several files of one form, merged in a fixed order, a provider of one's own in
 * `provider`, and `model` as `provider/model`. https://opencode.ai/docs/config · https://opencode.ai/docs/providers
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Connection, type Override, type Place } from '../agent';
import {
  editJson,
  readJsonObject,
  unexpectedAt,
  valueAt,
  type JsonChange,
  type JsonPath,
} from '../edit/edit-json';
import { mergeJson } from '../edit/merge-json';
import { MODEL_DETAILS } from './model-details';
import { configHome, folderFrom, pathsOf, systemPath } from './place-paths';
import { readOthers } from './read-others';

/** What one member of the family calls its files and variables. */
export interface Family {
  id: string;
  name: string;
  documentation: string;
  programs: readonly string[];
  /** Folder in `~/.config`, and of the managed configuration. */
  folder: string;
  /** Begins its environment variables. */
  prefix: string;
  /** Global files, from the one that wins to the one that any other wins over. */
  byPrecedence: readonly string[];
  /** Global files, from the one that the agent itself writes first. */
  byChoice: readonly string[];
  /** Files of a project, each overriding those before it; also in {@link folders}. */
  projectFiles: readonly string[];
  /** Folders of a project. */
  folders: readonly string[];
  /** For the editor; the agent itself adds it to a file that has none. */
  schema: string;
}

const PROVIDER = 'portside';
/** Each is `provider/model`. */
const MODELS = ['model', 'small_model'];
/** Providers that alone are let in, and that are kept out: a file that has one replaces those of the others. */
const PROVIDER_LISTS = ['enabled_providers', 'disabled_providers'] as const;

/** An agent of the family. */
export function openCodeAgent(family: Family): Agent {
  const count = family.byChoice.length;
  /** By precedence. */
  const globalOf = (files: readonly ConfigFile[]) => {
    const own = files.slice(0, count);
    return family.byPrecedence.flatMap((name) => own.filter(({ path }) => endsWith(path, name)));
  };

  return {
    id: family.id,
    name: family.name,
    documentation: family.documentation,
    programs: family.programs,
    // A folder that is open may be the home, or the configuration's own.
    files: (place) => [...new Set([...globalFiles(family, place), ...otherFiles(family, place)])],
    traces: (place) => [pathsOf(place).join(configHome(place), family.folder)],

    isConnected(files, { url }) {
      const said = globalOf(files).map((file) => readJsonObject(file));
      const base = firstOf(said, ['provider', PROVIDER, 'options', 'baseURL']);
      return base === baseUrls(url).openai && isOurs(firstOf(said, ['model']));
    },

    connect(files, connection) {
      const own = globalOf(files);
      const target = targetOf(family, own);
      if (!target) return [];
      const said = own.map((file) => readJsonObject(file));
      const base = changesFor(target, readJsonObject(target), connection, family.schema);
      return own.flatMap((file) => {
        const lists = PROVIDER_LISTS.filter((name) => file === own[indexOf(said, [name])]);
        const changes = [
          ...(file === target ? base : []),
          ...lists.flatMap((name) => listChange(readJsonObject(file), name)),
        ];
        return changes.length === 0 ? [] : rewritten(file, editJson(file, changes));
      });
    },

    isOurs: ([name, id, ...rest], value) =>
      rest.length === 0 &&
      (id === undefined
        ? MODELS.includes(String(name)) && isOurs(value)
        : name === 'provider' && id === PROVIDER),

    overrides({ env }, files) {
      const name = `${family.prefix}_CONFIG_CONTENT`;
      const content = env[name] ? [{ path: name, text: env[name] }] : [];
      return [
        ...content.flatMap(overridesOf),
        // Those of the user's own that win are written themselves.
        ...globalOf(files).flatMap((file) => agentOverride(file)),
        ...files.slice(count).flatMap(overridesOf),
      ];
    },
  };
}

/** The first of what files say, by precedence. */
const firstOf = (said: readonly unknown[], path: JsonPath): unknown =>
  valueAt(said[indexOf(said, path)], path);

const indexOf = (said: readonly unknown[], path: JsonPath): number =>
  said.findIndex((each) => valueAt(each, path) !== undefined);

/** The one that decides already, else the one that the agent would write itself. */
function targetOf(family: Family, own: readonly ConfigFile[]): ConfigFile | undefined {
  const decides = own.find((file) => {
    const said = readJsonObject(file);
    return said['model'] !== undefined || valueAt(said, ['provider', PROVIDER]) !== undefined;
  });
  const ordered = family.byChoice.flatMap((name) => own.filter(({ path }) => endsWith(path, name)));
  return decides ?? ordered.find(({ text }) => text !== undefined) ?? ordered[0];
}

const endsWith = (path: string, name: string): boolean => path.split(/[\\/]/).at(-1) === name;

const isOurs = (model: unknown): boolean => typeof model === 'string' && model.startsWith(`${PROVIDER}/`);

function globalFiles({ folder, byChoice }: Family, place: Place): string[] {
  const { join } = pathsOf(place);
  return byChoice.map((name) => join(configHome(place), folder, name));
}

/** What is merged over the global files. */
function otherFiles(family: Family, place: Place): string[] {
  const { join } = pathsOf(place);
  const { env } = place;
  const own = folderFrom(place, `${family.prefix}_CONFIG_DIR`);
  const all = (folder: string) => family.projectFiles.map((name) => join(folder, name));
  const project = env[`${family.prefix}_DISABLE_PROJECT_CONFIG`] ? [] : place.workspaces;
  return [
    folderFrom(place, `${family.prefix}_CONFIG`) ?? [],
    project.flatMap((folder) => [
      ...all(folder),
      ...family.folders.flatMap((each) => all(join(folder, each))),
    ]),
    family.folders.flatMap((each) => all(join(place.home, each))),
    own ? all(own) : [],
    all(managedFolder(family, place)),
  ].flat();
}

const managedFolder = ({ folder }: Family, place: Place): string =>
  systemPath(place, {
    windows: pathsOf(place).join(place.env['ProgramData'] ?? 'C:\\ProgramData', folder),
    mac: `/Library/Application Support/${folder}`,
    other: `/etc/${folder}`,
  });

/** @throws MalformedConfigError when the model is no text */
function changesFor(
  file: ConfigFile,
  said: Record<string, unknown>,
  { url, key, models }: Connection,
  schema: string,
): JsonChange[] {
  const first = `${PROVIDER}/${models[0] ?? ''}`;
  const here = ['provider', PROVIDER, 'models'];
  const known = Object.keys((valueAt(said, here) as object | undefined) ?? {});
  const [model, small] = [said['model'], said['small_model']];
  const isKnown = (name: unknown) => isOurs(name) && models.includes(String(name).slice(PROVIDER.length + 1));
  for (const name of MODELS)
    if (typeof (said[name] ?? '') !== 'string') throw unexpectedAt(file, [name], 'A text is expected here.');
  return [
    ...(Object.keys(said).length === 0 ? [{ path: ['$schema'], value: schema }] : []),
    ...mergeJson(said, ['provider', PROVIDER], {
      // It is part of the program: nothing is downloaded.
      npm: '@ai-sdk/openai-compatible',
      name: 'Portside',
      options: { baseURL: baseUrls(url).openai, apiKey: key },
    }),
    // What somebody wrote of a model that is here already stays.
    ...models
      .filter((name) => !known.includes(name))
      .map((name) => ({ path: [...here, name], value: detailsOf(name) })),
    ...known
      .filter((name) => !models.includes(name))
      .map((name) => ({ path: [...here, name], value: undefined })),
    ...(isKnown(model) ? [] : [{ path: ['model'], value: first }]),
    // Titles would be made by a model of the vendor's otherwise.
    ...(small === undefined || (isOurs(small) && !isKnown(small))
      ? [{ path: ['small_model'], value: first }]
      : []),
  ];
}

/** What lets Portside's provider in. */
function listChange(said: Record<string, unknown>, name: (typeof PROVIDER_LISTS)[number]): JsonChange[] {
  const list = said[name];
  if (!Array.isArray(list) || list.includes(PROVIDER) === (name === 'enabled_providers')) return [];
  return name === 'enabled_providers'
    ? [{ path: [name, list.length], value: PROVIDER }]
    : [{ path: [name, list.indexOf(PROVIDER)], value: undefined }];
}

/** The pool decides what a model can do: nothing is held back here. */
const detailsOf = (name: string) => ({
  name,
  attachment: true,
  tool_call: true,
  modalities: { input: ['text', 'image'], output: ['text'] },
  limit: { context: MODEL_DETAILS.context, output: MODEL_DETAILS.output },
});

/** What a file that wins says against Portside. */
function overridesOf(file: ConfigFile): Override[] {
  const said = readOthers(file);
  const base = valueAt(said, ['provider', PROVIDER, 'options', 'baseURL']);
  if (typeof base === 'string') return [{ name: file.path, value: base }];
  const model = said['model'];
  return typeof model === 'string' && !isOurs(model)
    ? [{ name: file.path, value: model }]
    : agentOverride(file);
}

/** A model that a file gives the agent's first mode of its own: it wins over the one for all modes. */
function agentOverride(file: ConfigFile): Override[] {
  const said = readOthers(file);
  const mode = said['default_agent'];
  const model = valueAt(said, ['agent', typeof mode === 'string' ? mode : 'build', 'model']);
  return typeof model === 'string' && !isOurs(model) ? [{ name: file.path, value: model }] : [];
}
