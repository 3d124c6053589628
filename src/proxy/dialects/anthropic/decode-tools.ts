import type { Json, JsonObject } from '../../../shared/json';
import type { BuiltInTool, Tool, ToolChoice } from '../canonical';
import { readSettings } from '../tools/built-in-settings';
import { asFunction } from './client-tools';
import {
  invalid,
  optionalBoolean,
  optionalString,
  requireList,
  requireObject,
  requireString,
} from './read-fields';
import { omitFields, ownMetadata } from './wire';

const BUILT_IN: [prefix: string, kind: BuiltInTool['kind']][] = [
  ['web_search_', 'web-search'],
  ['web_fetch_', 'web-fetch'],
  ['code_execution_', 'code-execution'],
  ['computer_', 'computer'],
];

/** The tools: `custom` ones (also without a type) are functions, dated types are the provider's own. */
export function decodeTools(value: Json | undefined): Tool[] {
  if (value === undefined || value === null) return [];
  return requireList(value, 'tools').map((item, index) => {
    const path = `tools.${index}.`;
    const tool = requireObject(item, `tools.${index}`);
    const type = optionalString(tool, 'type', path) ?? 'custom';
    if (type !== 'custom') {
      const client = asFunction(type, optionalString(tool, 'name', path), tool);
      if (client) return client;
      const kind = BUILT_IN.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'other';
      return { type: 'built-in', kind, dialect: 'anthropic', value: tool, ...readSettings(tool) };
    }
    const description = optionalString(tool, 'description', path);
    const strict = optionalBoolean(tool, 'strict', path);
    return {
      type: 'function',
      name: requireString(tool, 'name', path),
      ...(description !== undefined && { description }),
      parameters: requireObject(tool['input_schema'], `${path}input_schema`),
      ...(strict !== undefined && { strict }),
      ...ownMetadata(omitFields(tool, ['name', 'description', 'input_schema'])),
    };
  });
}

/** `tool_choice`, and whether calls may run in parallel. */
export function decodeToolChoice(choice: JsonObject | undefined): {
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
} {
  if (!choice) return {};
  const disabled = optionalBoolean(choice, 'disable_parallel_tool_use', 'tool_choice.');
  const parallel = disabled === undefined ? {} : { parallelToolCalls: !disabled };
  const type = requireString(choice, 'type', 'tool_choice.');
  switch (type) {
    case 'auto':
    case 'none':
      return { toolChoice: { type }, ...parallel };
    case 'any':
      return { toolChoice: { type: 'required' }, ...parallel };
    case 'tool':
      return {
        toolChoice: { type: 'tool', name: requireString(choice, 'name', 'tool_choice.') },
        ...parallel,
      };
    default:
      throw invalid('tool_choice.type', `Input tag '${type}' is not one of 'auto', 'any', 'tool', 'none'`);
  }
}
