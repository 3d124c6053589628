/**
 * Amazon Bedrock's Converse API, which accounts speak and no client does.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html
 */
import type { UpstreamAdapter } from '../adapter';
import { countTokens } from './count-tokens';
import { decodeError, readStreamError } from './decode-error';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { encodeRequest } from './encode-request';
import { dropReasoning } from './reasoning';

export const bedrockAdapter: UpstreamAdapter = {
  dialect: 'bedrock',
  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  dropReasoning,
  readStreamError,
  count: countTokens,
};
