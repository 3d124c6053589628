/** Tools and their choice. https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools */
import { isObject, type JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { EncodeContext, Warn } from '../adapter';
import { builtInNames, warnOfSettings } from '../tools/built-in-settings';
import type { BuiltInTool, CanonicalRequest, CustomTool, FunctionTool, Tool } from '../canonical';
import { CUSTOM_INPUT_SCHEMA, describeCustomTool } from '../tools/custom-tools';
import { openAiParameters } from '../json-schema/openai-schema';
import { filled } from './read-item';
import { DIALECT, noteOf } from './wire';

/** The API's own counterpart of another provider's tool. */
function encodeBuiltIn(tool: BuiltInTool, field: string, warn: Warn): JsonObject | undefined {
  if (tool.dialect === DIALECT) return tool.value;
  switch (tool.kind) {
    case 'web-search': {
      const { allowedDomains, location, contextSize } = tool.settings ?? {};
      // `maxUses` becomes `max_tool_calls` of the request.
      warnOfSettings(tool, ['allowedDomains', 'location', 'contextSize', 'maxUses'], field, warn);
      return {
        type: 'web_search',
        ...(allowedDomains && { filters: { allowed_domains: allowedDomains } }),
        ...(location && { user_location: { type: 'approximate', ...location } }),
        ...(contextSize !== undefined && { search_context_size: contextSize }),
      };
    }
    case 'code-execution':
      return { type: 'code_interpreter', container: { type: 'auto' } };
    case 'web-fetch':
    case 'local-shell':
    case 'computer':
    case 'file-search':
    case 'other':
      return undefined;
  }
}

function encodeFunction(tool: FunctionTool, name: string, path: string, context: EncodeContext): JsonObject {
  const { schema, strict } = openAiParameters(tool.parameters, tool.strict, context.warn, path);
  return {
    type: 'function',
    name,
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: schema,
    // Said always: without a word the API makes schemas strict, and every property required.
    strict: strict === true,
  };
}

function encodeCustom(tool: CustomTool, name: string, context: EncodeContext): JsonObject {
  if (context.traits?.customTools === false) {
    const description = describeCustomTool(tool);
    const described = description === undefined ? {} : { description };
    return { type: 'function', name, ...described, parameters: CUSTOM_INPUT_SCHEMA, strict: false };
  }
  return {
    type: 'custom',
    name,
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.format && { format: tool.format }),
  };
}

/** One of the request's tools, declared. Tools of one namespace become one declaration. */
class ToolEncoder {
  readonly tools: JsonObject[] = [];
  /** Built-in tools that have no counterpart here. */
  readonly lost: BuiltInTool[] = [];
  /** What a choice of the tool says. */
  readonly choices = new Map<Tool, JsonObject>();
  private readonly namespaces = new Map<string, JsonObject[]>();

  constructor(
    private readonly context: EncodeContext,
    private readonly toWire: (name: string) => string,
  ) {}

  add(tool: Tool, path: string): void {
    if (tool.type === 'built-in') {
      const encoded = encodeBuiltIn(tool, path, this.context.warn);
      if (encoded) this.push(tool, encoded, { type: encoded.type });
      else {
        this.lost.push(tool);
        this.context.warn({
          type: 'dropped',
          field: path,
          message: `"${String(tool.value.type ?? tool.value.name ?? tool.kind)}" has no counterpart in the Responses API.`,
        });
      }
      return;
    }
    const note = noteOf(tool.metadata);
    if (isObject(note.tool)) return this.push(tool, note.tool, { type: note.tool.type });
    const namespace = filled(note.namespace);
    const within = namespace === undefined ? undefined : filled(note.name);
    const name = within ?? this.toWire(tool.name);
    const encoded =
      tool.type === 'custom'
        ? encodeCustom(tool, name, this.context)
        : encodeFunction(tool, name, path, this.context);
    const choice = { type: encoded.type, ...(within !== undefined && { namespace }), name };
    if (namespace === undefined || within === undefined) return this.push(tool, encoded, choice);
    this.choices.set(tool, choice);
    const others = this.namespaces.get(namespace);
    if (others) others.push(encoded);
    else {
      const tools = [encoded];
      this.namespaces.set(namespace, tools);
      this.tools.push({ type: 'namespace', name: namespace, description: namespace, tools });
    }
  }

  private push(tool: Tool, encoded: JsonObject, choice: JsonObject): void {
    this.tools.push(encoded);
    this.choices.set(tool, choice);
  }
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
  const encoder = new ToolEncoder(context, toWire);
  request.tools.forEach((tool, index) => {
    encoder.add(tool, `tools[${index}]`);
  });
  const { tools, lost, choices } = encoder;
  const forced = toolChoice?.type === 'tool' ? toolChoice.name : undefined;
  if (forced !== undefined && lost.some((tool) => builtInNames(tool).includes(forced)))
    throw new NotSupportedError(
      `The tool "${forced}" is run by its own provider only and cannot be forced here.`,
      'tool_choice',
    );
  if (tools.length === 0) {
    if (toolChoice?.type === 'required' && lost.length > 0)
      throw new NotSupportedError('A tool call is required, but no tool can be carried over.', 'tool_choice');
    return {};
  }
  const choice = encodeChoice(request, choices, toWire);
  return {
    tools,
    ...(choice !== undefined && { tool_choice: choice }),
    ...encodeMaxUses(request, context.warn),
    ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
  };
}

/**
 * How often another provider's tool may be used, as `max_tool_calls`: that counts the calls of all tools that OpenAI runs, so
 * it says the same where there is one such tool.
 */
function encodeMaxUses(request: CanonicalRequest, warn: Warn): JsonObject {
  const builtIn = request.tools.filter((tool) => tool.type === 'built-in');
  const limited = builtIn.filter((tool) => tool.dialect !== DIALECT && tool.settings?.maxUses !== undefined);
  const [only] = limited;
  if (!only) return {};
  if (builtIn.length === 1) return { max_tool_calls: only.settings?.maxUses };
  warn({ type: 'dropped', field: 'tools', message: 'The limit of uses is not of one tool alone here.' });
  return {};
}

function encodeChoice(
  { toolChoice, tools }: CanonicalRequest,
  choices: Map<Tool, JsonObject>,
  toWire: (name: string) => string,
): JsonObject | string | undefined {
  const choiceOf = (name: string): JsonObject => {
    const tool =
      tools.find((each) => each.type !== 'built-in' && each.name === name) ??
      tools.find((each) => each.type === 'built-in' && builtInNames(each).includes(name));
    return (tool && choices.get(tool)) ?? { type: 'function', name: toWire(name) };
  };
  switch (toolChoice?.type) {
    case undefined:
      return undefined;
    case 'auto':
    case 'none':
      return toolChoice.type;
    case 'required': {
      const names = toolChoice.names ?? [];
      return names.length === 0
        ? 'required'
        : { type: 'allowed_tools', mode: 'required', tools: names.map(choiceOf) };
    }
    case 'tool':
      return choiceOf(toolChoice.name);
  }
}

/** The names of all tools that a request speaks of, also of calls whose tool is gone; those in namespaces excepted. */
export function wireNames(request: CanonicalRequest): string[] {
  const bare = (part: { name: string; metadata?: CanonicalRequest['metadata'] }) =>
    filled(noteOf(part.metadata).namespace) === undefined ? [part.name] : [];
  const declared = request.tools.flatMap((tool) => (tool.type === 'built-in' ? [] : bare(tool)));
  const called = request.messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) => (part.type === 'tool-call' ? bare(part) : []))
      : [],
  );
  return [...declared, ...called];
}
