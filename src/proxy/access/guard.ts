import type { Socket } from 'node:net';
import type { ProxySettings } from '../../shared/settings';
import { resolveAuthMode } from '../../shared/settings';
import { ProxyError, UnauthorizedError } from '../errors';
import type { Exchange } from '../exchange/exchange';
import { TELEMETRY } from '../routes/hints';
import { AddressLists } from './address-lists';
import { Authenticator } from './authenticate';
import { isExpired, type KnownClient } from './client-keys';
import { isGeneration } from './generation-routes';
import { checkHost, checkOrigin } from './guard-browser';
import { OwnerAccess } from './owner-access';
import { presentedKeys } from './presented-keys';

const OPEN_PROBES = new Set(['/', '/api/hello']);

const ADMITTED = Symbol('admitted');

/** What a connection was admitted with. */
interface Admission {
  generation: number;
  host: string | undefined;
  authorization: string | undefined;
  xApiKey: string | string[] | undefined;
  xGoogApiKey: string | string[] | undefined;
  query: string;
  /** Whose key it was; its limits are asked for every request. */
  client: KnownClient | undefined;
}

type AdmittedSocket = Socket & { [ADMITTED]?: Admission };

/**
 * Decides who may ask: host name, address, origin, key, limits of the key, in this order. One per proxy. The limits of a
 * client key (SPEC 2.10) hold wherever it is presented, also with auth off: without a key such a client may do more, and with
 * it is counted as the user wanted.
 */
export class Guard {
  readonly #authenticator = new Authenticator();
  readonly #lists = new AddressLists();
  readonly #owner: OwnerAccess;
  #settings: ProxySettings;
  /** Counts changes of settings: an admission holds for one of them. */
  #generation = 0;

  /** @param now Unix time in milliseconds */
  constructor(
    settings: ProxySettings,
    private readonly now: () => number = Date.now,
  ) {
    this.#settings = settings;
    this.#owner = new OwnerAccess(this.#authenticator, now);
    this.configure(settings);
  }

  /** Takes new settings; the next request is judged by them. */
  configure(settings: ProxySettings): void {
    this.#settings = settings;
    this.#generation++;
    this.#authenticator.setKey(settings.apiKey);
    this.#authenticator.clients.configure(settings.clientKeys);
    this.#lists.set(settings.allowList, settings.blockList);
    this.#owner.configure(settings);
  }

  /**
   * @returns whether the request is answered already (`OPTIONS`)
   * @throws ForbiddenError, UnauthorizedError, ProxyError (429)
   */
  admit(exchange: Exchange): boolean {
    if (exchange.path.owner) return this.#admitOwner(exchange);
    const { incoming } = exchange;
    const { headers } = incoming;
    const settings = this.#settings;
    const socket: AdmittedSocket = incoming.socket;
    const known = socket[ADMITTED];
    if (this.#isKnown(known, exchange)) {
      const client = known?.client;
      if (!client) return false;
      // A key that has expired meanwhile may stand beside one that has not.
      if (!isExpired(client, this.now())) {
        this.#admitClient(client, exchange);
        return false;
      }
    }
    checkHost(headers.host, incoming.socket.localAddress, settings.allowedHosts);
    this.#lists.check(incoming.socket.remoteAddress);
    exchange.cors = checkOrigin(headers.origin, headers.host, settings.allowedOrigins);
    if (incoming.method === 'OPTIONS') {
      this.#answerOptions(exchange);
      return true;
    }
    const mode = resolveAuthMode(settings.authMode, settings.allowLanAccess);
    if (mode === 'off' && this.#authenticator.clients.none) return false;
    const { route } = exchange.path;
    if (mode !== 'strict' && (OPEN_PROBES.has(route) || TELEMETRY.test(route))) return false;
    const geminiPath = exchange.path.dialect === 'gemini' || route.startsWith('/v1/models');
    const keys = presentedKeys(headers, exchange.query, geminiPath);
    const client = this.#authenticator.check(mode, keys, route === '/healthz', this.now());
    if (headers.origin === undefined && route !== '/healthz') {
      socket[ADMITTED] = {
        generation: this.#generation,
        host: headers.host,
        authorization: headers.authorization,
        xApiKey: headers['x-api-key'],
        xGoogApiKey: headers['x-goog-api-key'],
        query: exchange.query,
        client,
      };
    }
    if (client) this.#admitClient(client, exchange);
    return false;
  }

  /**
   * What is for the owner alone. Nothing of it is remembered with the connection: a cookie does not open models, nor a client
   * key the monitor. Origins that may call models may not read what others asked.
   */
  #admitOwner(exchange: Exchange): boolean {
    const { incoming } = exchange;
    const { host, origin } = incoming.headers;
    const settings = this.#settings;
    checkHost(host, incoming.socket.localAddress, settings.allowedHosts);
    this.#lists.check(incoming.socket.remoteAddress);
    checkOrigin(origin, host, []);
    if (incoming.method === 'OPTIONS') {
      this.#answerOptions(exchange);
      return true;
    }
    this.#owner.admit(exchange, settings);
    return false;
  }

  /**
   * Begins a session of a browser for the monitor.
   * @param key what it shows
   * @param path of the monitor as it was reached
   * @returns the value of `Set-Cookie`; undefined while no key is needed
   * @throws UnauthorizedError, ForbiddenError, ProxyError (429)
   */
  login(exchange: Exchange, key: string, path: string): string | undefined {
    return this.#owner.login(exchange, key, path, this.#settings);
  }

  /** Holds a client key against its expiry and its limit of requests. */
  #admitClient(client: KnownClient, exchange: Exchange): void {
    const { name, expires, window } = client;
    const now = this.now();
    exchange.client = client;
    if (isExpired(client, now)) {
      exchange.refusedByKey = true;
      throw new UnauthorizedError(
        `The client key "${name}" expired (${expires?.text}). Use another key, or give it more time in Portside's settings.`,
      );
    }
    if (!window || !isGeneration(exchange)) return;
    const waitMs = window.take(now);
    if (waitMs === 0) return;
    exchange.refusedByKey = true;
    const seconds = Math.ceil(waitMs / 1000);
    throw new ProxyError(
      429,
      'rate_limit',
      `The client key "${name}" has reached its limit of requests per minute. Try again in ${seconds} s.`,
      { retryAfterSeconds: seconds },
    );
  }

  /**
   * Whether this connection was admitted with the very same host and keys under the same settings: agents send
   * request after request on one connection. Comparing with what the same caller said before tells nobody anything.
   */
  #isKnown(known: Admission | undefined, { incoming, query }: Exchange): boolean {
    if (known?.generation !== this.#generation) return false;
    const { headers, method } = incoming;
    return (
      method === 'POST' &&
      headers.origin === undefined &&
      known.host === headers.host &&
      known.authorization === headers.authorization &&
      known.xApiKey === headers['x-api-key'] &&
      known.xGoogApiKey === headers['x-goog-api-key'] &&
      known.query === query
    );
  }

  /** `OPTIONS` needs no key; what it grants was decided by the origin. */
  #answerOptions(exchange: Exchange): void {
    const asked = exchange.incoming.headers['access-control-request-headers'];
    const grants =
      exchange.cors.length === 0
        ? ['allow', 'GET, HEAD, POST, DELETE, OPTIONS']
        : [
            'access-control-allow-methods',
            'GET, HEAD, POST, DELETE, OPTIONS',
            'access-control-allow-headers',
            asked ?? '*',
            'access-control-max-age',
            '600',
          ];
    exchange.head(204, grants);
    exchange.outgoing.end();
  }
}
