import type { LmTool } from '../../../shared/language-models';
import type { Warn } from '../adapter';
import type { CanonicalRequest, Tool } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { functionParameters } from '../json-schema/function-parameters';
import { calledNames, requestToolNames } from '../tools/request-tool-names';
import type { ToolNameLimits, ToolNameMap } from '../tools/tool-names';

/** What every maker of models takes. */
const TOOL_NAMES: ToolNameLimits = { maxLength: 64, allowed: /^[a-zA-Z0-9_-]$/ };

/** Names of all tools that the request speaks of, also of calls whose tool is gone. */
export function mapRequestToolNames(request: CanonicalRequest): ToolNameMap {
  return requestToolNames(request, TOOL_NAMES);
}

/**
 * The tools to offer, and whether one of them must be called. The editor can demand a call, not of a certain tool: that one
 * alone is offered then. "Some models only support a single tool when using this mode", so of several none is demanded.
 * https://code.visualstudio.com/api/references/vscode-api#LanguageModelChatToolMode
 */
export function encodeTools(
  request: CanonicalRequest,
  names: ToolNameMap,
  warn: Warn,
): { tools: LmTool[]; required: boolean } {
  const choice = request.toolChoice;
  const changed = (type: 'changed' | 'approximated', message: string) => {
    warn({ type, field: 'tool_choice', message });
  };
  if (choice?.type === 'none') {
    // Providers behind the editor want tools declared that were called before.
    if (calledNames(request).length === 0) return { tools: [], required: false };
    if (request.tools.length > 0)
      changed(
        'approximated',
        "The editor's models cannot be forbidden to call tools that were called before.",
      );
  }
  const wanted =
    choice?.type === 'tool' ? [choice.name] : choice?.type === 'required' ? choice.names : undefined;
  const tools = request.tools.flatMap((tool, index) => {
    if (wanted && tool.type !== 'built-in' && !wanted.includes(tool.name)) return [];
    return encodeTool(tool, `tools[${index}]`, names, warn);
  });
  if (wanted && tools.length < request.tools.length)
    changed('changed', 'Only the tools to choose of are offered.');
  const demanded = choice?.type === 'tool' || choice?.type === 'required';
  if (demanded && tools.length > 1)
    changed(
      'approximated',
      "The editor's models cannot be made to call one of several tools: they are offered.",
    );
  if (demanded && tools.length === 0)
    warn({ type: 'dropped', field: 'tool_choice', message: 'There is no such tool to call.' });
  return { tools, required: demanded && tools.length === 1 };
}

function encodeTool(tool: Tool, field: string, names: ToolNameMap, warn: Warn): LmTool[] {
  if (tool.type === 'built-in') {
    warn({
      type: 'dropped',
      field,
      message: `The provider's own tool (${tool.kind}) was left out: the editor's models have none like it.`,
    });
    return [];
  }
  if (tool.type === 'custom') {
    warn({
      type: 'changed',
      field,
      message: `The free-text tool ${tool.name} was sent as a function with one string.`,
    });
    return [
      {
        name: names.toWire(tool.name),
        description: describeCustomTool(tool) ?? '',
        inputSchema: CUSTOM_INPUT_SCHEMA,
      },
    ];
  }
  if (tool.strict === true)
    warn({ type: 'dropped', field: `${field}.strict`, message: 'The editor checks no arguments strictly.' });
  return [
    {
      name: names.toWire(tool.name),
      description: tool.description ?? '',
      inputSchema: functionParameters(tool.parameters, warn, `${field}.parameters`),
    },
  ];
}
