/** What is asked again, of whom, and how often: every status and fault (SPEC 5.6 to 5.8; CASES 39, 40). */
import assert from 'node:assert/strict';
import type { Behaviour } from '../../support/upstream/behaviour';
import { checkStream, DIALECT_NAMES, sendSmall } from '../../support/dialect-requests';
import { ManualClock } from '../../support/manual-clock';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import { errorBody } from '../../support/upstream/upstream-dialect';
import type { StartedPortside } from '../../support/start-portside';
import type { Health } from '../../../shared/status';

const KEYS = ['sk-upstream-key-a', 'sk-upstream-key-b', 'sk-upstream-key-c'];

interface Row {
  what: string;
  behaviour: Behaviour;
  /** What the client hears when all three fail so. */
  status: number;
  /** How many are asked when all fail so; 1 where it is the request's own. */
  asked: 1 | 3;
  /** The first account when it alone failed so, for the model or as a whole. */
  then: Health;
}

const ROWS: Row[] = [
  ...[400, 413, 422].map((status): Row => ({
    what: `a ${status}`,
    behaviour: { status },
    status,
    asked: 1,
    then: 'healthy',
  })),
  { what: 'a 404', behaviour: { status: 404 }, status: 404, asked: 3, then: 'healthy' },
  { what: 'a 401', behaviour: { status: 401 }, status: 503, asked: 3, then: 'disabled' },
  { what: 'a 402', behaviour: { status: 402 }, status: 402, asked: 3, then: 'disabled' },
  { what: 'a 403', behaviour: { status: 403 }, status: 503, asked: 3, then: 'disabled' },
  { what: 'a 429', behaviour: { status: 429 }, status: 429, asked: 3, then: 'cooling' },
  {
    what: 'a 429 with a time',
    behaviour: { status: 429, headers: { 'retry-after': '30' } },
    status: 429,
    asked: 3,
    then: 'cooling',
  },
  ...[503, 529].map((status): Row => ({
    what: `a ${status}`,
    behaviour: { status },
    status,
    asked: 3,
    then: 'cooling',
  })),
  ...[302, 307, 407].map((status): Row => ({
    what: `a ${status} with a body of the client’s own dialect`,
    behaviour: { status, headers: { location: 'http://127.0.0.1:9/elsewhere' } },
    status: 502,
    asked: 3,
    then: 'healthy',
  })),
  {
    what: 'a 403 of a firewall',
    behaviour: { status: 403, body: '<!DOCTYPE html><title>Just a moment...</title>' },
    status: 400,
    asked: 3,
    then: 'healthy',
  },
  ...[500, 502, 504].map((status): Row => ({
    what: `a ${status}`,
    behaviour: { status },
    status,
    asked: 3,
    then: 'healthy',
  })),
  ...(
    [
      'reset-before-headers',
      'reset-mid-headers',
      'no-http',
      'redirect',
      'empty',
      'garbage',
      'giant-header',
    ] as const
  ).map((fault): Row => ({ what: fault, behaviour: { fault }, status: 502, asked: 3, then: 'healthy' })),
];

describe('attempts', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let clock: ManualClock;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  for (const dialect of DIALECT_NAMES)
    describe(dialect, () => {
      beforeEach(async () => {
        clock = new ManualClock();
        const accounts = KEYS.map((key, index) =>
          accountAt(upstream, dialect, { id: `k${index}`, label: `Key ${index}`, key, priority: 3 - index }),
        );
        portside = await startPortside({ accounts }, undefined, clock.every, clock.now);
      });
      let sessions = 0;
      const ask = async (stream = false) => {
        const response = await sendSmall(portside.url, dialect, {
          stream,
          headers: { 'x-session-id': `session-${sessions++}` },
        });
        const text = await response.text();
        return { response, text, record: await portside.recorded(response.headers.get('x-request-id')!) };
      };
      const firstState = () => {
        const { state, models } = portside.proxy.status().accounts[0]!;
        return models?.[0]?.state ?? state;
      };

      for (const { what, behaviour, status, asked, then } of ROWS)
        it(`${what}: ${asked === 1 ? 'nobody else is asked' : 'others are asked, each once'}`, async () => {
          upstream.behave({ ...behaviour, key: KEYS[0]! });
          const one = await ask();
          assert.equal(one.response.status, asked === 1 ? status : 200, one.text);
          assert.equal(one.record.attempts.length, asked === 1 ? 1 : 2);
          assert.ok(one.record.attempts[0]!.reason);
          assert.equal(firstState(), then);

          upstream.reset();
          upstream.behave(behaviour);
          for (const { id } of portside.proxy.status().accounts) portside.proxy.clearCooling(id);
          const all = await ask(true);
          assert.equal(all.response.status, status, all.text);
          assert.deepEqual(
            all.record.attempts.map(({ account }) => account),
            ['Key 0', 'Key 1', 'Key 2'].slice(0, asked),
          );
          for (const attempt of all.record.attempts)
            assert.ok(attempt.reason, 'an attempt that failed says why');
          assert.equal(all.record.outcome, 'failed');
        });

      it('an error that is a whole 200 is a failed attempt', async () => {
        upstream.fail({ key: KEYS[0]!, body: errorBody(dialect, 529, 'scripted trouble') });
        const { response, text, record } = await ask();
        assert.equal(response.status, 200, text);
        assert.match(text, /Hello from upstream/);
        assert.match(record.attempts[0]!.reason ?? '', /scripted trouble/);
        upstream.behave({ body: errorBody(dialect, 529, 'scripted trouble') });
        assert.notEqual((await ask()).response.status, 200);
      });

      for (const [what, faultStatus] of [
        ['a rate limit', 429],
        ['an overload', 529],
      ] as const)
        it(`${what} as the first event of a 200 is a failed attempt of its own key`, async () => {
          for (const key of KEYS.slice(0, 2)) upstream.fail({ key, fault: 'error-event-first', faultStatus });
          const { text, record } = await ask(true);
          const reading = checkStream(dialect, text);
          assert.deepEqual([reading.complaints, reading.error], [[], undefined]);
          assert.equal(reading.text, 'Hello from upstream');
          assert.deepEqual(
            record.attempts.map(({ account, reason }) => [
              account,
              reason?.includes('scripted trouble') ?? false,
            ]),
            [
              ['Key 0', true],
              ['Key 1', true],
              ['Key 2', false],
            ],
          );
          assert.equal((await ask(true)).record.attempts.length, 1, 'both were remembered');
        });
    });
});
