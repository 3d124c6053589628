import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../../shared/json';
import { accountWithKeySchema, type Account } from '../../../../../shared/settings';
import { vertex } from '../../../../../proxy/providers/vertex';
import { vertexModel } from '../../../../../proxy/providers/vertex/place-claude';

const KEY = JSON.stringify({ type: 'service_account', project_id: 'from-key' });
const account = (more: Partial<Account> = {}): Account =>
  accountWithKeySchema.parse({ id: 'v', provider: 'vertex', key: KEY, ...more });
const ROOT = '/v1/projects/from-key/locations/global';

function placed(
  dialect: 'gemini' | 'anthropic',
  path: string,
  body: JsonObject | string | null,
  context: { model?: string; streamed?: boolean; account?: Account } = {},
) {
  const endpoint = vertex.endpoints.find((each) => each.dialect === dialect);
  const bytes = body === null ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const { model = 'm', streamed = false } = context;
  const call = endpoint!.place!(
    { path, body: bytes },
    { account: context.account ?? account(), model, streamed },
  );
  return { path: call.path, text: call.body?.toString(), same: call.body === bytes };
}

describe('the address of a Vertex AI account', () => {
  const url = (more: Partial<Account>) =>
    (vertex.endpoints[0]!.baseUrl as (of: Account) => string)(account(more));
  for (const [region, host] of [
    [undefined, 'aiplatform.googleapis.com'],
    ['global', 'aiplatform.googleapis.com'],
    ['us-east5', 'us-east5-aiplatform.googleapis.com'],
    ['eu', 'aiplatform.eu.rep.googleapis.com'],
  ] as const)
    it(`is ${host} for ${region ?? 'no region'}`, () => {
      assert.equal(url({ ...(region && { region }) }), `https://${host}`);
    });

  it('is the same everywhere with an API key, and the user’s where there is one', () => {
    assert.equal(url({ key: 'AIzaKey', region: 'us-east5' }), 'https://aiplatform.googleapis.com');
    assert.equal(url({ baseUrl: 'http://127.0.0.1:9/v1' }), 'http://127.0.0.1:9');
  });
});

describe('a Gemini call on Vertex AI', () => {
  const body = { contents: [] };
  it('has project, location and publisher in its path, and the same body', () => {
    const call = placed('gemini', '/v1beta/models/g:streamGenerateContent?alt=sse', body, {
      model: 'gemini-x',
    });
    assert.equal(call.path, `${ROOT}/publishers/google/models/gemini-x:streamGenerateContent?alt=sse`);
    assert.ok(call.same);
  });

  it('has the account’s own project and region', () => {
    const own = { account: account({ project: 'mine', region: 'us-east5' }), model: 'gemini-x' };
    assert.equal(
      placed('gemini', '/v1beta/models/g:generateContent', body, own).path,
      '/v1/projects/mine/locations/us-east5/publishers/google/models/gemini-x:generateContent',
    );
  });

  it('has neither with an API key', () => {
    const express = { account: account({ key: 'AIzaKey', project: 'mine' }), model: 'gemini-x' };
    assert.equal(
      placed('gemini', '/v1beta/models/g:generateContent', body, express).path,
      '/v1/publishers/google/models/gemini-x:generateContent',
    );
  });

  for (const [model, resource] of [
    ['models/gemini-x', `${ROOT}/publishers/google/models/gemini-x`],
    ['google/gemini-x', `${ROOT}/publishers/google/models/gemini-x`],
    ['publishers/meta/models/llama', `${ROOT}/publishers/meta/models/llama`],
    ['endpoints/123', `${ROOT}/endpoints/123`],
    ['projects/p/locations/l/endpoints/1', '/v1/projects/p/locations/l/endpoints/1'],
  ] as const)
    it(`asks for ${model} at ${resource}`, () => {
      assert.equal(
        placed('gemini', '/v1beta/models/x:generateContent', body, { model }).path,
        `${resource}:generateContent`,
      );
    });

  it('counts a request out of its envelope, with what Vertex AI counts', () => {
    const whole = {
      model: 'models/gemini-x',
      contents: [{}],
      tools: [{}],
      toolConfig: {},
      safetySettings: [],
    };
    const call = placed(
      'gemini',
      '/v1beta/models/g:countTokens',
      { generateContentRequest: whole },
      { model: 'gemini-x' },
    );
    assert.equal(call.path, `${ROOT}/publishers/google/models/gemini-x:countTokens`);
    assert.deepEqual(JSON.parse(call.text!), { contents: [{}], tools: [{}] });
    assert.ok(placed('gemini', '/v1beta/models/g:countTokens', body).same);
  });
});

