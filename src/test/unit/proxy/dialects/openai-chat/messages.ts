import type { Message } from '../../../../../proxy/dialects/canonical';

/** A part of text. */
export const text = (words: string) => ({ type: 'text' as const, text: words });

/** A user message that says hi. */
export const user: Message = { role: 'user', content: [text('hi')] };

/** A call of a function without arguments. */
export const callOf = (id: string, name = 'f') => ({
  type: 'tool-call' as const,
  id,
  name,
  kind: 'function' as const,
  input: '{}',
});

/** The result of a call, one part of text for each of the words. */
export const resultOf = (callId: string, ...words: string[]) => ({
  type: 'tool-result' as const,
  callId,
  content: words.map(text),
});
