import type { JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { EncodeContext, Warn } from '../adapter';
import { builtInNames } from '../tools/built-in-settings';
import type { BuiltInTool, CanonicalRequest, CustomTool, FunctionTool, Tool } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { openAiParameters } from '../json-schema/openai-schema';
import { DIALECT, SEARCH_OPTIONS } from './wire';

function encodeFunction(tool: FunctionTool, name: string, warn: Warn, field: string): JsonObject {
  const { schema, strict } = openAiParameters(tool.parameters, tool.strict, warn, field);
  return {
    type: 'function',
    function: {
      name,
      ...(tool.description !== undefined && { description: tool.description }),
      parameters: schema,
      ...(strict !== undefined && { strict }),
    },
  };
}

function encodeCustom(tool: CustomTool, name: string, native: boolean): JsonObject {
  if (!native) {
    const description = describeCustomTool(tool);
    const described = description === undefined ? {} : { description };
    return { type: 'function', function: { name, ...described, parameters: CUSTOM_INPUT_SCHEMA } };
  }
  const { type, ...grammar } = tool.format ?? {};
  return {
    type: 'custom',
    custom: {
      name,
      ...(tool.description !== undefined && { description: tool.description }),
      ...(tool.format && { format: type === 'grammar' ? { type, grammar } : tool.format }),
    },
  };
}

/**
 * `tools`, `tool_choice` and `parallel_tool_calls`; nothing where no tool is left.
 * @throws NotSupportedError when the client insists on a tool that only another provider runs
 */
export function encodeTools(
  request: CanonicalRequest,
  context: EncodeContext,
  toWire: (name: string) => string,
): JsonObject {
  const { toolChoice } = request;
  const native = context.traits?.customTools === true;
  const only = toolChoice?.type === 'required' && toolChoice.names?.length ? toolChoice.names : undefined;
  const lost: BuiltInTool[] = [];
  const tools = request.tools.flatMap((tool: Tool, index): JsonObject[] => {
    if (tool.type === 'built-in') {
      if (tool.dialect === DIALECT) return tool.value.type === SEARCH_OPTIONS ? [] : [tool.value];
      lost.push(tool);
      const label = `${String(tool.value.type ?? tool.value.name ?? tool.kind)}`;
      context.warn({
        type: 'dropped',
        field: `tools[${index}]`,
        message: `"${label}" is run by its own provider only.`,
      });
      return [];
    }
    if (only && !only.includes(tool.name)) return [];
    const name = toWire(tool.name);
    if (tool.type === 'custom' && !native)
      context.warn({
        type: 'changed',
        field: `tools[${index}]`,
        message: `The free-text tool "${tool.name}" is sent as a function with one string.`,
      });
    return [
      tool.type === 'custom'
        ? encodeCustom(tool, name, native)
        : encodeFunction(tool, name, context.warn, `tools[${index}]`),
    ];
  });
  const forced = toolChoice?.type === 'tool' ? toolChoice.name : undefined;
  const declared = request.tools.find((tool) => tool.type !== 'built-in' && tool.name === forced);
  if (forced !== undefined && !declared && lost.some((tool) => builtInNames(tool).includes(forced))) {
    throw new NotSupportedError(
      `The tool "${forced}" is run by its own provider only and cannot be forced here.`,
      'tool_choice',
    );
  }
  if (tools.length === 0) {
    if (toolChoice?.type === 'required' && lost.length > 0) {
      throw new NotSupportedError('A tool call is required, but no tool can be carried over.', 'tool_choice');
    }
    return {};
  }
  if (only && tools.length < request.tools.length) {
    context.warn({
      type: 'changed',
      field: 'tool_choice',
      message: 'Only the allowed tools are offered to the model.',
    });
  }
  const choice = encodeChoice(request, native && declared?.type === 'custom', toWire);
  return {
    tools,
    ...(choice !== undefined && { tool_choice: choice }),
    ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
  };
}

function encodeChoice(
  { toolChoice }: CanonicalRequest,
  custom: boolean,
  toWire: (name: string) => string,
): JsonObject | string | undefined {
  switch (toolChoice?.type) {
    case undefined:
      return undefined;
    case 'auto':
    case 'none':
    case 'required':
      return toolChoice.type;
    case 'tool': {
      const name = toWire(toolChoice.name);
      return custom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
    }
  }
}
