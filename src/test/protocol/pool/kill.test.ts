/** An upstream that is killed with SIGKILL, at every moment of an answer: another account, or the right error; nothing leaks. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import WebSocket from 'ws';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { ExchangeRecord } from '../../../shared/exchange';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, sendSmall } from '../../support/dialect-requests';
import { SDK_CLIENTS } from '../../support/sdk/sdk-clients';
import {
  startKillableUpstream,
  type KillableUpstream,
  type Moment,
} from '../../support/upstream/killable-upstream';
import { ManualClock } from '../../support/manual-clock';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside, type StartedPortside } from '../../support/start-portside';

/** The client's dialect, and the dialect of the account that dies under it. */
const PAIRS: [Dialect, Dialect][] = [
  ...DIALECT_NAMES.map((dialect): [Dialect, Dialect] => [dialect, dialect]),
  ['openai-chat', 'anthropic'],
  ['openai-responses', 'openai-chat'],
  ['anthropic', 'gemini'],
  ['gemini', 'openai-responses'],
];

/** The name that clients ask for; every account has it, so that bytes pass through where both speak alike. */
const MODEL = 'asked-model';

type Death = Moment | 'before-accept';

describe('an upstream that is killed (SPEC 8.4)', () => {
  let mortal: KillableUpstream;
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let clock: ManualClock;

  before(async () => {
    mortal = await startKillableUpstream();
    upstream = await startScriptedUpstream();
  });
  beforeEach(() => {
    clock = new ManualClock();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(async () => {
    await mortal.kill();
    await upstream.close();
  });

  const start = async (account: Dialect, lone = false) => {
    const first = accountAt(mortal, account, { id: 'first', label: 'First', priority: 1, models: [MODEL] });
    const second = accountAt(upstream, account, { id: 'second', label: 'Second', models: [MODEL] });
    portside = await startPortside(
      { accounts: lone ? [first] : [first, second] },
      undefined,
      clock.every,
      clock.now,
    );
  };
  let sessions = 0;
  /** One request of a conversation of its own, which no account has a claim to. */
  const ask = (client: Dialect, stream: boolean) =>
    sendSmall(portside.url, client, {
      model: MODEL,
      stream,
      headers: { 'x-session-id': `session-${sessions++}` },
    });

  /** Asks, and kills the upstream at that moment of its answer. */
  const askAndKill = async (client: Dialect, death: Death, stream: boolean): Promise<Response> => {
    await mortal.start();
    if (death === 'before-accept') {
      await mortal.kill();
      return ask(client, stream);
    }
    await mortal.stopAt(death);
    const asked = ask(client, stream);
    if (death === 'in-the-queue') await new Promise((resolve) => setTimeout(resolve, 50));
    else await mortal.reached();
    // What the client is to see first is there when its headers are.
    if (death === 'amid-stream') await asked;
    await mortal.kill();
    return asked;
  };

  const assertServed = async (client: Dialect, stream: boolean, response: Response, label: string) => {
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.equal(response.headers.get('x-portside-account'), label);
    assert.match(text, /Hello/);
    if (!stream) return;
    const reading = checkStream(client, text);
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.error, undefined);
    assert.match(reading.text, label === 'First' ? /^Hello from a process/ : /^Hello from upstream$/);
  };
  const recordOf = (response: Response) => portside.recorded(response.headers.get('x-request-id')!);

  /** Nobody is waited for, no connection to the dead one is left, and nothing ticks. */
  const assertNothingLeaks = async () => {
    for (const account of portside.proxy.status().accounts) {
      assert.equal(account.inFlight ?? 0, 0, `${account.label} has requests in flight`);
      assert.equal(account.queued ?? 0, 0, `${account.label} has requests in its queue`);
    }
    assert.ok(clock.atRest(), 'something still goes by the ticker');
    const open = () =>
      (process as unknown as { _getActiveHandles(): unknown[] })
        ._getActiveHandles()
        .filter((handle) => handle instanceof Socket && handle.remotePort === mortal.port);
    // A connection's end is told in its own time; one that never ends is for the test's time limit.
    while (open().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  /** Started again and rested, it is asked again. */
  const assertServesAgain = async (client: Dialect, stream: boolean) => {
    await mortal.start();
    await mortal.stopAt();
    clock.time += 3_600_000;
    await assertServed(client, stream, await ask(client, stream), 'First');
    for (const { state } of portside.proxy.status().accounts) assert.equal(state, 'healthy');
  };

  const assertTellsWhy = ({ attempts, account, outcome }: ExchangeRecord) => {
    assert.equal(outcome, 'completed');
    assert.equal(account, 'Second');
    assert.deepEqual(
      attempts.map((attempt) => attempt.account),
      ['First', 'Second'],
    );
    assert.equal(attempts[0]?.status, 502);
    assert.match(attempts[0].reason ?? '', /First/);
    assert.equal(attempts[1]?.status, 200);
  };

  for (const [client, account] of PAIRS)
    describe(`${client} client, ${account} account`, () => {
      const early: Death[] = [
        'before-accept',
        'in-the-queue',
        'before-headers',
        'amid-headers',
        'after-headers',
      ];
      // Gemini's first event has text already.
      if (account !== 'gemini') early.push('after-first-event');
      for (const death of early)
        for (const stream of death === 'after-first-event' ? [true] : [false, true])
          it(`leaves the client an answer of the next account when it dies ${death}${stream ? ', streaming' : ''}`, async () => {
            await start(account);
            const response = await askAndKill(client, death, stream);
            await assertServed(client, stream, response, 'Second');
            assertTellsWhy(await recordOf(response));
            await assertNothingLeaks();
            await assertServed(client, stream, await ask(client, stream), 'Second');
            await assertServesAgain(client, stream);
          });

      it('ends a stream with an error in its own protocol when it dies amid its events', async () => {
        await start(account);
        const response = await askAndKill(client, 'amid-stream', true);
        const reading = checkStream(client, await response.text());
        assert.equal(response.status, 200);
        assert.deepEqual(reading.complaints, []);
        assert.match(reading.text, /^Hello/);
        assert.match(reading.error ?? '', /"First" broke off its answer/);
        assert.equal(
          upstream.generations.length,
          0,
          'nobody else is asked once the client has seen something',
        );
        const record = await recordOf(response);
        assert.equal(record.outcome, 'failed');
        assert.match(record.error ?? '', /broke off/);
        assert.match(record.attempts[0]?.reason ?? '', /broke off/);
        await assertNothingLeaks();
        // Once is trouble of the moment: the next one is not sent into it.
        await assertServed(client, true, await ask(client, true), 'Second');
        await assertServesAgain(client, true);
      });

      if (client === account)
        it('cuts a whole body when it dies in the middle of it: a length was announced', async () => {
          await start(account);
          const response = await askAndKill(client, 'amid-body', false);
          await assert.rejects(response.text());
          const record = await recordOf(response);
          assert.equal(record.outcome, 'failed');
          assert.match(record.error ?? '', /broke off/);
          await assertNothingLeaks();
          await assertServed(client, false, await ask(client, false), 'Second');
          await assertServesAgain(client, false);
        });
      else
        it('leaves the client an answer of the next account when it dies in the middle of a whole body', async () => {
          await start(account);
          const response = await askAndKill(client, 'amid-body', false);
          await assertServed(client, false, response, 'Second');
          assertTellsWhy(await recordOf(response));
          await assertNothingLeaks();
          await assertServesAgain(client, false);
        });

      for (const death of ['before-accept', 'before-headers', 'amid-headers'] as const)
        for (const stream of [false, true])
          it(`is a 502 when nobody else is there and it dies ${death}${stream ? ', streaming' : ''}`, async () => {
            await start(account, true);
            const response = await askAndKill(client, death, stream);
            const error = await assertErrorResponse(client, 502, response);
            assert.match(error.message, /First/);
            const record = await recordOf(response);
            assert.equal(record.outcome, 'failed');
            assert.equal(record.status, 502);
            assert.ok(record.attempts.every((attempt) => attempt.reason));
            await assertNothingLeaks();
            // One death is no reason to keep the only account waiting once it is back.
            await mortal.start();
            await mortal.stopAt();
            await assertServed(client, stream, await ask(client, stream), 'First');
          });
    });

  for (const { name, dialect, ask: askSdk } of SDK_CLIENTS)
    it(`makes the official SDK throw when it dies amid a stream: ${name}`, async () => {
      await start(dialect);
      await mortal.start();
      await mortal.stopAt('amid-stream');
      const asked = askSdk({ baseUrl: portside.url, model: MODEL, prompt: 'Hi', stream: true });
      const broken = assert.rejects(asked);
      await mortal.reached();
      // Until then another account would take over.
      while (portside.proxy.status().accounts[0]!.served === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
      await mortal.kill();
      await broken;
    });

  it('is not missed when it is back before the next request', async () => {
    await start('anthropic');
    await mortal.start();
    await mortal.stopAt();
    for (let round = 0; round < 3; round++) {
      for (const stream of [false, true])
        await assertServed('anthropic', stream, await ask('anthropic', stream), 'First');
      await mortal.kill();
      await mortal.start();
    }
    assert.deepEqual(
      portside.exchanges.map(({ attempts }) => attempts.length),
      Array(6).fill(1),
    );
    assert.deepEqual(portside.poolEvents, []);
  });

  describe('with fifty clients at once', () => {
    const CLIENTS = 50;
    /** The time limit is the test's: what is counted comes in its own time. */
    const inFlight = async (count: number) => {
      while (portside.proxy.status().accounts[0]!.inFlight !== count)
        await new Promise((resolve) => setTimeout(resolve, 5));
    };

    it('serves them all by the next account when it dies before its first byte', async () => {
      await start('anthropic');
      await mortal.start();
      await mortal.stopAt('before-headers');
      const all = Array.from({ length: CLIENTS }, (_, index) => ask('anthropic', index % 2 === 0));
      await inFlight(CLIENTS);
      await mortal.kill();
      for (const [index, asked] of all.entries())
        await assertServed('anthropic', index % 2 === 0, await asked, 'Second');
      await assertNothingLeaks();
      // However many saw it: it died once.
      assert.equal(portside.proxy.status().accounts[0]!.state, 'healthy');
      await assertServesAgain('anthropic', true);
    });

    it('tells each of them when it dies amid their streams', async () => {
      await start('anthropic');
      await mortal.start();
      await mortal.stopAt('amid-stream');
      const all = await Promise.all(
        Array.from({ length: CLIENTS }, (_, index) => ask(DIALECT_NAMES[index % 4]!, true)),
      );
      await mortal.kill();
      for (const [index, response] of all.entries()) {
        const reading = checkStream(DIALECT_NAMES[index % 4]!, await response.text());
        assert.deepEqual(reading.complaints, []);
        assert.match(reading.error ?? '', /broke off/);
        assert.equal((await recordOf(response)).outcome, 'failed');
      }
      assert.equal(upstream.generations.length, 0);
      await assertNothingLeaks();
      await assertServesAgain('anthropic', true);
    });
  });

  it('tells a WebSocket session, which goes on with the next account', async () => {
    await start('openai-responses');
    await mortal.start();
    await mortal.stopAt('amid-stream');
    const socket = new WebSocket(`${portside.url.replace('http', 'ws')}/v1/responses`);
    const events: string[] = [];
    let wake: () => void = () => undefined;
    socket.on('message', (data: Buffer) => {
      events.push(data.toString());
      wake();
    });
    await once(socket, 'open');
    const seen = async (pattern: RegExp) => {
      while (!events.some((event) => pattern.test(event)))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    const turn = () => {
      socket.send(JSON.stringify({ type: 'response.create', model: MODEL, input: 'Hi' }));
    };
    turn();
    await seen(/"response\.output_text\.delta"/);
    await mortal.kill();
    await seen(/"First\\" broke off/);
    turn();
    await seen(/"response\.completed"/);
    assert.equal(upstream.generations.length, 1);
    socket.close();
    await once(socket, 'close');
    assert.deepEqual(
      portside.exchanges.map(({ outcome, account }) => [outcome, account]),
      [
        ['failed', 'First'],
        ['completed', 'Second'],
      ],
    );
    await assertNothingLeaks();
  });
});
