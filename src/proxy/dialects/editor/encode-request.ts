import type { JsonObject } from '../../../shared/json';
import type { LmMessage, LmRequest } from '../../../shared/language-models';
import { estimateRoughly } from '../../monitor/estimate-tokens';
import type { EncodeContext, Warn, WireRequest } from '../adapter';
import type { CanonicalRequest, ResponseFormat } from '../canonical';
import { formatInstruction } from '../json-schema/format-instruction';
import { encodeMessages } from './encode-messages';
import { encodeTools, mapRequestToolNames } from './encode-tools';

/** Where the parts of an answer come as events, and where all at once. */
export const STREAM_PATH = '/ask?stream';
export const WHOLE_PATH = '/ask';
/** Where tokens are counted. */
export const COUNT_PATH = '/count';

/**
 * A request to one of the editor's models. Throws `NotSupportedError` for files that are no images, and
 * `InvalidRequestError` for a conversation without content.
 * https://code.visualstudio.com/api/references/vscode-api#LanguageModelChatRequestOptions
 */
export function encodeRequest(
  request: CanonicalRequest,
  { model, stream, warn }: EncodeContext,
): WireRequest {
  const names = mapRequestToolNames(request);
  const messages = encodeMessages(request, names, warn);
  const format = encodeFormat(request.responseFormat, warn);
  if (format) messages.push(format);
  const { tools, required } = encodeTools(request, names, warn);
  const modelOptions = encodeOptions(request, warn);
  warnUnsupported(request, warn);
  const custom = request.tools.flatMap((tool) => (tool.type === 'custom' ? [tool.name] : []));
  const body: LmRequest = {
    model,
    messages,
    ...(tools.length > 0 && { tools }),
    ...(required && { toolMode: 'required' }),
    ...(Object.keys(modelOptions).length > 0 && { modelOptions }),
  };
  return {
    path: stream ? STREAM_PATH : WHOLE_PATH,
    body: body as unknown as JsonObject,
    inputTokens: estimateRoughly(request),
    restoreToolName: (name) => names.restore(name),
    ...(custom.length > 0 && { customToolNames: new Set(custom) }),
  };
}

/** What OpenAI calls them: the maker of a model reads these names or none. */
function encodeOptions(request: CanonicalRequest, warn: Warn): JsonObject {
  const given: JsonObject = {
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop: request.stop?.length ? request.stop : undefined,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const field in options)
    warn({
      type: 'approximated',
      field,
      message: `${field} is handed to the editor's model; whether it is heeded is up to the model's maker.`,
    });
  return options;
}

/** A format in words: no model of the editor can be bound to one. */
function encodeFormat(format: ResponseFormat | undefined, warn: Warn): LmMessage | undefined {
  if (!format || format.type === 'text') return undefined;
  warn({
    type: 'approximated',
    field: 'response_format',
    message: "JSON was asked for in words; the editor's models cannot be bound to a format.",
  });
  const text = formatInstruction(format.type === 'json-schema' ? format.schema : undefined);
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** What the editor has no word for; one warning each. */
function warnUnsupported(request: CanonicalRequest, warn: Warn): void {
  const { reasoning } = request;
  const lost: [field: string, asked: boolean][] = [
    ['reasoning', reasoning !== undefined && reasoning.mode !== 'off' && reasoning.effort !== 'none'],
    ['n', (request.candidates ?? 1) > 1],
    ['logprobs', request.logprobs === true || request.topLogprobs !== undefined],
    ['parallel_tool_calls', request.parallelToolCalls === false && request.tools.length > 0],
    ['prompt_cache_key', request.promptCacheKey !== undefined],
    ['user', request.userId !== undefined],
  ];
  for (const [field, asked] of lost)
    if (asked) warn({ type: 'dropped', field, message: `The editor's models cannot be told ${field}.` });
}
