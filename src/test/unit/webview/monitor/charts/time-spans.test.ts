import assert from 'node:assert/strict';
import {
  CHART_RANGES,
  chartSpan,
  TOTALS_PERIODS,
  totalsSpan,
} from '../../../../../webview/monitor/charts/time-spans';

const now = new Date(2026, 10, 23, 12, 34, 56).getTime();
const end = new Date(2026, 10, 23, 12, 35).getTime();
const from = (...date: [number, number, number]): number => new Date(...date).getTime();

describe('spans of time', () => {
  it('end with the running minute, which they hold', () => {
    for (const range of CHART_RANGES) assert.equal(chartSpan(range, now).to, end, range);
    for (const period of TOTALS_PERIODS) assert.equal(totalsSpan(period, now).to, end, period);
    assert.equal(chartSpan('hour', end).to, end + 60_000);
  });

  it('begin an hour ago, or with a local day or month', () => {
    assert.equal(chartSpan('hour', now).from, end - 3_600_000);
    assert.equal(chartSpan('today', now).from, from(2026, 10, 23));
    assert.equal(chartSpan('week', now).from, from(2026, 10, 17));
    assert.equal(chartSpan('month', now).from, from(2026, 9, 25));
    assert.equal(totalsSpan('month', now).from, from(2026, 10, 1));
    assert.equal(totalsSpan('all', now).from, 0);
  });

  it('of the month begin with it on its last day too', () => {
    assert.equal(totalsSpan('month', new Date(2026, 9, 31, 23, 59).getTime()).from, from(2026, 9, 1));
  });
});
