/**
 * OpenAI's Responses API, between clients and accounts that both speak it: bytes pass through, and this adapter
 * reads usage, end and errors on the side. Reference: https://platform.openai.com/docs/api-reference/responses
 */
import { NotSupportedError } from '../../errors';
import type { DialectAdapter } from '../adapter';
import { decodeOpenaiError, encodeOpenaiError } from '../openai-errors';
import { encodeOpenaiModel, encodeOpenaiModelList } from '../openai-models';
import { encodeStreamError, isTerminal, readStreamError } from './stream-events';
import { readUsage } from './map-usage';

/** Only an account with the same protocol can take part: says so, and what to do. */
function refuse(): never {
  throw new NotSupportedError(
    'OpenAI Responses API requests can be answered by accounts that speak the Responses API only (for example OpenAI), ' +
      'and such an account can be asked through the Responses API only. Add an account of the provider "openai", or one ' +
      'with "dialect": "openai-responses", or let the client use chat completions (/v1/chat/completions) instead.',
  );
}

export const openaiResponsesAdapter: DialectAdapter = {
  dialect: 'openai-responses',
  decodeRequest: refuse,
  encodeRequest: refuse,
  decodeResponse: refuse,
  encodeResponse: refuse,
  createStreamDecoder: refuse,
  createStreamEncoder: refuse,
  decodeError: decodeOpenaiError,
  encodeError: encodeOpenaiError,
  encodeStreamError,
  readUsage,
  isTerminal,
  readStreamError,
  // Comments are skipped by every SSE reader; the protocol has no event for "still there".
  heartbeat: ': ping\n\n',
  encodeModel: encodeOpenaiModel,
  encodeModelList: encodeOpenaiModelList,
};
