/** Limits as providers tell them: what rests, for how long, and what the client hears of it (SPEC 5.5-5.8; CASES 33-35, 38). */
import assert from 'node:assert/strict';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { sendSmall } from '../../support/dialect-requests';
import { withAccounts } from '../../support/one-account';
import { accountAt } from '../../support/start-portside';
import type { SettingsInput } from '../../support/start-portside';
import { accountWithKeySchema } from '../../../shared/settings';
import type { Dialect } from '../../../proxy/dialects/canonical';

const A = 'sk-upstream-key-a';
const B = 'sk-upstream-key-b';

describe('limits (SPEC 5.5)', () => {
  const at = withAccounts();
  let now: number;
  beforeEach(() => {
    now = 1_700_000_000_000;
  });

  const start = async (settings: SettingsInput) => {
    await at.startWith(settings, undefined, () => now);
  };
  const keys = () => at.upstream.generations.map(({ key }) => (key === A ? 'a' : 'b')).join('');
  const send = async (dialect: Dialect, model = 'some-model') => {
    const response = await sendSmall(at.portside.url, dialect, { model });
    return { response: response.clone(), status: response.status, text: await response.text() };
  };
  const lone = (dialect: Dialect, more: SettingsInput = {}) =>
    start({ accounts: [accountAt(at.upstream, dialect, { id: 'a', key: A })], ...more });
  const two = (dialect: Dialect) =>
    start({
      stickySessions: false,
      accounts: [
        accountAt(at.upstream, dialect, { id: 'a', key: A, priority: 1, label: 'First' }),
        accountAt(at.upstream, dialect, { id: 'b', key: B, label: 'Second' }),
      ],
    });
  const first = () => at.portside.proxy.status().accounts[0]!;
  /** What rests of it: a model, or all of it. */
  const rest = () => first().models?.[0] ?? first();

  it('of one model leave the account’s other models free', async () => {
    await lone('gemini');
    const quota = {
      error: {
        code: 429,
        message: 'You exceeded your current quota.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [
              {
                quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
                quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
                quotaDimensions: { location: 'global', model: 'gemini-pro' },
                quotaValue: '2',
              },
            ],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' },
        ],
      },
    };
    at.upstream.fail({ status: 429, body: quota });
    assert.equal((await send('gemini', 'gemini-pro')).status, 429);
    assert.equal((await send('gemini', 'gemini-flash')).status, 200);
    assert.equal(first().state, 'healthy');
    assert.equal(first().models?.[0]?.model, 'gemini-pro');
    // Nobody is called while it rests, and the client hears for how long.
    const { response } = await send('gemini', 'gemini-pro');
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '35');
    assert.equal(at.upstream.generations.length, 2);
    now += 34_600;
    assert.equal((await send('gemini', 'gemini-pro')).status, 200);
    assert.equal(first().models, undefined);
  });

  it('of the key rest all of its models', async () => {
    await two('openai-chat');
    at.upstream.fail({ key: A, status: 429, headers: { 'retry-after': '20' } });
    await send('openai-chat', 'one');
    await send('openai-chat', 'two');
    assert.equal(keys(), 'abb');
    assert.equal(first().state, 'cooling');
    assert.equal(first().until, now + 20_000);
    assert.ok(first().reason);
  });

  it('of thirty accounts keep nobody from the one that is free', async () => {
    const ids = Array.from({ length: 31 }, (_, index) => `k${index}`);
    await start({
      accounts: ids.map((id, index) =>
        accountAt(at.upstream, 'anthropic', { id, key: `sk-upstream-${id}`, priority: -index }),
      ),
    });
    for (const id of ids.slice(0, -1))
      at.upstream.fail({ key: `sk-upstream-${id}`, status: 429, headers: { 'retry-after': '60' } });
    assert.equal((await send('anthropic')).status, 200);
    assert.equal(at.upstream.generations.length, 31);
  });

  it('tell the client of the soonest recovery when all are exhausted', async () => {
    await two('anthropic');
    at.upstream.fail({ key: A, status: 429, headers: { 'retry-after': '50' } });
    at.upstream.fail({ key: B, status: 429, headers: { 'retry-after': '200' } });
    const asked = await send('anthropic');
    assert.equal(asked.response.headers.get('retry-after'), '50');
    now += 10_000;
    const { response } = await send('anthropic');
    await assertErrorResponse('anthropic', 429, response.clone());
    assert.equal(response.headers.get('retry-after'), '40');
    assert.equal(keys(), 'ab');
    const record = await at.portside.recorded(response.headers.get('x-request-id')!);
    assert.deepEqual(record.attempts, []);
    assert.deepEqual(
      record.skipped?.map(({ account, until }) => [account, until]),
      [
        ['First', 1_700_000_050_000],
        ['Second', 1_700_000_200_000],
      ],
    );
  });

  it('count an hour at most, and then one request decides', async () => {
    await two('anthropic');
    at.upstream.fail({ key: A, status: 429, headers: { 'retry-after': '500000' }, times: 2 });
    await send('anthropic');
    assert.equal(rest().until, now + 3_600_000);
    now += 3_600_001;
    await send('anthropic');
    assert.equal(keys(), 'abab');
    assert.equal(rest().state, 'cooling');
    now += 3_600_001;
    await send('anthropic');
    assert.equal(keys(), 'ababa');
    assert.equal(rest().state, 'healthy');
  });

  it('are cleared by hand', async () => {
    await two('anthropic');
    at.upstream.fail({ key: A, status: 429, headers: { 'retry-after': '3000' } });
    await send('anthropic');
    at.portside.proxy.clearCooling('a');
    await send('anthropic');
    assert.equal(keys(), 'aba');
    at.portside.proxy.clearCooling('nobody');
  });

  it('are cleared by a test that passes', async () => {
    await two('anthropic');
    at.upstream.fail({ key: A, status: 401 });
    await send('anthropic');
    assert.equal(first().state, 'disabled');
    assert.match(first().reason ?? '', /key/);
    const account = accountWithKeySchema.parse(
      accountAt(at.upstream, 'anthropic', { id: 'a', key: A, priority: 1, label: 'First' }),
    );
    const test = await at.portside.proxy.testAccount(account);
    assert.equal(test.ok, true);
    assert.equal(first().state, 'healthy');
  });

  it('without a time grow from one minute to two hours, and are forgotten after a success', async () => {
    await two('openai-chat');
    at.upstream.behave({ key: A, status: 503 });
    const waits: number[] = [];
    for (let count = 0; count < 5; count++) {
      await send('openai-chat');
      const until = rest().until ?? 0;
      waits.push((until - now) / 1000);
      now = until + 1;
    }
    assert.deepEqual(waits, [60, 300, 1800, 7200, 7200]);
    at.upstream.reset();
    await send('openai-chat');
    at.upstream.fail({ key: A, status: 503 });
    await send('openai-chat');
    assert.equal(((rest().until ?? 0) - now) / 1000, 60);
  });

  it('that nobody told do not keep a lone account from being asked again soon', async () => {
    await lone('anthropic');
    at.upstream.fail({ status: 529 });
    const { response } = await send('anthropic');
    assert.equal(response.status, 529);
    assert.equal(response.headers.get('retry-after'), '5');
    assert.equal((await send('anthropic')).status, 503);
    now += 5_001;
    assert.equal((await send('anthropic')).status, 200);
    assert.equal(at.upstream.generations.length, 2);
  });

  it('that an answer says it has reached keep the next request away', async () => {
    await two('openai-chat');
    at.upstream.reply(
      { text: 'Hello' },
      {
        key: A,
        headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30s' },
        times: 1,
      },
    );
    for (let count = 0; count < 2; count++) await send('openai-chat');
    now += 30_001;
    await send('openai-chat');
    assert.equal(keys(), 'aba');
  });

  it('show every transition as an event', async () => {
    await two('anthropic');
    at.upstream.fail({ key: A, status: 429, headers: { 'retry-after': '20' } });
    await send('anthropic');
    now += 20_001;
    await send('anthropic');
    assert.deepEqual(
      at.portside.poolEvents.map(({ account, from, to }) => [account, from, to]),
      [
        ['a', 'healthy', 'cooling'],
        ['a', 'cooling', 'healthy'],
      ],
    );
  });

  it('disable an account whose key is refused or whose bill is not paid, and no other', async () => {
    for (const behaviour of [
      { status: 401 },
      { status: 402 },
      {
        status: 429,
        body: {
          error: {
            message: 'You exceeded your current quota',
            type: 'insufficient_quota',
            code: 'insufficient_quota',
          },
        },
      },
    ]) {
      at.upstream.reset();
      await two('openai-chat');
      at.upstream.fail({ key: A, ...behaviour });
      assert.equal((await send('openai-chat')).status, 200);
      now += 100_000_000;
      assert.equal((await send('openai-chat')).status, 200);
      assert.equal(keys(), 'abb');
      assert.equal(first().state, 'disabled');
      assert.ok(first().reason);
      assert.equal(at.portside.proxy.status().activeAccounts, 1);
      await at.portside.stop();
    }
  });

  it('answer 503 when the last key was refused, never 401', async () => {
    await lone('anthropic');
    at.upstream.fail({ status: 401 });
    for (let count = 0; count < 2; count++) {
      const { response } = await send('anthropic');
      const { message } = await assertErrorResponse('anthropic', 503, response);
      assert.match(message, /key/);
    }
    assert.equal(at.upstream.generations.length, 1);
  });
});
