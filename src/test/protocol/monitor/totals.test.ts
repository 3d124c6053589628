/** The monitor's totals are the sum of what the upstreams reported, exactly (SPEC 6.1, 6.5, 6.6; CASES J). */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import type { Behaviour } from '../../support/upstream/behaviour';
import { startMonitored, type Monitored } from '../../support/monitored';
import type { ScriptedUsage } from '../../support/upstream/scripted-answer';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt } from '../../support/start-portside';

const MODEL = (dialect: Dialect) => `priced-${dialect}`;
/** In US dollars per million tokens: every one of them a whole number of billionths for one token. */
const PRICE = { input: 3, output: 15, cachedInput: 0.3 * 10, cacheWrite: 4 };

interface Expected {
  requests: number;
  failed: number;
  cancelled: number;
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costNano: number;
}

describe('totals of the monitor', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  let expected: Expected;
  let asked = 0;

  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  beforeEach(async () => {
    const accounts = DIALECT_NAMES.flatMap((dialect) => [
      accountAt(upstream, dialect, {
        id: `first-${dialect}`,
        label: `First ${dialect}`,
        key: `sk-first-${dialect}-0123456789`,
        models: [MODEL(dialect)],
        priority: 1,
      }),
      accountAt(upstream, dialect, {
        id: `second-${dialect}`,
        label: `Second ${dialect}`,
        models: [MODEL(dialect)],
      }),
    ]);
    portside = await startMonitored({ accounts, monitor: { prices: { 'priced-*': PRICE } } });
    expected = {
      requests: 0,
      failed: 0,
      cancelled: 0,
      inputTokens: 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      costNano: 0,
    };
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });

  function randomUsage(dialect: Dialect): ScriptedUsage {
    const cached = randomInt(0, 900);
    const cacheWrite = dialect === 'anthropic' ? randomInt(0, 500) : 0;
    const reasoning = randomInt(0, 300);
    return {
      input: cached + cacheWrite + randomInt(1, 2000),
      cached,
      ...(cacheWrite > 0 && { cacheWrite }),
      reasoning,
      output: reasoning + randomInt(1, 1500),
    };
  }

  /** Counts what an upstream reported. */
  function expectUsage({ input, output, cached = 0, cacheWrite = 0, reasoning = 0 }: ScriptedUsage): void {
    expected.inputTokens += input;
    expected.cachedInputTokens += cached;
    expected.cacheWriteTokens += cacheWrite;
    expected.outputTokens += output;
    expected.reasoningTokens += reasoning;
    const plain = input - cached - cacheWrite;
    expected.costNano += 1000 * (plain * 3 + cached * 3 + cacheWrite * 4 + output * 15);
  }

  /** Sends a request from a client of one dialect to an account of another. @returns the answer's text, or undefined when it was cut */
  async function send(
    from: Dialect,
    to: Dialect,
    stream: boolean,
    usage: ScriptedUsage,
    behaviour: Omit<Behaviour, 'answer'> = {},
  ): Promise<string | undefined> {
    const said = `number ${++asked} said`;
    upstream.reply(
      { text: 'an answer of some words', usage },
      { times: 1, saying: said, key: `sk-upstream-key-of-${to}`, ...behaviour },
    );
    upstream.reply(
      { text: 'an answer of some words', usage },
      { times: 1, saying: said, key: `sk-first-${to}-0123456789`, ...behaviour },
    );
    return post(from, to, stream, said);
  }

  async function post(
    from: Dialect,
    to: Dialect,
    stream: boolean,
    said: string,
  ): Promise<string | undefined> {
    const { path, headers, body } = smallRequest(from, MODEL(to), stream);
    const text = JSON.stringify(
      from === 'openai-chat' && stream ? { ...body, stream_options: { include_usage: true } } : body,
    ).replace('"Hi"', JSON.stringify(said));
    expected.requests++;
    const response = await fetch(portside.url + path, { method: 'POST', headers, body: text });
    return response.text().catch(() => undefined);
  }

  async function check(): Promise<void> {
    await portside.rows(expected.requests);
    const { all } = await portside.ask('totals', { from: 0, to: Date.now() + 120_000, by: 'account' });
    const { unpriced: _, rejected: _rejected, ...sums } = all;
    assert.deepEqual(sums, expected);
    for (const by of ['account', 'model', 'client', 'protocol', 'clientKey'] as const) {
      const { groups } = await portside.ask('totals', { from: 0, to: Date.now() + 120_000, by });
      for (const key of Object.keys(expected) as (keyof Expected)[])
        assert.equal(
          groups.reduce((sum, { sums: each }) => sum + each[key], 0),
          expected[key],
          `${key} by ${by}`,
        );
    }
  }

  it('are those of every protocol and translation, streamed and whole', async () => {
    for (const from of DIALECT_NAMES)
      for (const to of DIALECT_NAMES)
        for (const stream of [false, true]) {
          const usage = randomUsage(to);
          expectUsage(usage);
          const text = await send(from, to, stream, usage);
          assert.doesNotMatch(text ?? 'cut', /cut|"error"\s*:\s*\{/, `${from} from ${to}`);
        }
    await check();
  });

  it('count a request once that was tried at several accounts', async () => {
    const faults: Behaviour[] = [
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 500 },
      { fault: 'reset-before-headers' },
      { fault: 'error-event-first', faultStatus: 529 },
      { fault: 'empty' },
    ];
    for (const to of DIALECT_NAMES)
      for (const fault of faults) {
        const usage = randomUsage(to);
        expectUsage(usage);
        const said = `number ${++asked} said`;
        upstream.fail({ ...fault, key: `sk-first-${to}-0123456789`, saying: said });
        upstream.reply({ text: 'words', usage }, { saying: said });
        await post(to === 'gemini' ? 'anthropic' : to, to, true, said);
        portside.proxy.clearCooling(`first-${to}`);
      }
    await check();
    const { rows } = await portside.ask('rows', {
      query: { filter: { text: 'first' }, sort: { key: 'time', descending: true } },
      from: 0,
      count: 100,
    });
    assert.ok(rows.some(({ attempts }) => attempts > 1));
  });

  for (const from of ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)
    it(`hold what was reported of streams that were cut, for a client of ${from}`, async () => {
      for (const fault of ['cut-mid-stream', 'reset-mid-body', 'error-event-mid'] as const) {
        const usage = randomUsage('anthropic');
        await send(from, 'anthropic', true, usage, { fault });
        // `message_start` says what the prompt took; the one token of output is the beginning's.
        expectUsage({ ...usage, output: 1 });
        expected.failed++;
      }
      await check();
    });

  for (const from of ['anthropic', 'openai-chat'] as const)
    it(`hold what was reported of a stream that a client of ${from} leaves`, async () => {
      const usage = randomUsage('anthropic');
      const said = `number ${++asked} said`;
      upstream.reply({ text: 'words', usage }, { saying: said, fault: 'hang-mid-body' });
      const { path, headers, body } = smallRequest(from, MODEL('anthropic'), true);
      const left = new AbortController();
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body).replace('"Hi"', JSON.stringify(said)),
        signal: left.signal,
      });
      await response.body!.getReader().read();
      left.abort();
      expected.requests++;
      expected.cancelled++;
      expectUsage({ ...usage, output: 1 });
      await check();
    });

  it('stay when the records are deleted, and go when they are, too', async () => {
    for (let n = 0; n < 5; n++) {
      const usage = randomUsage('anthropic');
      expectUsage(usage);
      await send('openai-chat', 'anthropic', true, usage);
    }
    await portside.rows(5);
    await portside.ask('clear', { totals: false });
    assert.equal((await portside.ask('info', {})).records, 0);
    const { all } = await portside.ask('totals', { from: 0, to: Date.now() + 120_000, by: 'model' });
    assert.equal(all.costNano, expected.costNano);
    await portside.ask('clear', { totals: true });
    const empty = await portside.ask('totals', { from: 0, to: Date.now() + 120_000, by: 'model' });
    assert.equal(empty.all.requests, 0);
  });

  it('are there again after a restart', async () => {
    const usage = randomUsage('gemini');
    expectUsage(usage);
    await send('gemini', 'gemini', false, usage);
    await portside.stop();
    const again = await startMonitored({ accounts: [{ id: 'demo', provider: 'demo' }] }, portside.folder);
    portside = again;
    await check();
  });
});
