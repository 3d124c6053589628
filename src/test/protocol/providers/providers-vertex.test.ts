/** A Vertex AI account at a real server, with a token server beside it. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { accountWithKeySchema } from '../../../shared/settings';
import { checkStream, sendSmall } from '../../support/dialect-requests';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { startPortside, type AccountInput, type StartedPortside } from '../../support/start-portside';
import { serviceAccount, startTokenServer, type TokenServer } from '../../support/upstream/token-server';

describe('accounts at Google Cloud', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream({ validate: true });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });

  async function start(...accounts: AccountInput[]): Promise<void> {
    portside = await startPortside({ accounts });
  }

  /** Asks, and gives what reached the upstream. */
  async function ask(client: Dialect, model: string, stream = false) {
    const response = await sendSmall(portside.url, client, { model, stream });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    if (stream) checkStream(client, text);
    assert.match(text, /Hello|"text"/);
    return upstream.generations.at(-1)!;
  }

  describe('a Vertex AI account', () => {
    let tokens: TokenServer;
    before(async () => {
      tokens = await startTokenServer();
    });
    after(() => tokens.close());
    beforeEach(() => {
      tokens.asked.length = 0;
      tokens.answer = 3600;
    });
    const vertex = (more: Partial<AccountInput> = {}): AccountInput => ({
      id: 'v',
      provider: 'vertex',
      baseUrl: upstream.url,
      key: serviceAccount(tokens),
      region: 'us-east5',
      ...more,
    });
    const ROOT = '/v1/projects/my-project/locations/us-east5/publishers';

    for (const client of ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const) {
      it(`asks for Gemini in Gemini’s words for ${client}`, async () => {
        await start(vertex());
        for (const [stream, verb] of [
          [false, 'generateContent'],
          [true, 'streamGenerateContent?alt=sse'],
        ] as const) {
          const request = await ask(client, 'gemini-flash-latest', stream);
          assert.equal(request.url, `${ROOT}/google/models/gemini-flash-latest:${verb}`);
          assert.match(request.headers.authorization!, /^Bearer token-\d+$/);
          assert.equal(request.headers['x-goog-api-key'], undefined);
          assert.ok(Array.isArray(request.json.contents));
        }
        assert.equal(tokens.asked.length, 1);
      });

      it(`asks for Claude in Claude’s words for ${client}`, async () => {
        await start(vertex());
        for (const [stream, verb] of [
          [false, 'rawPredict'],
          [true, 'streamRawPredict'],
        ] as const) {
          const request = await ask(client, 'claude-sonnet-4-5-20250929', stream);
          assert.equal(
            request.url,
            `${ROOT}/anthropic/models/${encodeURIComponent('claude-sonnet-4-5@20250929')}:${verb}`,
          );
          assert.match(request.headers.authorization!, /^Bearer token-\d+$/);
          assert.equal(request.json.model, undefined);
          assert.equal(request.json.anthropic_version, 'vertex-2023-10-16');
          assert.equal(request.json.stream ?? false, stream);
        }
      });
    }

    it('fetches one token for all that ask at once', async () => {
      let open = (): void => undefined;
      tokens.gate = new Promise((resolve) => (open = resolve));
      await start(vertex());
      const asking = Array.from({ length: 10 }, () =>
        sendSmall(portside.url, 'gemini', { model: 'gemini-x' }),
      );
      while (tokens.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      open();
      for (const response of await Promise.all(asking)) assert.equal(response.status, 200);
      assert.equal(tokens.asked.length, 1);
      tokens.gate = undefined;
    });

    it('is tested by the lists of both publishers, and by its credential before them', async () => {
      await start(vertex());
      const list = (...names: string[]) => ({ publisherModels: names.map((name) => ({ name })) });
      upstream.behave({
        path: /\/google\/models/,
        body: list('publishers/google/models/gemini-x', 'a/imagen-9'),
      });
      upstream.behave({ path: /\/anthropic\/models/, body: list('publishers/anthropic/models/claude-x') });
      const test = (key: string) => portside.proxy.testAccount(accountWithKeySchema.parse(vertex({ key })));
      const { ok, models } = await test(serviceAccount(tokens));
      assert.ok(ok);
      assert.deepEqual(models, ['gemini-x', 'claude-x']);
      for (const { url, headers } of upstream.requests) {
        assert.match(url, /^\/v1beta1\/publishers\/(google|anthropic)\/models\?/);
        assert.match(headers.authorization!, /^Bearer token-/);
      }
      tokens.answer = { status: 401, body: { error: 'invalid_client' } };
      const { ok: refused, message } = await test(serviceAccount(tokens));
      assert.equal(refused, false);
      assert.match(message, /invalid_client/);
    });

    it('sends an API key as it is, without a project', async () => {
      await start(vertex({ key: 'AIzaExpressKey' }));
      const request = await ask('openai-chat', 'gemini-x');
      assert.equal(request.url, '/v1/publishers/google/models/gemini-x:generateContent');
      assert.equal(request.headers['x-goog-api-key'], 'AIzaExpressKey');
      assert.equal(request.headers.authorization, undefined);
      assert.equal(tokens.asked.length, 0);
    });

    it('says what is wrong with its credential, and nothing of it', async () => {
      tokens.answer = {
        status: 400,
        body: { error: 'invalid_grant', error_description: 'account not found' },
      };
      await start(vertex());
      const response = await sendSmall(portside.url, 'openai-chat', { model: 'gemini-x' });
      const text = await response.text();
      assert.equal(response.ok, false);
      assert.match(text, /invalid_grant: account not found/);
      const told = text + portside.logs.join('\n') + JSON.stringify(portside.exchanges);
      assert.doesNotMatch(told, /PRIVATE KEY|assertion/);
      assert.equal(upstream.requests.length, 0);
    });

    it('counts where Vertex AI counts', async () => {
      await start(vertex());
      const count = await fetch(`${portside.url}/v1/messages/count_tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ model: 'claude-x', messages: [{ role: 'user', content: 'Hi' }] }),
      });
      assert.deepEqual(await count.json(), { input_tokens: 42 });
      const asked = upstream.requests.at(-1)!;
      assert.equal(asked.url, `${ROOT}/anthropic/models/count-tokens:rawPredict`);
      assert.equal(asked.json.model, 'claude-x');
    });

    it('asks nobody for a token for accounts of others', async () => {
      await start({ id: 'a', provider: 'openai', baseUrl: upstream.openaiUrl, key: serviceAccount(tokens) });
      await ask('openai-chat', 'gpt-5');
      assert.equal(tokens.asked.length, 0);
    });
  });
});
