/** Every client SDK against every kind of account, streaming and not (SPEC 4.2–4.4, 4.8, 4.9, 4.13). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../proxy/dialects/canonical';
import { isObject } from '../../shared/json';
import { checkStream, sendSmall } from '../support/dialect-requests';
import { SDK_CLIENTS } from '../support/sdk/sdk-clients';
import type { Question, SdkClient, Tool } from '../support/sdk/sdk-clients';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountAt, SERVED_MODEL, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

const ACCOUNTS: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
/** A PNG of one pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const TRICKY =
  'Grüße, 世界 👋🏽 — "quotes", \\back\\slash, \t tab\nnew line, [DONE], data: x, </s> {"json": true}';

const weather: Tool = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
    required: ['city'],
  },
  run: ({ city }) => `It is ${String(city).length} degrees in ${String(city)}, "says" the oracle: ${TRICKY}`,
};
const clock: Tool = {
  name: 'get_time',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: {} },
  run: () => '12:34',
};

const same = (client: SdkClient, account: Dialect) => client.dialect === account;
/**
 * The older Gemini SDK merges the calls of one chunk into one and reads only the plainest framing. What passes through
 * unparsed is for it to read.
 */
const poorReader = (client: SdkClient, account: Dialect) =>
  client.name === '@google/generative-ai' && same(client, account);

