/** `/metrics` says what was sent (SPEC 6.7). */
import assert from 'node:assert/strict';
import { DIALECT_NAMES, sendSmall } from '../../support/dialect-requests';
import { parseExposition, valueOf } from '../../support/check/parse-exposition';
import { startMonitored, type Monitored } from '../../support/monitored';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, accountsOfAll, ownModel, type SettingsInput } from '../../support/start-portside';

describe('metrics (SPEC 6.7)', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  const start = async (settings: SettingsInput = {}) => {
    portside = await startMonitored({ accounts: accountsOfAll(upstream), ...settings });
  };
  const scrape = async () => {
    const response = await fetch(`${portside.url}/metrics`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    return response.text();
  };
  const read = async () => parseExposition(await scrape());
  const labelOf = (id: string) => portside.proxy.status().accounts.find((each) => each.id === id)!.label;
  /** Sends, and waits until it is over on both sides. */
  const send = async (
    ...args: Parameters<typeof sendSmall> extends [string, ...infer Rest] ? Rest : never
  ) => {
    const response = await sendSmall(portside.url, ...args);
    await response.text();
    return portside.recorded(response.headers.get('x-request-id')!);
  };

  it('equal what upstreams reported, streamed or not, in every protocol', async () => {
    await start();
    const usage = { input: 1000, cached: 600, output: 50, reasoning: 20 };
    upstream.reply({ text: 'Hello', usage });
    for (const dialect of DIALECT_NAMES)
      for (const stream of [false, true]) await send(dialect, { model: ownModel(dialect), stream });
    const families = await read();
    for (const dialect of DIALECT_NAMES) {
      const [sample, ...others] = families
        .get('portside_requests_total')!
        .samples.filter(({ labels }) => labels.protocol === dialect);
      assert.deepEqual(others, []);
      assert.equal(sample?.value, 2);
      const { account = '', model = '', outcome, status } = sample.labels;
      assert.deepEqual([outcome, status, account], ['completed', '200', labelOf(dialect)]);
      const tokens = (kind: string) =>
        valueOf(families, 'portside_tokens_total', { account, model, kind }) ?? 0;
      const records = portside.exchanges.filter((each) => each.clientDialect === dialect);
      const sum = (pick: (usage: NonNullable<(typeof records)[0]['usage']>) => number) =>
        records.reduce((total, each) => total + (each.usage ? pick(each.usage) : 0), 0);
      // A stream of chat completions tells usage only where the client asks for it.
      const told = dialect === 'openai-chat' ? 1 : 2;
      assert.equal(tokens('cached_input'), 600 * told);
      assert.equal(tokens('input') + tokens('cached_input') + tokens('cache_write'), 1000 * told);
      assert.equal(
        tokens('output') + tokens('reasoning'),
        sum(({ outputTokens }) => outputTokens),
      );
      assert.equal(valueOf(families, 'portside_request_duration_seconds_count', { account }), 2);
      assert.equal(valueOf(families, 'portside_first_byte_seconds_count', { account }), 2);
    }
  });

  it('count failovers, failures and refusals', async () => {
    const at = (id: string) =>
      accountAt(upstream, 'anthropic', { id, label: id, key: `sk-upstream-${id}`, models: ['m'] });
    await start({ accounts: [at('one'), at('two')], scheduling: 'balance' });
    upstream.fail({ status: 529, times: 1 });
    assert.equal((await send('anthropic', { model: 'm' })).attempts.length, 2);
    await (await fetch(`${portside.url}/nothing`)).text();
    const families = await read();
    const failovers = families.get('portside_failovers_total')!.samples;
    assert.deepEqual(
      failovers.map(({ labels, value }) => [labels.model, value]),
      [['m', 1]],
    );
    const requests = families.get('portside_requests_total')!.samples;
    assert.deepEqual(
      requests.map(({ labels: { outcome, status }, value }) => [outcome, status, value]),
      [
        ['completed', '200', 1],
        ['rejected', '404', 1],
      ],
    );
    const [{ labels: failed }] = failovers as [(typeof failovers)[0]];
    const [{ labels: served }] = requests as [(typeof requests)[0]];
    assert.notEqual(failed.account, served.account);
  });

  it('tell what the pool does now', async () => {
    await start();
    upstream.fail({ status: 429, headers: { 'retry-after': '120' }, key: 'sk-upstream-key-of-anthropic' });
    await send('anthropic', { model: ownModel('anthropic') });
    const families = await read();
    const health = (name: string) => valueOf(families, 'portside_accounts', { health: name }) ?? 0;
    assert.equal(health('healthy') + health('cooling'), 4);
    const left = [
      ...families.get('portside_account_cooling_seconds')!.samples,
      ...families.get('portside_account_model_cooling_seconds')!.samples,
    ].filter(({ value }) => value > 0);
    assert.equal(left.length, 1);
    assert.equal(left[0]?.labels.id, 'anthropic');
    assert.ok(left[0].value > 60 && left[0].value <= 120, `${left[0].value}`);
  });

  it('tell what is under way', async () => {
    await start();
    upstream.fail({ fault: 'hang' });
    const leaving = new AbortController();
    const asked = sendSmall(portside.url, 'anthropic', {
      model: ownModel('anthropic'),
      signal: leaving.signal,
    }).catch(() => undefined);
    await upstream.arrived(1);
    const inFlight = valueOf(await read(), 'portside_account_in_flight_requests', {
      account: labelOf('anthropic'),
      id: 'anthropic',
    });
    leaving.abort();
    upstream.release();
    await asked;
    assert.equal(inFlight, 1);
  });

  it('say that nothing is counted while the monitor is off', async () => {
    await start({ monitor: { enabled: false } });
    await send('anthropic', { model: ownModel('anthropic') });
    const text = await scrape();
    assert.match(text, /^# The monitor is off: requests and tokens are not counted\.$/m);
    assert.doesNotMatch(text, /_total/);
    assert.equal(parseExposition(text).get('portside_accounts')?.samples.length, 4);
  });

  it('hold no key', async () => {
    const apiKey = 'sk-local-0123456789';
    const clientKeys = [{ name: 'robot', key: 'sk-robot-0123456789' }];
    await start({ apiKey, clientKeys });
    await send('anthropic', {
      model: ownModel('anthropic'),
      headers: { 'x-api-key': 'sk-robot-0123456789' },
    });
    assert.doesNotMatch(await scrape(), /sk-/);
  });
});
