/** Requests as agents shape them, from each protocol to each account, which refuses what its provider would refuse. */
import assert from 'node:assert/strict';
import type { Json } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { checkStream } from '../../support/dialect-requests';
import { askedModel, TARGETS, useStrictAccounts, type Target } from './accounts';
import { AGENT_BODIES, type AgentBody } from './bodies';

const PATHS = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  anthropic: '/v1/messages?beta=true',
};

/** All texts of a body, also those that are JSON within JSON. */
function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => [key, ...textsIn(one)]) : [];
}

describe('requests of agents', () => {
  const strict = useStrictAccounts();

  function post(given: AgentBody, target: Target, stream: boolean): Promise<Response> {
    const model = askedModel(target);
    const { client, body, headers } = given;
    const path =
      client === 'gemini'
        ? `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`
        : PATHS[client];
    return fetch(strict.portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(client === 'gemini' ? body : { ...body, model, stream }),
    });
  }

  for (const given of AGENT_BODIES)
    describe(`${given.client}: ${given.name}`, () => {
      for (const target of TARGETS.filter((one) => one.dialect !== given.client))
        for (const stream of [false, true])
          it(`CASES 25: is valid for ${target.id}, ${target.model}${stream ? ', streaming' : ''}`, async () => {
            strict.upstream.reply({ text: 'Hello.' });
            const response = await post(given, target, stream);
            const text = await response.text();
            const refused = given.refused?.[target.dialect];
            if (refused) {
              assert.equal(response.status, 400, text);
              assert.match(text, refused);
              assert.equal(strict.upstream.generations.length, 0);
              return;
            }
            assert.equal(response.status, 200, text);
            if (stream) assert.deepEqual(checkStream(given.client, text).complaints, []);
            else assert.match(text, /Hello\./);
            const sent = textsIn(strict.upstream.generations[0]!.json);
            const has = (words: string) => sent.some((one) => one.includes(words));
            for (const words of given.says ?? []) assert.ok(has(words), `"${words}" arrives`);
            for (const words of given.never ?? []) assert.ok(!has(words), `"${words}" stays`);
          });
    });
});
