import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatBytes } from '../../../../../webview/monitor/format/format-bytes';
import { formatCost, formatCostExactly } from '../../../../../webview/monitor/format/format-cost';
import { formatDuration } from '../../../../../webview/monitor/format/format-duration';
import { formatCount, formatShare, formatTokens } from '../../../../../webview/monitor/format/format-number';
import { formatMinute, formatTimeExactly, sameDay } from '../../../../../webview/monitor/format/format-time';

/** What a function writes for each of these. */
function writes<Value>(format: (value: Value) => string | undefined, pairs: [Value, string | undefined][]) {
  assert.deepEqual(
    pairs.map(([value]) => [value, format(value)]),
    pairs,
  );
}

describe('numbers of the monitor', () => {
  const page = { documentElement: { lang: 'en' } };

  before(() => {
    Object.defineProperty(globalThis, 'document', {
      value: page,
      configurable: true,
    });
  });
  after(() => {
    Reflect.deleteProperty(globalThis, 'document');
  });

  it('tokens have three digits, and a unit that fits', () => {
    writes(formatTokens, [
      [0, '0'],
      [999, '999'],
      [1000, '1k'],
      [1234, '1.23k'],
      [12_345, '12.3k'],
      [999_499, '999k'],
      [999_500, '1M'],
      [2_000_000_000, '2G'],
    ]);
    assert.equal(formatCount(1_234_567), '1,234,567');
  });

  it('small costs have digits enough, large ones two', () => {
    writes(formatCost, [
      [0, '$0.00'],
      [1, '$0.000000001'],
      [12_345, '$0.0000123'],
      [1_500_000, '$0.0015'],
      [12_345_678, '$0.0123'],
      [123_456_789, '$0.123'],
      [500_000_000, '$0.50'],
      [999_600_000, '$1.00'],
      [1_234_567_890, '$1.23'],
      [1_234_567_890_000, '$1,234.57'],
    ]);
    assert.equal(formatCostExactly(12_345_678), '$0.012345678');
  });

  it('no cost is written as nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (nano) => {
        const written = Number(formatCost(nano).replace(/[$,]/g, ''));
        assert.ok(written > 0);
        // Three digits from the first, or the cent.
        assert.ok(Math.abs(written - nano / 1e9) <= Math.max(0.0051 * (nano / 1e9), 1e-9));
      }),
    );
  });

  it('durations change their unit before they overflow it', () => {
    writes(formatDuration, [
      [0, '0 ms'],
      [0.42, '0.4 ms'],
      [9.96, '10 ms'],
      [420.4, '420 ms'],
      [999.6, '1.00 s'],
      [1234, '1.23 s'],
      [9996, '10.0 s'],
      [12_345, '12.3 s'],
      [59_960, '1 m 00 s'],
      [125_000, '2 m 05 s'],
      [3_599_600, '1 h 00 m'],
      [3_720_000, '1 h 02 m'],
    ]);
  });

  it('bytes are counted in powers of 1024', () => {
    writes(formatBytes, [
      [0, '0 B'],
      [1023, '1,023 B'],
      [1024, '1 KiB'],
      [1536, '1.5 KiB'],
      [1024 * 1024 - 1, '1 MiB'],
      [512 * 1024 * 1024, '512 MiB'],
    ]);
  });

  it('a share is neither nothing nor all unless it is', () => {
    writes(
      ([part, whole]: [number, number]) => formatShare(part, whole),
      [
        [[0, 5], '0%'],
        [[1, 100_000], '<0.1%'],
        [[1, 8], '12.5%'],
        [[99_999, 100_000], '>99.9%'],
        [[5, 5], '100%'],
        [[0, 0], undefined],
      ],
    );
  });

  it('times are of the machine’s zone', () => {
    const then = new Date(2026, 10, 23, 14, 3, 5, 123).getTime();
    assert.equal(formatTimeExactly(then), '14:03:05.123');
    assert.equal(formatMinute(then), '14:03');
    assert.ok(sameDay(then, then + 3_600_000));
    assert.ok(!sameDay(then, then + 11 * 3_600_000));
  });

  it('are written in the page’s language', () => {
    page.documentElement.lang = 'de';
    assert.equal(formatTokens(12_345), '12,3k');
    assert.equal(formatMinute(new Date(2026, 10, 23, 15, 3).getTime()), '15:03');
    page.documentElement.lang = 'en';
  });
});
