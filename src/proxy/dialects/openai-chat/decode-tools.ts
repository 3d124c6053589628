import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DecodeContext } from '../adapter';
import type { BuiltInTool, Tool, ToolChoice } from '../canonical';
import { readSettings } from '../tools/built-in-settings';
import { cacheMark } from './decode-content';
import { readArray, readObject, requireObject, requireString, wrongType, wrongValue } from '../openai/fields';
import { decodeCustom, decodeFunction } from '../openai/tools';
import { DIALECT, SEARCH_OPTIONS } from './wire';

/** Tools that compatible providers run themselves, by the `type` they are declared with. */
const BUILT_IN: Record<string, BuiltInTool['kind']> = {
  web_search: 'web-search',
  web_search_preview: 'web-search',
  browser_search: 'web-search',
  live_search: 'web-search',
  code_interpreter: 'code-execution',
  code_execution: 'code-execution',
  local_shell: 'local-shell',
  computer_use_preview: 'computer',
  file_search: 'file-search',
  retrieval: 'file-search',
};

function decodeTool(given: Json, path: string): Tool {
  const tool = requireObject(given, path);
  const { type } = tool;
  if (type === 'function' || (type === undefined && tool.function !== undefined)) {
    // Some clients write the flat form of Responses.
    const flat = tool.function === undefined && tool.name !== undefined;
    const declared = flat
      ? decodeFunction(tool, path)
      : decodeFunction(requireObject(tool.function, `${path}.function`), `${path}.function`);
    return { ...declared, ...cacheMark(tool) };
  }
  if (type === 'custom') return decodeCustom(requireObject(tool.custom, `${path}.custom`), `${path}.custom`);
  return {
    type: 'built-in',
    kind: BUILT_IN[requireString(type, `${path}.type`)] ?? 'other',
    dialect: DIALECT,
    value: tool,
    ...readSettings(tool),
  };
}

/** `web_search_options`: search models of OpenAI search always, others where they are told to. */
function decodeSearch(body: JsonObject): Tool[] {
  const options = readObject(body.web_search_options, 'web_search_options');
  if (!options) return [];
  const value = { type: SEARCH_OPTIONS, ...options };
  return [{ type: 'built-in', kind: 'web-search', dialect: DIALECT, value, ...readSettings(options) }];
}

/**
 * `tools`, the older `functions`, and `web_search_options`.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeTools(body: JsonObject): Tool[] {
  const tools =
    readArray(body.tools, 'tools')?.map((tool, index) => decodeTool(tool, `tools[${index}]`)) ?? [];
  const functions = readArray(body.functions, 'functions') ?? [];
  return [
    ...tools,
    ...decodeSearch(body),
    ...functions.map((fn, at) => decodeFunction(requireObject(fn, `functions[${at}]`), `functions[${at}]`)),
  ];
}

const nameIn = (choice: JsonObject): string | undefined => {
  const inner = isObject(choice.function)
    ? choice.function
    : isObject(choice.custom)
      ? choice.custom
      : choice;
  return typeof inner.name === 'string' && inner.name !== '' ? inner.name : undefined;
};

function decodeChoiceObject(choice: JsonObject, tools: Tool[]): { choice: ToolChoice; tools: Tool[] } {
  switch (choice.type) {
    case 'function':
    case 'custom': {
      const inner = requireObject(choice[choice.type], `tool_choice.${choice.type}`);
      return {
        choice: { type: 'tool', name: requireString(inner.name, `tool_choice.${choice.type}.name`) },
        tools,
      };
    }
    case 'allowed_tools': {
      const path = 'tool_choice.allowed_tools';
      const allowed = requireObject(choice.allowed_tools, path);
      const names = (readArray(allowed.tools, `${path}.tools`) ?? []).map((tool, index) => {
        const at = `${path}.tools[${index}]`;
        return nameIn(requireObject(tool, at)) ?? requireString(undefined, `${at}.function.name`);
      });
      if (allowed.mode === 'required') return { choice: { type: 'required', names }, tools };
      if (allowed.mode !== 'auto') throw wrongValue(`${path}.mode`, allowed.mode, "'auto' and 'required'");
      // "May call one of these": the same as offering no others.
      const offered = tools.filter((tool) => tool.type !== 'built-in' && names.includes(tool.name));
      return { choice: { type: 'auto' }, tools: offered };
    }
    default:
      if (typeof choice.type !== 'string') throw wrongType('tool_choice.type', 'a string', choice.type);
      if (!(choice.type in BUILT_IN))
        throw wrongValue('tool_choice.type', choice.type, "'function', 'custom' and 'allowed_tools'");
      return { choice: { type: 'tool', name: choice.type }, tools };
  }
}

/**
 * `tool_choice` and the older `function_call`, with the tools that remain on offer under it.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeToolChoice(
  body: JsonObject,
  tools: Tool[],
  context: DecodeContext,
): { choice: ToolChoice | undefined; tools: Tool[] } {
  const given = body.tool_choice ?? undefined;
  if (given === undefined) {
    const legacy = body.function_call ?? undefined;
    if (legacy === undefined) return { choice: undefined, tools };
    if (legacy === 'auto' || legacy === 'none') return { choice: { type: legacy }, tools };
    const named = requireObject(legacy, 'function_call');
    return { choice: { type: 'tool', name: requireString(named.name, 'function_call.name') }, tools };
  }
  if (given === 'auto' || given === 'none' || given === 'required') return { choice: { type: given }, tools };
  // Mistral's word.
  if (given === 'any') return { choice: { type: 'required' }, tools };
  if (typeof given === 'string') throw wrongValue('tool_choice', given, "'none', 'auto' and 'required'");
  const decided = decodeChoiceObject(requireObject(given, 'tool_choice'), tools);
  if (decided.tools.length < tools.length) {
    context.warn({
      type: 'changed',
      field: 'tool_choice',
      message: 'Only the allowed tools are offered to the model.',
    });
  }
  return decided;
}
