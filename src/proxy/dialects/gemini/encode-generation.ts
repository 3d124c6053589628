import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { EncodeContext, Warn } from '../adapter';
import type { CanonicalRequest, ResponseFormat } from '../canonical';
import { cleanSchema } from '../json-schema/clean-schema';
import { encodeThinking } from './map-thinking';

/** https://ai.google.dev/api/generate-content#generationconfig */
const MAX_STOP_SEQUENCES = 5;

/** `generationConfig` of a request. */
export function encodeGeneration(request: CanonicalRequest, context: EncodeContext): JsonObject {
  const { warn } = context;
  const kept = request.metadata?.gemini?.['generationConfig'];
  const { thinkingConfig: keptThinking, ...rest } = isObject(kept) ? kept : {};
  const level = isObject(keptThinking) ? keptThinking['thinkingLevel'] : undefined;
  const thinking = request.reasoning
    ? encodeThinking(request.reasoning, typeof level === 'string' ? level : undefined, context.model, warn)
    : undefined;
  const values = {
    maxOutputTokens: request.maxOutputTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    stopSequences: encodeStop(request.stop, warn),
    seed: encodeSeed(request.seed, warn),
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    candidateCount: request.candidates,
    responseLogprobs: request.logprobs,
    logprobs: request.logprobs === false ? undefined : request.topLogprobs,
    thinkingConfig: thinking,
  };
  const config: JsonObject = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) config[key] = value;
  return { ...config, ...(request.responseFormat && encodeFormat(request.responseFormat, warn)), ...rest };
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
