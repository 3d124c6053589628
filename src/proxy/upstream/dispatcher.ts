import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { LanguageModels } from '../../shared/language-models';
import type { NetworkSettings } from '../../shared/settings';
import { AbsoluteForm } from './absolute-form';
import { connectThroughProxy, connectToProxy } from './connect-through-proxy';
import { EDITOR_ORIGIN, EditorModels } from './editor-models';
import { HopError } from './hop-error';
import { Network, type ForwardProxy } from './network';
import { hostAndPort } from './network-bypass';

/** What requests to one origin are sent by. */
export type OriginPool = Pick<Dispatcher, 'dispatch'> & { close(): Promise<void>; destroy(): Promise<void> };

const DIRECT: NetworkSettings = { proxy: '', noProxy: [], strictSsl: true, certificates: [] };

const POOL = {
  connections: null,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 600_000,
  // Our own limits act: see Attempt. undici's would fire late and in its own words.
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: 65_536,
};

/** Connections to upstreams: one undici pool per origin, kept alive between requests. */
export class Dispatchers {
  readonly #pools = new Map<string, OriginPool>();
  /** Replaced pools whose last streams are under way. */
  readonly #retired = new Set<OriginPool>();
  #settings = DIRECT;
  #network = new Network(DIRECT);
  readonly #editor: EditorModels;

  /** @param languageModels the editor's own models, which have no connections */
  constructor(
    private connectMs: number,
    languageModels?: LanguageModels,
  ) {
    this.#editor = new EditorModels(languageModels);
  }

  /** New connections use this limit; open pools are replaced when it changes. */
  setConnectTimeout(connectMs: number): void {
    if (connectMs === this.connectMs) return;
    this.connectMs = connectMs;
    this.#retire();
  }

  /**
   * The next request goes by these settings; streams in flight go on as they are. Nothing happens unless they differ.
   * @returns for the log: what of them cannot be used; empty when they are as before. Holds no secret
   */
  setNetwork(settings: NetworkSettings): string[] {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return [];
    this.#settings = settings;
    this.#network = new Network(settings);
    this.#retire();
    return this.#network.problems;
  }

  /** The pool for an origin (`https://api.openai.com`). */
  for(origin: string): OriginPool {
    if (origin === EDITOR_ORIGIN) return this.#editor;
    let pool = this.#pools.get(origin);
    if (!pool) {
      const proxy = this.#network.proxyFor(origin);
      pool = proxy ? this.#through(proxy, origin) : this.#direct(origin);
      this.#pools.set(origin, pool);
    }
    return pool;
  }

  /** Cuts every connection. */
  async destroy(): Promise<void> {
    const pools = [...this.#pools.values(), ...this.#retired];
    this.#pools.clear();
    this.#retired.clear();
    await Promise.all([this.#editor, ...pools].map((pool) => pool.destroy()));
  }

  #direct(origin: string): OriginPool {
    const secure = origin.startsWith('https:');
    return new Pool(origin, {
      ...POOL,
      connect: { timeout: this.connectMs, ...(secure && this.#network.tls) },
    });
  }

  #through(proxy: ForwardProxy, origin: string): OriginPool {
    const { label, problem, secure } = proxy;
    if (problem !== undefined) {
      // Never past a proxy that is configured: who set it wants nothing to leave the machine in another way.
      const connect = (_asked: unknown, callback: (error: Error, socket: null) => void) => {
        callback(new HopError(label, 'PROXY_UNUSABLE', problem), null);
      };
      return new Pool(origin, { ...POOL, connect });
    }
    const { tls } = this.#network;
    if (origin.startsWith('https:')) {
      const url = new URL(origin);
      const target = `${url.hostname}:${hostAndPort(url).port}`;
      return new Pool(origin, { ...POOL, connect: connectThroughProxy(proxy, target, tls, this.connectMs) });
    }
    const at = `${secure ? 'https' : 'http'}://${label}`;
    const pool = new Pool(at, { ...POOL, connect: connectToProxy(proxy, tls, this.connectMs) });
    return new AbsoluteForm(pool, proxy, origin);
  }

  /** Takes the open pools out of use; each closes when its last answer is over. */
  #retire(): void {
    for (const pool of this.#pools.values()) {
      this.#retired.add(pool);
      const closed = () => void this.#retired.delete(pool);
      pool.close().then(closed, closed);
    }
    this.#pools.clear();
  }
}
