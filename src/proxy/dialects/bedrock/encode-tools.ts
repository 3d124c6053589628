import { allowedTools } from '../tools/allowed-tools';
import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { CanonicalRequest, Tool } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { functionParameters } from '../json-schema/function-parameters';
import { calledNames, requestToolNames } from '../tools/request-tool-names';
import type { ToolNameLimits, ToolNameMap } from '../tools/tool-names';
import { withUniqueTools } from '../tools/unique-tools';
import type { CachePoints } from './cache-points';
import type { WireBlock } from './wire';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
const TOOL_NAMES: ToolNameLimits = { maxLength: 64, allowed: /^[a-zA-Z0-9_-]$/ };

/** Names of all tools that the request speaks of, also of calls whose tool is gone. */
export function mapRequestToolNames(request: CanonicalRequest): ToolNameMap {
  return requestToolNames(request, TOOL_NAMES);
}

/**
 * `toolConfig`; undefined where there are no tools. Calls in the history demand their tools, wanted or not: "The toolConfig
 * field must be defined when using toolUse and toolResult content blocks."
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html
 */
export function encodeTools(
  given: CanonicalRequest,
  names: ToolNameMap,
  points: CachePoints,
  warn: Warn,
): JsonObject | undefined {
  const request = withUniqueTools(given, warn);
  const called = calledNames(request);
  const unwanted = request.toolChoice?.type === 'none';
  if (unwanted && called.length === 0) return undefined;
  const tools = request.tools.flatMap((tool, index) => encodeTool(tool, index, request, names, points, warn));
  if (tools.length === 0 && called.length > 0) {
    warn({
      type: 'changed',
      field: 'tools',
      message: 'Amazon Bedrock wants tools declared that were called before: they were, without parameters.',
    });
    for (const name of new Set(called))
      tools.push({ toolSpec: { name: names.toWire(name), inputSchema: { json: { type: 'object' } } } });
  } else if (unwanted)
    warn({
      type: 'approximated',
      field: 'tool_choice',
      message: 'Amazon Bedrock cannot forbid calls of tools that were called before.',
    });
  if (tools.length === 0) return undefined;
  const toolChoice = encodeToolChoice(request, names, warn);
  return { tools, ...(toolChoice && { toolChoice }) };
}

function encodeTool(
  tool: Tool,
  index: number,
  request: CanonicalRequest,
  names: ToolNameMap,
  points: CachePoints,
  warn: Warn,
): WireBlock[] {
  const field = `tools[${index}]`;
  if (tool.type === 'built-in') {
    warn({
      type: 'dropped',
      field,
      message: `The provider's own tool (${tool.kind}) was left out: Amazon Bedrock has none like it.`,
    });
    return [];
  }
  const only = allowedTools(request, warn);
  if (only?.includes(tool.name) === false) return [];
  if (tool.type === 'custom')
    warn({
      type: 'changed',
      field,
      message: `The free-text tool ${tool.name} was sent as a function with one string.`,
    });
  else if (tool.strict === true)
    warn({
      type: 'dropped',
      field: `${field}.strict`,
      message: 'Arguments are not checked strictly over Amazon Bedrock.',
    });
  const description = tool.type === 'custom' ? describeCustomTool(tool) : tool.description;
  const json =
    tool.type === 'custom'
      ? CUSTOM_INPUT_SCHEMA
      : functionParameters(tool.parameters, warn, `${field}.parameters`);
  return [
    {
      toolSpec: {
        name: names.toWire(tool.name),
        ...(description?.trim() && { description }),
        inputSchema: { json },
      },
    },
    ...points.after(tool.metadata, 'tools'),
  ];
}

/** `toolChoice`; undefined where there is nothing to say: the model decides then. */
function encodeToolChoice(
  { toolChoice, tools }: CanonicalRequest,
  names: ToolNameMap,
  warn: Warn,
): JsonObject | undefined {
  if (toolChoice === undefined || toolChoice.type === 'auto' || toolChoice.type === 'none') return undefined;
  const [only, ...others] = toolChoice.type === 'tool' ? [toolChoice.name] : (toolChoice.names ?? []);
  if (only === undefined || others.length > 0) return { any: {} };
  if (tools.some((tool) => tool.type !== 'built-in' && tool.name === only))
    return { tool: { name: names.toWire(only) } };
  warn({
    type: 'dropped',
    field: 'tool_choice',
    message: `The model cannot be made to call ${only}: there is no such tool.`,
  });
  return undefined;
}
