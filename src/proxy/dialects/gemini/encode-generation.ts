import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { EncodeContext, Warn } from '../adapter';
import type { CanonicalRequest, ResponseFormat } from '../canonical';
import { cleanSchema } from '../json-schema/clean-schema';
import { formatInstruction } from '../json-schema/format-instruction';
import { encodeThinking } from './map-thinking';
import { generationOf } from './model-generation';

/** https://ai.google.dev/api/generate-content#generationconfig */
const MAX_STOP_SEQUENCES = 5;
const MAX_CANDIDATES = 8;

/**
 * The response format in words, where the model cannot be bound to it: before generation 3, "Function calling with a
 * response mime type: 'application/json' is unsupported". Undefined where {@link encodeGeneration} says it.
 * https://ai.google.dev/gemini-api/docs/structured-output
 */
export function describeFormat(request: CanonicalRequest, context: EncodeContext): string | undefined {
  const { responseFormat: format, tools } = request;
  if (!format || format.type === 'text' || tools.length === 0) return undefined;
  if ((generationOf(context.model) ?? 3) >= 3) return undefined;
  context.warn({
    type: 'approximated',
    field: 'response_format',
    message: 'JSON was asked for in words: this model does not take a format together with tools.',
  });
  return formatInstruction(format.type === 'json-schema' ? format.schema : undefined);
}

/**
 * `generationConfig` of a request.
 * @param inWords the format is asked for in words, see {@link describeFormat}
 */
export function encodeGeneration(
  request: CanonicalRequest,
  context: EncodeContext,
  inWords = false,
): JsonObject {
  const { warn } = context;
  const kept = request.metadata?.gemini?.['generationConfig'];
  const { thinkingConfig: keptThinking, ...rest } = isObject(kept) ? kept : {};
  const level = isObject(keptThinking) ? keptThinking['thinkingLevel'] : undefined;
  const thinking = request.reasoning
    ? encodeThinking(request.reasoning, typeof level === 'string' ? level : undefined, context.model, warn)
    : undefined;
  const values = {
    maxOutputTokens: floor(request.maxOutputTokens),
    temperature: request.temperature,
    topP: request.topP,
    topK: encodeTopK(request.topK, warn),
    stopSequences: encodeStop(request.stop, warn),
    seed: encodeSeed(request.seed, warn),
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    candidateCount: encodeCandidates(request.candidates, warn),
    responseLogprobs: request.logprobs,
    logprobs: request.logprobs === false ? undefined : request.topLogprobs,
    thinkingConfig: thinking,
  };
  const config: JsonObject = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) config[key] = value;
  const format = inWords ? undefined : request.responseFormat;
  return { ...config, ...(format && encodeFormat(format, warn)), ...rest };
}

function encodeStop(stop: string[] | undefined, warn: Warn): string[] | undefined {
  const sequences = stop?.filter((one) => one !== '');
  if (!sequences || sequences.length === 0) return undefined;
  if (sequences.length > MAX_STOP_SEQUENCES)
    warn({
      type: 'dropped',
      field: `stop[${MAX_STOP_SEQUENCES}]`,
      message: `Gemini takes ${MAX_STOP_SEQUENCES} stop sequences; the rest was left out.`,
    });
  return sequences.slice(0, MAX_STOP_SEQUENCES);
}

const floor = (value: number | undefined) => (value === undefined ? undefined : Math.floor(value));

/** At least one; others say 0 for "no limit", which Gemini has when nothing is said. */
function encodeTopK(topK: number | undefined, warn: Warn): number | undefined {
  if (topK === undefined || topK >= 1) return floor(topK);
  warn({ type: 'dropped', field: 'top_k', message: 'Gemini takes a top_k of at least 1.' });
  return undefined;
}

function encodeCandidates(candidates: number | undefined, warn: Warn): number | undefined {
  if (candidates === undefined || candidates <= MAX_CANDIDATES) return candidates;
  warn({ type: 'approximated', field: 'n', message: `Gemini gives at most ${MAX_CANDIDATES} answers.` });
  return MAX_CANDIDATES;
}

/** Gemini's seed is a 32-bit integer. */
function encodeSeed(seed: number | undefined, warn: Warn): number | undefined {
  if (seed === undefined || (seed | 0) === seed) return seed;
  warn({
    type: 'approximated',
    field: 'seed',
    message: `The seed became ${seed | 0}: Gemini takes 32 bits.`,
  });
  return seed | 0;
}

function encodeFormat(format: ResponseFormat, warn: Warn): JsonObject | undefined {
  switch (format.type) {
    case 'text':
      return undefined;
    case 'json':
      return { responseMimeType: 'application/json' };
    case 'json-schema': {
      const schema = cleanSchema(format.schema, 'gemini-json-schema', warn, 'response_format.schema');
      const described = format.description !== undefined && schema['description'] === undefined;
      return {
        responseMimeType: 'application/json',
        responseJsonSchema: described ? { ...schema, description: format.description } : schema,
      };
    }
  }
}
