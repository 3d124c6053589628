import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';
import type { EncodeContext, Warn, WireRequest } from '../adapter';
import type { CanonicalRequest, Message } from '../canonical';
import { mapToolNames } from '../tools/tool-names';
import { encodeContents } from './encode-contents';
import { describeFormat, encodeGeneration } from './encode-generation';
import { encodeToolChoice, encodeTools } from './encode-tools';
import type { WireContent } from './wire';

/**
 * Function names: letters, digits, `_`, `.` and `-`, a letter or `_` first, 64 characters
 * (https://ai.google.dev/api/caching#FunctionDeclaration; newer models allow more, this is accepted by all).
 */
const NAME_LIMITS = { maxLength: 64, allowed: /^[A-Za-z0-9_.-]$/, first: /^[A-Za-z_]$/ };

/**
 * A request for Gemini's `generateContent` or `streamGenerateContent`
 * (https://ai.google.dev/api/generate-content). Throws `InvalidRequestError` when nothing is left to send.
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const names = mapToolNames(namesOf(request), NAME_LIMITS);
  const lead = request.messages.findIndex((message) => message.role !== 'system');
  let system = lead < 0 ? [] : request.messages.slice(0, lead);
  const encodeFrom = (start: number) =>
    encodeContents(request.messages, start, { ...context, toWire: names.toWire });
  let contents = encodeFrom(system.length);
  // Where nobody else says a word, the instructions are what the user says: Gemini answers no request without contents.
  if (contents.length === 0 && system.length > 0) {
    system = [];
    contents = encodeFrom(0);
  }
  if (contents.length === 0)
    throw new InvalidRequestError('The request has no message with content.', 'messages');
  beginWithUser(contents, context.warn);
  const kept = request.metadata?.gemini ?? {};
  const { generationConfig: _generation, toolConfig: keptToolConfig, ...keptFields } = kept;
  const tools = encodeTools(request, names.toWire, context.warn);
  const toolConfig = {
    ...(isObject(keptToolConfig) && keptToolConfig),
    ...encodeToolChoice(
      request,
      tools,
      isObject(keptToolConfig) ? keptToolConfig : {},
      names.toWire,
      context.warn,
    ),
  };
  const instruction = describeFormat(request, context);
  const generationConfig = encodeGeneration(request, context, instruction !== undefined);
  warnAboutRequest(request, context.warn);
  const body: JsonObject = {
    ...encodeSystem(system, instruction),
    contents,
    ...(tools.length > 0 && { tools }),
    ...(Object.keys(toolConfig).length > 0 && { toolConfig }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...keptFields,
  };
  const custom = request.tools.filter((tool) => tool.type === 'custom').map((tool) => tool.name);
  return {
    path: pathOf(context.model, context.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
    body,
    restoreToolName: names.restore,
    ...(custom.length > 0 && { customToolNames: new Set(custom) }),
  };
}

/** "A function call turn comes immediately after a user turn": where calls come first, a user's word is put before. */
function beginWithUser(contents: WireContent[], warn: Warn): void {
  const first = contents[0];
  if (first?.role !== 'model' || !first.parts.some((part) => isObject(part['functionCall']))) return;
  warn({
    type: 'changed',
    field: 'messages',
    message: 'Calls follow what a user said: a placeholder was put first.',
  });
  contents.unshift({ role: 'user', parts: [{ text: '(The conversation continues.)' }] });
}

/** The path of a model's method; `tunedModels/x` and `models/x` are taken as they are. */
export function pathOf(model: string, method: string): string {
  const tuned = /^(models|tunedModels)\/(.+)$/.exec(model);
  const name = tuned?.[2] ?? model;
  return `/v1beta/${tuned?.[1] ?? 'models'}/${encodeURIComponent(name)}:${method}`;
}

function namesOf(request: CanonicalRequest): string[] {
  const declared = request.tools.flatMap((tool) => (tool.type === 'built-in' ? [] : [tool.name]));
  const called = request.messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))
      : [],
  );
  return [...declared, ...called];
}

function encodeSystem(messages: Message[], instruction: string | undefined): JsonObject | undefined {
  const parts = messages.flatMap((message) =>
    message.role === 'system'
      ? message.content.filter((part) => part.text !== '').map(({ text }) => ({ text }))
      : [],
  );
  if (instruction !== undefined) parts.push({ text: instruction });
  return parts.length > 0 ? { systemInstruction: { parts } } : undefined;
}

function warnAboutRequest(request: CanonicalRequest, warn: Warn): void {
  if (request.parallelToolCalls === false)
    warn({
      type: 'dropped',
      field: 'parallel_tool_calls',
      message: 'Gemini cannot be told to make one call at a time.',
    });
  if (request.promptCacheKey !== undefined)
    warn({
      type: 'dropped',
      field: 'prompt_cache_key',
      message: 'Gemini caches by the beginning of the request.',
    });
  if (request.userId !== undefined)
    warn({ type: 'dropped', field: 'user', message: "Gemini takes no end user's id." });
}
