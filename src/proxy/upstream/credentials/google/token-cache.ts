import type { AccessToken } from './fetch-token';

/** So long before a token ends the next one is fetched, while the old one still serves. */
const AHEAD_MS = 300_000;
/** … and not again so soon when that failed. */
const RETRY_MS = 10_000;
const KEPT = 100;

interface Entry {
  held?: AccessToken;
  coming?: Promise<AccessToken>;
  failedAt?: number;
}

/** Tokens by the credential they are for. Whoever asks while one is being fetched waits for the same. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();

  /**
   * A token that is good now.
   * @param key tells credentials apart
   * @param fetch asked for one at a time; its rejection is passed on unless an older token is still good
   */
  async get(key: string, fetch: () => Promise<AccessToken>): Promise<AccessToken> {
    let entry = this.#entries.get(key);
    if (!entry) {
      const [oldest] = this.#entries.keys();
      if (this.#entries.size >= KEPT && oldest !== undefined) this.#entries.delete(oldest);
      this.#entries.set(key, (entry = {}));
    }
    const now = Date.now();
    const { held } = entry;
    if (held && now < held.expiresAt) {
      const due = now >= held.expiresAt - AHEAD_MS && now - (entry.failedAt ?? 0) >= RETRY_MS;
      if (due) this.#renew(entry, fetch).catch(() => undefined);
      return held;
    }
    return this.#renew(entry, fetch);
  }

  #renew(entry: Entry, fetch: () => Promise<AccessToken>): Promise<AccessToken> {
    entry.coming ??= fetch()
      .then(
        (token) => {
          delete entry.failedAt;
          return (entry.held = token);
        },
        (error: unknown) => {
          entry.failedAt = Date.now();
          throw error;
        },
      )
      .finally(() => delete entry.coming);
    return entry.coming;
  }
}
