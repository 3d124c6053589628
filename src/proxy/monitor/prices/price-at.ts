import type { DatedPrice, ModelPrice, PricedModel } from './price-table';

function holds({ from, daily }: DatedPrice, time: number): boolean {
  if (from !== undefined) return time >= Date.parse(from);
  if (!daily) return true;
  const [start, end] = daily;
  const second = (time % 86_400_000) / 1000;
  return end < start ? second >= start || second < end : second >= start && second < end;
}

/** What a model costs at a time. @param time Unix ms */
export function priceAt({ prices }: PricedModel, time: number): ModelPrice {
  if (!Array.isArray(prices)) return prices;
  return (prices.findLast((price) => holds(price, time)) ?? prices[0])?.price ?? {};
}
