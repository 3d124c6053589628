/** Tools and `tool_choice`. https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DecodeContext, Warn } from '../adapter';
import type { BuiltInTool, Tool, ToolChoice } from '../canonical';
import { readSettings } from '../tools/built-in-settings';
import { readArray, requireObject, requireString, wrongType, wrongValue } from '../openai/fields';
import { decodeCustom, decodeFunction } from '../openai/tools';
import { asFunction } from './client-functions';
import { isForClient } from './client-tool-items';
import { filled, noted } from './read-item';
import { CLIENT_TOOLS, DIALECT, flatName, noteOf } from './wire';

/** Tools that OpenAI runs, by the beginning of their types: some are dated (`web_search_preview_2025_03_11`). */
const BUILT_IN: [prefix: string, kind: BuiltInTool['kind']][] = [
  ['web_search', 'web-search'],
  ['file_search', 'file-search'],
  ['code_interpreter', 'code-execution'],
  ['computer', 'computer'],
  ['shell', 'code-execution'],
  ['image_generation', 'other'],
  ['mcp', 'other'],
  ['tool_search', 'other'],
  ['programmatic_tool_calling', 'other'],
];

const builtInKind = (type: string): BuiltInTool['kind'] | undefined =>
  BUILT_IN.find(([prefix]) => type.startsWith(prefix))?.[1];

/** The tools of a namespace under flat names. What the namespace itself says is said once, by the first of them. */
function decodeNamespace(tool: JsonObject, path: string, warn: Warn): Tool[] {
  const namespace = requireString(tool.name, `${path}.name`);
  const about = filled(tool.description);
  const inner = (readArray(tool.tools, `${path}.tools`) ?? []).map((given, index): Tool => {
    const at = `${path}.tools[${index}]`;
    const declared = requireObject(given, at);
    const decoded = declared.type === 'custom' ? decodeCustom(declared, at) : decodeFunction(declared, at);
    return {
      ...decoded,
      name: flatName(namespace, decoded.name),
      ...noted({ namespace, name: decoded.name }),
    };
  });
  const [first] = inner;
  if (about !== undefined && first && first.type !== 'built-in') {
    first.description = first.description ? `${about}\n\n${first.description}` : about;
    warn({
      type: 'changed',
      field: `${path}.description`,
      message: `What the namespace "${namespace}" is for is said with its first tool.`,
    });
  }
  return inner;
}

function decodeTool(given: Json, path: string, warn: Warn): Tool[] {
  const tool = requireObject(given, path);
  const { type } = tool;
  switch (type) {
    case undefined:
    case null:
    case 'function':
      // Some clients write the nested form of chat completions.
      return isObject(tool.function)
        ? [decodeFunction(tool.function, `${path}.function`)]
        : [decodeFunction(tool, path)];
    case 'custom':
      return isObject(tool.custom)
        ? [decodeCustom(tool.custom, `${path}.custom`)]
        : [decodeCustom(tool, path)];
    case 'namespace':
      return decodeNamespace(tool, path, warn);
    default: {
      if (typeof type !== 'string') throw wrongType(`${path}.type`, 'a string', type);
      const client = CLIENT_TOOLS.find((each) => each === type);
      // OpenAI runs a tool search of its own unless told otherwise, and then needs no client.
      const runByClient = isForClient(tool) && (type !== 'tool_search' || tool.execution === 'client');
      if (client && runByClient) return [asFunction(client, tool)];
      const kind = builtInKind(type) ?? 'other';
      return [{ type: 'built-in', kind, dialect: DIALECT, value: tool, ...readSettings(tool) }];
    }
  }
}

/** The names of tools that a list has already: a search may load what is known. */
const nameOf = (tool: Tool) => (tool.type === 'built-in' ? undefined : tool.name);

