/** OpenAI chat completions, as OpenAI and the many compatible servers speak them. */
import type { DialectAdapter } from '../adapter';
import { decodeError, isTerminal, readStreamError } from './decode-error';
import { decodeRequest } from './decode-request';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { dropEnvelopes, dropReasoning } from './drop-reasoning';
import { encodeError, encodeStreamError } from './encode-error';
import { encodeModel, encodeModelList } from './encode-models';
import { encodeRequest } from './encode-request';
import { encodeResponse } from './encode-response';
import { createStreamEncoder } from './encode-stream';
import { readUsage } from './map-usage';

export const openaiChatAdapter: DialectAdapter = {
  dialect: 'openai-chat',
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
  isTerminal,
  readStreamError,
  heartbeat: ': ping\n\n',
  encodeModel,
  encodeModelList,
};
