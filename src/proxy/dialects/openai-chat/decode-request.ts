import { isObject, type JsonObject } from '../../../shared/json';
import type { DecodeContext } from '../adapter';
import type { CanonicalRequest, ReasoningSettings, ResponseFormat } from '../canonical';
import { MessageDecoder } from './decode-messages';
import { decodeToolChoice, decodeTools } from './decode-tools';
import {
  missing,
  readArray,
  readBoolean,
  readCount,
  readInteger,
  readNumber,
  readObject,
  readString,
  requireObject,
  requireString,
  wrongType,
  wrongValue,
} from '../openai/fields';
import { isEffort } from '../reasoning-levels';
import { note } from './wire';

/** Fields that the vocabulary names: everything else is kept as the client wrote it. */
const KNOWN = new Set(
  (
    'model messages stream stream_options tools tool_choice functions function_call parallel_tool_calls max_tokens ' +
    'max_completion_tokens temperature top_p stop seed presence_penalty frequency_penalty n logprobs top_logprobs ' +
    'response_format reasoning_effort user prompt_cache_key'
  ).split(' '),
);
/** Fields whose loss changes no answer: book-keeping, storage, and what was read into the vocabulary as well. */
const HARMLESS = new Set(
  (
    'store metadata safety_identifier prompt_cache_retention prompt_cache_options top_k reasoning thinking ' +
    'web_search_options'
  ).split(' '),
);

/** `reasoning_effort`, OpenRouter's `reasoning` and the `thinking` of DeepSeek, z.ai and Moonshot. */
function decodeReasoningSettings(body: JsonObject): ReasoningSettings | undefined {
  const settings: ReasoningSettings = {};
  if (isObject(body.thinking)) {
    if (body.thinking.type === 'enabled') settings.mode = 'on';
    if (body.thinking.type === 'disabled') settings.mode = 'off';
    const budget = readInteger(body.thinking.budget_tokens, 'thinking.budget_tokens');
    if (budget !== undefined) settings.budgetTokens = budget;
  }
  if (isObject(body.reasoning)) {
    const { effort, max_tokens: budget, enabled, exclude } = body.reasoning;
    if (isEffort(effort)) settings.effort = effort;
    if (typeof budget === 'number') settings.budgetTokens = budget;
    if (typeof enabled === 'boolean') settings.mode = enabled ? 'on' : 'off';
    if (typeof exclude === 'boolean') settings.visible = !exclude;
  }
  const effort = readString(body.reasoning_effort, 'reasoning_effort');
  if (isEffort(effort)) settings.effort = effort;
  return Object.keys(settings).length > 0 ? settings : undefined;
}

function decodeResponseFormat(body: JsonObject): ResponseFormat | undefined {
  const format = readObject(body.response_format, 'response_format');
  switch (format?.type) {
    case undefined:
      if (format) throw missing('response_format.type');
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const path = 'response_format.json_schema';
      const given = requireObject(format.json_schema, path);
      const name = requireString(given.name, `${path}.name`);
      const description = readString(given.description, `${path}.description`);
      const strict = readBoolean(given.strict, `${path}.strict`);
      return {
        type: 'json-schema',
        schema: readObject(given.schema, `${path}.schema`) ?? {},
        name,
        ...(description !== undefined && { description }),
        ...(strict !== undefined && { strict }),
      };
    }
    default:
      throw wrongValue('response_format.type', format?.type, "'text', 'json_object' and 'json_schema'");
  }
}

function decodeStop(body: JsonObject): string[] | undefined {
  const given = body.stop ?? undefined;
  if (given === undefined) return undefined;
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given)) throw wrongType('stop', 'a string or an array of strings', given);
  const stops = given.map((stop, index) => {
    if (typeof stop !== 'string') throw wrongType(`stop[${index}]`, 'a string', stop);
    return stop;
  });
  return stops.length > 0 ? stops : undefined;
}

/** What the client wrote beyond the vocabulary; a warning for each field whose loss can change the answer. */
function keepOthers(body: JsonObject, context: DecodeContext): JsonObject {
  const fields: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue;
    if (key === 'reasoning_effort' ? isEffort(value) : KNOWN.has(key)) continue;
    fields[key] = value;
    const usual =
      (key === 'modalities' && JSON.stringify(value) === '["text"]') ||
      (key === 'service_tier' && (value === 'auto' || value === 'default')) ||
      (key === 'logit_bias' && isObject(value) && Object.keys(value).length === 0);
    if (!usual && !HARMLESS.has(key))
      context.warn({
        type: 'dropped',
        field: key,
        message: `"${key}" is known to OpenAI-like servers only.`,
      });
  }
  return fields;
}

const given = <K extends keyof CanonicalRequest>(key: K, value: CanonicalRequest[K] | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Pick<CanonicalRequest, K>>;

/**
 * A chat completion request. To be called where another dialect will answer: it warns about what only OpenAI-like
 * servers understand. Reference: https://platform.openai.com/docs/api-reference/chat/create
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest {
  const messages = readArray(body.messages, 'messages');
  if (!messages) throw missing('messages');
  const model = context.model ?? requireString(body.model, 'model');
  const decoder = new MessageDecoder(context);
  if (messages.length === 0) throw wrongValue('messages', [], 'arrays with at least one message');
  messages.forEach((message, index) => {
    decoder.add(message, index);
  });
  const { choice, tools } = decodeToolChoice(body, decodeTools(body), context);
  const modern = readCount(body.max_completion_tokens, 'max_completion_tokens');
  const maxOutputTokens = modern ?? readCount(body.max_tokens, 'max_tokens');
  const streamOptions = readObject(body.stream_options, 'stream_options');
  const fields = keepOthers(body, context);
  return {
    model,
    stream: context.stream ?? readBoolean(body.stream, 'stream') ?? false,
    messages: decoder.messages,
    tools,
    ...given('toolChoice', choice),
    ...given('parallelToolCalls', readBoolean(body.parallel_tool_calls, 'parallel_tool_calls')),
    ...given('maxOutputTokens', maxOutputTokens),
    ...given('temperature', readNumber(body.temperature, 'temperature')),
    ...given('topP', readNumber(body.top_p, 'top_p')),
    ...given('topK', readInteger(body.top_k, 'top_k')),
    ...given('stop', decodeStop(body)),
    ...given('seed', readInteger(body.seed, 'seed')),
    ...given('presencePenalty', readNumber(body.presence_penalty, 'presence_penalty')),
    ...given('frequencyPenalty', readNumber(body.frequency_penalty, 'frequency_penalty')),
    ...given('candidates', readCount(body.n, 'n')),
    ...given('logprobs', readBoolean(body.logprobs, 'logprobs')),
    ...given('topLogprobs', readInteger(body.top_logprobs, 'top_logprobs')),
    ...given('responseFormat', decodeResponseFormat(body)),
    ...given('reasoning', decodeReasoningSettings(body)),
    ...given(
      'userId',
      readString(body.user, 'user') ?? readString(body.safety_identifier, 'safety_identifier'),
    ),
    ...given('promptCacheKey', readString(body.prompt_cache_key, 'prompt_cache_key')),
    ...given('streamUsage', readBoolean(streamOptions?.include_usage, 'stream_options.include_usage')),
    ...note({
      ...(Object.keys(fields).length > 0 && { fields }),
      ...(maxOutputTokens !== undefined && {
        maxTokensField: modern === undefined ? 'max_tokens' : 'max_completion_tokens',
      }),
      ...(body.functions !== undefined && body.tools === undefined && { legacyFunctions: true }),
    }),
  };
}
