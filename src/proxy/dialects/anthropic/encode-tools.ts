import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { BuiltInTool, CanonicalRequest, FunctionTool, ToolChoice } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../custom-tools';
import { functionParameters } from '../json-schema/function-parameters';
import { ANTHROPIC_STRICT_LIMITS, whyNotStrict, type StrictCost } from '../json-schema/strict-schema';
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

/**
 * The declarations. What Anthropic has no tool for is left out with a warning. `cost` is what the request has used of
 * the limits on strict schemas; undefined where the model has no strict tools.
 */
export function encodeTools(
  request: CanonicalRequest,
  names: ToolNameMap,
  cost: StrictCost | undefined,
  warn: Warn,
): JsonObject[] {
  const strict = { cost, tools: 0 };
  const { toolChoice } = request;
  // One name is a choice of its own; for several there is none.
  const only =
    toolChoice?.type === 'required' && (toolChoice.names?.length ?? 0) > 1 ? toolChoice.names : undefined;
  if (only)
    warn({
      type: 'changed',
      field: 'tool_choice',
      message: 'Only the allowed tools are offered to the model.',
    });
  return request.tools.flatMap((tool, index): JsonObject[] => {
    const field = `tools[${index}]`;
    if (only && (tool.type === 'built-in' || !only.includes(tool.name))) return [];
    switch (tool.type) {
      case 'function':
        return [encodeFunction(tool, names, strict, field, warn)];
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

function encodeFunction(
  tool: FunctionTool,
  names: ToolNameMap,
  strict: Strict,
  field: string,
  warn: Warn,
): JsonObject {
  const own = tool.metadata?.anthropic;
  const isStrict =
    tool.strict === true && own?.['strict'] === undefined && takeStrict(tool, strict, field, warn);
  return {
    name: names.toWire(tool.name),
    ...(tool.description && { description: tool.description }),
    input_schema: functionParameters(tool.parameters, warn, `${field}.parameters`),
    ...(isStrict && { strict: true }),
    ...own,
  };
}

/** What the request has used of the limits on strict schemas. */
interface Strict {
  readonly cost: StrictCost | undefined;
  tools: number;
}

/** Whether a strict tool can be strict here: one schema outside of the rules, or one too many, has the request refused. */
function takeStrict(tool: FunctionTool, strict: Strict, field: string, warn: Warn): boolean {
  const own: StrictCost = { optional: 0, unions: 0 };
  const { cost } = strict;
  let reason = cost ? whyNotStrict(tool.parameters, 'anthropic', own) : 'this model has no strict tools';
  if (isObject(tool.parameters) && tool.parameters['type'] !== 'object') reason ??= 'the top is no object';
  if (cost && reason === undefined) {
    if (
      strict.tools < ANTHROPIC_STRICT_LIMITS.tools &&
      cost.optional + own.optional <= ANTHROPIC_STRICT_LIMITS.optional &&
      cost.unions + own.unions <= ANTHROPIC_STRICT_LIMITS.unions
    ) {
      strict.tools++;
      cost.optional += own.optional;
      cost.unions += own.unions;
      return true;
    }
    reason = 'too many strict tools in one request';
  }
  warn({
    type: 'dropped',
    field: `${field}.strict`,
    message: `Arguments are not checked strictly: ${reason}.`,
  });
  return false;
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
export function encodeToolChoice(request: CanonicalRequest, names: ToolNameMap): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const choice = toolChoice && mapChoice(toolChoice, names);
  if (parallelToolCalls === undefined || choice?.['type'] === 'none') return choice;
  if (parallelToolCalls && !choice) return undefined;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: !parallelToolCalls };
}

function mapChoice(choice: ToolChoice, names: ToolNameMap): JsonObject {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'tool':
      return { type: 'tool', name: names.toWire(choice.name) };
    case 'required': {
      const [only, ...others] = choice.names ?? [];
      if (only !== undefined && others.length === 0) return { type: 'tool', name: names.toWire(only) };
      return { type: 'any' };
    }
  }
}
