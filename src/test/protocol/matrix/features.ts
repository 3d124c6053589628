/** What conversations use of what not every protocol has, and which clients can say it at all. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';

/** What a conversation uses of what not every protocol has. */
export type Feature =
  | 'system in the middle'
  | 'developer message'
  | 'blank text'
  | 'no word of the user'
  | 'answer to be continued'
  | 'image by URL'
  | 'image detail'
  | 'file in a tool result'
  | 'image by URL in a tool result'
  | 'file name'
  | 'file without a name'
  | 'audio'
  | 'failed tool'
  | 'one call at a time'
  | 'strict tool'
  | 'free-text tool'
  | 'some of the tools'
  | 'web search'
  | 'refusal in history'
  | 'no output limit'
  | 'stop sequences'
  | 'more than five stop sequences'
  | 'temperature above 1'
  | 'top_k'
  | 'seed'
  | 'penalties'
  | 'several answers'
  | 'log probabilities'
  | 'JSON without a schema'
  | 'JSON without the word'
  | 'thinking budget'
  | 'no thinking'
  | 'user id'
  | 'cache key'
  | 'cache markers'
  | 'field of its own';

/** All four. */
export const ALL: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const except = (...these: Dialect[]) => ALL.filter((one) => !these.includes(one));

/** Clients whose protocol has no way to say it: no such request exists. */
export const CANNOT_SAY: Partial<Record<Feature, Dialect[]>> = {
  'system in the middle': ['gemini'],
  'developer message': ['anthropic', 'gemini'],
  // Both demand a message of the user.
  'no word of the user': ['anthropic', 'gemini'],
  'image detail': ['anthropic', 'gemini'],
  'file in a tool result': ['openai-chat'],
  'image by URL in a tool result': ['openai-chat'],
  'file name': ['gemini'],
  'file without a name': ['openai-chat', 'openai-responses'],
  audio: ['openai-responses', 'anthropic'],
  'failed tool': ['openai-chat', 'openai-responses'],
  'one call at a time': ['gemini'],
  'strict tool': ['gemini'],
  'free-text tool': ['anthropic', 'gemini'],
  'some of the tools': ['anthropic'],
  'refusal in history': ['anthropic', 'gemini'],
  'no output limit': ['anthropic'],
  'stop sequences': ['openai-responses'],
  'more than five stop sequences': except('anthropic'),
  'temperature above 1': ['anthropic'],
  top_k: ['openai-chat', 'openai-responses'],
  seed: ['openai-responses', 'anthropic'],
  penalties: ['openai-responses', 'anthropic'],
  'several answers': ['openai-responses', 'anthropic'],
  'log probabilities': ['anthropic'],
  'JSON without a schema': ['anthropic'],
  // OpenAI refuses such requests.
  'JSON without the word': ['openai-chat', 'openai-responses', 'anthropic'],
  'thinking budget': ['openai-chat', 'openai-responses'],
  'user id': ['gemini'],
  'cache key': ['anthropic', 'gemini'],
  'cache markers': except('anthropic'),
};

/** A field that exists in one protocol only. */
export const OWN_FIELDS: Record<Dialect, JsonObject> = {
  'openai-chat': { logit_bias: { '50256': -100 } },
  'openai-responses': { truncation: 'auto' },
  anthropic: { container: 'container_1' },
  gemini: { safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }] },
};

/** Whether the client's protocol can say all of it. */
export function canSay(features: Feature[], client: Dialect): boolean {
  return features.every((feature) => !CANNOT_SAY[feature]?.includes(client));
}
