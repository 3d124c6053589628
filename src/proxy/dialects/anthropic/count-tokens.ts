import { isObject, type JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { DialectAdapter, EncodeContext, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { decodeConversation } from './decode-request';
import { encodeRequest } from './encode-request';

/** The fields that the endpoint takes; it refuses the others. */
const COUNTED = [
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'cache_control',
];

function encodeCountRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const whole = encodeRequest(request, context);
  const body: JsonObject = {};
  for (const field of COUNTED) if (whole.body[field] !== undefined) body[field] = whole.body[field];
  return { ...whole, path: '/v1/messages/count_tokens', body };
}

function decodeCount(body: JsonObject): number {
  if (isObject(body) && typeof body['input_tokens'] === 'number') return body['input_tokens'];
  throw new UpstreamError('The upstream did not count the tokens.');
}

/** `POST /v1/messages/count_tokens`. https://platform.claude.com/docs/en/api/messages-count-tokens */
export const countTokens: NonNullable<DialectAdapter['count']> = {
  decodeRequest: decodeConversation,
  encodeRequest: encodeCountRequest,
  decodeResponse: decodeCount,
  encodeResponse: (inputTokens) => ({ input_tokens: inputTokens }),
};
