import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ExchangeRecord } from '../../../../shared/exchange';
import type { AccountStatus } from '../../../../shared/status';
import { exposition } from '../../../../proxy/monitor/exposition';
import { Metrics } from '../../../../proxy/monitor/metrics';
import { poolGauges } from '../../../../proxy/monitor/pool-gauges';
import { parseExposition, valueOf } from '../../../support/check/parse-exposition';

const record = (more: Partial<ExchangeRecord> = {}): ExchangeRecord => ({
  seq: 1,
  id: 'req_1',
  time: 1,
  method: 'POST',
  path: '/v1/messages',
  clientDialect: 'anthropic',
  account: 'Claude',
  modelAsked: 'asked',
  modelServed: 'served',
  attempts: [{ account: 'Claude', model: 'served' }],
  status: 200,
  outcome: 'completed',
  durationMs: 1500,
  warnings: [],
  ...more,
});
const read = (...records: ExchangeRecord[]) => {
  const metrics = new Metrics();
  for (const each of records) metrics.add(each);
  return parseExposition(metrics.text([]));
};
const SERVED = { account: 'Claude', model: 'served' };

describe('metrics (SPEC 6.7)', () => {
  it('are there, without samples, before anything was asked', () => {
    const families = read();
    assert.deepEqual(
      [...families.values()].map(({ name, type, samples }) => [name, type, samples.length]),
      [
        ['portside_requests_total', 'counter', 0],
        ['portside_tokens_total', 'counter', 0],
        ['portside_failovers_total', 'counter', 0],
        ['portside_request_duration_seconds', 'histogram', 0],
        ['portside_first_byte_seconds', 'histogram', 0],
      ],
    );
  });

  it('count requests by protocol, account, model and how they ended', () => {
    const families = read(record(), record(), record({ status: 502, outcome: 'failed' }));
    const labels = { protocol: 'anthropic', ...SERVED };
    const count = (outcome: string, status: string) =>
      valueOf(families, 'portside_requests_total', { ...labels, outcome, status });
    assert.equal(count('completed', '200'), 2);
    assert.equal(count('failed', '502'), 1);
  });

  it('keep apart what would be the same word after word', () => {
    const pairs = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['1:a', 'b'],
      ['', '1:a1:b'],
      ['x'.repeat(300), 'y'],
      ['x'.repeat(299), 'xy'],
    ] as const;
    const families = read(...pairs.map(([account, model]) => record({ account, modelServed: model })));
    const samples = families.get('portside_requests_total')?.samples ?? [];
    assert.equal(samples.length, pairs.length);
    assert.ok(samples.every(({ value }) => value === 1));
  });

  it("take no client's word for a model that nobody was asked for", () => {
    const { account: _account, modelServed: _served, ...rest } = record();
    const families = read({ ...rest, modelAsked: 'made-up', attempts: [], status: 401, outcome: 'rejected' });
    assert.equal(
      valueOf(families, 'portside_requests_total', {
        protocol: 'anthropic',
        account: '',
        model: '',
        outcome: 'rejected',
        status: '401',
      }),
      1,
    );
  });

  it('count tokens in kinds that add up to what was reported', () => {
    const usage = {
      inputTokens: 1000,
      cachedInputTokens: 600,
      cacheWriteTokens: 100,
      outputTokens: 50,
      reasoningTokens: 20,
    };
    const families = read(record({ usage }), record({ usage: { inputTokens: 7, outputTokens: 3 } }));
    const tokens = (kind: string) => valueOf(families, 'portside_tokens_total', { ...SERVED, kind });
    assert.deepEqual(
      ['input', 'cached_input', 'cache_write', 'output', 'reasoning'].map(tokens),
      [307, 600, 100, 33, 20],
    );
  });

  it('never count down where a provider reports more cached than there was', () => {
    const usage = { inputTokens: 5, cachedInputTokens: 9, outputTokens: 1, reasoningTokens: 4 };
    assert.equal(
      valueOf(read(record({ usage })), 'portside_tokens_total', { ...SERVED, kind: 'input' }),
      undefined,
    );
  });

  it('count an attempt after which another was made, at its account', () => {
    const families = read(
      record({
        attempts: [
          { account: 'A', model: 'a' },
          { account: 'B', model: 'b' },
          { account: 'Claude', model: 'served' },
        ],
      }),
    );
    const failovers = families.get('portside_failovers_total')!;
    assert.deepEqual(
      failovers.samples.map(({ labels, value }) => [labels, value]),
      [
        [{ account: 'A', model: 'a' }, 1],
        [{ account: 'B', model: 'b' }, 1],
      ],
    );
  });

  it('put times into the bucket that they are in, in seconds', () => {
    const families = read(
      record({ durationMs: 100, firstByteMs: 50 }),
      record({ durationMs: 101 }),
      record({ durationMs: 9_000_000 }),
    );
    const bucket = (le: string) =>
      valueOf(families, 'portside_request_duration_seconds_bucket', { account: 'Claude', le });
    assert.deepEqual(['0.1', '0.25', '600', '+Inf'].map(bucket), [1, 2, 2, 3]);
    assert.equal(valueOf(families, 'portside_request_duration_seconds_sum', { account: 'Claude' }), 9000.201);
    assert.equal(valueOf(families, 'portside_first_byte_seconds_count', { account: 'Claude' }), 1);
    assert.equal(
      valueOf(families, 'portside_first_byte_seconds_bucket', { account: 'Claude', le: '0.05' }),
      1,
    );
  });

  it('keep to 500 combinations of labels, and lose no request of others', () => {
    const metrics = new Metrics();
    for (let index = 0; index < 2000; index++)
      metrics.add(
        record({
          modelServed: `model-${index}`,
          account: `account-${index}`,
          status: 200 + (index % 300),
          usage: { inputTokens: 1, outputTokens: 1 },
        }),
      );
    const families = parseExposition(metrics.text([]));
    for (const name of ['portside_requests_total', 'portside_tokens_total']) {
      const { samples } = families.get(name)!;
      assert.ok(samples.length <= 510, `${samples.length}`);
      const sum = samples.reduce((total, { value }) => total + value, 0);
      assert.equal(sum, name === 'portside_requests_total' ? 2000 : 4000);
    }
    const { samples } = families.get('portside_requests_total')!;
    assert.ok(samples.some(({ labels }) => labels.account === 'other' && labels.status === '2xx'));
    assert.ok(metrics.text([]).length < 300_000);
  });

  it('are valid whatever accounts and models are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (account, model) => {
        const wanted = { account: account.slice(0, 120), model: model.slice(0, 120) };
        const families = read(record({ account, modelServed: model }));
        const [sample] = families.get('portside_requests_total')!.samples;
        assert.equal(sample?.labels.account, wanted.account);
        assert.equal(sample.labels.model, wanted.model);
      }),
    );
    const [sample] = read(record({ account: 'a"b\\c\nd' })).get('portside_requests_total')!.samples;
    assert.equal(sample?.labels.account, 'a"b\\c\nd');
  });
});

