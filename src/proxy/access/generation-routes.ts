import type { Exchange } from '../exchange/exchange';

/** Routes on which a `POST` makes an upstream work, and costs money. */
const ROUTES = new Set([
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/responses',
  '/v1/responses/compact',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/images/generations',
  '/v1/images/edits',
  '/v1/audio/transcriptions',
  '/v1beta/generateContent',
  '/v1beta/streamGenerateContent',
  '/v1beta/embedContent',
  '/v1beta/batchEmbedContents',
]);

/** Whether a request counts against a limit of requests: not lists, counts of tokens, stored answers and health. */
export function isGeneration({ incoming, path }: Pick<Exchange, 'incoming' | 'path'>): boolean {
  return incoming.method === 'POST' && ROUTES.has(path.route);
}
