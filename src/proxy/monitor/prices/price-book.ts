import type { ExchangeRecord } from '../../../shared/exchange';
import type { UserPrice } from '../../../shared/monitor-settings';
import type { ProviderName } from '../../../shared/setting-names';
import { findModel, type FoundModel } from './find-model';
import { priceAt } from './price-at';
import { priceTable, type ModelPrice } from './price-table';
import { priceUsage, type Cost } from './price-usage';
import { tableName } from './table-name';
import { TABLE_OF_PROVIDER } from './table-of-provider';
import { userPriceBook } from './user-prices';

export interface ExchangeCost extends Cost {
  /** Whose price it is, for a person: `genai-prices 0.1.8: anthropic / claude-sonnet-4-5`, `your price for claude-*`. */
  source: string;
}

export interface PriceBook {
  /** What an exchange cost; undefined without usage, and where no price is known for certain. Never throws. */
  cost(record: ExchangeRecord): ExchangeCost | undefined;
}

/** Names come from answers: this many are remembered. */
const REMEMBERED = 2000;

const isProvider = (name: string): name is ProviderName => Object.hasOwn(TABLE_OF_PROVIDER, name);

/** What else than text a path is about. */
function askedKind(path: string): string | undefined {
  if (/\/audio\/(transcriptions|translations)$/.test(path)) return 'audio';
  return /\/images\/(edits|variations)$/.test(path) ? 'image' : undefined;
}

/** What a reader of a cost from the table should know of it. */
function remarks(price: ModelPrice, { lines }: Cost): string {
  const notes: string[] = [];
  if (price.otherInput && lines.some(({ what }) => what !== 'output'))
    notes.push(`${price.otherInput.join(' and ')} in the prompt priced as text`);
  if (price.cacheWrite1h === undefined && price.cacheWrite !== undefined)
    if (lines.some(({ what }) => what === 'cacheWrite1h'))
      notes.push('writing to the cache for an hour at twice the price of input');
  return notes.map((note) => `; ${note}`).join('');
}

/** The models of the table, each looked for once. */
function tableLookup(): (provider: ProviderName, model: string) => FoundModel | undefined {
  const known = new Map<string, FoundModel | undefined>();
  const look = (provider: ProviderName, model: string) => {
    const place = TABLE_OF_PROVIDER[provider];
    const name = place === undefined ? undefined : tableName(provider, model);
    return place === undefined || name === undefined ? undefined : findModel(priceTable(), place, name);
  };
  return (provider, model) => {
    const key = `${provider} ${model}`;
    if (!known.has(key)) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, look(provider, model));
    }
    return known.get(key);
  };
}

/**
 * Costs of exchanges: by the user's prices, else by the table that ships, as the provider that served lists the model for all
 * of its customers. The last attempt served; those before it reported no tokens. Models that the table does not know, servers on
 * the user's own machine and the editor's models cost nothing that could be known.
 * @param userPrices the setting `monitor.prices`
 */
export function createPriceBook(userPrices: Record<string, UserPrice>): PriceBook {
  const userPrice = userPriceBook(userPrices);
  const lookUp = tableLookup();

  const tableCost = (provider: string | undefined, model: string, record: ExchangeRecord) => {
    const found = provider !== undefined && isProvider(provider) ? lookUp(provider, model) : undefined;
    if (!found || !record.usage) return undefined;
    const price = priceAt(found.model, record.time);
    const cost = priceUsage(price, record.usage, askedKind(record.path));
    if (!cost) return undefined;
    const source = `${priceTable().version}: ${found.provider} / ${found.model.id}${remarks(price, cost)}`;
    return { ...cost, source };
  };

  return {
    cost: (record) => {
      const served = record.attempts.at(-1);
      if (!record.usage || !served) return undefined;
      const own = userPrice(served.account, served.model);
      if (!own) return tableCost(served.provider, served.model, record);
      const cost = priceUsage(own.price, record.usage);
      return cost && { ...cost, source: `your price for ${own.name}` };
    },
  };
}
