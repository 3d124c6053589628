/** The names that records have, counted: for the menus of filters. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { Facet, Facets } from '../../../shared/monitor';
import { accountsOf, modelsOf } from './exchange-columns';

/** What one record, or many that are alike, has for names. */
export interface NamedRecord {
  status: number;
  protocol: string | undefined;
  client: string | undefined;
  clientKey: string | undefined;
  models: string[];
  accounts: string[];
}

/** Nobody reads a longer menu. */
const LONGEST = 500;

export class FacetCounts {
  readonly #statuses = new Map<string, number>();
  readonly #protocols = new Map<string, number>();
  readonly #clients = new Map<string, number>();
  readonly #clientKeys = new Map<string, number>();
  readonly #models = new Map<string, number>();
  readonly #accounts = new Map<string, number>();

  /** @param times how many such records came; negative: went */
  add(record: NamedRecord, times: number): void {
    const add = (counts: Map<string, number>, name: string | undefined) => {
      if (name === undefined) return;
      const count = (counts.get(name) ?? 0) + times;
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    };
    add(this.#statuses, String(record.status));
    add(this.#protocols, record.protocol);
    add(this.#clients, record.client);
    add(this.#clientKeys, record.clientKey);
    for (const model of record.models) add(this.#models, model);
    for (const account of record.accounts) add(this.#accounts, account);
  }

  /** The most frequent first, equals by name. */
  facets(): Facets {
    return {
      statuses: sorted(this.#statuses),
      protocols: sorted(this.#protocols),
      clients: sorted(this.#clients),
      clientKeys: sorted(this.#clientKeys),
      models: sorted(this.#models),
      accounts: sorted(this.#accounts),
    };
  }
}

const sorted = (counts: Map<string, number>): Facet[] =>
  [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, LONGEST);

/** What a record is counted by. */
export const namesOf = (record: ExchangeRecord): NamedRecord => ({
  status: record.status,
  protocol: record.clientDialect,
  client: record.client,
  clientKey: record.clientKey,
  models: modelsOf(record),
  accounts: accountsOf(record),
});
