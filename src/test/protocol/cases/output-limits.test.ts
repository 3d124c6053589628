/** Agents ask for more output than a model gives: it is asked for what it gives, and the client is not refused (CASES 22). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

const REFUSALS: Record<Dialect, string> = {
  'openai-chat':
    'max_tokens is too large: 128000. This model supports at most 16384 completion tokens, whereas you provided 128000.',
  'openai-responses':
    'max_output_tokens is too large: 128000. This model supports at most 16384 output tokens.',
  anthropic: 'max_tokens: 128000 > 16384, which is the maximum allowed number of output tokens for m',
  gemini:
    'Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 16385 (exclusive). Update the value and try again.',
};

/** A small request for 128000 tokens. */
function asking(
  client: Dialect,
  model: string,
): { path: string; headers: Record<string, string>; body: JsonObject } {
  const request = smallRequest(client, model);
  const limits: Record<Dialect, JsonObject> = {
    'openai-chat': { max_tokens: 128_000 },
    'openai-responses': { max_output_tokens: 128_000 },
    anthropic: { max_tokens: 128_000 },
    gemini: { generationConfig: { maxOutputTokens: 128_000 } },
  };
  return { ...request, body: { ...request.body, ...limits[client] } };
}

/** The limit as it arrived. */
function limitIn(body: JsonObject): unknown {
  const { generationConfig: config } = body;
  return (
    body.max_tokens ??
    body.max_completion_tokens ??
    body.max_output_tokens ??
    (isObject(config) && config.maxOutputTokens)
  );
}

describe('CASES 22: more output than the model gives', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(async () => {
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const post = (client: Dialect, account: Dialect) => {
    const { path, headers, body } = asking(client, ownModel(account));
    return fetch(portside.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  };

  for (const account of DIALECT_NAMES)
    for (const client of DIALECT_NAMES.filter((one) => one !== account))
      it(`is asked for again with what there is, and remembered: ${client} client, ${account} account`, async () => {
        upstream.fail({ status: 400, message: REFUSALS[account] });
        for (let round = 0; round < 2; round++) {
          const response = await post(client, account);
          const text = await response.text();
          assert.equal(response.status, 200, text);
          const record = await portside.recorded(response.headers.get('x-request-id') ?? '');
          assert.ok(
            record.warnings.some(({ type, field }) => type === 'approximated' && field === 'max_tokens'),
          );
        }
        assert.deepEqual(
          upstream.generations.map(({ json }) => limitIn(json)),
          [128_000, 16_384, 16_384],
        );
      });

  for (const dialect of DIALECT_NAMES)
    it(`is for the client to know in its own protocol: ${dialect}`, async () => {
      upstream.fail({ status: 400, message: REFUSALS[dialect] });
      const response = await post(dialect, dialect);
      assert.equal(response.status, 400);
      assert.match(await response.text(), /16384|16385/);
      assert.equal(upstream.generations.length, 1);
    });

  it('is fitted to a long prompt each time anew', async () => {
    upstream.fail({
      status: 400,
      message:
        "'max_tokens' or 'max_completion_tokens' is too large: 128000. This model's maximum context length is 32768 tokens and your request has 768 input tokens (128000 > 32768 - 768).",
    });
    assert.equal((await post('anthropic', 'openai-chat')).status, 200);
    assert.equal((await post('anthropic', 'openai-chat')).status, 200);
    assert.deepEqual(
      upstream.generations.map(({ json }) => limitIn(json)),
      [128_000, 32_000, 128_000],
    );
  });
});
