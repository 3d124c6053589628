/** One path, three protocols (SPEC 3.2–3.4, CLIENTS.md lesson 1). */
import assert from 'node:assert/strict';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { anthropicClient } from '../../support/sdk/sdk-anthropic';
import { googleGenaiClient } from '../../support/sdk/sdk-google-genai';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

interface Listing {
  object?: string;
  data?: { id: string; object?: string; type?: string; display_name?: string; created_at?: string }[];
  models?: { name?: string; slug?: string; supportedGenerationMethods?: string[] }[];
  has_more?: boolean;
}

describe('model lists', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream({ models: ['gemini-3-flash', 'gemini-3-pro'] });
    portside = await startPortside({
      accounts: [
        accountAt(upstream, 'gemini'),
        accountAt(upstream, 'openai-chat', { models: ['local/with-slash', 'qwen3'] }),
      ],
    });
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });
  const list = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(portside.url + path, { headers });
    const body = (await response.json()) as Listing;
    assert.equal(response.status, 200, JSON.stringify(body));
    return body;
  };
  const ALL = ['gemini-3-flash', 'gemini-3-pro', 'local/with-slash', 'qwen3'];

  it("are OpenAI's by default: own models of every account", async () => {
    const body = await list('/v1/models');
    assert.equal(body.object, 'list');
    for (const id of ALL)
      assert.ok(
        body.data?.some((model) => model.id === id && model.object === 'model'),
        id,
      );
  });

  it("say the providers of all who list a model to Portside's owner, and leave no record", async () => {
    const response = await fetch(`${portside.url}/monitor/models`);
    assert.equal(response.status, 200);
    const { models } = (await response.json()) as { models: { id: string; providers: string[] }[] };
    assert.deepEqual(
      models.map(({ id, providers }) => [id, ...providers]),
      [
        ['gemini-3-flash', 'gemini'],
        ['gemini-3-pro', 'gemini'],
        ['local/with-slash', 'openai-compatible'],
        ['qwen3', 'openai-compatible'],
      ],
    );
    assert.ok(!portside.exchanges.some(({ path }) => path === '/monitor/models'));
  });

  it("are Anthropic's when anthropic-version is sent", async () => {
    const body = await list('/v1/models', { 'anthropic-version': '2026-10-21' });
    assert.equal(body.has_more, false);
    for (const id of ALL)
      assert.ok(
        body.data?.some((model) => model.id === id && model.type === 'model'),
        id,
      );
    for (const model of body.data ?? []) assert.ok(model.display_name && model.created_at);
  });

  for (const [path, headers] of [
    ['/v1beta/models', {}],
    ['/v1/models', { 'x-goog-api-key': 'sk-any' }],
    ['/v1/models?key=sk-any', {}],
    ['/gemini/v1beta/models', {}],
    ['/v1alpha/models', {}],
  ] as [string, Record<string, string>][])
    it(`are Gemini's at ${path}${Object.keys(headers).length ? ' with x-goog-api-key' : ''}`, async () => {
      const body = await list(path, headers);
      for (const id of ALL)
        assert.ok(
          body.models?.some((model) => model.name === `models/${id}`),
          id,
        );
      assert.ok(body.models?.[0]?.supportedGenerationMethods?.includes('generateContent'));
    });

  it('are in the form of Codex for Codex, which names its version, and leave it its own models', async () => {
    assert.deepEqual(await list('/v1/models?client_version=0.169.0'), { models: [] });
  });

  it('give one model in each form', async () => {
    const openai = (await list('/v1/models/gemini-3-flash')) as { id?: string; object?: string };
    assert.deepEqual([openai.id, openai.object], ['gemini-3-flash', 'model']);
    const anthropic = (await list('/v1/models/qwen3', { 'anthropic-version': '2023-06-01' })) as {
      id?: string;
      type?: string;
    };
    assert.deepEqual([anthropic.id, anthropic.type], ['qwen3', 'model']);
    const gemini = (await list('/v1beta/models/gemini-3-pro')) as { name?: string };
    assert.equal(gemini.name, 'models/gemini-3-pro');
  });

  for (const path of ['/v1/models/local/with-slash', '/v1/models/local%2Fwith-slash'])
    it(`find a model whose name has a slash at ${path}`, async () => {
      const model = (await list(path)) as { id?: string };
      assert.equal(model.id, 'local/with-slash');
    });

  it('say 404 for a model that nobody has, in each protocol', async () => {
    await assertErrorResponse('openai-chat', 404, await fetch(`${portside.url}/v1/models/nobody-has-it`));
    await assertErrorResponse('gemini', 404, await fetch(`${portside.url}/v1beta/models/nobody-has-it`));
    await assertErrorResponse(
      'anthropic',
      404,
      await fetch(`${portside.url}/v1/models/nobody-has-it`, {
        headers: { 'anthropic-version': '2023-06-01' },
      }),
    );
  });

  it('are read by the openai package', async () => {
    const client = openaiClient(portside.url);
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes('qwen3'));
    assert.equal((await client.models.retrieve('qwen3')).id, 'qwen3');
  });

  it('are read by the @anthropic-ai/sdk package', async () => {
    const client = anthropicClient(portside.url);
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.ok(ids.includes('qwen3'));
    assert.equal((await client.models.retrieve('qwen3')).id, 'qwen3');
  });

  it('are read by the @google/genai package', async () => {
    const client = googleGenaiClient(portside.url);
    const names: (string | undefined)[] = [];
    for await (const model of await client.models.list()) names.push(model.name);
    assert.ok(names.includes('models/qwen3'));
    assert.equal((await client.models.get({ model: 'qwen3' })).name, 'models/qwen3');
  });

  it('need the key when auth is on', async () => {
    const guarded = await startPortside({
      accounts: [{ id: 'demo', provider: 'demo' }],
      authMode: 'strict',
      apiKey: 'sk-local-key-1234',
    });
    assert.equal((await fetch(`${guarded.url}/v1/models`)).status, 401);
    assert.equal((await fetch(`${guarded.url}/v1beta/models?key=sk-local-key-1234`)).status, 200);
    await guarded.stop();
  });

  it('leave out an upstream that cannot be asked, and still answer', async () => {
    const other = await startPortside({
      accounts: [
        { id: 'gone', provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' },
        { id: 'mine', provider: 'openai-compatible', baseUrl: upstream.openaiUrl, models: ['qwen3'] },
      ],
    });
    const body = (await (await fetch(`${other.url}/v1/models`)).json()) as Listing;
    assert.ok(body.data?.some((model) => model.id === 'qwen3'));
    await other.stop();
  });
});

describe('the list of models of accounts in trouble', () => {
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream({ models: ['gemini-3-flash'] });
  });
  after(() => upstream.close());

  it('has no models of an account whose key was refused', async () => {
    const portside = await startPortside({
      accounts: [
        accountAt(upstream, 'gemini', { defaultModel: 'dead-one', key: 'sk-refused-key' }),
        accountAt(upstream, 'openai-chat', { models: ['qwen3'] }),
      ],
    });
    const ids = async () => {
      const response = await fetch(`${portside.url}/v1/models`);
      return ((await response.json()) as Listing).data?.map(({ id }) => id);
    };
    assert.deepEqual(await ids(), ['gemini-3-flash', 'qwen3']);
    upstream.fail({ status: 401 });
    const refused = await fetch(`${portside.url}/v1beta/models/gemini-3-flash:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }),
    });
    assert.equal(refused.status, 502);
    assert.deepEqual(await ids(), ['qwen3']);
    await portside.stop();
  });
});
