/** Embeddings for OpenAI and Gemini clients from accounts of both kinds (SPEC 3.2, 3.4). */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { GoogleGenerativeAI } from '@google/generative-ai';
import type { JsonObject } from '../../../shared/json';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { googleGenaiClient } from '../../support/sdk/sdk-google-genai';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { vectorOf } from '../../support/speak/speak-media';
import { accountAt, startPortside } from '../../support/start-portside';
import type { AccountInput, StartedPortside } from '../../support/start-portside';

const TEXTS = ['a first text', 'eine zweite: Straße', '第三'];

describe('embeddings', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const start = async (...accounts: AccountInput[]) => {
    portside = await startPortside({ accounts });
  };
  const post = (path: string, body: JsonObject) =>
    fetch(portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  describe('for an OpenAI client', () => {
    for (const kind of ['openai-chat', 'openai-responses', 'gemini'] as const)
      it(`come from a ${kind} account, as the SDK asks for them (Base64)`, async () => {
        await start(accountAt(upstream, kind));
        const answer = await openaiClient(portside.url).embeddings.create({
          model: 'text-embedding-3-small',
          input: TEXTS,
        });
        assert.deepEqual(
          answer.data.map(({ embedding }) => [...embedding]),
          TEXTS.map((text) => vectorOf(text)),
        );
        assert.deepEqual(
          answer.data.map(({ index, object }) => [index, object]),
          TEXTS.map((_, index) => [index, 'embedding']),
        );
        assert.equal(answer.model, 'text-embedding-3-small');
        assert.ok(answer.usage.prompt_tokens > 0);
        assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens);
      });

    it('come as numbers and in the length that was asked for', async () => {
      await start(accountAt(upstream, 'gemini'));
      const answer = await openaiClient(portside.url).embeddings.create({
        model: 'gemini-embedding-001',
        input: 'one text',
        encoding_format: 'float',
        dimensions: 5,
      });
      assert.deepEqual(answer.data[0]?.embedding, vectorOf('one text', 5));
      const [request] = upstream.requests;
      assert.equal(request!.url, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
      assert.deepEqual(request!.json, {
        requests: [
          {
            model: 'models/gemini-embedding-001',
            content: { parts: [{ text: 'one text' }] },
            outputDimensionality: 5,
          },
        ],
      });
    });

    it('never come from the chat model: the warning names the one that stands in', async () => {
      await start(accountAt(upstream, 'gemini'));
      const response = await post('/v1/embeddings', {
        model: 'text-embedding-3-small',
        input: 'x',
        user: 'somebody',
      });
      assert.equal(response.headers.get('x-portside-model'), 'gemini-embedding-001');
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.deepEqual(
        [record.modelAsked, record.modelServed, record.upstreamDialect, record.outcome],
        ['text-embedding-3-small', 'gemini-embedding-001', 'gemini', 'completed'],
      );
      assert.deepEqual(
        record.warnings.map(({ type, field }) => [type, field]),
        [
          ['changed', 'model'],
          ['dropped', 'user'],
          ['approximated', 'usage'],
        ],
      );
      assert.ok((record.usage?.inputTokens ?? 0) > 0);
    });

    it('follow a route without a warning about the model', async () => {
      portside = await startPortside({
        accounts: [accountAt(upstream, 'gemini')],
        routes: { 'text-embedding-3-*': 'gemini-embedding-2' },
      });
      const response = await post('/v1/embeddings', { model: 'text-embedding-3-large', input: 'x' });
      assert.equal(response.headers.get('x-portside-model'), 'gemini-embedding-2');
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.ok(!record.warnings.some(({ field }) => field === 'model'));
    });

    it('of a long list are asked for in hundreds and come back in order', async () => {
      await start(accountAt(upstream, 'gemini'));
      const input = Array.from({ length: 250 }, (_, index) => `text number ${index}`);
      const answer = await openaiClient(portside.url).embeddings.create({
        model: 'gemini-embedding-001',
        input,
      });
      assert.deepEqual(
        upstream.requests.map((request) => (request.json.requests as unknown[]).length),
        [100, 100, 50],
      );
      assert.deepEqual(
        answer.data.map(({ embedding }) => [...embedding]),
        input.map((text) => vectorOf(text)),
      );
    });

    it('come whole from the next account when one fails', async () => {
      await start(
        accountAt(upstream, 'gemini'),
        accountAt(upstream, 'gemini', { id: 'second', key: 'sk-second-key-of-gemini' }),
      );
      upstream.fail({ path: /batchEmbed/, status: 429 });
      const input = Array.from({ length: 120 }, (_, index) => `text ${index}`);
      const response = await post('/v1/embeddings', { model: 'gemini-embedding-001', input });
      const { data } = (await response.json()) as { data: { embedding: number[] }[] };
      assert.deepEqual(
        data.map(({ embedding }) => embedding),
        input.map((text) => vectorOf(text)),
      );
      const keys = upstream.requests.map(({ key }) => key);
      assert.equal(keys.length, 3);
      assert.notEqual(keys[0], keys[1]);
      assert.equal(keys[1], keys[2]);
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.deepEqual(
        record.attempts.map(({ status }) => status),
        [429, 200],
      );
    });

    for (const [what, behaviour] of [
      ['with a web page', { body: '<html>It works!</html>' }],
      ['with nothing', { body: '' }],
      ['with no vectors', { body: '{}' }],
      ['in bytes that nobody asked for', { body: gzipSync('{}'), headers: { 'content-encoding': 'gzip' } }],
    ] as const)
      it(`come from the next account when one answers ${what}`, async () => {
        await start(
          accountAt(upstream, 'gemini'),
          accountAt(upstream, 'gemini', { id: 'second', key: 'sk-second-key-of-gemini' }),
        );
        upstream.fail({ path: /batchEmbed/, ...behaviour });
        const response = await post('/v1/embeddings', { model: 'gemini-embedding-001', input: 'x' });
        assert.equal(response.status, 200);
        assert.equal(upstream.requests.length, 2);
      });

    it('stop at the upstream when the client leaves', async () => {
      await start(accountAt(upstream, 'gemini'));
      upstream.behave({ path: /batchEmbed/, fault: 'hang' });
      const leaving = new AbortController();
      const asked = fetch(`${portside.url}/v1/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', input: Array.from({ length: 300 }, String) }),
        signal: leaving.signal,
      });
      while (upstream.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      leaving.abort();
      await assert.rejects(asked);
      await upstream.requests[0]!.closed;
      assert.equal(upstream.requests[0]!.aborted, true);
      while (portside.exchanges.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(portside.exchanges[0]?.outcome, 'cancelled');
      assert.equal(upstream.requests.length, 1);
    });

    it('fail with what the last account said', async () => {
      await start(accountAt(upstream, 'gemini'));
      upstream.fail({ path: /batchEmbed/, status: 429, message: 'slow down' });
      const response = await post('/v1/embeddings', { model: 'gemini-embedding-001', input: TEXTS });
      assert.match((await assertErrorResponse('openai-chat', 429, response)).message, /slow down/);
    });

    it('in token numbers go to an OpenAI-like account', async () => {
      await start(accountAt(upstream, 'gemini'), accountAt(upstream, 'openai-chat'));
      const input = [[1, 2, 3], [4]];
      const response = await post('/v1/embeddings', { model: 'gemini-embedding-001', input });
      assert.equal(response.status, 200);
      assert.deepEqual(upstream.requests[0]!.json.input, input);
    });

    it('in token numbers are refused in words where there is none', async () => {
      await start(accountAt(upstream, 'gemini'));
      for (const input of [
        [1, 2],
        [[1], [2]],
      ]) {
        const response = await post('/v1/embeddings', { model: 'm', input });
        const error = await assertErrorResponse('openai-chat', 400, response);
        assert.equal(error.param, 'input');
        assert.match(error.message, /token numbers/);
      }
      assert.equal(upstream.requests.length, 0);
    });

    it('that are badly asked for are refused with the field', async () => {
      await start(accountAt(upstream, 'gemini'));
      const cases: [JsonObject, string][] = [
        [{}, 'input'],
        [{ input: [] }, 'input'],
        [{ input: ['a', { no: 'text' }] }, 'input[1]'],
        [{ input: 'a', dimensions: 0 }, 'dimensions'],
        [{ input: 'a', encoding_format: 'int8' }, 'encoding_format'],
      ];
      for (const [body, param] of cases) {
        const response = await post('/v1/embeddings', { model: 'm', ...body });
        assert.equal((await assertErrorResponse('openai-chat', 400, response)).param, param);
      }
    });

    for (const [what, body] of [
      ['too few vectors', { embeddings: [{ values: [1] }] }],
      ['no vectors', { candidates: [] }],
      ['vectors that are none', { embeddings: TEXTS.map(() => ({ values: ['a'] })) }],
    ] as const)
      it(`are a 502 when the upstream answers with ${what}`, async () => {
        await start(accountAt(upstream, 'gemini'));
        upstream.behave({ path: /batchEmbed/, body: body as unknown as JsonObject });
        const response = await post('/v1/embeddings', { model: 'm', input: TEXTS });
        await assertErrorResponse('openai-chat', 502, response);
      });
  });

  describe('for a Gemini client', () => {
    for (const kind of ['gemini', 'openai-chat', 'openai-responses'] as const)
      it(`come from a ${kind} account`, async () => {
        await start(accountAt(upstream, kind));
        const answer = await googleGenaiClient(portside.url).models.embedContent({
          model: 'gemini-embedding-001',
          contents: TEXTS,
          config: { outputDimensionality: 4 },
        });
        assert.deepEqual(
          answer.embeddings?.map(({ values }) => values),
          TEXTS.map((text) => vectorOf(text, 4)),
        );
      });

    it('come as the older SDK asks for them, one and many', async () => {
      await start(accountAt(upstream, 'openai-chat'));
      const model = new GoogleGenerativeAI('sk-any').getGenerativeModel(
        { model: 'gemini-embedding-001' },
        { baseUrl: portside.url },
      );
      assert.deepEqual((await model.embedContent('one')).embedding.values, vectorOf('one'));
      const content = (text: string) => ({ content: { role: 'user', parts: [{ text }] } });
      const { embeddings } = await model.batchEmbedContents({ requests: [content('a'), content('b')] });
      assert.deepEqual(
        embeddings.map(({ values }) => values),
        [vectorOf('a'), vectorOf('b')],
      );
    });

    it('come one by one through :embedContent, with what is lost told', async () => {
      await start(accountAt(upstream, 'openai-chat'));
      const response = await post('/v1beta/models/gemini-embedding-001:embedContent', {
        content: { parts: [{ text: 'in ' }, { text: 'two parts' }] },
        taskType: 'RETRIEVAL_DOCUMENT',
        embed_content_config: { title: 'A title', output_dimensionality: 6 },
      });
      const answer = (await response.json()) as JsonObject;
      assert.deepEqual(answer, {
        embedding: { values: vectorOf('in two parts', 6) },
        usageMetadata: { promptTokenCount: 3 },
      });
      assert.deepEqual(upstream.requests[0]!.json, {
        model: 'gemini-embedding-001',
        input: ['in two parts'],
        encoding_format: 'float',
        dimensions: 6,
      });
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.deepEqual(
        record.warnings.map(({ type, field }) => [type, field]),
        [
          ['dropped', 'taskType'],
          ['dropped', 'title'],
        ],
      );
    });

    it('reach a Gemini account under a routed name, in path and body', async () => {
      portside = await startPortside({
        accounts: [accountAt(upstream, 'gemini')],
        routes: { old: 'gemini-embedding-2' },
      });
      await googleGenaiClient(portside.url).models.embedContent({ model: 'old', contents: ['x', 'y'] });
      const request = upstream.requests[0]!;
      assert.match(request.url, /\/models\/gemini-embedding-2:batchEmbedContents$/);
      assert.deepEqual(
        (request.json.requests as JsonObject[]).map(({ model }) => model),
        ['models/gemini-embedding-2', 'models/gemini-embedding-2'],
      );
    });

    it('that are badly asked for are refused with the field', async () => {
      await start(accountAt(upstream, 'openai-chat'));
      const text = { parts: [{ text: 'x' }] };
      const cases: [string, JsonObject, RegExp][] = [
        ['embedContent', {}, /^content is required/],
        ['embedContent', { content: { parts: [] } }, /^content\.parts /],
        ['embedContent', { content: { parts: [{ inlineData: {} }] } }, /^content\.parts\[0\] is no text/],
        ['batchEmbedContents', { requests: [] }, /^requests /],
        ['batchEmbedContents', { requests: [{ content: text }, 7] }, /^requests\[1\] /],
        [
          'batchEmbedContents',
          { requests: [{ content: text }, { content: text, outputDimensionality: 3 }] },
          /the same outputDimensionality/,
        ],
      ];
      for (const [verb, body, message] of cases) {
        const response = await post(`/v1beta/models/m:${verb}`, body);
        assert.match((await assertErrorResponse('gemini', 400, response)).message, message);
      }
    });
  });

  it('are passed on byte for byte to an account of the same protocol', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    const body = '{ "input":"x",\n "model" : "m", "unknown": [1.50] }';
    await fetch(`${portside.url}/v1/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(upstream.requests[0]!.bytes.toString(), body);
  });

  for (const accounts of ['anthropic', 'demo'] as const)
    it(`are never asked of ${accounts} accounts; the error says what is needed`, async () => {
      await start(accounts === 'demo' ? { id: 'demo', provider: 'demo' } : accountAt(upstream, accounts));
      const openai = await post('/v1/embeddings', { model: 'm', input: 'x' });
      assert.match(
        (await assertErrorResponse('openai-chat', 400, openai)).message,
        /OpenAI-like account.*Gemini account/,
      );
      const gemini = await post('/v1beta/models/m:embedContent', { content: { parts: [{ text: 'x' }] } });
      assert.match((await assertErrorResponse('gemini', 400, gemini)).message, /OpenAI-like account/);
      assert.equal(upstream.requests.length, 0);
    });

  it('pick the account that can among others', async () => {
    await start(accountAt(upstream, 'anthropic'), accountAt(upstream, 'gemini'));
    const answer = await openaiClient(portside.url).embeddings.create({
      model: 'claude-sonnet-4-5',
      input: 'x',
    });
    assert.deepEqual([...answer.data[0]!.embedding], vectorOf('x'));
  });
});
