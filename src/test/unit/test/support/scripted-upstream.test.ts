import assert from 'node:assert/strict';
import { checkAnthropicStream } from '../../../support/check/check-anthropic-stream';
import { checkGeminiStream, readJsonArray } from '../../../support/check/check-gemini-stream';
import { readEvents } from '../../../support/read-events';
import { SDK_CLIENTS } from '../../../support/sdk/sdk-clients';
import type { Tool } from '../../../support/sdk/sdk-clients';
import { startScriptedUpstream } from '../../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../../support/upstream/scripted-upstream';
import type { Fault } from '../../../support/upstream/behaviour';

const WEATHER: Tool = {
  name: 'weather',
  description: 'Tells the weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => `sunny in ${String(city)}`,
};

describe('the scripted upstream', () => {
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(() => {
    upstream.reset();
  });
  after(() => upstream.close());

  const messages = (extra: object = {}) =>
    fetch(`${upstream.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [], stream: true, ...extra }),
    });

  for (const client of SDK_CLIENTS)
    for (const stream of [false, true])
      it(`is understood by ${client.name}${stream ? ', streaming' : ''}, tools included`, async () => {
        upstream.reply({ toolCalls: [{ name: 'weather', arguments: { city: 'Bern' } }] }, { times: 1 });
        upstream.reply({ text: 'It is sunny.', usage: { input: 11, output: 4 } });
        const told = await client.ask({
          baseUrl: upstream.url,
          model: 'some-model',
          prompt: 'How is the weather?',
          stream,
          tools: [WEATHER],
        });
        assert.equal(told.text, 'It is sunny.');
        assert.deepEqual(
          told.calls.map(({ name, input }) => [name, input]),
          [['weather', { city: 'Bern' }]],
        );
        assert.deepEqual(told.usage, { input: 11, output: 4 });
        assert.equal(upstream.generations.length, 2);
        assert.match(upstream.generations[1]!.bytes.toString(), /sunny in Bern/);
      });

  it('writes the same stream in every framing', async () => {
    for (const framing of [{}, { crlf: true }, { byteByByte: true }, { seed: 3 }, { comments: true }]) {
      upstream.reset();
      upstream.reply({ text: 'Grüße 👋' }, { framing });
      const reading = checkAnthropicStream(readEvents(await (await messages()).text()));
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, 'Grüße 👋');
    }
  });

  it('answers a JSON array where Gemini would', async () => {
    const response = await fetch(`${upstream.url}/v1beta/models/g:streamGenerateContent`, {
      method: 'POST',
      body: '{}',
    });
    const reading = checkGeminiStream(readJsonArray(await response.text()));
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.text, 'Hello from upstream');
  });

  const broken: Fault[] = [
    'reset-before-headers',
    'reset-mid-headers',
    'reset-mid-body',
    'wrong-content-length',
    'no-http',
  ];
  for (const fault of [...broken, 'giant-header'] as Fault[])
    it(`fails a reader with ${fault}, once`, async () => {
      upstream.fail({ fault });
      await assert.rejects(async () => (await messages()).text());
      assert.equal((await messages()).status, 200);
    });

  it('puts an error event first, amid, or cuts without an end', async () => {
    upstream.fail({ fault: 'error-event-first', message: 'first' });
    upstream.fail({ fault: 'error-event-mid', message: 'mid' });
    upstream.fail({ fault: 'cut-mid-stream' });
    assert.match(await (await messages()).text(), /^event: error\ndata: .*first/);
    assert.match(
      await (await messages()).text(),
      /^event: message_start\n.*event: error\n[^\n]*mid[^\n]*\n\n$/s,
    );
    assert.match(
      checkAnthropicStream(readEvents(await (await messages()).text())).complaints.join(),
      /no message_stop/,
    );
  });

  it('holds an answer until it is released, and sees a client leave', async () => {
    upstream.fail({ fault: 'hang' });
    const waiting = messages();
    await upstream.arrived(1);
    upstream.release();
    assert.equal((await waiting).status, 200);

    upstream.fail({ fault: 'hang-mid-body' });
    const left = await messages();
    const request = await upstream.arrived(2);
    await left.body?.cancel();
    await request.closed;
    assert.equal(request.aborted, true);
    assert.equal(upstream.generations[0]!.aborted, false);
  });

  it('treats keys differently, and refuses unknown ones', async () => {
    const strict = await startScriptedUpstream({ keys: ['a', 'b'] });
    strict.behave({ key: 'a', status: 429, headers: { 'retry-after': '7' } });
    const ask = (key: string) =>
      fetch(`${strict.openaiUrl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: '{"model":"m","messages":[]}',
      });
    const limited = await ask('a');
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('retry-after'), '7');
    assert.equal((await ask('b')).status, 200);
    assert.equal((await ask('c')).status, 401);
    assert.deepEqual(
      strict.requests.map((request) => request.key),
      ['a', 'b', 'c'],
    );
    await strict.close();
  });

  it('keeps the bytes of a request as they came', async () => {
    await fetch(`${upstream.openaiUrl}/chat/completions`, {
      method: 'POST',
      body: '{ "model" : "m",  "x":1}',
    });
    assert.equal(upstream.requests[0]!.bytes.toString(), '{ "model" : "m",  "x":1}');
    assert.equal(upstream.requests[0]!.json.x, 1);
  });
});
