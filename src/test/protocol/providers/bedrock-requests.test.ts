/** Requests as agents shape them, and every conversation of the matrix, reach Amazon Bedrock in a form that it takes (CASES 25). */
import assert from 'node:assert/strict';
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { API_KEY, startBedrockServer, type BedrockServer } from '../../support/upstream/bedrock-server';
import { checkStream, DIALECT_NAMES } from '../../support/dialect-requests';
import { startPortside, type StartedPortside } from '../../support/start-portside';
import { AGENT_BODIES, type AgentBody } from '../cases/bodies';
import { CORPUS } from '../matrix/corpus';
import { canSay } from '../matrix/features';
import { writeRequest } from '../matrix/write-request';

const MODELS = ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.amazon.nova-2-lite-v1:0'];
const PATHS = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  anthropic: '/v1/messages?beta=true',
};
/** What the account cannot be sent at all. */
const REFUSED = /Amazon Bedrock (does not|takes|has)|can't read it|no content/;

/** All texts of a body, also those that are JSON within JSON. */
function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => [key, ...textsIn(one)]) : [];
}

describe('requests for Amazon Bedrock', () => {
  let server: BedrockServer;
  let portside: StartedPortside;
  before(async () => {
    server = await startBedrockServer();
    portside = await startPortside({
      accounts: [{ id: 'aws', provider: 'bedrock', key: API_KEY, baseUrl: server.url }],
      routes: Object.fromEntries(MODELS.map((model, index) => [`m${index}`, model])),
    });
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.problems.length = 0;
  });
  after(async () => {
    await portside.stop();
    await server.close();
  });

  const post = (path: string, body: JsonObject, headers: Record<string, string> = {}) =>
    fetch(portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  function send({ client, body, headers }: AgentBody, model: string, stream: boolean): Promise<Response> {
    if (client !== 'gemini') return post(PATHS[client], { ...body, model, stream }, headers);
    return post(
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body,
      headers,
    );
  }

  for (const [index, model] of MODELS.entries())
    describe(model, () => {
      for (const given of AGENT_BODIES)
        for (const stream of [false, true])
          it(`are valid: ${given.client}, ${given.name}${stream ? ', streaming' : ''}`, async () => {
            const response = await send(given, `m${index}`, stream);
            const text = await response.text();
            assert.deepEqual(server.problems, []);
            if (response.status === 400) {
              assert.match(text, REFUSED);
              assert.equal(server.requests.length, 0);
              return;
            }
            assert.equal(response.status, 200, text);
            if (stream) assert.deepEqual(checkStream(given.client, text).complaints, []);
            const sent = textsIn(server.requests.at(-1)?.json);
            for (const words of given.says ?? [])
              assert.ok(
                sent.some((one) => one.includes(words)),
                `"${words}" arrives`,
              );
            for (const words of given.never ?? [])
              assert.ok(!sent.some((one) => one.includes(words)), `"${words}" stays`);
          });

      for (const client of DIALECT_NAMES)
        for (const given of CORPUS.filter((one) => canSay(one.features, client)))
          it(`are valid: ${client}, ${given.name}`, async () => {
            const request = writeRequest(client, given.ask, {
              model: `m${index}`,
              stream: false,
              ...(given.callIds === false && { callIds: false }),
            });
            const response = await post(request.path, request.body, request.headers);
            const text = await response.text();
            assert.deepEqual(server.problems, []);
            if (response.status === 400) assert.match(text, REFUSED);
            else assert.equal(response.status, 200, text);
          });
    });
});
