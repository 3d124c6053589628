import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Series } from '../../../../../shared/monitor';
import {
  chartsOf,
  paintSlots,
  sayStep,
  stackedHeights,
  stepsWithValues,
  type ChartData,
} from '../../../../../webview/monitor/charts/chart-data';
import { timeOfStep } from '../../../../../webview/monitor/charts/time-of-step';

const group = (name: string, part: Partial<Series['groups'][number]> = {}): Series['groups'][number] => ({
  name,
  requests: [0, 0],
  failed: [0, 0],
  inputTokens: [0, 0],
  cachedInputTokens: [0, 0],
  outputTokens: [0, 0],
  costNano: [0, 0],
  ...part,
});
const series = (...groups: Series['groups']): Series => ({
  times: [0, 60_000],
  step: 60_000,
  groups,
  duration: { p50: [100, null], p90: [200, null], p99: [300, null] },
  firstByte: { p50: [10, null], p90: [20, null], p99: [30, null] },
});
const draw = (of: Series, slots = paintSlots(of, new Map())): ChartData[] =>
  chartsOf(of, 'model', 'firstByte', slots);

describe('the data of charts', () => {
  it('what failed stands beneath its groups and is counted once', () => {
    const [requests] = draw(
      series(group('a', { requests: [5, 2], failed: [2, 0] }), group('b', { requests: [1, 0] })),
    );
    assert.deepEqual(
      requests!.lines.map(({ name, values }) => [name, values]),
      [
        ['Failed', [2, 0]],
        ['a', [3, 2]],
        ['b', [1, 0]],
      ],
    );
  });

  it('tokens that came from a cache are not counted as others', () => {
    const [, tokens] = draw(
      series(group('a', { inputTokens: [100, 0], cachedInputTokens: [80, 0], outputTokens: [7, 0] })),
    );
    assert.deepEqual(
      tokens!.lines.map(({ values }) => values[0]),
      [80, 20, 7],
    );
  });

  it('groups beyond the fifth are drawn together, and none is lost', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const [, , cost] = draw(
      series(...names.map((name, index) => group(name, { costNano: [10 ** index, 0] }))),
    );
    assert.deepEqual(
      cost!.lines.map(({ name, values }) => [name, values[0]]),
      [
        ['a', 1],
        ['b', 10],
        ['c', 100],
        ['d', 1000],
        ['e', 10_000],
        ['Others', 1_100_000],
      ],
    );
  });

  it('a group keeps its paint while others come and go', () => {
    const before = paintSlots(series(group('a'), group('b'), group('c')), new Map());
    const after = paintSlots(series(group('c'), group('new'), group('a')), before);
    assert.equal(after.get('c'), before.get('c'));
    assert.equal(after.get('a'), before.get('a'));
    assert.equal(after.get('new'), before.get('b'));
    assert.equal(after.has('b'), false);
  });

  it('the top of a stack is the sum of all, and no part is taller than what lies on it', () => {
    const values = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (lines) => {
        const heights = stackedHeights(lines.map((each) => ({ name: '', paint: 0, values: each })));
        for (const step of [0, 1, 2]) {
          const column = heights.map((line) => line[step] ?? 0);
          assert.equal(
            column[0],
            lines.reduce((sum, line) => sum + line[step]!, 0),
          );
          assert.deepEqual(
            column,
            [...column].sort((a, b) => b - a),
          );
        }
      }),
    );
  });

  it('a step in which nothing was says so, and is in no table', () => {
    const [requests, , , latency] = draw(series(group('a', { requests: [1, 0] })));
    assert.equal(sayStep(requests!, 0), 'a 1');
    assert.equal(sayStep(requests!, 1), 'nothing');
    assert.equal(sayStep(latency!, 0), 'p50 10 ms, p90 20 ms, p99 30 ms');
    assert.deepEqual(stepsWithValues(latency!), [0]);
  });

  it('a step is named by its time, with its day where that is another', () => {
    const noon = new Date(2026, 10, 23, 12).getTime();
    const day = 86_400_000;
    assert.equal(timeOfStep(noon, 60_000, noon), '12:00');
    assert.equal(timeOfStep(noon, 600_000, noon), '12:00 – 12:10');
    assert.match(timeOfStep(noon, 600_000, noon + day), /23.* 12:00 – 12:10$/);
    assert.match(timeOfStep(noon - day / 2, day, noon), /^\D*23\D*$/);
  });
});
