import type { ClientKeyUsage } from '../../shared/status';
import type { Exchange } from '../exchange/exchange';
import { isGeneration } from './generation-routes';

/** What was asked with each client key since the proxy was made (SPEC 2.10). */
export class ClientKeyUsageBook {
  #usage = new Map<string, ClientKeyUsage>();

  /** Takes the names of new settings, in their order. What is gone from them is forgotten. */
  configure(names: readonly string[]): void {
    this.#usage = new Map(
      names.map((name) => [
        name,
        this.#usage.get(name) ?? { name, requests: 0, refused: 0, inputTokens: 0, outputTokens: 0 },
      ]),
    );
  }

  /** Books an exchange that is over. Lists of models and counts of tokens are uses, but no requests. */
  add(exchange: Exchange): void {
    const { client, usage, refusedByKey, time } = exchange;
    const entry = client && this.#usage.get(client.name);
    if (!entry) return;
    entry.lastUsed = Math.max(entry.lastUsed ?? 0, time);
    if (refusedByKey) entry.refused++;
    if (isGeneration(exchange)) entry.requests++;
    entry.inputTokens += usage?.inputTokens ?? 0;
    entry.outputTokens += usage?.outputTokens ?? 0;
  }

  /** One entry for each key, in the order of the settings. */
  list(): ClientKeyUsage[] {
    return [...this.#usage.values()].map((entry) => ({ ...entry }));
  }
}
