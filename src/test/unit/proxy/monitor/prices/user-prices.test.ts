import assert from 'node:assert/strict';
import { createPriceBook } from '../../../../../proxy/monitor/prices/price-book';
import type { UserPrice } from '../../../../../shared/monitor-settings';
import { exchange } from './priced-exchange';

const usage = { inputTokens: 1_000_000, outputTokens: 0 };
const price = (input: number): UserPrice => ({ input, output: 0 });
/** What a million tokens cost at the account "work", and whose price it is. */
function priced(prices: Record<string, UserPrice>, model: string, provider = 'openai') {
  const cost = createPriceBook(prices).cost(exchange(provider, model, usage));
  return cost && [cost.costNano / 1e9, cost.source];
}

describe('prices of the user’s own (SPEC 6.5)', () => {
  it('win over the table', () => {
    assert.deepEqual(priced({ 'gpt-5': price(7) }, 'gpt-5'), [7, 'your price for gpt-5']);
  });

  it('price what no table knows', () => {
    assert.deepEqual(priced({ 'qwen*': price(0.1) }, 'qwen3:8b', 'ollama'), [0.1, 'your price for qwen*']);
  });

  it('are chosen by account and model, then by model, then by the longest pattern', () => {
    const all = {
      '*': price(1),
      'gpt-*': price(2),
      'work/*': price(3),
      'work/gpt-*': price(4),
      'gpt-5': price(5),
      'work/gpt-5': price(6),
    };
    // Each time without the one that won before.
    const left: Record<string, UserPrice> = { ...all };
    const order = Object.keys(all).map(() => {
      const [dollars, source] = priced(left, 'gpt-5') as [number, string];
      delete left[source.replace('your price for ', '')];
      return dollars;
    });
    assert.deepEqual(order, [6, 5, 4, 3, 2, 1]);
  });

  it('of other accounts and models do not hold', () => {
    const prices = { 'home/gpt-5': price(1), 'home/*': price(2), 'gpt-5-mini': price(3), 'wor*': price(4) };
    assert.equal(priced(prices, 'never-heard-of-it'), undefined);
    assert.match(String(priced(prices, 'gpt-5')?.[1]), /openai \/ gpt-5$/);
  });

  it('hold for models whose names have a slash', () => {
    assert.equal(priced({ 'anthropic/claude-x': price(2) }, 'anthropic/claude-x')?.[0], 2);
    assert.equal(priced({ 'anthropic/claude-*': price(3) }, 'anthropic/claude-x')?.[0], 3);
    assert.equal(priced({ 'work/anthropic/*': price(4) }, 'anthropic/claude-x')?.[0], 4);
  });

  it('take input’s price for cached tokens that have none of their own', () => {
    const counts = {
      inputTokens: 1000,
      cachedInputTokens: 300,
      cacheWriteTokens: 200,
      cacheWrite1hTokens: 100,
      outputTokens: 10,
    };
    const costOf = (own: UserPrice) =>
      createPriceBook({ m: own }).cost(exchange('ollama', 'm', counts))!.costNano / 1000;
    assert.equal(costOf({ input: 2, output: 5 }), 2 * 1000 + 50);
    assert.equal(costOf({ input: 2, output: 5, cachedInput: 1, cacheWrite: 3 }), 500 * 2 + 300 + 600 + 50);
  });

  it('may be nothing', () => {
    assert.deepEqual(priced({ 'gpt-5': price(0) }, 'gpt-5'), [0, 'your price for gpt-5']);
  });
});
