import type { ClientKey } from '../../shared/settings';
import { keyDigest } from './key-digest';
import { SlidingWindow } from './sliding-window';

/** A client key as requests are judged by it (SPEC 2.10). Holds no key, only its digest. */
export interface KnownClient {
  readonly name: string;
  readonly digest: Buffer;
  /** Unix ms from which on it admits nobody, and how the settings say it. */
  readonly expires: { readonly at: number; readonly text: string } | undefined;
  /** Names or `*` patterns; undefined for every model. */
  readonly models: readonly string[] | undefined;
  /** Undefined without a limit. */
  readonly window: SlidingWindow | undefined;
}

/** The client keys of the settings. Windows of limits outlive changes of the settings: a new limit forgives nothing. */
export class ClientKeys {
  #all: KnownClient[] = [];
  /** By name. */
  #windows = new Map<string, SlidingWindow>();

  get none(): boolean {
    return this.#all.length === 0;
  }

  /** Takes the keys of new settings. */
  configure(keys: readonly ClientKey[]): void {
    const windows = new Map<string, SlidingWindow>();
    this.#all = keys.map(({ name, key, expires, models, requestsPerMinute }) => {
      let window: SlidingWindow | undefined;
      if (requestsPerMinute !== undefined) {
        window = this.#windows.get(name) ?? new SlidingWindow(requestsPerMinute);
        window.setLimit(requestsPerMinute);
        windows.set(name, window);
      }
      return {
        name,
        digest: keyDigest(key),
        expires: expires === undefined ? undefined : { at: Date.parse(expires), text: expires },
        models,
        window,
      };
    });
    this.#windows = windows;
  }

  /**
   * The first client whose key is among the presented ones; one that has not expired before one that has.
   * @param same compares two digests in constant time
   * @param now Unix time in milliseconds
   */
  find(
    digests: readonly Buffer[],
    same: (a: Buffer, b: Buffer) => boolean,
    now: number,
  ): KnownClient | undefined {
    let found: KnownClient | undefined;
    let expired: KnownClient | undefined;
    for (const digest of digests) {
      // Every key is compared with every client's, so that the time tells nothing of which one was right.
      for (const client of this.#all) {
        if (!same(digest, client.digest)) continue;
        if (isExpired(client, now)) expired ??= client;
        else found ??= client;
      }
    }
    return found ?? expired;
  }
}

/** Whether a key's time is over. `now` is Unix time in milliseconds. */
export function isExpired({ expires }: KnownClient, now: number): boolean {
  return expires !== undefined && now >= expires.at;
}
