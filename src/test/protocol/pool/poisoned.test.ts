/** One client's trouble stays its own, an account's trouble stays that account's (SPEC 5.5 to 5.8; CASES 33, 35, 39, 40, class D). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import type { Behaviour } from '../../support/upstream/behaviour';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { ManualClock } from '../../support/manual-clock';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside, type StartedPortside } from '../../support/start-portside';

const KEYS = Array.from({ length: 7 }, (_, index) => `sk-upstream-key-${index}`);
/** Both names are every account's. */
const MODEL = 'some-model';
const OTHER_MODEL = 'other-model';
/** Whoever says it is refused. It begins its conversation, which is told from others by that. */
const POISON = 'Poison';

/** What providers say when they name no limit. */
const PLAIN: Record<Dialect, JsonObject> = {
  'openai-chat': {
    error: { message: 'Too Many Requests', type: 'requests', param: null, code: 'rate_limit_exceeded' },
  },
  'openai-responses': {
    error: { message: 'Too Many Requests', type: 'requests', param: null, code: 'rate_limit_exceeded' },
  },
  anthropic: {
    type: 'error',
    error: { type: 'rate_limit_error', message: 'Error' },
    request_id: 'req_of_the_provider',
  },
  gemini: { error: { code: 429, message: 'Request refused.', status: 'RESOURCE_EXHAUSTED' } },
};

