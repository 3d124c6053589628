/** What is said about the output: limits, sampling, form, thinking, caching. */
import { conversation, user } from './case';
import type { Case } from './case';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    kind: { type: 'string', enum: ['a', 'b'] },
  },
  required: ['name', 'tags', 'kind'],
  additionalProperties: false,
};
const token = (text: string, logprob: number) => ({ token: text, logprob });

export const SETTINGS: Case[] = [
  conversation('an output limit', { maxTokens: 77 }, { answer: { text: 'Half an ans', stop: 'length' } }),
  conversation('no output limit', {}, { features: ['no output limit'] }),
  conversation('a temperature', { temperature: 0.3 }),
  conversation('a temperature of zero', { temperature: 0 }),
  conversation('a temperature above 1', { temperature: 1.5 }, { features: ['temperature above 1'] }),
  conversation('top_p', { topP: 0.9 }),
  conversation('top_k', { topK: 40 }, { features: ['top_k'] }),
  conversation('a seed', { seed: 42 }, { features: ['seed'] }),
  conversation('penalties', { presencePenalty: 0.5, frequencyPenalty: -0.5 }, { features: ['penalties'] }),
  conversation(
    'several answers',
    { n: 3 },
    {
      features: ['several answers'],
      answer: { text: 'First.', alternatives: ['Second.', 'Third.'] },
    },
  ),
  conversation(
    'log probabilities',
    { logprobs: 2 },
    {
      features: ['log probabilities'],
      answer: {
        text: 'Hi there',
        logprobs: [
          { ...token('Hi', -0.25), top: [token('Hi', -0.25), token('Hello', -1.5)] },
          { ...token(' there', -0.5), top: [token(' there', -0.5), token(' you', -2)] },
        ],
      },
    },
  ),
  conversation(
    'stop sequences',
    { stop: ['END', '\n\nHuman:'] },
    {
      features: ['stop sequences'],
      answer: { text: 'Up to here', stop: 'stop-sequence', stopSequence: 'END' },
    },
  ),
  conversation(
    'six stop sequences',
    { stop: ['A', 'B', 'C', 'D', 'E', 'F'] },
    { features: ['stop sequences', 'more than five stop sequences'] },
  ),
  conversation(
    'JSON without the word',
    { format: 'json' },
    { features: ['JSON without a schema', 'JSON without the word'], answer: { text: '{"a": 1}' } },
  ),
  conversation(
    'JSON without a schema',
    { format: 'json', turns: [user('Answer in JSON.')] },
    {
      features: ['JSON without a schema'],
      answer: { text: '{"a": 1}' },
    },
  ),
  conversation(
    'JSON after a schema',
    { format: { name: 'thing', schema } },
    {
      answer: { text: '{"name":"x","tags":[],"kind":"a"}' },
    },
  ),
  conversation(
    'thinking with an effort',
    { thinking: { effort: 'medium' }, maxTokens: 16_000 },
    {
      answer: { reasoning: 'Let me think.', text: 'Done.', usage: { input: 30, output: 50, reasoning: 20 } },
    },
  ),
  conversation('thinking with much effort', { thinking: { effort: 'high' }, maxTokens: 30_000 }),
  conversation(
    'thinking with a budget',
    { thinking: { budget: 8192 }, maxTokens: 16_000 },
    {
      features: ['thinking budget'],
      answer: { reasoning: 'Let me think.', text: 'Done.' },
    },
  ),
  conversation('no thinking', { thinking: { effort: 'none' } }, { features: ['no thinking'] }),
  conversation('thinking with little effort', { thinking: { effort: 'low' }, maxTokens: 16_000 }),
  conversation(
    'JSON after a schema with a name and words',
    { format: { name: 'a_thing', description: 'A thing as it is.', schema } },
    { answer: { text: '{"name":"x","tags":[],"kind":"a"}' } },
  ),
  conversation('a user id', { userId: 'user-123' }, { features: ['user id'] }),
  conversation('a field of its own', {}, { features: ['field of its own'] }),
  conversation('a cache key', { cacheKey: 'session-1' }, { features: ['cache key'] }),
  conversation(
    'cache markers',
    {
      turns: [
        { role: 'system', texts: ['Be terse.'], cached: true },
        user({ type: 'text', text: 'A long document.', cached: true }, 'A question.'),
      ],
      tools: [{ name: 'get_time', description: 'Tells the time.', cached: true }],
    },
    { features: ['cache markers'] },
  ),
];
