/** What one provider takes and another refuses: kept within the other's limits, with a warning. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { askedModel, TARGETS, useStrictAccounts } from './accounts';

interface Excess {
  name: string;
  client: Exclude<Dialect, 'gemini'>;
  body: JsonObject;
  /** Field of the warning, and the accounts that need it. */
  warns: RegExp;
  accounts: Dialect[];
}

const PARAMETERS = { type: 'object', properties: { a: { type: 'string' } } };
const PATHS = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  anthropic: '/v1/messages',
};
const messages = [{ role: 'user', content: 'Hi' }];
const marked = (text: string) => [{ type: 'text', text, cache_control: { type: 'ephemeral' } }];

const EXCESSES: Excess[] = [
  {
    name: 'the same tool twice',
    client: 'openai-chat',
    body: {
      messages,
      tools: [1, 2].map(() => ({ type: 'function', function: { name: 'a', parameters: PARAMETERS } })),
    },
    warns: /^tools\[1\]$/,
    accounts: ['openai-responses', 'anthropic', 'gemini'],
  },
  {
    name: 'six marks for the cache',
    client: 'openai-chat',
    body: {
      messages: [
        { role: 'system', content: marked('s') },
        ...['a', 'b', 'c', 'd', 'e'].map((text) => ({ role: 'user', content: marked(text) })),
      ],
    },
    warns: /^cache_control$/,
    accounts: ['anthropic'],
  },
  {
    name: 'nine answers',
    client: 'openai-chat',
    body: { messages, n: 9 },
    warns: /^n$/,
    accounts: ['gemini'],
  },
  {
    name: 'a top_k of 0',
    client: 'anthropic',
    body: { messages, max_tokens: 9, top_k: 0 },
    warns: /^top_k$/,
    accounts: ['gemini'],
  },
  {
    name: 'a long id of the user',
    client: 'anthropic',
    body: { messages, max_tokens: 9, metadata: { user_id: 'u'.repeat(150) } },
    warns: /^user$/,
    accounts: ['openai-chat', 'openai-responses'],
  },
  {
    name: 'arguments that are no JSON',
    client: 'openai-responses',
    body: {
      input: [
        { role: 'user', content: 'Hi' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":' },
        { type: 'function_call_output', call_id: 'c', output: 'bad arguments' },
      ],
    },
    warns: /^messages|^tool_use/,
    accounts: ['openai-chat', 'anthropic', 'gemini'],
  },
];

describe('what one provider takes and another refuses', () => {
  const strict = useStrictAccounts();

  for (const { name, client, body, warns, accounts } of EXCESSES)
    for (const target of TARGETS.filter((one) => accounts.includes(one.dialect)))
      it(`${name}: ${client} client, ${target.id}, ${target.model}`, async () => {
        const response = await fetch(strict.portside.url + PATHS[client], {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...body, model: askedModel(target) }),
        });
        assert.equal(response.status, 200, await response.text());
        const record = await strict.portside.recorded(response.headers.get('x-request-id') ?? '');
        assert.ok(
          record.warnings.some(({ field }) => warns.test(field)),
          JSON.stringify(record.warnings),
        );
      });
});
