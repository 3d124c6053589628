/**
 * The editor's own language models, which accounts speak and no client does. Bodies are {@link LmRequest} and the parts of
 * an answer as JSON: `upstream/editor-models.ts` hands them to the host and back.
 * https://code.visualstudio.com/api/extension-guides/ai/language-model
 */
import type { UpstreamAdapter } from '../adapter';
import { decodeError, readStreamError } from './decode-error';
import { decodeResponse } from './decode-response';
import { createStreamDecoder } from './decode-stream';
import { COUNT_PATH, encodeRequest } from './encode-request';

export const editorAdapter: UpstreamAdapter = {
  dialect: 'editor',
  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  // Reasoning is never sent: there is nothing to take out.
  dropReasoning: () => false,
  readStreamError,
  count: {
    encodeRequest: (request, context) => ({ ...encodeRequest(request, context), path: COUNT_PATH }),
    decodeResponse: ({ tokens }) => (typeof tokens === 'number' ? Math.ceil(tokens) : 0),
  },
};