describe('the lists of Vertex AI', () => {
  it('are of both publishers, without a project, and of models that are spoken to', () => {
    const { lists } = vertex.endpoints[0]!;
    assert.deepEqual(
      lists!.paths.map((path) => path.replace(/\?.*/, '')),
      ['/v1beta1/publishers/google/models', '/v1beta1/publishers/anthropic/models'],
    );
    const named = ['publishers/google/models/gemini-x', 'publishers/google/models/imagen-4', 7];
    assert.deepEqual(lists!.read({ publisherModels: named.map((name) => ({ name })) }), ['gemini-x']);
    assert.equal(lists!.read({ models: [] }), undefined);
  });
});

describe('a call of Claude on Vertex AI', () => {
  const models = `${ROOT}/publishers/anthropic/models`;
  const VERSION = 'vertex-2023-10-16';

  it('has the model in its path and the version in its body', () => {
    for (const [streamed, verb] of [
      [false, 'rawPredict'],
      [true, 'streamRawPredict'],
    ] as const) {
      const body = '{ "model" : "claude-x", "max_tokens": 1.0, "messages": [{"content":"\\u0041"}] }';
      const call = placed('anthropic', '/v1/messages?beta=true', body, { model: 'claude-x', streamed });
      assert.equal(call.path, `${models}/claude-x:${verb}`);
      assert.equal(
        call.text,
        `{ "anthropic_version":"${VERSION}", "max_tokens": 1.0, "messages": [{"content":"\\u0041"}] }`,
      );
    }
  });

  it('keeps a version that the client says, wherever the model stands', () => {
    const body = { messages: [], model: 'claude-x', anthropic_version: 'vertex-9' };
    const call = placed('anthropic', '/v1/messages', body, { model: 'claude-x' });
    assert.deepEqual(JSON.parse(call.text!), { messages: [], anthropic_version: 'vertex-9' });
    const last = placed('anthropic', '/v1/messages', '{"messages":[],"model":"claude-x"}');
    assert.deepEqual(JSON.parse(last.text!), { messages: [], anthropic_version: VERSION });
  });

  it('counts with the model in the body', () => {
    const call = placed(
      'anthropic',
      '/v1/messages/count_tokens',
      { model: 'c', messages: [] },
      { model: 'claude-x-20250929' },
    );
    assert.equal(call.path, `${models}/count-tokens:rawPredict`);
    assert.deepEqual(JSON.parse(call.text!), {
      anthropic_version: VERSION,
      model: 'claude-x@20250929',
      messages: [],
    });
  });

  it('names versions as Vertex AI does', () => {
    assert.equal(vertexModel('claude-sonnet-4-5-20250929'), 'claude-sonnet-4-5@20250929');
    assert.equal(vertexModel('anthropic/claude-opus-4-6'), 'claude-opus-4-6');
    assert.equal(vertexModel('claude-haiku-4-5@20251001'), 'claude-haiku-4-5@20251001');
  });

  it('leaves what is no JSON to the upstream', () => {
    assert.ok(placed('anthropic', '/v1/messages', '[1]').same);
    assert.ok(placed('anthropic', '/v1/messages', '{"model": "x"').same);
  });
});
