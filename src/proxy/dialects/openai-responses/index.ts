/**
 * OpenAI's Responses API, between clients and accounts that speak it or any other protocol.
 * Reference: https://platform.openai.com/docs/api-reference/responses
 */
import { NotSupportedError } from '../../errors';
import type { DialectAdapter } from '../adapter';
import { decodeOpenaiError, encodeOpenaiError } from '../openai-errors';
import { encodeOpenaiModel, encodeOpenaiModelList } from '../openai-models';
import { decodeRequest } from './decode-request';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { dropEnvelopes } from './drop-envelopes';
import { dropReasoning } from './drop-reasoning';
import { encodeResponse } from './encode-response';
import { createStreamEncoder } from './encode-stream';
import { readUsage } from './map-usage';
import { encodeStreamError, isTerminal, readStreamError } from './stream-events';

/** Only an account with the same protocol can take part: says so, and what to do. */
function refuse(): never {
  throw new NotSupportedError(
    'Accounts that speak the Responses API only can be asked through the Responses API only.',
  );
}

export const openaiResponsesAdapter: DialectAdapter = {
  dialect: 'openai-responses',
  decodeRequest,
  encodeRequest: refuse,
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
};