describe('translation, by official SDKs', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream({
      keys: ACCOUNTS.map((dialect) => `sk-upstream-key-of-${dialect}`),
    });
  });
  after(() => upstream.close());

  for (const account of ACCOUNTS)
    for (const client of SDK_CLIENTS)
      describe(`${client.name} → ${account} account`, () => {
        before(async () => {
          portside = await startPortside({
            accounts: [accountAt(upstream, account)],
            routes: { '*': SERVED_MODEL },
          });
        });
        afterEach(() => {
          upstream.reset();
        });
        after(() => portside.stop());

        for (const stream of [false, true]) {
          const how = stream ? ', streaming' : '';
          const ask = (question: Partial<Question>) =>
            client.ask({ baseUrl: portside.url, model: 'asked-model', prompt: 'Hi', stream, ...question });

          it(`gets text, usage, stop reason and its own model name${how}`, async () => {
            upstream.reply({ text: TRICKY, usage: { input: 50, output: 12, cached: 10 } });
            const told = await ask({ prompt: `Say: ${TRICKY}`, system: 'You are terse.' });
            assert.equal(told.text, TRICKY);
            assert.deepEqual(told.usage, { input: 50, output: 12 });
            assert.match(told.stop, /^(stop|completed|end_turn|STOP)$/);
            if (client.name !== '@google/generative-ai') assert.equal(told.model, 'asked-model');
            const request = upstream.generations[0]!;
            assert.equal(request.dialect, account);
            assert.equal(request.stream, stream);
            assert.ok(
              strings(request.json).includes(`Say: ${TRICKY}`),
              'the prompt arrives as it was written',
            );
            assert.ok(strings(request.json).includes('You are terse.'), 'the system prompt arrives');
            const model = account === 'gemini' ? request.url : JSON.stringify(request.json.model);
            assert.match(model, new RegExp(SERVED_MODEL));
            if (account === 'gemini')
              assert.match(request.url, stream ? /:streamGenerateContent\?alt=sse/ : /:generateContent/);
          });

          it(`sends an image${how}`, async () => {
            upstream.reply({ text: 'A pixel.' });
            const told = await ask({ prompt: 'What is this?', image: PNG });
            assert.equal(told.text, 'A pixel.');
            const found = strings(upstream.generations[0]!.json);
            assert.ok(
              found.some((text) => text.endsWith(PNG)),
              'the image arrives',
            );
            assert.ok(found.some((text) => text.includes('image/png')));
          });

          it(`runs a tool and gets the final text${how}`, async () => {
            upstream.reply(
              {
                text: 'Let me look.',
                toolCalls: [{ name: 'get_weather', arguments: { city: 'Bern "CH"', days: 2 } }],
              },
              { times: 1 },
            );
            upstream.reply({ text: 'Fine weather.' });
            const told = await ask({ prompt: 'How is the weather?', tools: [weather, clock] });
            assert.equal(told.text, 'Fine weather.');
            assert.deepEqual(
              told.calls.map(({ name, input }) => [name, input]),
              [['get_weather', { city: 'Bern "CH"', days: 2 }]],
            );
            assert.equal(upstream.generations.length, 2);
            const [first, second] = upstream.generations;
            assert.ok(
              strings(first!.json).includes('Tells the weather of a city.'),
              'the declaration arrives',
            );
            assert.ok(
              strings(second!.json).some(
                (text) =>
                  text.includes(weather.run({ city: 'Bern "CH"' })) ||
                  text.includes(JSON.stringify(weather.run({ city: 'Bern "CH"' })).slice(1, -1)),
              ),
              'the result arrives',
            );
            assert.ok(strings(second!.json).includes('get_weather'), 'the call is in the history');
          });

          if (!(stream && poorReader(client, account)))
            it(`runs parallel calls, one of them without arguments, and keeps them apart${how}`, async () => {
              upstream.reply(
                {
                  toolCalls: [
                    { name: 'get_weather', arguments: { city: 'Bern' } },
                    { name: 'get_time', arguments: {} },
                    { name: 'get_weather', arguments: { city: 'Genf' } },
                  ],
                },
                { times: 1 },
              );
              upstream.reply({ text: 'Done.' });
              const told = await ask({ tools: [weather, clock] });
              assert.deepEqual(
                told.calls.map(({ name, input }) => [name, input]),
                [
                  ['get_weather', { city: 'Bern' }],
                  ['get_time', {}],
                  ['get_weather', { city: 'Genf' }],
                ],
              );
              if (client.dialect !== 'gemini')
                assert.equal(new Set(told.calls.map((call) => call.id)).size, 3);
              assert.equal(told.text, 'Done.');
              const sent = strings(upstream.generations[1]!.json).join('\n');
              for (const part of ['degrees in Bern', 'degrees in Genf', '12:34'])
                assert.ok(sent.includes(part), part);
            });

          it(`reads reasoning without taking it for text${how}`, async () => {
            upstream.reply({
              reasoning: 'Thinking hard.',
              text: 'Answer.',
              usage: { input: 9, output: 30, reasoning: 20 },
            });
            const told = await ask({});
            if (client.name !== '@google/generative-ai') assert.equal(told.text, 'Answer.');
            assert.equal(told.usage.input, 9);
          });

          it(`tells when the answer was cut for length${how}`, async () => {
            upstream.reply({ text: 'Half an ans', stop: 'length' });
            const told = await ask({});
            assert.equal(told.text, 'Half an ans');
            assert.match(told.stop, /^(length|max_output_tokens|max_tokens|MAX_TOKENS)$/);
          });
        }

        if (!poorReader(client, account))
          it('reads the stream however its bytes are cut and framed', async () => {
            for (const framing of [
              { byteByByte: true },
              { seed: 11 },
              { crlf: true },
              { bom: true },
              { comments: true },
              { noFinalNewline: true },
            ]) {
              upstream.reset();
              upstream.reply(
                { text: TRICKY, toolCalls: [{ name: 'get_time', arguments: { zone: 'Zürich' } }] },
                { framing, times: 1 },
              );
              upstream.reply({ text: TRICKY }, { framing });
              const told = await client.ask({
                baseUrl: portside.url,
                model: 'asked-model',
                prompt: 'Hi',
                stream: true,
                tools: [clock],
              });
              assert.equal(told.text, TRICKY, JSON.stringify(framing));
              assert.deepEqual(
                told.calls.map(({ input }) => input),
                [{ zone: 'Zürich' }],
              );
            }
          });

        if (!same(client, account))
          it('reads a whole answer from an upstream that ignores that a stream was asked for', async () => {
            upstream.behave({ answer: { text: 'All at once.' }, ignoreStream: true });
            const told = await client.ask({
              baseUrl: portside.url,
              model: 'asked-model',
              prompt: 'Hi',
              stream: true,
            });
            assert.equal(told.text, 'All at once.');
          });
      });

  describe('stream grammar (SPEC 4.9)', () => {
    const clients: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
    for (const client of clients)
      for (const account of ACCOUNTS)
        it(`is legal for ${client} from ${account}: reasoning, text and two calls`, async () => {
          const started = await startPortside({ accounts: [accountAt(upstream, account)] });
          upstream.reply({
            reasoning: 'Think.',
            text: TRICKY,
            toolCalls: [
              { name: 'a', arguments: { x: TRICKY } },
              { name: 'b', arguments: {} },
            ],
          });
          const response = await sendSmall(started.url, client, { stream: true });
          const reading = checkStream(client, await response.text());
          await started.stop();
          upstream.reset();
          assert.deepEqual(reading.complaints, []);
          assert.equal(reading.text, TRICKY);
          assert.deepEqual(
            reading.calls.map(({ name, input }) => [name, JSON.parse(input)]),
            [
              ['a', { x: TRICKY }],
              ['b', {}],
            ],
          );
        });

    for (const account of ACCOUNTS)
      it(`is one JSON array for Gemini without alt=sse, from ${account}`, async () => {
        const started = await startPortside({ accounts: [accountAt(upstream, account)] });
        const response = await fetch(`${started.url}/v1beta/models/m:streamGenerateContent`, {
          method: 'POST',
          body: '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}',
        });
        const text = await response.text();
        await started.stop();
        upstream.reset();
        assert.ok(text.startsWith('['));
        const reading = checkStream('gemini', text);
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, 'Hello from upstream');
      });
  });
});

/** Every string in a JSON value, keys not included. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (isObject(value)) return Object.values(value).flatMap(strings);
  return [];
}
