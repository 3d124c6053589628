import type { Message } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';

/** A user message of one text. */
export const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

/** An assistant message of one function call, with Gemini's own metadata where given. */
export const call = (id: string, name = 'f', input = '{}', metadata?: JsonObject): Message => ({
  role: 'assistant',
  content: [
    {
      type: 'tool-call',
      id,
      name,
      kind: 'function',
      input,
      ...(metadata && { metadata: { gemini: metadata } }),
    },
  ],
});

/** A message with the result of one call, as text. */
export const result = (callId: string, text = 'ok'): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content: [{ type: 'text', text }] }],
});
