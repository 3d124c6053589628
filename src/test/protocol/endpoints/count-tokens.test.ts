/** Token counting: the upstream's own count where it has one, an estimate otherwise (SPEC 4.11). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { anthropicClient } from '../../support/sdk/sdk-anthropic';
import { googleGenaiClient } from '../../support/sdk/sdk-google-genai';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(40);

describe('token counting (SPEC 4.11)', () => {
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

  const countAnthropic = async () =>
    (
      await anthropicClient(portside.url).messages.countTokens({
        model: 'asked-model',
        messages: [{ role: 'user', content: TEXT }],
      })
    ).input_tokens;
  const countGemini = async () =>
    (await googleGenaiClient(portside.url).models.countTokens({ model: 'asked-model', contents: TEXT }))
      .totalTokens ?? 0;

  for (const [client, count] of [
    ['anthropic', countAnthropic],
    ['gemini', countGemini],
  ] as const)
    for (const account of ['anthropic', 'gemini', 'openai-responses'] as const)
      it(`for ${client} clients is a ${account} account's own number, one way or another`, async () => {
        portside = await startPortside({ accounts: [accountAt(upstream, account)] });
        upstream.behave({ count: 431 });
        const counted = await count();
        const asked = upstream.requests.filter((request) => request.endpoint === 'count');
        if (asked.length > 0) {
          assert.equal(counted, 431);
          assert.ok(JSON.stringify(asked[0]!.json).includes('quick brown fox'));
        } else {
          assert.ok(counted > 300 && counted < 550, String(counted));
        }
        assert.equal(upstream.generations.length, 0, 'counting costs no answer');
      });

  for (const [client, count] of [
    ['anthropic', countAnthropic],
    ['gemini', countGemini],
  ] as const)
    it(`for ${client} clients is estimated where the account cannot count`, async () => {
      portside = await startPortside({ accounts: [accountAt(upstream, 'openai-chat')] });
      const counted = await count();
      // 400 words and 40 full stops: 440 to 441 tokens with every current tokeniser.
      assert.ok(counted >= 0.95 * 441 && counted <= 1.15 * 441, String(counted));
      assert.equal(upstream.generations.length, 0);
    });

  const trouble: [Dialect, () => Promise<number>][] = [
    ['anthropic', countAnthropic],
    ['gemini', countGemini],
  ];
  for (const [dialect, count] of trouble)
    it(`for ${dialect} clients is estimated when the upstream fails to count`, async () => {
      portside = await startPortside({ accounts: [accountAt(upstream, dialect)] });
      upstream.behave({ path: /count/i, status: 500 });
      assert.ok((await count()) > 0);
    });

  it('of an empty conversation is never 0', async () => {
    portside = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
    const response = await fetch(`${portside.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: '{"model":"m","messages":[{"role":"user","content":"x"}]}',
    });
    const { input_tokens } = (await response.json()) as { input_tokens: number };
    assert.ok(input_tokens >= 1);
  });

  it('takes 40 at once', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'gemini')] });
    const counts = await Promise.all(Array.from({ length: 40 }, countAnthropic));
    assert.ok(counts.every((count) => count > 0));
    assert.equal(upstream.generations.length, 0);
  });

  const countAt = async (url: string, text: string) => {
    const response = await fetch(`${url}/v1/messages/count_tokens?beta=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'asked-model', messages: [{ role: 'user', content: text }] }),
    });
    assert.equal(response.status, 200);
    return ((await response.json()) as { input_tokens: number }).input_tokens;
  };
  const askedFor = () => upstream.requests.filter((request) => request.endpoint === 'count');

  it('asks once about 40 equal texts at once, and again for none of them soon after', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.behave({ count: 431 });
    const counts = await Promise.all(Array.from({ length: 40 }, () => countAt(portside.url, TEXT)));
    assert.deepEqual([...new Set(counts)], [431]);
    assert.equal(await countAt(portside.url, TEXT), 431);
    assert.equal(askedFor().length, 1);
  });

  it('estimates most of 40 different texts, however fast the account counts', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.behave({ count: 431 });
    for (let index = 0; index < 40; index++) assert.ok((await countAt(portside.url, `${TEXT} ${index}`)) > 0);
    assert.equal(askedFor().length, 12);
  });

  it('answers at once with an estimate while counts of another proxy hang', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    const other = await startPortside({
      accounts: [accountAt(upstream, 'anthropic', { key: 'sk-upstream-other' })],
    });
    try {
      upstream.behave({ count: 7, key: 'sk-upstream-other' });
      upstream.behave({ path: /count/, key: 'sk-upstream-key-of-anthropic', fault: 'hang' });
      const hanging = Array.from({ length: 4 }, (_, i) =>
        countAt(portside.url, `${TEXT} ${i}`).catch(() => 0),
      );
      while (askedFor().length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok((await countAt(portside.url, 'one more')) > 0);
      assert.equal(await countAt(other.url, TEXT), 7);
      await portside.stop();
      await Promise.all(hanging);
    } finally {
      await other.stop();
    }
  });

  it('does not ask an upstream again that has no such endpoint', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.behave({ path: /count/, status: 404, body: { error: { message: 'no such endpoint' } } });
    for (const text of ['one', 'two', 'three']) assert.ok((await countAt(portside.url, text)) > 0);
    assert.equal(askedFor().length, 1);
  });

  it('learns from counts how much its estimates are off', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.behave({ count: 660 });
    assert.equal(await countAt(portside.url, TEXT), 660);
    upstream.reset();
    upstream.behave({ path: /count/, status: 500 });
    const estimate = await countAt(portside.url, `${TEXT}!`);
    assert.ok(estimate > 0.95 * 660 && estimate < 1.05 * 660, String(estimate));
  });

  it('serves clients of Responses, estimated or by the account', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'gemini')] });
    upstream.behave({ count: 431 });
    const response = await fetch(`${portside.url}/v1/responses/input_tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'asked-model', input: TEXT }),
    });
    assert.deepEqual(
      [response.status, await response.json()],
      [200, { object: 'response.input_tokens', input_tokens: 431 }],
    );
  });

  it('takes the wrapper of @google/generative-ai', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'openai-chat')] });
    const { GoogleGenerativeAI } = await import('@google/generative-ai');
    const model = new GoogleGenerativeAI('sk-any').getGenerativeModel(
      { model: 'm', systemInstruction: TEXT },
      { baseUrl: portside.url },
    );
    assert.ok((await model.countTokens('Hi')).totalTokens > 300);
  });

  it('answers bad requests with 400 in its protocol', async () => {
    portside = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
    const post = (path: string, body: string) =>
      fetch(portside.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await assertErrorResponse(
      'anthropic',
      400,
      await post('/v1/messages/count_tokens', '{"model":"m","messages":7}'),
    );
    await assertErrorResponse('gemini', 400, await post('/v1beta/models/m:countTokens', '{"contents":7}'));
    await assertErrorResponse('anthropic', 400, await post('/v1/messages/count_tokens', '{'));
  });
});
