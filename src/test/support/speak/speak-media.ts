/** Embeddings, images and transcriptions as OpenAI and Gemini serve them; what they say follows from what was asked. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';

/** Length of vectors that nobody asked to be shorter or longer. */
const DIMENSIONS = 8;

/** The vector of a text: numbers that 32-bit floats hold exactly, different for different texts. */
export function vectorOf(text: string, dimensions = DIMENSIONS): number[] {
  let seed = 7;
  for (const character of text) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return Array.from({ length: dimensions }, (_, index) => (((seed + index * 977) % 1024) - 512) / 1024);
}

/** The smallest PNG there is; base64. */
export const TINY_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The answer to a request for an endpoint of that path; undefined where there is none. */
export function speakMedia(path: string, json: JsonObject): JsonObject | undefined {
  const end = /(?:\/|:)([a-zA-Z]+(?:\/[a-z]+)?)$/.exec(path)?.[1] ?? '';
  if (path.endsWith('/embeddings')) return openaiEmbeddings(json);
  if (end === 'embedContent') return { embedding: { values: geminiVector(json) } };
  if (end === 'batchEmbedContents')
    return { embeddings: objects(json.requests).map((one) => ({ values: geminiVector(one) })) };
  if (/\/images\/(generations|edits)$/.test(path))
    return {
      created: 1770000000,
      data: [{ b64_json: TINY_PNG }],
      usage: {
        input_tokens: 12,
        output_tokens: 272,
        total_tokens: 284,
        input_tokens_details: { text_tokens: 12, image_tokens: 0 },
      },
    };
  if (path.endsWith('/audio/transcriptions')) return { text: 'Hello from the recording' };
  return undefined;
}

function openaiEmbeddings(json: JsonObject): JsonObject {
  const input = Array.isArray(json.input) ? json.input : [json.input ?? ''];
  const dimensions = typeof json.dimensions === 'number' ? json.dimensions : DIMENSIONS;
  const vectors = input.map((text) =>
    vectorOf(typeof text === 'string' ? text : JSON.stringify(text), dimensions),
  );
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding:
        json.encoding_format === 'base64'
          ? Buffer.from(new Float32Array(vector).buffer).toString('base64')
          : vector,
    })),
    model: json.model ?? null,
    usage: { prompt_tokens: 3 * input.length, total_tokens: 3 * input.length },
  };
}

function geminiVector(request: JsonObject): number[] {
  const parts = isObject(request.content) ? objects(request.content.parts) : [];
  const text = parts.map((part) => (typeof part.text === 'string' ? part.text : '')).join('');
  const { outputDimensionality } = request;
  return vectorOf(text, typeof outputDimensionality === 'number' ? outputDimensionality : DIMENSIONS);
}

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
