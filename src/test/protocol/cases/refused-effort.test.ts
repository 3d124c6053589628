/** Servers that refuse to be told how much to reason are asked again without (SPEC 4.5, 4.15). */
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../shared/json';
import { smallRequest } from '../../support/dialect-requests';
import { withAccounts } from '../../support/one-account';

const REFUSALS: [string, number, string, boolean][] = [
  ['a model that has none', 400, '`reasoning_effort` is not supported with this model', true],
  ['a server that knows none', 400, 'Unrecognized request argument supplied: reasoning_effort', true],
  ['a strict schema', 422, 'Extra inputs are not permitted: body.reasoning_effort', true],
  [
    'one value',
    400,
    "Unsupported value: 'reasoning_effort' does not support 'low' with this model. Supported values are: 'high'.",
    false,
  ],
];

describe('an account that refuses an effort', () => {
  const at = withAccounts();
  const ask = async () => {
    const { path, headers, body } = smallRequest('anthropic', 'any');
    const response = await fetch(at.portside.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } }),
    });
    await response.text();
    return { response, record: await at.portside.recorded(response.headers.get('x-request-id')!) };
  };
  const efforts = () =>
    at.upstream.generations.map(({ json }: { json: JsonObject }) => json.reasoning_effort !== undefined);

  for (const [what, status, message, always] of REFUSALS)
    it(`is asked again without it: ${what}${always ? ', and from then on' : ''}`, async () => {
      await at.start('openai-chat');
      at.upstream.fail({ status, message });
      const { response, record } = await ask();
      assert.equal(response.status, 200);
      assert.deepEqual(efforts(), [true, false]);
      assert.match(
        record.warnings.map((each) => each.message).join(),
        /refuses to be told how much to reason/,
      );
      await ask();
      assert.deepEqual(efforts(), [true, false, !always]);
      assert.equal(at.portside.proxy.status().accounts[0]?.state, 'healthy');
    });

  it('is left alone with what a client of its own protocol said', async () => {
    await at.start('openai-chat');
    at.upstream.fail({ status: 400, message: '`reasoning_effort` is not supported with this model' });
    const { path, headers, body } = smallRequest('openai-chat', 'any');
    const response = await fetch(at.portside.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, reasoning_effort: 'low' }),
    });
    assert.equal(response.status, 400);
    assert.deepEqual(efforts(), [true]);
  });
});
