/** Anthropic's Messages protocol. */
import type { DialectAdapter } from '../adapter';
import { countTokens } from './count-tokens';
import { decodeError, readStreamError } from './decode-error';
import { decodeRequest } from './decode-request';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { dropEnvelopes, dropReasoning } from './drop-reasoning';
import { encodeError, encodeStreamError } from './encode-error';
import { encodeModel, encodeModelList } from './encode-models';
import { encodeRequest } from './encode-request';
import { encodeResponse } from './encode-response';
import { createStreamEncoder, PING } from './encode-stream';
import { readUsage } from './map-usage';

export const anthropicAdapter: DialectAdapter = {
  dialect: 'anthropic',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse,
  createStreamDecoder,
  createStreamEncoder,
  decodeError,
  encodeError,
  encodeStreamError,
  dropEnvelopes,
  dropReasoning,
  readUsage,
  isTerminal: (event) => event.event === 'message_stop' || /"type"\s*:\s*"message_stop"/.test(event.data),
  readStreamError,
  heartbeat: PING,
  encodeModel,
  encodeModelList,
  count: countTokens,
};
