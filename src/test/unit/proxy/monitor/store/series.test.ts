import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seriesOf } from '../../../../../proxy/monitor/store/series';
import { toQuarterHours, usageOf } from '../../../../../proxy/monitor/store/usage-sums';
import { DAY, NOON, record, records } from './store-samples';

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const MINUTE = 60_000;

describe('series over time', () => {
  it('have no more steps than asked for, of whole minutes, and lose nothing between two times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 * 1440 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 500 * 1440 }),
        (minutes, steps, ago) => {
          const from = NOON - minutes * MINUTE;
          const rows = usageOf(
            [0, 0.3, 0.7, 0.999].map((share) => record({ time: from + share * (NOON - from) })),
          );
          const ask = { from, to: NOON, steps, by: 'model', now: NOON + ago * MINUTE } as const;
          const { times, step, groups } = seriesOf(rows, ask);
          assert.ok(times.length <= steps, `${times.length} of ${steps}`);
          assert.equal(step % MINUTE, 0);
          if (from < ask.now - 2 * DAY) assert.equal(step % (15 * MINUTE), 0);
          assert.ok(times[0]! <= from && times.at(-1)! + step >= NOON);
          times.forEach((time, index) => assert.equal(time, times[0]! + index * step));
          assert.equal(sum(groups.flatMap((group) => group.requests)), 4);
        },
      ),
    );
  });

  it('count a record in the step in which its minute begins', () => {
    const rows = usageOf([
      record({
        time: NOON + 30_000,
        usage: { inputTokens: 5, outputTokens: 2, cachedInputTokens: 3 },
        costNano: 7,
      }),
      record({ time: NOON + 3 * MINUTE, outcome: 'failed', durationMs: 100, firstByteMs: 10 }),
    ]);
    const series = seriesOf(rows, { from: NOON, to: NOON + 5 * MINUTE, steps: 5, by: 'account', now: NOON });
    assert.equal(series.step, MINUTE);
    const [group] = series.groups;
    assert.deepEqual(group, {
      name: '',
      requests: [1, 0, 0, 1, 0],
      failed: [0, 0, 0, 1, 0],
      inputTokens: [5, 0, 0, 0, 0],
      cachedInputTokens: [3, 0, 0, 0, 0],
      outputTokens: [2, 0, 0, 0, 0],
      costNano: [7, 0, 0, 0, 0],
    });
    assert.deepEqual(
      series.duration.p50.map((ms) => ms !== null),
      [true, false, false, true, false],
    );
    assert.deepEqual(
      series.firstByte.p99.map((ms) => ms !== null),
      [false, false, false, true, false],
    );
  });

  it('join all but the eight costliest groups', () => {
    const rows = usageOf(records(12, (index) => ({ modelServed: `m${index}`, costNano: index })));
    const { groups } = seriesOf(rows, { from: NOON, to: NOON + MINUTE, steps: 1, by: 'model', now: NOON });
    assert.deepEqual(
      groups.map(({ name, costNano }) => [name, sum(costNano)]),
      [
        ['m11', 11],
        ['m10', 10],
        ['m9', 9],
        ['m8', 8],
        ['m7', 7],
        ['m6', 6],
        ['m5', 5],
        ['m4', 4],
        ['other', 0 + 1 + 2 + 3],
      ],
    );
  });

  it('begin with the first that was ever counted when no time is given', () => {
    const rows = toQuarterHours(usageOf([record({ time: NOON - 40 * DAY }), record({ time: NOON })]));
    const { times, groups } = seriesOf(rows, { from: 0, to: NOON + 1, steps: 100, by: 'model', now: NOON });
    assert.ok(times[0]! > NOON - 42 * DAY);
    assert.equal(sum(groups[0]!.requests), 2);
  });

  it('of a time in which nothing was have steps and no groups', () => {
    const series = seriesOf([], { from: 0, to: NOON, steps: 10, by: 'model', now: NOON });
    assert.deepEqual(series.groups, []);
    assert.deepEqual(
      series.duration.p50,
      series.times.map(() => null),
    );
  });
});
