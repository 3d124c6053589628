import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { CanonicalRequest, ResponseFormat } from '../canonical';
import { fromOpenApiSchema } from '../json-schema/from-openapi-schema';
import { decodeThinking } from './map-thinking';
import { field, listField, numberField, objectField, others, textField } from './wire';

const PATH = 'generationConfig';

/** Fields that the canonical request names. `thinkingLevel` is kept besides, in Gemini's own word. */
const KNOWN = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidateCount',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  '_responseJsonSchema',
  'thinkingConfig',
];

/**
 * A client's `generationConfig` (https://ai.google.dev/api/generate-content#generationconfig). `kept` is what only
 * Gemini understands: modalities, image and speech settings, its thinking level.
 */
export function decodeGeneration(config: JsonObject | undefined): {
  settings: Partial<CanonicalRequest>;
  kept: JsonObject | undefined;
} {
  if (!config) return { settings: {}, kept: undefined };
  const thinking = objectField(config, 'thinkingConfig', PATH);
  const stop = listField(config, 'stopSequences', PATH)?.filter((one) => typeof one === 'string');
  const reasoning = thinking && decodeThinking(thinking, `${PATH}.thinkingConfig`);
  const logprobs = field(config, 'responseLogprobs');
  const responseFormat = decodeFormat(config);
  const settings: Partial<CanonicalRequest> = {
    ...numbers(config),
    ...(stop && stop.length > 0 && { stop }),
    ...(typeof logprobs === 'boolean' && { logprobs }),
    ...(responseFormat && { responseFormat }),
    ...(reasoning && Object.keys(reasoning).length > 0 && { reasoning }),
  };
  const level = thinking && textField(thinking, 'thinkingLevel', `${PATH}.thinkingConfig`);
  const plainText = field(config, 'responseMimeType');
  const enumeration = plainText === 'text/x.enum';
  const kept: JsonObject = {
    ...others(config, KNOWN),
    ...(level !== undefined && { thinkingConfig: { thinkingLevel: level } }),
    ...(enumeration && { responseMimeType: plainText, responseSchema: field(config, 'responseSchema') }),
  };
  return { settings, kept: Object.keys(kept).length > 0 ? kept : undefined };
}

const NUMBERS = {
  maxOutputTokens: 'maxOutputTokens',
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  seed: 'seed',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  candidateCount: 'candidates',
  logprobs: 'topLogprobs',
} as const;

function numbers(config: JsonObject): Partial<CanonicalRequest> {
  const settings: Partial<CanonicalRequest> = {};
  for (const [name, canonical] of Object.entries(NUMBERS)) {
    const value = numberField(config, name, PATH);
    if (value !== undefined) settings[canonical] = value;
  }
  return settings;
}

function decodeFormat(config: JsonObject): ResponseFormat | undefined {
  const mimeType = textField(config, 'responseMimeType', PATH);
  const jsonSchema = field(config, 'responseJsonSchema') ?? field(config, '_responseJsonSchema');
  const openApi = objectField(config, 'responseSchema', PATH);
  if (mimeType === 'text/x.enum') return undefined;
  if (isObject(jsonSchema)) return { type: 'json-schema', schema: jsonSchema };
  if (openApi) return { type: 'json-schema', schema: fromOpenApiSchema(openApi) };
  if (mimeType === 'application/json') return { type: 'json' };
  return mimeType === 'text/plain' ? { type: 'text' } : undefined;
}
