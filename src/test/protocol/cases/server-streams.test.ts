/** Streams as real servers write them, for clients of every other protocol, streaming and not. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { readAnswer } from '../matrix/read-answer';
import { ask, read, tokensOf } from '../streams/pairs';
import { SERVER_STREAMS, type ServerStream } from './servers';

const ENDS: Record<Dialect, Record<NonNullable<ServerStream['ended']>, string>> = {
  'openai-chat': { stop: 'stop', 'tool-calls': 'tool_calls', length: 'length' },
  'openai-responses': { stop: 'completed', 'tool-calls': 'completed', length: 'incomplete' },
  anthropic: { stop: 'end_turn', 'tool-calls': 'tool_use', length: 'max_tokens' },
  gemini: { stop: 'STOP', 'tool-calls': 'STOP', length: 'MAX_TOKENS' },
};

describe('streams as servers write them', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  for (const given of SERVER_STREAMS)
    describe(`${given.account} account: ${given.name}`, () => {
      const { account, body } = given;
      const ended = given.ended ?? (given.calls ? 'tool-calls' : 'stop');
      const expected = { text: given.text ?? '', reasoning: given.reasoning ?? '', calls: given.calls ?? [] };
      const say = () => upstream.behave({ body, headers: { 'content-type': 'text/event-stream' } });
      for (const client of DIALECT_NAMES.filter((one) => one !== account)) {
        it(`${client} client, streaming`, async () => {
          say();
          const reading = read(client, await (await ask(portside.url, { client, account })).text());
          assert.deepEqual(reading.complaints, []);
          const { text, reasoning, calls, stop } = reading;
          const told = { text, reasoning, calls: calls.map(({ name, input }) => [name, JSON.parse(input)]) };
          assert.deepEqual(told, expected);
          assert.equal(stop?.replace('response.', '').split(':')[0], ENDS[client][ended]);
          assert.equal(
            new Set(calls.map(({ id }) => id)).size,
            calls.length,
            'each call has an id of its own',
          );
          if (given.tokens) assert.deepEqual(tokensOf(client, reading.usage), given.tokens);
        });

        it(`${client} client`, async () => {
          say();
          const response = await ask(portside.url, { client, account }, { stream: false });
          const answer = readAnswer(client, (await response.json()) as JsonObject);
          const { text, reasoning, calls, stop, usage } = answer;
          const told = { text, reasoning, calls: calls.map(({ name, input }) => [name, JSON.parse(input)]) };
          assert.deepEqual(told, expected);
          assert.equal(stop.split(':')[0], ENDS[client][ended]);
          if (given.tokens)
            assert.deepEqual([usage.input, usage.output], [given.tokens.input, given.tokens.output]);
        });
      }
    });
});
