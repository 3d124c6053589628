import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { BuiltInTool, CanonicalRequest, FunctionTool, ToolChoice } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../custom-tools';
import { mapToolNames, type ToolNameLimits, type ToolNameMap } from '../tool-names';
import { isObject } from '../../../shared/json';

/** https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use#specifying-client-tools */
const TOOL_NAMES: ToolNameLimits = { maxLength: 64, allowed: /^[a-zA-Z0-9_-]$/ };

/** Names of all tools that the request speaks of, also of calls whose tool is gone. */
export function mapRequestToolNames(request: CanonicalRequest): ToolNameMap {
  const names = request.tools.flatMap((tool) => (tool.type === 'built-in' ? [] : [tool.name]));
  for (const message of request.messages)
    if (message.role === 'assistant')
      for (const part of message.content) if (part.type === 'tool-call') names.push(part.name);
  return mapToolNames(names, TOOL_NAMES);
}

/** The declarations. What Anthropic has no tool for is left out with a warning. */
export function encodeTools(request: CanonicalRequest, names: ToolNameMap, warn: Warn): JsonObject[] {
  return request.tools.flatMap((tool, index): JsonObject[] => {
    const field = `tools[${index}]`;
    switch (tool.type) {
      case 'function':
        return [encodeFunction(tool, names, field, warn)];
      case 'custom': {
        const description = describeCustomTool(tool);
        warn({
          type: 'changed',
          field,
          message: `The free-text tool ${tool.name} was sent as a function with one string.`,
        });
        return [
          {
            name: names.toWire(tool.name),
            ...(description !== undefined && { description }),
            input_schema: CUSTOM_INPUT_SCHEMA,
            ...tool.metadata?.anthropic,
          },
        ];
      }
      case 'built-in':
        return encodeBuiltIn(tool, request, field, warn);
    }
  });
}

function encodeFunction(tool: FunctionTool, names: ToolNameMap, field: string, warn: Warn): JsonObject {
  const own = tool.metadata?.anthropic;
  if (tool.strict === true && own?.['strict'] === undefined)
    // Strict tools have a smaller schema language here, and a request with one schema outside of it is refused.
    warn({
      type: 'dropped',
      field: `${field}.strict`,
      message: 'Strict checking of arguments is not asked of Anthropic.',
    });
  return {
    name: names.toWire(tool.name),
    ...(tool.description && { description: tool.description }),
    input_schema: objectSchema(tool.parameters, field, warn),
    ...own,
  };
}

/** The API wants an object schema at the top, without alternatives beside it. */
function objectSchema(schema: JsonObject | boolean | undefined, field: string, warn: Warn): JsonObject {
  if (!isObject(schema)) return { type: 'object', properties: {} };
  const alternatives = ['anyOf', 'oneOf', 'allOf'].filter((keyword) => schema[keyword] !== undefined);
  if (schema['type'] === 'object' && alternatives.length === 0) return schema;
  const { anyOf: _any, oneOf: _one, allOf: _all, ...rest } = schema;
  if (alternatives.length === 0 && (schema['type'] === undefined || Array.isArray(schema['type'])))
    return { ...rest, type: 'object' };
  const properties: JsonObject = isObject(schema['properties']) ? { ...schema['properties'] } : {};
  for (const keyword of alternatives) {
    const list = schema[keyword];
    for (const option of Array.isArray(list) ? list : [])
      if (isObject(option) && isObject(option['properties'])) Object.assign(properties, option['properties']);
  }
  warn({
    type: 'approximated',
    field: `${field}.parameters`,
    message: 'Parameters must be one object here: alternatives were joined, other types left out.',
  });
  return { ...rest, type: 'object', properties };
}

function encodeBuiltIn(
  tool: BuiltInTool,
  request: CanonicalRequest,
  field: string,
  warn: Warn,
): JsonObject[] {
  if (tool.dialect === 'anthropic') return [tool.value];
  const nameTaken = request.tools.some((other) => other.type !== 'built-in' && other.name === 'web_search');
  if (tool.kind !== 'web-search' || nameTaken) {
    warn({
      type: 'dropped',
      field,
      message: `The provider's own tool (${tool.kind}) has no counterpart at Anthropic.`,
    });
    return [];
  }
  const filters = tool.value['filters'];
  const domains = isObject(filters) ? filters['allowed_domains'] : undefined;
  const location = tool.value['user_location'];
  return [
    {
      type: 'web_search_20250305',
      name: 'web_search',
      ...(Array.isArray(domains) && domains.length > 0 && { allowed_domains: domains }),
      ...(isObject(location) && { user_location: { ...location, type: 'approximate' } }),
    },
  ];
}

/** `tool_choice`; undefined where there is nothing to say. */
export function encodeToolChoice(
  request: CanonicalRequest,
  names: ToolNameMap,
  warn: Warn,
): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const choice = toolChoice && mapChoice(toolChoice, names, warn);
  if (parallelToolCalls === undefined || choice?.['type'] === 'none') return choice;
  if (parallelToolCalls && !choice) return undefined;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: !parallelToolCalls };
}

function mapChoice(choice: ToolChoice, names: ToolNameMap, warn: Warn): JsonObject {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'tool':
      return { type: 'tool', name: names.toWire(choice.name) };
    case 'required': {
      const [only, ...others] = choice.names ?? [];
      if (only !== undefined && others.length === 0) return { type: 'tool', name: names.toWire(only) };
      if (only !== undefined)
        warn({
          type: 'approximated',
          field: 'tool_choice',
          message: 'Any tool may be chosen, not only those named.',
        });
      return { type: 'any' };
    }
  }
}
