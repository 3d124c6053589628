import assert from 'node:assert/strict';
import type { ModelPrice } from '../../../../../proxy/monitor/prices/price-table';
import { priceUsage } from '../../../../../proxy/monitor/prices/price-usage';

const usage = { inputTokens: 1000, outputTokens: 500, reasoningTokens: 300 };

describe('prices of a kind that few models have (SPEC 6.5)', () => {
  it('adds what a request itself costs', () => {
    const cost = priceUsage({ input: 1, output: 1, request: 5 }, usage);
    assert.equal(cost?.costNano, 1_500_000 + 5_000_000);
    assert.deepEqual(cost.lines.at(-1), { what: 'request', tokens: 0, price: 5, costNano: 5_000_000 });
    const nothing = priceUsage({ input: 1, output: 1, request: 5 }, { inputTokens: 0, outputTokens: 0 });
    assert.equal(nothing?.costNano, 5_000_000);
  });

  it('prices reasoning apart from the rest of the answer', () => {
    assert.deepEqual(priceUsage({ input: 1, output: 8, reasoning: 3 }, usage)?.lines, [
      { what: 'input', tokens: 1000, price: 1, costNano: 1_000_000 },
      { what: 'output', tokens: 200, price: 8, costNano: 1_600_000 },
      { what: 'output', tokens: 300, price: 3, costNano: 900_000 },
    ]);
  });

  it('is absent rather than half where one of the prices is unknown', () => {
    assert.equal(priceUsage({ input: 1 }, usage), undefined);
    assert.equal(priceUsage({ output: 1 }, usage), undefined);
    assert.equal(priceUsage({ input: 1, output: 1, otherUnit: true }, usage), undefined);
    assert.equal(priceUsage({ input: 1 }, { inputTokens: 7, outputTokens: 0 })?.costNano, 7000);
  });

  it('tells each tier of a price by the whole prompt', () => {
    const tiered: ModelPrice = { input: [1, { above: 10, price: 2 }, { above: 20, price: 3 }], output: 0 };
    const at = (inputTokens: number) => priceUsage(tiered, { inputTokens, outputTokens: 0 })?.lines[0]?.price;
    assert.deepEqual([10, 11, 20, 21].map(at), [1, 2, 2, 3]);
  });
});
