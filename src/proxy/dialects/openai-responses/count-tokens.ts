import type { JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { DialectAdapter, EncodeContext, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { decodeRequest } from './decode-request';
import { encodeRequest } from './encode-request';

/** The fields that the endpoint takes. */
const COUNTED = [
  'model',
  'instructions',
  'input',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'previous_response_id',
  'conversation',
];

function encodeCountRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const whole = encodeRequest(request, context);
  const body: JsonObject = {};
  for (const field of COUNTED) if (whole.body[field] !== undefined) body[field] = whole.body[field];
  return { ...whole, path: '/responses/input_tokens', body };
}

function decodeCount(body: JsonObject): number {
  if (typeof body.input_tokens === 'number') return body.input_tokens;
  throw new UpstreamError('The upstream did not count the tokens.');
}

/** `POST /responses/input_tokens`. https://platform.openai.com/docs/api-reference/responses/input-tokens */
export const countTokens: NonNullable<DialectAdapter['count']> = {
  decodeRequest,
  encodeRequest: encodeCountRequest,
  decodeResponse: decodeCount,
  encodeResponse: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
};
