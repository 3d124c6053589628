/** How answers end, and what they cost. */
import { conversation, user } from './case';
import type { Case } from './case';

export const ANSWERS: Case[] = [
  conversation(
    'a refusal in words',
    {},
    { answer: { refusal: 'I cannot help with that.', stop: 'refusal' } },
  ),
  conversation('a filter', {}, { answer: { text: 'So far', stop: 'content-filter' } }),
  conversation(
    'a limit within a call',
    {
      tools: [{ name: 'get_time', description: 'Tells the time.' }],
    },
    { answer: { text: 'So far', stop: 'length' } },
  ),
  conversation('a filter before any word', {}, { answer: { stop: 'content-filter' } }),
  conversation('a limit before any word', {}, { answer: { stop: 'length' } }),
  conversation(
    'a refusal in history',
    {
      turns: [user('Do it.'), { role: 'assistant', refusal: 'No.' }, user('Please.')],
    },
    { features: ['refusal in history'] },
  ),
  conversation(
    'usage of a cache',
    {},
    {
      answer: { text: 'Hi', usage: { input: 5000, output: 12, cached: 4000, cacheWrite: 500, reasoning: 5 } },
    },
  ),
  conversation('usage without a cache', {}, { answer: { text: 'Hi', usage: { input: 11, output: 3 } } }),
  conversation(
    'an answer by another model than asked',
    {},
    { answer: { text: 'Hi', model: 'a-dated-version-2026-01-01' } },
  ),
];
