import { allowedTools } from '../tools/allowed-tools';
import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { BuiltInTool, CanonicalRequest, FunctionTool, ToolChoice } from '../canonical';
import { builtInNames, warnOfSettings } from '../tools/built-in-settings';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { functionParameters } from '../json-schema/function-parameters';
import { ANTHROPIC_STRICT_LIMITS, whyNotStrict, type StrictCost } from '../json-schema/strict-schema';
import { mapToolNames, type ToolNameLimits, type ToolNameMap } from '../tools/tool-names';
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
  const only = allowedTools(request, warn);
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
  if (isObject(own?.['declaration'])) return own['declaration'];
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
  const counterpart = COUNTERPARTS[tool.kind];
  const taken = request.tools.find((other) =>
    other.type === 'built-in'
      ? other.dialect === 'anthropic' && other.value['name'] === counterpart?.name
      : other.name === counterpart?.name,
  );
  if (!counterpart || taken) {
    const reason = counterpart ? 'another tool has its name' : 'it has no counterpart at Anthropic';
    warn({
      type: 'dropped',
      field,
      message: `The provider's own tool (${tool.kind}) was left out: ${reason}.`,
    });
    return [];
  }
  if (tool.kind === 'code-execution') {
    warnOfSettings(tool, [], field, warn);
    return [{ ...counterpart }];
  }
  const { allowedDomains, blockedDomains, location, maxUses } = tool.settings ?? {};
  // One list or the other: the API refuses both. It fetches wherever it runs from.
  const lists = allowedDomains ? 'allowedDomains' : 'blockedDomains';
  const located = tool.kind === 'web-search' ? (['location'] as const) : [];
  warnOfSettings(tool, [lists, 'maxUses', ...located], field, warn);
  return [
    {
      ...counterpart,
      ...(allowedDomains && { allowed_domains: allowedDomains }),
      ...(!allowedDomains && blockedDomains && { blocked_domains: blockedDomains }),
      ...(located.length > 0 && location && { user_location: { type: 'approximate', ...location } }),
      ...(maxUses !== undefined && { max_uses: maxUses }),
    },
  ];
}

/**
 * The API's own counterparts of other providers' tools, in the versions that every model takes.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference
 */
const COUNTERPARTS: Partial<Record<BuiltInTool['kind'], { type: string; name: string }>> = {
  'web-search': { type: 'web_search_20250305', name: 'web_search' },
  'web-fetch': { type: 'web_fetch_20250910', name: 'web_fetch' },
  'code-execution': { type: 'code_execution_20250825', name: 'code_execution' },
};

/** The name to force: other providers' tools have other names here. */
function forcedName(name: string, request: CanonicalRequest, names: ToolNameMap): string {
  const declared = request.tools.some((tool) => tool.type !== 'built-in' && tool.name === name);
  const meant = request.tools.find((tool) => tool.type === 'built-in' && builtInNames(tool).includes(name));
  if (declared || meant?.type !== 'built-in') return names.toWire(name);
  const own = meant.dialect === 'anthropic' ? meant.value['name'] : COUNTERPARTS[meant.kind]?.name;
  return typeof own === 'string' ? own : names.toWire(name);
}

/** `tool_choice`; undefined where there is nothing to say. */
export function encodeToolChoice(request: CanonicalRequest, names: ToolNameMap): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const choice = toolChoice && mapChoice(toolChoice, (name) => forcedName(name, request, names));
  if (parallelToolCalls === undefined || choice?.['type'] === 'none') return choice;
  if (parallelToolCalls && !choice) return undefined;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: !parallelToolCalls };
}

function mapChoice(choice: ToolChoice, toWire: (name: string) => string): JsonObject {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'tool':
      return { type: 'tool', name: toWire(choice.name) };
    case 'required': {
      const [only, ...others] = choice.names ?? [];
      if (only !== undefined && others.length === 0) return { type: 'tool', name: toWire(only) };
      return { type: 'any' };
    }
  }
}
