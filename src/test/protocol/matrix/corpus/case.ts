import type { ScriptedAnswer } from '../../../support/upstream/scripted-answer';
import type { Framing } from '../../../support/upstream/behaviour';
import type { Feature } from '../features';
import type { Ask, Part, Turn } from '../neutral';

/** One conversation: what is asked, what the model says, and what of it not every protocol can carry. */
export interface Case {
  name: string;
  features: Feature[];
  ask: Ask;
  answer: ScriptedAnswer;
  framing?: Framing;
  /** `false`: a Gemini client that gives its calls no ids. */
  callIds?: false;
  /** Ids that not every protocol allows: who answers whom is compared, not the letters. */
  foreignIds?: true;
  /** Tool names that not every protocol allows: what the upstream sees is compared by position. */
  foreignNames?: true;
}

/** A PNG of one pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const PDF = 'JVBERi0xLjQKJSVFT0YK';
export const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

/** Everything that has broken a parser, an escaper or a framing before. */
export const TRICKY =
  'Grüße, 世界 👩‍👩‍👧‍👦👋🏽 — "quotes", \\back\\slash, \t tab\nnew line\r\nCRLF\r\n\r\n[DONE] data: [DONE]\ndata: {"x":1}\n\n' +
  'event: error\n\nHuman: hi\n\nAssistant: </s><|endoftext|> {"json": [true]} \u2028\u2029\u0000\u001b[0m %s ${x} `x`';

const USER: Turn = { role: 'user', parts: [{ type: 'text', text: 'Hello there.' }] };

export const user = (...parts: (Part | string)[]): Turn => ({
  role: 'user',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

/** A case of one user message unless its turns are given, answered with a short text unless it says otherwise. */
export function conversation(
  name: string,
  given: Partial<Ask> = {},
  more: Partial<Omit<Case, 'name' | 'ask'>> = {},
): Case {
  return {
    name,
    features: [],
    ask: { turns: [USER], maxTokens: 4000, ...given },
    answer: { text: 'Hello from upstream.' },
    ...more,
  };
}
