/** Pass-through of what is no plain JSON answer: forms, stored responses, compressed and large bodies (SPEC 3.2, 4.1). */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { assertErrorResponse } from '../support/check/check-error-body';
import { sendSmall, smallRequest } from '../support/dialect-requests';
import { openaiClient } from '../support/sdk/sdk-openai';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountAt, accountsOfAll, ownModel, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

describe('pass-through of other things', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
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

  it('sends a form of the audio endpoint on as it is', async () => {
    upstream.behave({ path: /transcriptions/, body: { text: 'hello there' } });
    const file = new File([new Uint8Array([0, 255, 13, 10, 45, 45])], 'voice.wav', { type: 'audio/wav' });
    const answer = await openaiClient(portside.url).audio.transcriptions.create({ file, model: 'whisper-1' });
    assert.equal(answer.text, 'hello there');
    const request = upstream.requests[0]!;
    assert.equal(request.url, '/v1/audio/transcriptions');
    assert.match(request.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
    assert.ok(request.bytes.includes(Buffer.from([0, 255, 13, 10, 45, 45])));
  });

  for (const method of ['GET', 'DELETE'])
    it(`sends ${method} /v1/responses/{id} to an account that speaks Responses`, async () => {
      upstream.behave({ path: /\/responses\/resp_1/, body: { id: 'resp_1', object: 'response' } });
      const response = await fetch(`${portside.url}/v1/responses/resp_1?include=x`, { method });
      assert.deepEqual(await response.json(), { id: 'resp_1', object: 'response' });
      const request = upstream.requests[0]!;
      assert.deepEqual([request.method, request.url], [method, '/v1/responses/resp_1?include=x']);
      assert.equal(request.headers.authorization, 'Bearer sk-upstream-key-of-openai-responses');
    });

  it('sends /v1/responses/compact on', async () => {
    upstream.behave({ path: /compact/, body: { output: [] } });
    const response = await fetch(`${portside.url}/v1/responses/compact`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: ownModel('openai-responses'), input: [] }),
    });
    assert.deepEqual(await response.json(), { output: [] });
  });

  describe('a compressed answer that nobody asked for', () => {
    beforeEach(async () => {
      const body = Buffer.from(await (await sendSmall(upstream.url, 'anthropic')).arrayBuffer());
      upstream.reset();
      upstream.behave({ body: gzipSync(body), headers: { 'content-encoding': 'gzip' } });
    });
    it('passes through', async () => {
      const response = await sendSmall(portside.url, 'anthropic', { model: ownModel('anthropic') });
      assert.match(await response.text(), /Hello from upstream/);
    });
    it('is a clear error where it has to be translated', async () => {
      const response = await sendSmall(portside.url, 'openai-chat', { model: ownModel('anthropic') });
      const error = await assertErrorResponse('openai-chat', 502, response);
      assert.match(error.message, /gzip/);
    });
  });

  for (const client of ['anthropic', 'gemini'] as const)
    it(`carries 20 MB each way for a ${client} client`, async () => {
      const large = 'ü'.repeat(10 * 1024 * 1024);
      upstream.behave({ answer: { text: large } });
      const { path, headers, body } = smallRequest('anthropic', ownModel(client));
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...body, messages: [{ role: 'user', content: large }] }),
      });
      const answer = (await response.json()) as { content: { text: string }[] };
      assert.equal(answer.content[0]?.text.length, large.length);
      assert.ok(upstream.generations[0]!.bytes.length > 20 * 1024 * 1024);
    }).timeout(60_000);

  it('puts a label with any characters into a header', async () => {
    const other = await startPortside({
      accounts: [accountAt(upstream, 'gemini', { label: 'Mein Schlüssel 🔑\u00a0' })],
    });
    const response = await sendSmall(other.url, 'anthropic');
    await response.text();
    assert.equal(response.status, 200);
    assert.match(response.headers.get('x-portside-account') ?? '', /^Mein Schl/);
    await other.stop();
  });

  it('serves 200 streams at once, each its own', async () => {
    upstream.behave({ framing: { seed: 3 } });
    const texts = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const clients = ['openai-chat', 'anthropic', 'gemini'] as const;
        const client = clients[index % 3]!;
        const account = clients[Math.floor(index / 3) % 3]!;
        const response = await sendSmall(portside.url, client, { model: ownModel(account), stream: true });
        return response.text();
      }),
    );
    assert.equal(texts.length, 200);
    for (const text of texts) assert.match(text, /Hello|"Hell/);
    assert.equal(upstream.generations.length, 200);
  });
});
