import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addBuckets,
  bucketOf,
  count,
  middleOf,
  percentiles,
  type Buckets,
} from '../../../../../proxy/monitor/store/latency-buckets';

const counted = (durations: number[]): Buckets => {
  const buckets: Buckets = {};
  for (const ms of durations) count(buckets, ms);
  return buckets;
};

describe('buckets of durations', () => {
  it('are at most six hundredths wide: their middle is near everything in them', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e8, noNaN: true }), (ms) => {
        assert.ok(Math.abs(middleOf(bucketOf(ms)) - ms) <= ms * 0.03 + 0.05, `${ms}`);
      }),
    );
  });

  it('give the percentiles of what was counted, nearly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1 }), (durations) => {
        const sorted = [...durations].sort((a, b) => a - b);
        const shares = [0.5, 0.9, 0.99];
        percentiles(counted(durations), shares).forEach((found, index) => {
          const exact = sorted[Math.ceil(shares[index]! * sorted.length) - 1]!;
          assert.ok(Math.abs(found! - exact) <= exact * 0.03 + 0.05, `${found} ${exact}`);
        });
      }),
    );
  });

  it('added together are those of all durations', () => {
    const some = counted([0, 0.4, 5, 5, 800]);
    addBuckets(some, counted([5, 900, 0]));
    assert.deepEqual(some, counted([0, 0.4, 5, 5, 800, 5, 900, 0]));
  });

  it('without anything in them have no percentiles', () => {
    assert.deepEqual(percentiles({}, [0.5, 1]), [null, null]);
  });
});
