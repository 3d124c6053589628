import { matchesPattern } from '../../../shared/matches-pattern';
import type { UserPrice } from '../../../shared/monitor-settings';
import type { ModelPrice } from './price-table';

export interface FoundUserPrice {
  /** As it stands in the settings. */
  name: string;
  price: ModelPrice;
}

/** For all that is written to a cache the user gives one price. */
function modelPrice({ input, output, cachedInput, cacheWrite }: UserPrice): ModelPrice {
  return {
    input,
    output,
    ...(cachedInput !== undefined && { cachedInput }),
    ...(cacheWrite !== undefined && { cacheWrite, cacheWrite1h: cacheWrite }),
  };
}

/**
 * Prices of the user's own: by `account/model`, then by model, then by a `*` pattern of either, the longest first. A pattern
 * without `/` is one of models: `work*` is not all that the account "work" serves.
 * @returns the price of a model at an account; undefined where the user has set none
 */
export function userPriceBook(
  prices: Record<string, UserPrice>,
): (account: string, model: string) => FoundUserPrice | undefined {
  const found = new Map(
    Object.entries(prices).map(([name, price]) => [name, { name, price: modelPrice(price) }]),
  );
  const patterns = [...found.values()]
    .filter(({ name }) => name.includes('*'))
    .sort((a, b) => b.name.length - a.name.length);
  return (account, model) => {
    const whole = `${account}/${model}`;
    return (
      found.get(whole) ??
      found.get(model) ??
      patterns.find(
        ({ name }) => matchesPattern(name, model) || (name.includes('/') && matchesPattern(name, whole)),
      )
    );
  };
}
