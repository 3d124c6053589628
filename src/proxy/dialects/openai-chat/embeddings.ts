/** Embeddings of OpenAI. Reference: https://platform.openai.com/docs/api-reference/embeddings */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { NotSupportedError, UpstreamError } from '../../errors';
import type { Warn } from '../adapter';
import type { EmbeddingAnswer, EmbeddingDialect, EmbeddingRequest } from '../embedding';
import { missing, readCount, readString, wrongType, wrongValue } from '../openai/fields';

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Whether the input is written in token numbers, which mean something to the model's own tokeniser alone. */
export function isTokenInput(input: Json | undefined): boolean {
  if (!Array.isArray(input) || input.length === 0) return false;
  return input.every((each) => isNumber(each) || (Array.isArray(each) && each.every(isNumber)));
}

/** 400 for token numbers where the text is needed. */
export function tokensRefused(path: string): NotSupportedError {
  return new NotSupportedError(
    `'${path}' is given in token numbers, which OpenAI-like accounts alone understand. Send text, or add such an account.`,
    path,
  );
}

/** `input` as texts. */
function readTexts(input: Json | undefined): string[] {
  if (input === undefined || input === null) throw missing('input');
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) throw wrongType('input', 'a string or an array of strings', input);
  if (input.length === 0) throw wrongValue('input', [], 'arrays with at least one text');
  if (isTokenInput(input)) throw tokensRefused('input');
  return input.map((text, index) => {
    if (typeof text !== 'string') throw wrongType(`input[${index}]`, 'a string', text);
    return text;
  });
}

function decodeRequest(body: JsonObject, warn: Warn): EmbeddingRequest {
  const texts = readTexts(body.input);
  const dimensions = readCount(body.dimensions, 'dimensions');
  const encoding = readString(body.encoding_format, 'encoding_format') ?? 'float';
  if (encoding !== 'float' && encoding !== 'base64')
    throw wrongValue('encoding_format', encoding, "'float' and 'base64'");
  for (const field of Object.keys(body)) {
    if (/^(input|model|dimensions|encoding_format)$/.test(field)) continue;
    warn({ type: 'dropped', field, message: `"${field}" is known to OpenAI-like servers only.` });
  }
  return { texts, form: encoding, ...(dimensions !== undefined && { dimensions }) };
}

/** A vector as Base64 of little-endian 32-bit floats, which the official SDKs ask for. */
function toBase64(vector: number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  const pieces: string[] = [];
  // In pieces: a call takes so many arguments only.
  for (let at = 0; at < view.byteLength; at += 8192)
    pieces.push(
      String.fromCharCode(...new Uint8Array(view.buffer, at, Math.min(8192, view.byteLength - at))),
    );
  return btoa(pieces.join(''));
}

function fromBase64(text: string): number[] {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getFloat32(index * 4, true));
}

function decodeVector(value: Json | undefined): number[] {
  if (Array.isArray(value) && value.every(isNumber)) return value;
  // Some servers answer with what the official SDKs ask for, whatever was asked.
  if (typeof value === 'string') return fromBase64(value);
  throw new UpstreamError('The upstream answered with an embedding that is no list of numbers.');
}

function decodeResponse(body: JsonObject): EmbeddingAnswer {
  if (!Array.isArray(body.data)) throw new UpstreamError('The upstream answered without embeddings.');
  const entries = body.data.filter(isObject).map((entry, position) => ({
    at: typeof entry.index === 'number' ? entry.index : position,
    vector: decodeVector(entry.embedding),
  }));
  const usage = isObject(body.usage) ? body.usage : {};
  const tokens = usage.prompt_tokens ?? usage.total_tokens;
  return {
    vectors: entries.sort((a, b) => a.at - b.at).map(({ vector }) => vector),
    ...(isNumber(tokens) && { inputTokens: tokens }),
  };
}

/** `POST /v1/embeddings`, as client and as upstream. */
export const openaiEmbeddings: EmbeddingDialect = {
  batchLimit: 2048,
  decodeRequest,
  encodeRequest: ({ texts, dimensions }, model) => ({
    path: '/embeddings',
    body: {
      model,
      input: texts,
      encoding_format: 'float',
      ...(dimensions !== undefined && { dimensions }),
    },
  }),
  decodeResponse,
  encodeResponse: ({ vectors, inputTokens = 0 }, { form }, model) => ({
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: form === 'base64' ? toBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  }),
};
