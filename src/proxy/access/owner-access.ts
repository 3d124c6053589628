/** Who may see the monitor and the metrics: whoever has the local API key. They show every client's requests. */
import type { ProxySettings, ResolvedAuthMode } from '../../shared/settings';
import { resolveAuthMode } from '../../shared/settings';
import { ForbiddenError, ProxyError, UnauthorizedError } from '../errors';
import type { Exchange } from '../exchange/exchange';
import type { Authenticator } from './authenticate';
import type { KnownClient } from './client-keys';
import { checkOwnName } from './guard-browser';
import { MonitorSessions } from './monitor-sessions';
import { presentedKeys } from './presented-keys';
import { SlidingWindow } from './sliding-window';

/** The route that takes the key from a browser: nothing but the key opens it. */
export const LOGIN_ROUTE = '/monitor/login';
/** Attempts to log in, per address and minute. */
const MOST_ATTEMPTS = 10;
/** Addresses whose attempts are remembered. */
const MOST_ADDRESSES = 1000;

type Asking = Pick<Exchange, 'incoming' | 'path'>;
export type OwnerSettings = Pick<ProxySettings, 'apiKey' | 'authMode' | 'allowLanAccess' | 'allowedHosts'>;

export class OwnerAccess {
  readonly #sessions = new MonitorSessions();
  readonly #attempts = new Map<string, SlidingWindow>();
  /** What sessions hold for: other settings end them. */
  #basis = '';

  /**
   * @param authenticator knows the keys
   * @param now Unix time in milliseconds
   */
  constructor(
    private readonly authenticator: Authenticator,
    private readonly now: () => number,
  ) {}

  /** Takes new settings. Every browser has to show the key again when it or the mode of auth is another. */
  configure({ apiKey, authMode, allowLanAccess }: OwnerSettings): void {
    const basis = JSON.stringify([apiKey, authMode, allowLanAccess]);
    if (basis !== this.#basis) this.#sessions.clear();
    this.#basis = basis;
  }

  /**
   * Admits the owner: by the local API key in a header, or by the cookie of a session. Without auth everybody is the owner
   * who reached Portside by a name that no stranger can point here.
   * @throws UnauthorizedError, ForbiddenError (a client key)
   */
  admit(exchange: Asking, settings: OwnerSettings): void {
    const { incoming, path } = exchange;
    refuseOtherSites(exchange);
    const mode = resolveAuthMode(settings.authMode, settings.allowLanAccess);
    if (mode === 'off') checkOwnName(incoming.headers.host, settings.allowedHosts);
    if (path.route === LOGIN_ROUTE) return;
    if (mode !== 'off' && this.#sessions.has(incoming.headers, incoming.socket.localPort, this.now())) return;
    // Not from the query, where it would stay in a browser's history.
    this.#checkKeys(mode, presentedKeys(incoming.headers, '', false));
  }

  /**
   * Begins a session for a browser that shows the key.
   * @param path of the monitor as the browser reached it
   * @returns the value of `Set-Cookie`; undefined while no key is needed
   * @throws UnauthorizedError, ForbiddenError (a client key), ProxyError (429)
   */
  login({ incoming }: Asking, key: string, path: string, settings: OwnerSettings): string | undefined {
    const mode = resolveAuthMode(settings.authMode, settings.allowLanAccess);
    if (mode === 'off') return undefined;
    const now = this.now();
    const waitMs = this.#attemptsFrom(incoming.socket.remoteAddress ?? '').take(now);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new ProxyError(429, 'rate_limit', `Too many attempts. Try again in ${seconds} s.`, {
        retryAfterSeconds: seconds,
      });
    }
    if (settings.apiKey === '')
      throw new UnauthorizedError('Portside has no API key configured, so nobody can be admitted.');
    try {
      this.#checkKeys(mode, [key.trim()]);
    } catch (error) {
      throw error instanceof UnauthorizedError
        ? new UnauthorizedError("This is not Portside's local API key.")
        : error;
    }
    return this.#sessions.begin(incoming.socket.localPort, path, now);
  }

  /** A client key is for one agent's own requests: it shows nothing of the others'. */
  #checkKeys(mode: ResolvedAuthMode, keys: string[]): void {
    const client: KnownClient | undefined = this.authenticator.check(mode, keys, false, this.now());
    if (!client) return;
    throw new ForbiddenError(
      `The client key "${client.name}" does not open the monitor, which shows the requests of every client. Use Portside's local API key.`,
    );
  }

  #attemptsFrom(address: string): SlidingWindow {
    const known = this.#attempts.get(address);
    if (known) return known;
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size >= MOST_ADDRESSES && oldest !== undefined) this.#attempts.delete(oldest);
    const window = new SlidingWindow(MOST_ATTEMPTS);
    this.#attempts.set(address, window);
    return window;
  }
}

/**
 * Refuses what a page of another site or port asks for, other than to be shown: browsers say so in a header that pages cannot
 * set (https://www.w3.org/TR/fetch-metadata/), also where they send no `Origin`. A link to the monitor may be followed.
 */
function refuseOtherSites({ incoming, path }: Asking): void {
  const site = incoming.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const { method } = incoming;
  const followed =
    path.route === '/monitor' &&
    (method === 'GET' || method === 'HEAD') &&
    incoming.headers['sec-fetch-mode'] === 'navigate';
  if (!followed) throw new ForbiddenError('Other web pages may not ask for this.');
}
