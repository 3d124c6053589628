import type { Dialect } from '../../../proxy/dialects/canonical';
import type { Ask, WireAsk } from './neutral';
import { writeAnthropic } from './write-anthropic';
import { writeGemini } from './write-gemini';
import { writeOpenaiChat } from './write-openai-chat';
import { writeOpenaiResponses } from './write-openai-responses';

/** The request that a client of that protocol makes of a conversation, as its official SDK sends it. */
export function writeRequest(
  client: Dialect,
  ask: Ask,
  options: { model: string; stream: boolean; callIds?: boolean },
): WireAsk {
  const { model, stream } = options;
  const headers = { 'content-type': 'application/json' };
  switch (client) {
    case 'openai-chat':
      return { path: '/v1/chat/completions', headers, body: writeOpenaiChat(ask, model, stream) };
    case 'openai-responses':
      return { path: '/v1/responses', headers, body: writeOpenaiResponses(ask, model, stream) };
    case 'anthropic':
      return {
        path: '/v1/messages',
        headers: { ...headers, 'anthropic-version': '2023-06-01' },
        body: writeAnthropic(ask, model, stream),
      };
    case 'gemini':
      return {
        path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        headers,
        body: writeGemini(ask, options.callIds),
      };
  }
}
