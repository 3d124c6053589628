import type { Dialect } from '../../proxy/dialects/canonical';
import type { JsonObject } from '../../shared/json';

/** A short question in each protocol, for the model `asked`: path and body. */
export const QUESTIONS: Record<Dialect, (stream: boolean) => [path: string, body: JsonObject]> = {
  'openai-chat': (stream) => [
    '/v1/chat/completions',
    { model: 'asked', stream, messages: [{ role: 'user', content: 'Hi' }] },
  ],
  'openai-responses': (stream) => ['/v1/responses', { model: 'asked', stream, input: 'Hi' }],
  anthropic: (stream) => [
    '/v1/messages',
    { model: 'asked', stream, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  ],
  gemini: (stream) => [
    `/v1beta/models/asked:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
  ],
};
