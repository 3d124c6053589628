/** Token counting: the upstream's own count where it has one, an estimate otherwise (SPEC 4.11). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../proxy/dialects/canonical';
import { assertErrorResponse } from '../support/check-error-body';
import { anthropicClient } from '../support/sdk-anthropic';
import { googleGenaiClient } from '../support/sdk-google-genai';
import { startScriptedUpstream } from '../support/scripted-upstream';
import type { ScriptedUpstream } from '../support/scripted-upstream';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

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
    for (const account of ['anthropic', 'gemini'] as const)
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