/**
 * The tools of a request and those that items of its input loaded.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeTools(
  body: JsonObject,
  loaded: { value: Json; path: string }[],
  context: DecodeContext,
): Tool[] {
  const declared = (readArray(body.tools, 'tools') ?? []).map((value, index) => ({
    value,
    path: `tools[${index}]`,
  }));
  const tools: Tool[] = [];
  const known = new Set<string>();
  for (const { value, path } of [...declared, ...loaded]) {
    for (const tool of decodeTool(value, path, context.warn)) {
      const name = nameOf(tool);
      if (name !== undefined && known.has(name)) continue;
      if (name !== undefined) known.add(name);
      tools.push(tool);
    }
  }
  return tools;
}

/** The canonical name of a tool that a choice names: within a namespace, or bare where only one namespace has it. */
function chosenName(choice: JsonObject, path: string, tools: Tool[]): string {
  const inner = isObject(choice.function) ? choice.function : choice;
  const name = requireString(inner.name, `${path}.name`);
  const namespace = filled(inner.namespace);
  if (namespace !== undefined) return flatName(namespace, name);
  if (tools.some((tool) => nameOf(tool) === name)) return name;
  const within = tools.filter((tool) => tool.type !== 'built-in' && noteOf(tool.metadata).name === name);
  const [only] = within;
  return within.length === 1 && only?.type !== 'built-in' && only ? only.name : name;
}

function decodeAllowed(choice: JsonObject, tools: Tool[]): { choice: ToolChoice; tools: Tool[] } {
  const listed = (readArray(choice.tools, 'tool_choice.tools') ?? []).map((given, index) => ({
    entry: requireObject(given, `tool_choice.tools[${index}]`),
    path: `tool_choice.tools[${index}]`,
  }));
  const types = listed.flatMap(({ entry }) => filled(entry.type) ?? []);
  const names = listed.flatMap(({ entry, path }) =>
    entry.type === 'function' || entry.type === 'custom'
      ? [chosenName(entry, path, tools)]
      : (CLIENT_TOOLS.find((tool) => tool === entry.type) ?? []),
  );
  // "May call one of these": the same as offering no others.
  const offered = tools.filter((tool) =>
    tool.type === 'built-in' ? types.includes(String(tool.value.type)) : names.includes(tool.name),
  );
  if (choice.mode === 'auto') return { choice: { type: 'auto' }, tools: offered };
  if (choice.mode === 'required') {
    // Built-in tools have no names to choose among them by.
    const nameable = names.length === listed.length;
    return { choice: { type: 'required', names }, tools: nameable ? tools : offered };
  }
  throw wrongValue('tool_choice.mode', choice.mode, "'auto' and 'required'");
}

/**
 * `tool_choice`, with the tools that remain on offer under it.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeToolChoice(
  body: JsonObject,
  tools: Tool[],
  context: DecodeContext,
): { choice: ToolChoice | undefined; tools: Tool[] } {
  const given = body.tool_choice ?? undefined;
  if (given === undefined) return { choice: undefined, tools };
  if (given === 'auto' || given === 'none' || given === 'required') return { choice: { type: given }, tools };
  if (typeof given === 'string') throw wrongValue('tool_choice', given, "'none', 'auto' and 'required'");
  const choice = requireObject(given, 'tool_choice');
  const type = requireString(choice.type, 'tool_choice.type');
  switch (type) {
    case 'auto':
    case 'none':
    case 'required':
      return { choice: { type }, tools };
    case 'function':
    case 'custom':
      return { choice: { type: 'tool', name: chosenName(choice, 'tool_choice', tools) }, tools };
    case 'allowed_tools': {
      const allowed = decodeAllowed(choice, tools);
      if (allowed.tools.length < tools.length)
        context.warn({
          type: 'changed',
          field: 'tool_choice',
          message: 'Only the allowed tools are offered to the model.',
        });
      return allowed;
    }
    default:
      if (!CLIENT_TOOLS.some((tool) => tool === type) && builtInKind(type) === undefined)
        throw wrongValue(
          'tool_choice.type',
          type,
          "'function', 'custom', 'allowed_tools' and the types of tools",
        );
      return { choice: { type: 'tool', name: type }, tools };
  }
}
