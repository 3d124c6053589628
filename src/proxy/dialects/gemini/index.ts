import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { DialectAdapter, SseEvent } from '../adapter';
import {
  decodeCountRequest,
  decodeCountResponse,
  encodeCountRequest,
  encodeCountResponse,
} from './count-tokens';
import { blockReason, candidatesOf } from './decode-candidate';
import { decodeError } from './decode-error';
import { decodeRequest } from './decode-request';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { dropEnvelopes, dropReasoning } from './drop-reasoning';
import { encodeError, encodeStreamError } from './encode-error';
import { encodeModel, encodeModelList } from './encode-models';
import { encodeRequest } from './encode-request';
import { encodeResponse } from './encode-response';
import { createStreamEncoder } from './encode-stream';
import { decodeUsage } from './map-usage';
import { HEARTBEAT, field } from './wire';

/** Google's Gemini API, `v1beta` (https://ai.google.dev/api/generate-content). */
export const geminiAdapter: DialectAdapter = {
  dialect: 'gemini',
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
  readUsage: (payload) => decodeUsage(field(payload, 'usageMetadata')),
  isTerminal: (event) =>
    payloadsOf(event).some(
      (payload) =>
        blockReason(payload) !== undefined ||
        candidatesOf(payload).some(({ candidate }) => typeof field(candidate, 'finishReason') === 'string'),
    ),
  readStreamError: (event) => {
    const payload = payloadsOf(event).find((one) => isObject(one['error']));
    return payload && decodeError(502, payload);
  },
  heartbeat: HEARTBEAT,
  encodeModel,
  encodeModelList,
  count: {
    decodeRequest: decodeCountRequest,
    encodeRequest: encodeCountRequest,
    decodeResponse: decodeCountResponse,
    encodeResponse: encodeCountResponse,
  },
};

function payloadsOf(event: SseEvent): JsonObject[] {
  try {
    const value = JSON.parse(event.data) as Json;
    return (Array.isArray(value) ? value : [value]).filter(isObject);
  } catch {
    return [];
  }
}
