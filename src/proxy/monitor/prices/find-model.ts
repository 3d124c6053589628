import { matchesName } from './match-name';
import type { PricedModel, PriceTable, ProviderPrices } from './price-table';

export interface FoundModel {
  /** The table's id of the provider whose prices hold: another's where its provider has none of its own. */
  provider: string;
  model: PricedModel;
}

const findIn = (prices: ProviderPrices | undefined, name: string): PricedModel | undefined =>
  prices?.models.find(({ id, match = `=${id.toLowerCase()}` }) => matchesName(match, name));

/** `claude-x-20251124` as `claude-x-2025-11-24`, where it is a day of the calendar. */
function withDashedDates(name: string): string {
  return name.replace(
    /-(20\d\d)(\d\d)(\d\d)(?=-|:|$)/g,
    (whole, year: string, month: string, day: string) => {
      const date = `${year}-${month}-${day}`;
      const time = Date.parse(date);
      return Number.isNaN(time) || !new Date(time).toISOString().startsWith(date) ? whole : `-${date}`;
    },
  );
}

/**
 * A model by its name, by the table's own rules: the first of the provider's models that has the name, then those that it falls
 * back to; then again with dates written the other way.
 * https://github.com/pydantic/genai-prices `packages/js/src/engine.ts`
 * @param provider as the table calls it
 */
export function findModel(table: PriceTable, provider: string, model: string): FoundModel | undefined {
  const name = model.toLowerCase().trim();
  const places = [provider, ...(table.providers[provider]?.fallback ?? [])];
  for (const spelling of new Set([name, withDashedDates(name)]))
    for (const place of places) {
      const found = findIn(table.providers[place], spelling);
      if (found) return { provider: place, model: found };
    }
  return undefined;
}
