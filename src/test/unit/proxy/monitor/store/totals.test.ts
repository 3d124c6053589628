import assert from 'node:assert/strict';
import { totalsOf } from '../../../../../proxy/monitor/store/totals';
import { usageOf } from '../../../../../proxy/monitor/store/usage-sums';
import { NOON, record } from './store-samples';

describe('totals', () => {
  const rows = usageOf([
    record({
      id: '1',
      account: 'a',
      modelAsked: 'x',
      modelServed: 'y',
      costNano: 5,
      usage: { inputTokens: 1, outputTokens: 2 },
    }),
    record({
      id: '2',
      account: 'b',
      modelAsked: 'x',
      usage: {
        inputTokens: 10,
        outputTokens: 0,
        cachedInputTokens: 4,
        cacheWriteTokens: 3,
        reasoningTokens: 2,
      },
      costNano: 9,
      time: NOON + 120_000,
    }),
    record({ id: '3', account: 'a', outcome: 'failed', usage: { inputTokens: 3, outputTokens: 4 } }),
    record({ id: '4', outcome: 'rejected' }),
    record({ id: '5', outcome: 'cancelled', account: 'c' }),
  ]);

  it('sum all up, and each group, the costliest first', () => {
    const { all, groups } = totalsOf(rows, 'account');
    assert.deepEqual(all, {
      requests: 5,
      failed: 1,
      cancelled: 1,
      rejected: 1,
      inputTokens: 14,
      cachedInputTokens: 4,
      cacheWriteTokens: 3,
      outputTokens: 6,
      reasoningTokens: 2,
      costNano: 14,
      unpriced: 1,
    });
    assert.deepEqual(
      groups.map(({ name, sums }) => [name, sums.costNano, sums.requests, sums.unpriced]),
      [
        ['b', 9, 1, 0],
        ['a', 5, 2, 1],
        ['', 0, 1, 0],
        ['c', 0, 1, 0],
      ],
    );
  });

  it('name a model as it was served, else as it was asked for', () => {
    assert.deepEqual(
      totalsOf(rows, 'model').groups.map(({ name }) => name),
      ['x', 'y', ''],
    );
  });
});
