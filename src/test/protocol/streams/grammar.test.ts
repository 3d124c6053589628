/** A stream with a part of every kind, for every pair of protocols, however its bytes are cut (SPEC 4.9, 4.10). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { Framing } from '../../support/upstream/behaviour';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { newReading } from '../../support/stream-reading';
import { ask, PAIRS, read, RICH, tokensOf, TRANSLATED, understood } from './pairs';

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

/** How empty arguments stand on the wire, and what some servers say instead. */
const NOTHING: Record<Dialect, [RegExp, string]> = {
  'openai-chat': [/"arguments":"\{\}"/g, '"arguments":""'],
  'openai-responses': [/"(delta|arguments)":"\{\}"/g, '"$1":""'],
  anthropic: [/"partial_json":"\{\}"/g, '"partial_json":""'],
  gemini: [/,"args":\{\}/g, ''],
};

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

      it('holds nothing back (CASES 8)', async () => {
        upstream.behave({ answer: RICH, fault: 'cut-mid-stream' });
        const own = { ...pair, client: pair.account };
        const half = read(pair.account, await (await ask(upstream.url, own)).text());
        assert.ok(half.text.length > 4, 'a part of the text is in the half that comes');
        for (const framing of [{}, { crlf: true, byteByByte: true }, { comments: true, seed: 9 }]) {
          upstream.reset();
          upstream.behave({ answer: RICH, fault: 'hang-mid-body', framing });
          const response = await ask(portside.url, pair);
          const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
          let text = '';
          let reading = newReading();
          // The rest comes once the half has been read.
          while (reading.text.length < half.text.length) {
            const { value, done } = await reader.read();
            assert.equal(done, false);
            text += value;
            if (/(\r?\n){2}$/.test(text)) reading = read(pair.client, text);
          }
          assert.equal(reading.text, half.text);
          assert.equal(reading.reasoning, half.reasoning);
          upstream.release();
          for (;;) {
            const { value, done } = await reader.read();
            if (done) break;
            text += value;
          }
          assert.deepEqual(read(pair.client, text).complaints, []);
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

  for (const pair of TRANSLATED)
    it(`gives a call whose arguments are nothing at all an empty object (CASES 12): ${pair.name}`, async () => {
      upstream.behave({
        answer: {
          toolCalls: [
            { name: 'get_time', arguments: {} },
            { name: 'get_time', arguments: {} },
          ],
        },
      });
      const whole = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
      const body = whole.replaceAll(NOTHING[pair.account][0], NOTHING[pair.account][1]);
      assert.notEqual(body, whole);
      upstream.reset();
      upstream.behave({ body, headers: { 'content-type': 'text/event-stream' } });
      const reading = read(pair.client, await (await ask(portside.url, pair)).text());
      assert.deepEqual(reading.complaints, []);
      assert.deepEqual(
        reading.calls.map(({ name, input }) => [name, JSON.parse(input)]),
        [
          ['get_time', {}],
          ['get_time', {}],
        ],
      );
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