describe('gauges of the pool (SPEC 6.7)', () => {
  const NOW = 1_000_000;
  const account = (id: string, more: Partial<AccountStatus> = {}): AccountStatus => ({
    id,
    label: 'Claude',
    provider: 'anthropic',
    enabled: true,
    state: 'healthy',
    ...more,
  });
  const gauges = (...accounts: AccountStatus[]) =>
    parseExposition(exposition(poolGauges(accounts, '1.2.3', NOW)));

  it('tell the version', () => {
    assert.equal(valueOf(gauges(), 'portside_build_info', { version: '1.2.3' }), 1);
  });

  it('tell accounts by health', () => {
    const families = gauges(account('a'), account('b', { state: 'cooling', until: NOW + 1 }), account('c'));
    const count = (health: string) => valueOf(families, 'portside_accounts', { health });
    assert.deepEqual(['healthy', 'cooling', 'probing', 'disabled'].map(count), [2, 1, 0, 0]);
  });

  it('tell two accounts of one label apart', () => {
    const families = gauges(account('a', { inFlight: 2, queued: 1 }), account('b'));
    const of = (name: string, id: string) => valueOf(families, name, { account: 'Claude', id });
    assert.equal(of('portside_account_in_flight_requests', 'a'), 2);
    assert.equal(of('portside_account_queued_requests', 'a'), 1);
    assert.equal(of('portside_account_in_flight_requests', 'b'), 0);
  });

  it('tell how long an account and its models rest', () => {
    const families = gauges(
      account('a', { state: 'cooling', until: NOW + 2500 }),
      account('b', {
        models: [
          { model: 'm', state: 'cooling', reason: '', until: NOW + 500 },
          { model: 'n', state: 'probing', reason: '', until: NOW - 500 },
        ],
      }),
    );
    const left = (id: string) =>
      valueOf(families, 'portside_account_cooling_seconds', { account: 'Claude', id });
    assert.deepEqual(['a', 'b'].map(left), [2.5, 0]);
    const ofModel = (model: string) =>
      valueOf(families, 'portside_account_model_cooling_seconds', { account: 'Claude', id: 'b', model });
    assert.deepEqual(['m', 'n'].map(ofModel), [0.5, 0]);
  });
});
