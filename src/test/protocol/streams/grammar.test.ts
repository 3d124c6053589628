/** A stream with a part of every kind, for every pair of protocols, however its bytes are cut (SPEC 4.9, 4.10). */
import assert from 'node:assert/strict';
import type { Framing } from '../../support/behaviour';
import { startScriptedUpstream } from '../../support/scripted-upstream';
import type { ScriptedUpstream } from '../../support/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, RICH, tokensOf, understood } from './pairs';

const STOP = {
  'openai-chat': 'tool_calls',
  'openai-responses': 'response.completed',
  anthropic: 'tool_use',
  gemini: 'STOP',
};

/** One of each, and all at once. */
const FRAMINGS: Framing[] = [
  { seed: 1 },
  { seed: 22 },
  { seed: 333 },
  { byteByByte: true },
  { crlf: true, seed: 7 },
  { bom: true, seed: 4 },
  { comments: true },
  { noFinalNewline: true },
  { crlf: true, bom: true, comments: true, noFinalNewline: true, seed: 5 },
];

describe('streams of every kind of account for every kind of client', () => {
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

  for (const pair of PAIRS)
    describe(pair.name, () => {
      it('keeps reasoning, text, two calls at once, stop reason and usage, by the grammar', async () => {
        upstream.reply(RICH);
        const response = await ask(portside.url, pair);
        assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
        assert.equal(response.headers.get('cache-control'), 'no-cache');
        assert.equal(response.headers.get('x-accel-buffering'), 'no');
        const reading = read(pair.client, await response.text());
        const { text, reasoning, calls, complaints, stop, tokens } = understood(pair.client, reading);
        assert.deepEqual(complaints, []);
        assert.equal(text, RICH.text);
        assert.equal(reasoning, RICH.reasoning);
        assert.deepEqual(
          calls,
          RICH.toolCalls?.map((call) => [call.name, call.arguments]),
        );
        assert.equal(stop, STOP[pair.client]);
        assert.deepEqual(tokens, { input: 50, output: 40 });
        const [one, two] = reading.calls;
        assert.ok(one?.id && two?.id && one.id !== two.id, 'two calls, two ids');
        const record = await portside.recorded(response.headers.get('x-request-id')!);
        assert.equal(record.outcome, 'completed');
        assert.equal(record.usage?.inputTokens, 50);
        assert.equal(record.usage.outputTokens, 40);
      });

      it('says the same however the bytes come', async () => {
        upstream.behave({ answer: RICH });
        const plain = understood(
          pair.client,
          read(pair.client, await (await ask(portside.url, pair)).text()),
        );
        for (const framing of FRAMINGS) {
          upstream.reset();
          upstream.behave({ answer: RICH, framing });
          const text = await (await ask(portside.url, pair)).text();
          assert.deepEqual(understood(pair.client, read(pair.client, text)), plain, JSON.stringify(framing));
        }
      });

      it('leaves no block open or begun for what was not said', async () => {
        for (const answer of [
          { text: 'Only text.' },
          { reasoning: 'Hm.', text: 'Then text.' },
          { toolCalls: [{ name: 'get_time', arguments: {} }] },
          { reasoning: 'Hm.', toolCalls: [{ name: 'get_time', arguments: {} }] },
          { text: 'x', stop: 'length' as const },
        ]) {
          upstream.reset();
          upstream.behave({ answer });
          const reading = read(pair.client, await (await ask(portside.url, pair)).text());
          const said = JSON.stringify(answer);
          assert.deepEqual(reading.complaints, [], said);
          assert.equal(reading.text, 'text' in answer ? answer.text : '', said);
          assert.equal(reading.reasoning, 'reasoning' in answer ? answer.reasoning : '', said);
          assert.equal(reading.calls.length, 'toolCalls' in answer ? 1 : 0, said);
          if ('toolCalls' in answer) assert.deepEqual(JSON.parse(reading.calls[0]!.input), {});
        }
      });
    });

  for (const account of ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const)
    it(`is one JSON array for Gemini's clients that ask for no events, from ${account}`, async () => {
      for (const framing of [{}, { seed: 6 }] as Framing[]) {
        upstream.reset();
        upstream.behave({ answer: RICH, framing });
        const response = await ask(portside.url, { client: 'gemini', account }, { array: true });
        assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
        const reading = read('gemini', await response.text());
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, RICH.text);
        assert.equal(reading.reasoning, RICH.reasoning);
        assert.equal(reading.calls.length, 2);
        assert.deepEqual(tokensOf('gemini', reading.usage), { input: 50, output: 40 });
      }
    });
});
