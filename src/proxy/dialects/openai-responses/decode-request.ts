import { isObject, type JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { DecodeContext } from '../adapter';
import type { CanonicalRequest, Message, ReasoningSettings, ResponseFormat } from '../canonical';
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
import { ItemDecoder } from './decode-items';
import { decodeToolChoice, decodeTools } from './decode-tools';
import { filled, noted } from './read-item';

/** Fields that the vocabulary names: everything else is kept as the client wrote it. */
const KNOWN = new Set(
  (
    'model input instructions stream tools tool_choice parallel_tool_calls max_output_tokens temperature top_p ' +
    'top_logprobs reasoning text user prompt_cache_key stop seed presence_penalty frequency_penalty'
  ).split(' '),
);
/** Fields whose loss changes no answer: book-keeping, storage, and what the answer repeats. */
const HARMLESS = new Set(
  (
    'type store include metadata client_metadata safety_identifier prompt_cache_retention prompt_cache_options ' +
    'previous_response_id stream_options background stream_id'
  ).split(' '),
);
/** What the answer's `response` object repeats. */
const ECHOED = (
  'instructions max_output_tokens max_tool_calls metadata parallel_tool_calls previous_response_id prompt_cache_key ' +
  'prompt_cache_retention reasoning safety_identifier service_tier store temperature text tool_choice tools ' +
  'top_logprobs top_p truncation user presence_penalty frequency_penalty'
).split(' ');

function decodeReasoningSettings(body: JsonObject, context: DecodeContext): ReasoningSettings | undefined {
  const given = readObject(body.reasoning, 'reasoning');
  if (!given) return undefined;
  const settings: ReasoningSettings = {};
  const effort = readString(given.effort, 'reasoning.effort');
  if (isEffort(effort)) settings.effort = effort;
  else if (effort !== undefined)
    context.warn({
      type: 'dropped',
      field: 'reasoning.effort',
      message: `The effort "${effort}" is not known.`,
    });
  const summary =
    readString(given.summary, 'reasoning.summary') ??
    readString(given.generate_summary, 'reasoning.generate_summary');
  if (summary !== undefined) settings.visible = summary !== 'none';
  return Object.keys(settings).length > 0 ? settings : undefined;
}

function decodeFormat(text: JsonObject | undefined): ResponseFormat | undefined {
  const path = 'text.format';
  const format = readObject(text?.format, path);
  if (!format) return undefined;
  switch (format.type) {
    case undefined:
      throw missing(`${path}.type`);
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      // Some clients nest it as chat completions do.
      const nested = isObject(format.json_schema);
      const at = nested ? `${path}.json_schema` : path;
      const given = nested ? requireObject(format.json_schema, at) : format;
      const name = readString(given.name, `${at}.name`);
      const description = readString(given.description, `${at}.description`);
      const strict = readBoolean(given.strict, `${at}.strict`);
      return {
        type: 'json-schema',
        schema: requireObject(given.schema, `${at}.schema`),
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(strict !== undefined && { strict }),
      };
    }
    default:
      throw wrongValue(`${path}.type`, format.type, "'text', 'json_object' and 'json_schema'");
  }
}

/** What only OpenAI's own servers can do, because they keep things for it: said at once, never half done. */
function refuseStateful(body: JsonObject): void {
  if (readBoolean(body.background, 'background'))
    throw new NotSupportedError(
      'Responses in the background are not offered here: leave out "background", and stream instead.',
      'background',
    );
  if (body.conversation !== undefined && body.conversation !== null)
    throw new NotSupportedError(
      'Conversations kept by OpenAI cannot be reached here: send the items as "input", or use "previous_response_id".',
      'conversation',
    );
  if (body.prompt !== undefined && body.prompt !== null)
    throw new NotSupportedError(
      'Prompts kept by OpenAI cannot be reached here: send their text as "instructions" and "input".',
      'prompt',
    );
}

const isUsual = (key: string, value: unknown): boolean =>
  (key === 'service_tier' && (value === 'auto' || value === 'default')) ||
  (key === 'truncation' && value === 'disabled') ||
  (key === 'context_management' && Array.isArray(value) && value.length === 0);

