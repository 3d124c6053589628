import type { JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { DecodeContext, EncodeContext, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { decodeRequest } from './decode-request';
import { encodeRequest, pathOf } from './encode-request';
import { field, objectField } from './wire';

/**
 * A client's `countTokens` request (https://ai.google.dev/api/tokens): `contents`, or a whole request in
 * `generateContentRequest`. Throws `InvalidRequestError` with the path of a bad field.
 */
export function decodeCountRequest(body: JsonObject, context: DecodeContext): CanonicalRequest {
  return decodeRequest(objectField(body, 'generateContentRequest', '') ?? body, {
    ...context,
    stream: false,
  });
}

/** A `countTokens` request that counts system instruction and tools too. */
export function encodeCountRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { body } = encodeRequest(request, { ...context, stream: false });
  const model = /^(models|tunedModels)\//.test(context.model) ? context.model : `models/${context.model}`;
  return { path: pathOf(context.model, 'countTokens'), body: { generateContentRequest: { model, ...body } } };
}

/** The number of input tokens. Throws `UpstreamError` when the answer has none. */
export function decodeCountResponse(body: JsonObject): number {
  const total = field(body, 'totalTokens');
  if (typeof total !== 'number') throw new UpstreamError('The upstream counted no tokens.');
  return total;
}

/** The answer of `countTokens`. */
export function encodeCountResponse(inputTokens: number): JsonObject {
  return { totalTokens: inputTokens };
}