describe('what is booked, and on whom', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let clock: ManualClock;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(() => {
    clock = new ManualClock();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const start = async (dialect: Dialect, count: number) => {
    portside = await startPortside(
      {
        accounts: KEYS.slice(0, count).map((key, index) =>
          accountAt(upstream, dialect, {
            id: `k${index}`,
            label: `Key ${index}`,
            key,
            models: [MODEL, OTHER_MODEL],
          }),
        ),
      },
      undefined,
      undefined,
      clock.now,
    );
  };
  /** The upstream refuses every request of the poisoned client, whatever key it comes with. */
  const poison = (behaviour: Behaviour) => {
    upstream.behave({ ...behaviour, saying: POISON });
  };
  let count = 0;
  /** The beginning of another conversation. */
  const words = () => `Hello number ${count++}`;
  /** Says something, and nothing else tells whose conversation it is. */
  const say = async (text: string, client: Dialect, stream = false, model = MODEL) => {
    const { path, headers, body } = smallRequest(client, model, stream);
    const response = await fetch(portside.url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body).replace('"Hi"', JSON.stringify(text)),
    });
    return { response: response.clone(), status: response.status, text: await response.text() };
  };
  const recordOf = (response: Response) => portside.recorded(response.headers.get('x-request-id')!);
  const states = () =>
    portside.proxy.status().accounts.map(({ state, models }) => (models ? `${state} but for models` : state));
  const assertAllHealthy = () => {
    assert.deepEqual(new Set(states()), new Set(['healthy']));
    assert.deepEqual(portside.poolEvents, []);
  };

  for (const dialect of DIALECT_NAMES)
    describe(dialect, () => {
      it('seven accounts serve everybody else while one client is answered 429 again and again', async () => {
        await start(dialect, 7);
        poison({ status: 429, body: PLAIN[dialect] });
        for (let round = 0; round < 4; round++) {
          const { response, text } = await say(POISON, dialect);
          assert.equal(response.status, 429);
          assert.deepEqual(JSON.parse(text), PLAIN[dialect], 'the provider’s own words');
          const { attempts, outcome } = await recordOf(response);
          assert.equal(outcome, 'failed');
          assert.equal(new Set(attempts.map(({ account }) => account)).size, 7, 'each account is asked once');
          assert.ok(attempts.every(({ status, reason, model }) => status === 429 && reason && model));
          for (const stream of [false, true]) {
            const other = await say(words(), dialect, stream);
            assert.equal(other.status, 200, other.text);
            assert.equal((await recordOf(other.response)).attempts.length, 1);
          }
          clock.time += 1000;
        }
        assertAllHealthy();
        assert.ok(!portside.exchanges.some(({ skipped }) => skipped), 'somebody was passed over');
      });

      it('the same at once: 40 requests of the poisoned client among 40 of others', async () => {
        await start(dialect, 7);
        poison({ status: 429, body: PLAIN[dialect] });
        const all = await Promise.all(
          Array.from({ length: 80 }, (_, index) =>
            index % 2 === 0 ? say(POISON, dialect, index % 4 === 0) : say(words(), dialect, index % 4 === 1),
          ),
        );
        for (const [index, { status, text }] of all.entries())
          assert.equal(status, index % 2 === 0 ? 429 : 200, text);
        assertAllHealthy();
        assert.equal((await say(words(), dialect)).status, 200);
      });

      it('the same with a lone account', async () => {
        await start(dialect, 1);
        poison({ status: 429, body: PLAIN[dialect] });
        for (let round = 0; round < 5; round++) {
          const { status, text } = await say(POISON, dialect);
          assert.equal(status, 429);
          assert.deepEqual(JSON.parse(text), PLAIN[dialect]);
          assert.equal((await say(words(), dialect)).status, 200);
        }
        assertAllHealthy();
        assert.equal(upstream.generations.length, 10, 'each was asked for once');
      });

      it('what another account serves was no poison: the one that refused rests', async () => {
        await start(dialect, 2);
        upstream.behave({ key: KEYS[0]!, status: 429, body: PLAIN[dialect] });
        for (let round = 0; round < 4; round++) assert.equal((await say(words(), dialect)).status, 200);
        const refused = upstream.generations.filter(({ key }) => key === KEYS[0]);
        assert.equal(refused.length, 1);
        assert.notEqual(states()[0], 'healthy');
        assert.equal(states()[1], 'healthy');
      });

      for (const [what, behaviour] of [
        ['a 400', { status: 400, message: 'messages: must not be empty' }],
        ['a 413', { status: 413, message: 'Request exceeds the maximum size' }],
        ['a 422', { status: 422, message: 'input is not valid' }],
        ['a refusal by a content policy', { status: 400, body: policyRefusal(dialect) }],
      ] as [string, Behaviour][])
        it(`${what} belongs to the request: nobody rests for it, and nobody else is asked`, async () => {
          await start(dialect, 3);
          poison(behaviour);
          for (let round = 0; round < 3; round++) {
            const { response, status, text } = await say(POISON, dialect);
            assert.equal(status, behaviour.status);
            if (behaviour.body !== undefined) assert.deepEqual(JSON.parse(text), behaviour.body);
            assert.equal((await recordOf(response)).attempts.length, 1);
            assert.equal((await say(words(), dialect)).status, 200);
          }
          assertAllHealthy();
        });

      it('a 429 with evidence rests exactly that account', async () => {
        await start(dialect, 3);
        upstream.fail({ key: KEYS[1]!, status: 429, headers: { 'retry-after': '120' } });
        for (let round = 0; round < 9; round++) assert.equal((await say(words(), dialect)).status, 200);
        assert.equal(upstream.generations.filter(({ key }) => key === KEYS[1]).length, 1);
        assert.deepEqual([states()[0], states()[2]], ['healthy', 'healthy']);
        const failed = portside.exchanges.find(({ attempts }) => attempts.length === 2)!;
        assert.deepEqual([failed.attempts[0]!.account, failed.attempts[0]!.status], ['Key 1', 429]);
        assert.match(failed.attempts[0]!.reason ?? '', /scripted 429/);
        const later = portside.exchanges.at(-1)!;
        assert.deepEqual(
          later.skipped?.map(({ account, model, until }) => [account, model, until]),
          [['Key 1', MODEL, clock.time + 120_000]],
        );
        assert.match(later.skipped[0]!.reason, /^cooling until \d\d:\d\d:\d\d/);
        const event = portside.poolEvents[0]!;
        assert.deepEqual(
          [event.account, event.from, event.to, event.until],
          ['k1', 'healthy', 'cooling', clock.time + 120_000],
        );
        clock.time += 120_001;
        for (let round = 0; round < 3; round++) await say(words(), dialect);
        assert.equal(upstream.generations.filter(({ key }) => key === KEYS[1]).length, 2, 'it is back');
        assert.deepEqual(new Set(states()), new Set(['healthy']));
      });

      it('limits of six keys leave the seventh serving, and a limit of all tells the soonest end', async () => {
        await start(dialect, 7);
        for (const [index, key] of KEYS.slice(0, 6).entries())
          upstream.fail({ key, status: 429, headers: { 'retry-after': String(100 + index) } });
        assert.equal((await say(words(), dialect)).status, 200);
        for (let round = 0; round < 10; round++) assert.equal((await say(words(), dialect)).status, 200);
        upstream.fail({ key: KEYS[6]!, status: 429, headers: { 'retry-after': '500' } });
        const { response, status } = await say(words(), dialect);
        assert.equal(status, 429);
        assert.equal(response.headers.get('retry-after'), '100');
      });

      it('a key that is refused is disabled with its reason, and the others serve', async () => {
        await start(dialect, 3);
        upstream.behave({ key: KEYS[0]!, status: 401, message: 'this key was revoked' });
        for (let round = 0; round < 6; round++) {
          const { status, text } = await say(words(), dialect, round % 2 === 1);
          assert.equal(status, 200, text);
          if (round % 2 === 1) assert.equal(checkStream(dialect, text).error, undefined);
        }
        assert.equal(upstream.generations.filter(({ key }) => key === KEYS[0]).length, 1);
        const [dead] = portside.proxy.status().accounts;
        assert.equal(dead!.state, 'disabled');
        assert.equal(dead!.enabled, true);
        assert.match(dead!.reason ?? '', /this key was revoked/);
        assert.equal(portside.proxy.status().activeAccounts, 2);
        assert.match(portside.exchanges.at(-1)!.skipped?.[0]?.reason ?? '', /^disabled/);
        // Time alone does not bring it back.
        clock.time += 86_400_000;
        assert.equal((await say(words(), dialect)).status, 200);
        assert.equal(upstream.generations.filter(({ key }) => key === KEYS[0]).length, 1);
      });

      it('when every key is refused the client hears 503, never 401', async () => {
        await start(dialect, 2);
        upstream.behave({ status: 401, message: 'no such key' });
        for (let round = 0; round < 3; round++) {
          const { response } = await say(words(), dialect);
          const error = await assertErrorResponse(dialect, 503, response);
          assert.match(error.message, /Key \d/);
        }
        assert.equal(upstream.generations.length, 2, 'nobody asks with a dead key again');
        assert.deepEqual(new Set(states()), new Set(['disabled']));
      });
    });

  it('a limit of one model leaves the account’s others free', async () => {
    await start('gemini', 2);
    const limit = {
      error: {
        code: 429,
        message: 'Quota exceeded.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [
              {
                quotaId: 'GenerateRequestsPerMinutePerProjectPerModel',
                quotaDimensions: { model: OTHER_MODEL },
                quotaValue: '15',
              },
            ],
          },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '40s' },
        ],
      },
    };
    upstream.fail({ key: KEYS[0]!, status: 429, body: limit });
    assert.equal((await say(words(), 'gemini', false, OTHER_MODEL)).status, 200);
    const [first, second] = portside.proxy.status().accounts;
    assert.deepEqual([first!.state, second!.state], ['healthy', 'healthy']);
    assert.deepEqual(
      first!.models?.map(({ model, state, until }) => [model, state, until]),
      [[OTHER_MODEL, 'cooling', clock.time + 40_000]],
    );
    upstream.reset();
    for (let round = 0; round < 4; round++) await say(words(), 'gemini');
    assert.equal(upstream.generations.filter(({ key }) => key === KEYS[0]).length, 2);
    upstream.reset();
    for (let round = 0; round < 4; round++) await say(words(), 'gemini', false, OTHER_MODEL);
    assert.equal(upstream.generations.filter(({ key }) => key === KEYS[0]).length, 0);
  });

  it('a chain’s other provider serves the poisoned request, and seven keys stay everybody’s', async () => {
    await start('gemini', 7);
    portside.configure({
      accounts: [
        ...KEYS.map((key, index) => accountAt(upstream, 'gemini', { id: `k${index}`, key })),
        accountAt(upstream, 'openai-chat', { id: 'other', label: 'Other' }),
      ],
      routes: { [MODEL]: [`gemini/${MODEL}`, `other/${MODEL}`] },
    });
    poison({ dialect: 'gemini', status: 429, body: PLAIN.gemini });
    for (let round = 0; round < 3; round++) {
      const { response } = await say(POISON, 'anthropic');
      assert.equal(response.headers.get('x-portside-account'), 'Other');
      const other = await say(words(), 'anthropic');
      assert.notEqual(other.response.headers.get('x-portside-account'), 'Other');
    }
    assertAllHealthy();
  });

  it('a poisoned client of another protocol hears its 429 in its own words', async () => {
    await start('gemini', 7);
    poison({ status: 429, body: PLAIN.gemini });
    for (const client of ['openai-chat', 'openai-responses', 'anthropic'] as const) {
      for (let round = 0; round < 2; round++) {
        const error = await assertErrorResponse(
          client,
          429,
          (await say(POISON, client, round === 1)).response,
        );
        assert.match(error.message, /Request refused\./);
      }
      assert.equal((await say(words(), client)).status, 200);
    }
    assertAllHealthy();
  });
});

/** How a provider of that dialect declines what its policy does not allow. */
function policyRefusal(dialect: Dialect): JsonObject {
  switch (dialect) {
    case 'anthropic':
      return {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' },
      };
    case 'gemini':
      return {
        error: {
          code: 400,
          message: 'The prompt was blocked by the safety policy.',
          status: 'INVALID_ARGUMENT',
        },
      };
    case 'openai-chat':
    case 'openai-responses':
      return {
        error: {
          message: 'Your request was rejected as a result of our safety system.',
          type: 'invalid_request_error',
          param: null,
          code: 'content_policy_violation',
        },
      };
  }
}
