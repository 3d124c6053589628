/** A smallest request in each protocol, and how each says what tests look at. */
import type { Dialect } from '../../proxy/dialects/canonical';
import type { JsonObject } from '../../shared/json';
import { checkAnthropicStream } from './check/check-anthropic-stream';
import { checkGeminiStream, readGeminiEvents } from './check/check-gemini-stream';
import { checkOpenaiChatStream } from './check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from './check/check-openai-responses-stream';
import { readEvents } from './read-events';
import type { StreamReading } from './stream-reading';

export const DIALECT_NAMES: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];

export interface SmallRequest {
  path: string;
  headers: Record<string, string>;
  body: JsonObject;
}

/** "Hi" in that protocol. */
export function smallRequest(dialect: Dialect, model: string, stream = false): SmallRequest {
  const headers = { 'content-type': 'application/json' };
  switch (dialect) {
    case 'openai-chat':
      return {
        path: '/v1/chat/completions',
        headers,
        body: { model, messages: [{ role: 'user', content: 'Hi' }], ...(stream && { stream }) },
      };
    case 'openai-responses':
      return { path: '/v1/responses', headers, body: { model, input: 'Hi', ...(stream && { stream }) } };
    case 'anthropic':
      return {
        path: '/v1/messages',
        headers: { ...headers, 'anthropic-version': '2023-06-01' },
        body: {
          model,
          max_tokens: 100,
          messages: [{ role: 'user', content: 'Hi' }],
          ...(stream && { stream }),
        },
      };
    case 'gemini':
      return {
        path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        headers,
        body: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
      };
  }
}

/** Sends {@link smallRequest}; `init` may replace headers, body or method. */
export function sendSmall(
  baseUrl: string,
  dialect: Dialect,
  options: { model?: string; stream?: boolean; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  const request = smallRequest(dialect, options.model ?? 'asked-model', options.stream);
  return fetch(baseUrl + request.path, {
    method: 'POST',
    headers: { ...request.headers, ...options.headers },
    body: JSON.stringify(request.body),
    ...(options.signal && { signal: options.signal }),
  });
}

/** Checks a whole stream as its protocol's grammar says. Usage in chat completions is not expected. */
export function checkStream(dialect: Dialect, text: string): StreamReading {
  switch (dialect) {
    case 'openai-chat':
      return checkOpenaiChatStream(readEvents(text), { usage: false });
    case 'openai-responses':
      return checkOpenaiResponsesStream(readEvents(text));
    case 'anthropic':
      return checkAnthropicStream(readEvents(text));
    case 'gemini':
      return checkGeminiStream(readGeminiEvents(text));
  }
}
