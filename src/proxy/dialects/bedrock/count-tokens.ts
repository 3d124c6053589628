import type { JsonObject } from '../../../shared/json';
import type { EncodeContext, UpstreamAdapter, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { encodeRequest, modelPath } from './encode-request';
import { readModelName } from './vendor';

/**
 * `POST /model/{modelId}/count-tokens`. It knows foundation models by their own names only, without the regions that an
 * inference profile spans. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
function encodeCount(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { body } = encodeRequest(request, context);
  const { messages, system, toolConfig, additionalModelRequestFields } = body;
  const { vendor, base } = readModelName(context.model);
  const converse: JsonObject = {
    messages,
    ...(system !== undefined && { system }),
    ...(toolConfig !== undefined && { toolConfig }),
    ...(additionalModelRequestFields !== undefined && { additionalModelRequestFields }),
  };
  return {
    path: modelPath(vendor === undefined ? context.model : base, 'count-tokens'),
    body: { input: { converse } },
  };
}

export const countTokens: NonNullable<UpstreamAdapter['count']> = {
  encodeRequest: encodeCount,
  decodeResponse: ({ inputTokens }) => (typeof inputTokens === 'number' ? inputTokens : 0),
};
