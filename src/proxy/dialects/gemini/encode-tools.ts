import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { BuiltInTool, CanonicalRequest, CustomTool, FunctionTool } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { cleanParameters } from '../json-schema/object-parameters';

/** What Gemini has of the tools that other providers run. */
const COUNTERPARTS: Partial<Record<BuiltInTool['kind'], string>> = {
  'web-search': 'googleSearch',
  'web-fetch': 'urlContext',
  'code-execution': 'codeExecution',
};

type ToWire = (name: string) => string;

/** `tools` (https://ai.google.dev/api/caching#Tool): all declarations in one entry, then the built-in ones. */
export function encodeTools(request: CanonicalRequest, toWire: ToWire, warn: Warn): JsonObject[] {
  const declarations: JsonObject[] = [];
  const builtIn: JsonObject[] = [];
  const hasFunctions = request.tools.some((tool) => tool.type !== 'built-in');
  for (const [index, tool] of request.tools.entries()) {
    const path = `tools[${index}]`;
    switch (tool.type) {
      case 'function':
        declarations.push(encodeFunction(tool, toWire, warn, path));
        break;
      case 'custom':
        declarations.push(encodeCustom(tool, toWire, warn, path));
        break;
      case 'built-in': {
        const encoded = encodeBuiltIn(tool, hasFunctions, warn, path);
        if (encoded) builtIn.push(encoded);
        break;
      }
    }
  }
  if (request.tools.some((tool) => tool.type === 'function' && tool.strict === true))
    warn({
      type: 'dropped',
      field: 'tools.strict',
      message: 'Gemini follows schemas as a guide; it has no strict mode per tool.',
    });
  return [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...builtIn];
}

function encodeFunction(tool: FunctionTool, toWire: ToWire, warn: Warn, path: string): JsonObject {
  const parameters =
    tool.parameters === undefined
      ? undefined
      : cleanParameters(tool.parameters, 'gemini-json-schema', warn, `${path}.parameters`);
  return {
    name: toWire(tool.name),
    ...(tool.description !== undefined && { description: tool.description }),
    ...(parameters && { parametersJsonSchema: parameters }),
    ...tool.metadata?.gemini,
  };
}

/** Free text becomes a function's only string; the answer's decoder undoes it. */
function encodeCustom(tool: CustomTool, toWire: ToWire, warn: Warn, path: string): JsonObject {
  warn({
    type: 'changed',
    field: path,
    message: `The free-text tool "${tool.name}" was declared as a function with one string, "input".`,
  });
  const description = describeCustomTool(tool);
  return {
    name: toWire(tool.name),
    ...(description !== undefined && { description }),
    parametersJsonSchema: CUSTOM_INPUT_SCHEMA,
  };
}

function encodeBuiltIn(
  tool: BuiltInTool,
  hasFunctions: boolean,
  warn: Warn,
  path: string,
): JsonObject | undefined {
  if (tool.dialect === 'gemini') return tool.value;
  const counterpart = COUNTERPARTS[tool.kind];
  const name = tool.value['type'] ?? tool.kind;
  if (counterpart === undefined || hasFunctions) {
    const reason = counterpart
      ? 'Gemini refuses its built-in tools beside function declarations.'
      : 'Gemini has no such built-in tool.';
    warn({
      type: 'dropped',
      field: path,
      message: `The built-in tool "${String(name)}" was left out. ${reason}`,
    });
    return undefined;
  }
  if (Object.keys(tool.value).some((key) => key !== 'type' && key !== 'name'))
    warn({
      type: 'approximated',
      field: path,
      message: `"${String(name)}" became ${counterpart}, without its settings.`,
    });
  return { [counterpart]: {} };
}

/** `toolConfig`'s part about calling; refused by Gemini when no function is declared. */
export function encodeToolChoice(
  request: CanonicalRequest,
  tools: JsonObject[],
  kept: JsonObject,
  toWire: ToWire,
  warn: Warn,
): JsonObject | undefined {
  const choice = request.toolChoice;
  if (!choice) return undefined;
  if (!tools.some((tool) => tool['functionDeclarations'] !== undefined)) {
    if (choice.type === 'required' || choice.type === 'tool')
      warn({
        type: 'dropped',
        field: 'tool_choice',
        message: 'No function is declared that could be called.',
      });
    return undefined;
  }
  const calling = (mode: string, names?: string[]): JsonObject => ({
    functionCallingConfig: { mode, ...(names && { allowedFunctionNames: names.map(toWire) as Json[] }) },
  });
  switch (choice.type) {
    case 'auto':
      return isObject(kept['functionCallingConfig']) ? {} : calling('AUTO');
    case 'none':
      return calling('NONE');
    case 'required':
      return calling('ANY', choice.names);
    case 'tool':
      return calling('ANY', [choice.name]);
  }
}
