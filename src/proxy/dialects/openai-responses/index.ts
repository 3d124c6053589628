/**
 * OpenAI's Responses API, between clients and accounts that speak it or any other protocol.
 * Reference: https://platform.openai.com/docs/api-reference/responses
 */
import type { DialectAdapter } from '../adapter';
import { decodeOpenaiError, encodeOpenaiError } from '../openai/errors';
import { encodeOpenaiModel, encodeOpenaiModelList } from '../openai/models';
import { countTokens } from './count-tokens';
import { decodeRequest } from './decode-request';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { dropEnvelopes } from './drop-envelopes';
import { dropReasoning } from './drop-reasoning';
import { encodeRequest } from './encode-request';
import { encodeResponse } from './encode-response';
import { createStreamEncoder } from './encode-stream';
import { readUsage } from './map-usage';
import { encodeStreamError, isTerminal, readStreamError } from './stream-events';

export const openaiResponsesAdapter: DialectAdapter = {
  dialect: 'openai-responses',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  decodeError: decodeOpenaiError,
  encodeError: encodeOpenaiError,
  encodeStreamError,
  dropEnvelopes,
  dropReasoning,
  readUsage,
  isTerminal,
  readStreamError,
  // Comments are skipped by every SSE reader; the protocol has no event for "still there".
  heartbeat: ': ping\n\n',
  encodeModel: encodeOpenaiModel,
  encodeModelList: encodeOpenaiModelList,
  count: countTokens,
};
