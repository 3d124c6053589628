/** An account that takes requests and answers none: nobody waits for it longer than once (SPEC 5.6, 5.11, 5.12; CASES class D). */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExchangeRecord } from '../../../shared/exchange';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, sendSmall } from '../../support/dialect-requests';
import { ManualClock } from '../../support/manual-clock';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { AccountInput, SettingsInput, StartedPortside } from '../../support/start-portside';

const CLIENTS = 50;
const STALLED = 'sk-upstream-key-stalled';
const LIMITS = { firstByteMs: 300, totalMs: 900 };

describe('an account that stalls', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let clock: ManualClock;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(() => {
    clock = new ManualClock();
    upstream.behave({ key: STALLED, fault: 'hang' });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  /** Three that answer and one that does not; all at one origin, as several keys of a provider are. */
  const four = (more: Partial<AccountInput> = {}, stalled: Partial<AccountInput> = {}): AccountInput[] => [
    ...['one', 'two', 'three'].map((id): AccountInput => ({
      ...accountAt(upstream, 'anthropic', { id, label: id, key: `sk-upstream-key-${id}` }),
      ...more,
    })),
    {
      ...accountAt(upstream, 'anthropic', { id: 'stalled', label: 'stalled', key: STALLED }),
      ...more,
      ...stalled,
    },
  ];
  const start = async (settings: SettingsInput) => {
    portside = await startPortside({ timeouts: LIMITS, ...settings }, undefined, clock.every, clock.now);
  };

  let sessions = 0;
  /** One request of a conversation of its own. */
  const ask = async (stream: boolean, signal?: AbortSignal) => {
    const response = await sendSmall(portside.url, 'anthropic', {
      stream,
      headers: { 'x-session-id': `session-${sessions++}` },
      ...(signal && { signal }),
    });
    return { response, text: await response.text() };
  };
  /** Many at once, and how many of them were answered. */
  const askAll = (count: number, stream: boolean) => {
    const state = { answered: 0 };
    const all = Promise.all(
      Array.from({ length: count }, () =>
        ask(stream).then((answer) => {
          state.answered++;
          return answer;
        }),
      ),
    );
    return { state, all };
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const stalledRequests = () => upstream.generations.filter(({ key }) => key === STALLED).length;
  const status = (id: string) => portside.proxy.status().accounts.find((account) => account.id === id)!;

  /** All were served, nobody asked the stalled one twice, and the records say where the answers come from. */
  const assertAllServed = async (
    answers: Awaited<ReturnType<typeof ask>>[],
    stream: boolean,
  ): Promise<ExchangeRecord[]> => {
    for (const { response, text } of answers) {
      assert.equal(response.status, 200, text);
      if (!stream) continue;
      const reading = checkStream('anthropic', text);
      assert.deepEqual([reading.complaints, reading.error], [[], undefined]);
      assert.equal(reading.text, 'Hello from upstream');
    }
    const records = await Promise.all(
      answers.map(({ response }) => portside.recorded(response.headers.get('x-request-id')!)),
    );
    for (const { attempts, account, outcome } of records) {
      assert.equal(outcome, 'completed');
      assert.notEqual(account, 'stalled');
      const waited = attempts.filter((attempt) => attempt.account === 'stalled');
      assert.ok(waited.length <= 1, 'a request waited for the stalled account twice');
      for (const attempt of waited) {
        assert.equal(attempt.status, 504);
        assert.match(attempt.reason ?? '', /sent no answer within/);
      }
      assert.ok(attempts.length <= 2);
    }
    return records;
  };
  const assertQuiet = () => {
    for (const { label, inFlight, queued } of portside.proxy.status().accounts)
      assert.deepEqual([label, inFlight, queued], [label, 0, 0]);
    assert.ok(clock.atRest(), 'something still goes by the ticker');
  };
  const assertFair = (records: ExchangeRecord[]) => {
    const served = ['one', 'two', 'three'].map(
      (label) => records.filter(({ account }) => account === label).length,
    );
    assert.ok(
      Math.max(...served) - Math.min(...served) <= 2,
      `the others served ${served.join(', ')} requests`,
    );
  };

  for (const stream of [true, false]) {
    const limit = stream ? LIMITS.firstByteMs : LIMITS.totalMs;
    const how = stream ? 'streaming' : 'whole';

    it(`costs ${CLIENTS} clients one time limit at most, ${how}`, async () => {
      await start({ accounts: four() });
      const { state, all } = askAll(CLIENTS, stream);
      // While no time passes at all, everybody else is served.
      await until(() => state.answered + stalledRequests() === CLIENTS);
      const caught = stalledRequests();
      assert.ok(
        caught >= 1 && caught <= Math.ceil(CLIENTS / 4),
        `${caught} were sent to the stalled account`,
      );
      clock.pass(limit);
      assert.equal(status('stalled').inFlight, caught, 'the limit is not over yet');
      clock.pass(1);
      const records = await assertAllServed(await all, stream);
      assert.equal(records.filter(({ attempts }) => attempts.length === 2).length, caught);
      assert.equal(stalledRequests(), caught);
      assertFair(records);
      assertQuiet();
    });

    it(`gets nobody who comes after the first time-out, ${how}`, async () => {
      await start({ accounts: four() });
      const first = askAll(8, stream);
      await until(() => first.state.answered + stalledRequests() === 8);
      const caught = stalledRequests();
      clock.pass(limit + 1);
      await assertAllServed(await first.all, stream);
      await assertAllServed(await askAll(CLIENTS, stream).all, stream);
      assert.equal(stalledRequests(), caught, 'it was asked although others could serve');

      // Some time later it gets a chance, fails again, and rests.
      clock.time += 60_000;
      const second = askAll(8, stream);
      await until(() => second.state.answered + stalledRequests() - caught === 8);
      clock.pass(limit + 1);
      await assertAllServed(await second.all, stream);
      const { state, reason } = status('stalled');
      assert.equal(state, 'cooling');
      assert.match(reason ?? '', /sent no answer/);
      const before = stalledRequests();
      const records = await assertAllServed(await askAll(CLIENTS, stream).all, stream);
      assert.equal(stalledRequests(), before, 'a resting account was asked');
      for (const { skipped } of records)
        assert.match(skipped?.find(({ account }) => account === 'stalled')?.reason ?? '', /cooling until/);
      assertFair(records);
      assertQuiet();
    });

    it(`holds up no more than its cap, ${how}`, async () => {
      await start({ accounts: four({}, { maxConcurrent: 2 }) });
      const { state, all } = askAll(CLIENTS, stream);
      await until(() => state.answered + stalledRequests() === CLIENTS);
      assert.equal(stalledRequests(), 2);
      clock.pass(limit + 1);
      const records = await assertAllServed(await all, stream);
      const passedOver = records.filter(({ skipped }) =>
        skipped?.some(({ account, reason }) => account === 'stalled' && reason.includes('cap of 2')),
      );
      assert.ok(passedOver.length > 0, 'no record says that its cap was reached');
      assertFair(records);
      assertQuiet();
    });

    it(`does not stop a queue that others can serve, ${how}`, async () => {
      await start({ accounts: four({ maxConcurrent: 2 }) });
      const { state, all } = askAll(CLIENTS, stream);
      // Whoever waits is served by the others' places, one after another.
      await until(() => state.answered === CLIENTS - 2);
      assert.equal(stalledRequests(), 2);
      clock.pass(limit + 1);
      const answers = await all;
      const records = await assertAllServed(answers, stream);
      assert.equal(stalledRequests(), 2);
      assertFair(records);
      assertQuiet();
    });
  }

  it('is not blamed for clients that leave, and nobody is asked in its place', async () => {
    await start({ accounts: four() });
    const leaving = new AbortController();
    let answered = 0;
    let left = 0;
    const all = Array.from({ length: 12 }, (_, index) =>
      ask(index % 2 === 0, leaving.signal).then(
        () => answered++,
        () => left++,
      ),
    );
    await until(() => answered + stalledRequests() === 12);
    const caught = stalledRequests();
    const asked = upstream.generations.length;
    leaving.abort();
    await Promise.all(all);
    assert.deepEqual([answered, left], [12 - caught, caught]);
    await until(() => portside.exchanges.length === 12);
    await Promise.all(upstream.generations.map(({ closed }) => closed));
    assert.equal(upstream.generations.length, asked);
    assert.deepEqual(portside.poolEvents, []);
    for (const { attempts, outcome } of portside.exchanges.filter(({ account }) => account === 'stalled')) {
      assert.equal(outcome, 'cancelled');
      assert.equal(attempts.length, 1);
    }
    assertQuiet();
  });

  it('is waited for no longer when it has sent headers and nothing else', async () => {
    const mute = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    const url = await new Promise<string>((resolve) => {
      mute.listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(mute.address() as AddressInfo).port}`);
      });
    });
    const models = ['asked-model'];
    await start({
      accounts: [
        { ...accountAt(upstream, 'anthropic', { id: 'mute', models, priority: 1 }), baseUrl: url },
        accountAt(upstream, 'anthropic', { id: 'one', label: 'one', models }),
      ],
    });
    try {
      let over = false;
      const asked = ask(true).finally(() => (over = true));
      // Nothing says when its headers have arrived: time goes on until the request is over.
      while (!over) {
        clock.pass(50);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { response } = await asked;
      assert.equal(response.headers.get('x-portside-account'), 'one');
    } finally {
      mute.closeAllConnections();
      mute.close();
    }
  });

  it('is left to itself on the real clock, too', async () => {
    portside = await startPortside({ accounts: four(), timeouts: LIMITS });
    await assertAllServed(await askAll(CLIENTS, true).all, true);
  });

  it('keeps a conversation no longer than it is healthy, and gets it back', async () => {
    await start({ accounts: four() });
    const same = { 'x-session-id': 'the-same' };
    const turn = async () => {
      const response = await sendSmall(portside.url, 'anthropic', { stream: true, headers: same });
      assert.equal(response.status, 200, await response.text());
      return portside.recorded(response.headers.get('x-request-id')!);
    };
    upstream.reset();
    // New conversations are balanced, so one of the first four is the stalled one's.
    let owner: string | undefined;
    for (let round = 0; owner !== 'stalled' && round < 8; round++) {
      same['x-session-id'] = `the-same-${round}`;
      owner = (await turn()).account;
    }
    assert.equal(owner, 'stalled');
    upstream.behave({ key: STALLED, fault: 'hang' });
    const asked = turn();
    await until(() => upstream.generations.length > 0 && status('stalled').inFlight === 1);
    clock.pass(LIMITS.firstByteMs + 1);
    assert.notEqual((await asked).account, 'stalled');
    assert.notEqual((await turn()).account, 'stalled');
    upstream.reset();
    clock.time += 3_600_000 / 2;
    assert.equal((await turn()).account, 'stalled');
  });

  describe('with nobody else, and its cap reached', () => {
    const lone = (): SettingsInput => ({
      accounts: [accountAt(upstream, 'anthropic', { id: 'stalled', key: STALLED, maxConcurrent: 1 })],
    });
    const queued = (count: number) => until(() => status('stalled').queued === count);

    it('takes those who left out of its queue, and serves the rest in their order', async () => {
      await start(lone());
      const held = ask(true);
      await upstream.arrived(1);
      const leaving = Array.from({ length: 5 }, () => new AbortController());
      const waiting = [];
      for (const [index, { signal }] of leaving.entries()) {
        waiting.push(
          ask(true, signal).then(
            ({ response }) => response.status,
            () => 'left',
          ),
        );
        await queued(index + 1);
      }
      for (const index of [0, 2, 4]) leaving[index]!.abort();
      await queued(2);
      upstream.reset();
      assert.equal((await held).response.status, 200);
      assert.deepEqual(await Promise.all(waiting), ['left', 200, 'left', 200, 'left']);
      // The first was forgotten by the reset.
      assert.equal(upstream.generations.length, 2, 'somebody who left was served');
      await until(() => portside.exchanges.length === 6);
      assert.equal(portside.exchanges.filter(({ outcome }) => outcome === 'cancelled').length, 3);
      assertQuiet();
    });

    it('lets a client with many requests take turns with a client that has few', async () => {
      const key = (name: string) => ({ name, key: `sk-key-of-${name}` });
      await start({
        ...lone(),
        authMode: 'strict',
        apiKey: 'sk-local-key-1234',
        clientKeys: [key('many'), key('few')],
      });
      const order: string[] = [];
      const askAs = (name: string) =>
        sendSmall(portside.url, 'anthropic', {
          headers: { 'x-api-key': `sk-key-of-${name}`, 'x-session-id': `session-${sessions++}` },
        }).then(async (response) => {
          assert.equal(response.status, 200, await response.text());
          order.push(name);
        });
      const all = [askAs('many')];
      await upstream.arrived(1);
      for (let index = 0; index < 20; index++) all.push(askAs('many'));
      await queued(20);
      for (let index = 0; index < 3; index++) all.push(askAs('few'));
      await queued(23);
      upstream.reset();
      await Promise.all(all);
      // The one that was asked before is the first.
      assert.deepEqual(
        order.flatMap((name, index) => (name === 'few' ? index : [])),
        [2, 4, 6],
      );
      assertQuiet();
    });

    it('tells whoever is in its queue, each in its own protocol, that Portside stops', async () => {
      await start(lone());
      const held = ask(true).catch(() => undefined);
      await upstream.arrived(1);
      const waiting = DIALECT_NAMES.flatMap((dialect) =>
        [false, true].map((stream) => ({ dialect, asked: sendSmall(portside.url, dialect, { stream }) })),
      );
      await queued(waiting.length);
      const stopping = portside.stop();
      for (const { dialect, asked } of waiting) {
        const error = await assertErrorResponse(dialect, 503, await asked);
        assert.match(error.message, /stopped/);
      }
      await stopping;
      await held;
      assert.equal(upstream.generations.length, 1, 'somebody in the queue was asked for after the stop');
      assertQuiet();
    });
  });
});
