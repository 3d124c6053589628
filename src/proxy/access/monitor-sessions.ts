import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { keyDigest } from './key-digest';

/** How long a browser stays admitted, in milliseconds. */
const LIFE_MS = 12 * 3_600_000;
/** More browsers than anybody has; the oldest session goes for a new one. */
const MOST_SESSIONS = 32;

/**
 * Browsers that showed the local API key. Each holds a random token in a cookie, because a navigation can send no header; here
 * is only its digest, in memory. A cookie reaches every port of its host, so its name has the port in it, and its path is
 * the monitor's: other local servers do not get it, and two Portsides do not overwrite each other's.
 */
export class MonitorSessions {
  /** Digest of a token → Unix ms of its end, oldest first. */
  readonly #ends = new Map<string, number>();

  /**
   * Begins a session.
   * @param path of the monitor as this browser reached it
   * @param now Unix time in milliseconds
   * @returns the value of `Set-Cookie` (RFC 6265 §4.1). Without `Secure`: it is http
   */
  begin(port: number | undefined, path: string, now: number): string {
    const token = randomBytes(32).toString('base64url');
    const [oldest] = this.#ends.keys();
    if (this.#ends.size >= MOST_SESSIONS && oldest !== undefined) this.#ends.delete(oldest);
    this.#ends.set(keyOf(token), now + LIFE_MS);
    return `${nameAt(port)}=${token}; Path=${path}; Max-Age=${LIFE_MS / 1000}; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request carries the token of a session that lasts. `now` is Unix time in milliseconds. */
  has({ cookie }: IncomingHttpHeaders, port: number | undefined, now: number): boolean {
    if (cookie === undefined || this.#ends.size === 0) return false;
    const start = `${nameAt(port)}=`;
    return cookie.split(';').some((each) => {
      const pair = each.trim();
      if (!pair.startsWith(start)) return false;
      // Digests are looked up, not tokens: how long that takes tells nothing of a token.
      const key = keyOf(pair.slice(start.length));
      const end = this.#ends.get(key);
      if (end === undefined) return false;
      if (now < end) return true;
      this.#ends.delete(key);
      return false;
    });
  }

  /** Ends them all. */
  clear(): void {
    this.#ends.clear();
  }
}

const keyOf = (token: string): string => keyDigest(token).toString('base64');

const nameAt = (port: number | undefined): string => `portside_monitor_${port ?? 0}`;
