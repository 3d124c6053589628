import type { Pool as PoolType } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';

/** Connections to upstreams: one undici pool per origin, kept alive between requests. */
export class Dispatchers {
  readonly #pools = new Map<string, PoolType>();

  constructor(private connectMs: number) {}

  /** New connections use this limit; open pools are replaced when it changes. */
  setConnectTimeout(connectMs: number): void {
    if (connectMs === this.connectMs) return;
    this.connectMs = connectMs;
    const old = [...this.#pools.values()];
    this.#pools.clear();
    for (const pool of old) void pool.close();
  }

  /** The pool for an origin (`https://api.openai.com`). */
  for(origin: string): PoolType {
    let pool = this.#pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, {
        connections: null,
        pipelining: 1,
        keepAliveTimeout: 30_000,
        keepAliveMaxTimeout: 600_000,
        // Our own limits act: see UpstreamExchange. undici's would fire late and in its own words.
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: 65_536,
        connect: { timeout: this.connectMs },
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }

  /** Cuts every connection. */
  async destroy(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}