/** What the client wrote beyond the vocabulary; a warning for each field whose loss can change the answer. */
function keepOthers(body: JsonObject, context: DecodeContext): JsonObject {
  const fields: JsonObject = {};
  const lost = (field: string) => {
    context.warn({ type: 'dropped', field, message: `"${field}" is known to OpenAI's Responses API only.` });
  };
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined || value === null || KNOWN.has(key)) continue;
    fields[key] = value;
    if (!HARMLESS.has(key) && !isUsual(key, value)) lost(key);
  }
  const verbosity = isObject(body.text) ? body.text.verbosity : undefined;
  if (verbosity !== undefined && verbosity !== null && verbosity !== 'medium') lost('text.verbosity');
  return fields;
}

function keepEcho(body: JsonObject): JsonObject {
  const echo: JsonObject = {};
  for (const key of ECHOED) {
    const value = body[key];
    if (value !== undefined && value !== null) echo[key] = value;
  }
  return echo;
}

function decodeInput(body: JsonObject, context: DecodeContext): ItemDecoder {
  const decoder = new ItemDecoder(context);
  const { input } = body;
  if (typeof input === 'string') decoder.add({ role: 'user', content: input }, 'input');
  else if (Array.isArray(input)) {
    input.forEach((item, index) => {
      decoder.add(item, `input[${index}]`);
    });
  } else if (input !== undefined && input !== null)
    throw wrongType('input', 'a string or an array of items', input);
  return decoder;
}

const instructionsOf = (body: JsonObject): Message[] => {
  const given = body.instructions;
  // A response repeats `instructions` as items where it was made from some.
  const text = Array.isArray(given) ? undefined : readString(given, 'instructions');
  if (text === undefined || text === '') return [];
  return [
    { role: 'system', content: [{ type: 'text', text }], ...noted({ role: 'system', instructions: true }) },
  ];
};

const given = <K extends keyof CanonicalRequest>(key: K, value: CanonicalRequest[K] | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Pick<CanonicalRequest, K>>;

/**
 * A request to create a response. `previous_response_id` must have been resolved before: `input` is the whole
 * conversation. To be called where another dialect will answer: it warns about what only this API understands.
 * Reference: https://platform.openai.com/docs/api-reference/responses/create
 * @throws InvalidRequestError with the path of the bad field
 * @throws NotSupportedError for what OpenAI alone can do: background responses, stored conversations and prompts
 */
export function decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest {
  const model = context.model ?? requireString(body.model, 'model');
  refuseStateful(body);
  const decoder = decodeInput(body, context);
  const messages = [...instructionsOf(body), ...decoder.messages];
  if (messages.length === 0) throw missing('input');
  const { choice, tools } = decodeToolChoice(body, decodeTools(body, decoder.loadedTools, context), context);
  const text = readObject(body.text, 'text');
  const topLogprobs = readInteger(body.top_logprobs, 'top_logprobs');
  const include = readArray(body.include, 'include') ?? [];
  const logprobs = include.includes('message.output_text.logprobs') || (topLogprobs ?? 0) > 0;
  const fields = keepOthers(body, context);
  const stop = body.stop;
  return {
    model,
    stream: context.stream ?? readBoolean(body.stream, 'stream') ?? false,
    messages,
    tools,
    ...given('toolChoice', choice),
    ...given('parallelToolCalls', readBoolean(body.parallel_tool_calls, 'parallel_tool_calls')),
    ...given('maxOutputTokens', readCount(body.max_output_tokens, 'max_output_tokens')),
    ...given('temperature', readNumber(body.temperature, 'temperature')),
    ...given('topP', readNumber(body.top_p, 'top_p')),
    // Not of this API, but servers like it take them, and clients send them.
    ...given('stop', typeof stop === 'string' ? [stop] : undefined),
    ...given('seed', readInteger(body.seed, 'seed')),
    ...given('presencePenalty', readNumber(body.presence_penalty, 'presence_penalty')),
    ...given('frequencyPenalty', readNumber(body.frequency_penalty, 'frequency_penalty')),
    ...given('logprobs', logprobs ? true : undefined),
    ...given('topLogprobs', topLogprobs === 0 ? undefined : topLogprobs),
    ...given('responseFormat', decodeFormat(text)),
    ...given('reasoning', decodeReasoningSettings(body, context)),
    ...given('userId', filled(body.user) ?? filled(body.safety_identifier)),
    ...given('promptCacheKey', readString(body.prompt_cache_key, 'prompt_cache_key')),
    ...noted({ ...(Object.keys(fields).length > 0 && { fields }), echo: keepEcho(body) }),
  };
}
