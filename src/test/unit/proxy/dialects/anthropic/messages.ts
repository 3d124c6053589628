/** Messages that the tests of requests to Anthropic are made of. */
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import type { AssistantPart, CanonicalRequest, Message } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { encoding, request } from './contexts';

/** The body that a request becomes for an Anthropic upstream. */
export function encode(
  parts: Partial<CanonicalRequest>,
  context = encoding(),
): JsonObject & { messages: JsonObject[] } {
  return anthropicAdapter.encodeRequest(request(parts), context).body as JsonObject & {
    messages: JsonObject[];
  };
}
export const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
export const call = (id: string, input = '{}', name = 'f'): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  input,
});
export const result = (callId: string, text = 'ok'): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content: [{ type: 'text', text }] }],
});
export const f = { type: 'function', name: 'f' } as const;
