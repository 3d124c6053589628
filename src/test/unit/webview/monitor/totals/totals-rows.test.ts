import assert from 'node:assert/strict';
import { emptySums } from '../../../../../proxy/monitor/store/usage-sums';
import type { Sums, Totals } from '../../../../../shared/monitor';
import { nextOrder, totalsRows } from '../../../../../webview/monitor/totals/totals-rows';

const sums = (part: Partial<Sums>): Sums => ({ ...emptySums(), ...part });
const totals: Totals = {
  all: sums({ requests: 20, costNano: 100 }),
  groups: [
    { name: 'b', sums: sums({ requests: 4, failed: 2, costNano: 75 }) },
    { name: 'a', sums: sums({ requests: 10, failed: 3, costNano: 25, inputTokens: 10 }) },
    { name: '', sums: sums({ requests: 6 }) },
  ],
};
const keys = (...order: Parameters<typeof nextOrder>): string[] =>
  totalsRows(totals, 'account', nextOrder(...order)).map(({ key }) => key);
const byCost = { column: 'costNano', descending: true } as const;

describe('rows of totals', () => {
  it('are sorted by share where a column shows shares', () => {
    assert.deepEqual(keys(byCost, 'failed'), ['b', 'a', '']);
    assert.deepEqual(keys({ column: 'failed', descending: true }, 'failed'), ['', 'a', 'b']);
    assert.deepEqual(keys(byCost, 'requests'), ['a', '', 'b']);
    assert.deepEqual(keys(byCost, 'cached'), ['a', 'b', '']);
  });

  it('names begin with A, a second click turns an order round', () => {
    assert.deepEqual(keys(byCost, 'name'), ['a', 'b', '']);
    assert.deepEqual(keys({ column: 'name', descending: false }, 'name'), ['', 'b', 'a']);
  });

  it('shares are of the cost, or of requests where nothing cost anything', () => {
    const shares = (of: Totals) => totalsRows(of, 'account', byCost).map(({ share }) => share);
    assert.deepEqual(shares(totals), [0.75, 0.25, 0]);
    const free = {
      all: sums({ requests: 20 }),
      groups: totals.groups.map(({ name, sums: { requests } }) => ({ name, sums: sums({ requests }) })),
    };
    assert.deepEqual(shares(free), [0.2, 0.5, 0.3]);
  });
});
