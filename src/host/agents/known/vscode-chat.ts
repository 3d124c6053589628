/**
 * The editor's own chat: a group of "Custom Endpoint" models in `chatLanguageModels.json` in the User folder of the editor
 * that Portside runs in. VS Code has it from 1.122 on, together with its chat extension; it makes the file when it
 * starts, so that the file says whether an editor has it (VSCodium and Cursor do not). Profiles other than the default
 * one have a file of their own, which is not written. In a remote window the file is on another machine: there is none.
 * https://code.visualstudio.com/docs/agent-customization/language-models#_custom-endpoint-configuration-reference
 */
import { baseUrls } from '../../../shared/quick-start';
import { rewritten, type Agent, type ConfigFile, type Connection } from '../agent';
import { editJson, readJson, valueAt, type JsonChange } from '../edit/edit-json';
import { listChanges } from '../edit/list-changes';
import { malformedAt } from '../edit/malformed-at';
import { mergeJson } from '../edit/merge-json';
import { MODEL_DETAILS } from './model-details';
import { pathsOf } from './place-paths';

const GROUP = { name: 'Portside', vendor: 'customendpoint' } as const;

const endpointOf = ({ url }: Connection): string => `${baseUrls(url).openai}/chat/completions`;

export const vscodeChat: Agent = {
  id: 'vscode-chat',
  name: 'Chat of the editor',
  documentation: 'https://code.visualstudio.com/docs/agent-customization/language-models',
  programs: [],

  files: (place) =>
    place.editorFolder === undefined
      ? []
      : [pathsOf(place).join(place.editorFolder, 'chatLanguageModels.json')],

  traces: (place) => vscodeChat.files(place),

  isConnected([file], connection) {
    if (!file) return false;
    const group = groupsOf(file).find(isOurs);
    const models = valueAt(group, ['models']);
    return (
      Array.isArray(models) &&
      models.length > 0 &&
      models.every((model) => valueAt(model, ['url']) === endpointOf(connection))
    );
  },

  connect([file], connection) {
    if (!file) return [];
    const groups = groupsOf(file);
    const found = groups.findIndex(isOurs);
    const changes =
      found < 0 ? [newGroup(groups.length, connection)] : groupChanges(groups, found, connection);
    return rewritten(file, editJson(file, changes));
  },

  isOurs: ([index, ...rest], group) => index !== undefined && rest.length === 0 && isOurs(group),

  overrides: () => [],
};

/** @throws MalformedConfigError when the file is no list */
function groupsOf(file: ConfigFile): unknown[] {
  const said = readJson(file);
  if (said === undefined) return [];
  if (Array.isArray(said)) return said;
  throw malformedAt(file, (file.text ?? '').search(/[^\s\uFEFF]/), 'A list is expected here.');
}

const isOurs = (group: unknown): boolean =>
  valueAt(group, ['vendor']) === GROUP.vendor && valueAt(group, ['name']) === GROUP.name;

const newGroup = (index: number, connection: Connection): JsonChange => ({
  path: [index],
  value: {
    ...GROUP,
    apiType: 'chat-completions',
    models: connection.models.map((id) => ({ ...detailsOf(id), ...reachedBy(connection) })),
  },
});

function groupChanges(groups: unknown[], index: number, connection: Connection): JsonChange[] {
  const list = valueAt(groups, [index, 'models']);
  const here = [index, 'models'];
  const known = Array.isArray(list) ? list.map((model) => valueAt(model, ['id'])) : [];
  return [
    // What somebody wrote of a model that is here already stays.
    ...[...known.keys()]
      .filter((each) => connection.models.includes(String(known[each])))
      .flatMap((each) => mergeJson(groups, [...here, each], reachedBy(connection))),
    ...listChanges(here, known, connection.models, (id) => ({ ...detailsOf(id), ...reachedBy(connection) })),
  ];
}

const detailsOf = (id: string) => ({
  id,
  name: id,
  toolCalling: true,
  vision: true,
  maxInputTokens: MODEL_DETAILS.context - MODEL_DETAILS.output,
  maxOutputTokens: MODEL_DETAILS.output,
});

/**
 * The key goes as a header: `apiKey` is looked up in the editor's secret storage by whatever stands there, so that one written
 * into the file is never sent. https://github.com/microsoft/vscode src/vs/workbench/contrib/chat/common/languageModels.ts
 */
const reachedBy = (connection: Connection) => ({
  url: endpointOf(connection),
  requestHeaders: { 'x-api-key': connection.key },
});
