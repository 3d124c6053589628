/** Embeddings of Gemini: `:embedContent` and `:batchEmbedContents`. Reference: https://ai.google.dev/api/embeddings */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { InvalidRequestError, NotSupportedError, UpstreamError } from '../../errors';
import type { Warn } from '../adapter';
import type { EmbeddingAnswer, EmbeddingDialect, EmbeddingRequest } from '../embedding';
import { pathOf } from './encode-request';
import { at, field, listField, numberField, objectField, textField } from './wire';

interface One {
  text: string;
  dimensions: number | undefined;
  path: string;
}

/** One `EmbedContentRequest`; `embedContentConfig` holds what stood at its top before. */
function decodeOne(request: JsonObject, path: string, warn: Warn): One {
  const content = field(request, 'content');
  const contentPath = at(path, 'content');
  if (content === undefined) throw new InvalidRequestError(`${contentPath} is required.`, contentPath);
  const config = objectField(request, 'embedContentConfig', path) ?? {};
  const configPath = at(path, 'embedContentConfig');
  for (const name of ['taskType', 'title', 'autoTruncate']) {
    if (field(request, name) === undefined && field(config, name) === undefined) continue;
    warn({ type: 'dropped', field: at(path, name), message: `OpenAI's embeddings know no "${name}".` });
  }
  return {
    text: typeof content === 'string' ? content : textOf(content, contentPath),
    dimensions:
      numberField(request, 'outputDimensionality', path) ??
      numberField(config, 'outputDimensionality', configPath),
    path,
  };
}

function textOf(content: Json, path: string): string {
  if (!isObject(content)) throw new InvalidRequestError(`${path} must be an object.`, path);
  const parts = listField(content, 'parts', path);
  if (!parts || parts.length === 0)
    throw new InvalidRequestError(`${path}.parts must hold at least one part.`, `${path}.parts`);
  return parts
    .map((part, index) => {
      const partPath = `${path}.parts[${index}]`;
      if (!isObject(part)) throw new InvalidRequestError(`${partPath} must be an object.`, partPath);
      const text = textField(part, 'text', partPath);
      if (text === undefined)
        throw new NotSupportedError(
          `${partPath} is no text: OpenAI-like accounts embed text only.`,
          partPath,
        );
      return text;
    })
    .join('');
}

function decodeRequest(body: JsonObject, warn: Warn): EmbeddingRequest {
  const many = listField(body, 'requests', '');
  if (many?.length === 0)
    throw new InvalidRequestError('requests must hold at least one request.', 'requests');
  const all = many
    ? many.map((request, index) => {
        const path = `requests[${index}]`;
        if (!isObject(request)) throw new InvalidRequestError(`${path} must be an object.`, path);
        return decodeOne(request, path, warn);
      })
    : [decodeOne(body, '', warn)];
  const dimensions = all[0]?.dimensions;
  const other = all.find((each) => each.dimensions !== dimensions);
  if (other) {
    const path = at(other.path, 'outputDimensionality');
    throw new NotSupportedError('All texts of one request must ask for the same outputDimensionality.', path);
  }
  return {
    texts: all.map(({ text }) => text),
    form: many ? 'many' : 'one',
    ...(dimensions !== undefined && { dimensions }),
  };
}

function decodeResponse(body: JsonObject): EmbeddingAnswer {
  const list = field(body, 'embeddings');
  const one = field(body, 'embedding');
  const entries = Array.isArray(list) ? list : one === undefined ? [] : [one];
  if (entries.length === 0) throw new UpstreamError('The upstream answered without embeddings.');
  const usage = field(body, 'usageMetadata');
  const tokens = isObject(usage) ? field(usage, 'promptTokenCount') : undefined;
  return {
    vectors: entries.map((entry) => {
      const values = isObject(entry) ? field(entry, 'values') : undefined;
      if (Array.isArray(values) && values.every((value) => typeof value === 'number')) return values;
      throw new UpstreamError('The upstream answered with an embedding that is no list of numbers.');
    }),
    ...(typeof tokens === 'number' && { inputTokens: tokens }),
  };
}

/** The model's resource name, which every request of a batch repeats. */
export function resourceName(model: string): string {
  return /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
}

/** A request of this dialect for a model of another name: each request of a batch names it, too. */
export function renameInRequest(body: JsonObject, model: string): JsonObject {
  const name = resourceName(model);
  const renamed: JsonObject = { ...body };
  if (body.model !== undefined) renamed.model = name;
  if (Array.isArray(body.requests))
    renamed.requests = body.requests.map((each) => (isObject(each) ? { ...each, model: name } : each));
  return renamed;
}

/** `:embedContent` and `:batchEmbedContents`, as client; the latter as upstream. */
export const geminiEmbeddings: EmbeddingDialect = {
  // "at most 100 requests can be in one batch"
  batchLimit: 100,
  decodeRequest,
  encodeRequest: ({ texts, dimensions }, model) => ({
    path: pathOf(model, 'batchEmbedContents'),
    body: {
      requests: texts.map((text) => ({
        model: resourceName(model),
        content: { parts: [{ text }] },
        ...(dimensions !== undefined && { outputDimensionality: dimensions }),
      })),
    },
  }),
  decodeResponse,
  encodeResponse: ({ vectors, inputTokens }, { form }) => {
    const embeddings = vectors.map((values) => ({ values }));
    const usage = inputTokens === undefined ? {} : { usageMetadata: { promptTokenCount: inputTokens } };
    return form === 'one' ? { embedding: embeddings[0], ...usage } : { embeddings, ...usage };
  },
};
