import type { Socket } from 'node:net';
import type { ProxySettings } from '../../shared/settings';
import { resolveAuthMode } from '../../shared/settings';
import type { Exchange } from '../exchange/exchange';
import { TELEMETRY } from '../routes/hints';
import { AddressLists } from './address-lists';
import { Authenticator } from './authenticate';
import { checkHost, checkOrigin } from './guard-browser';
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
}

type AdmittedSocket = Socket & { [ADMITTED]?: Admission };

/** Decides who may ask: host name, address, origin, key, in this order. One per proxy. */
export class Guard {
  readonly #authenticator = new Authenticator();
  readonly #lists = new AddressLists();
  #settings: ProxySettings;
  /** Counts changes of settings: an admission holds for one of them. */
  #generation = 0;

  constructor(settings: ProxySettings) {
    this.#settings = settings;
    this.configure(settings);
  }

  /** Takes new settings; the next request is judged by them. */
  configure(settings: ProxySettings): void {
    this.#settings = settings;
    this.#generation++;
    this.#authenticator.setKey(settings.apiKey);
    this.#lists.set(settings.allowList, settings.blockList);
  }

  /**
   * @returns whether the request is answered already (`OPTIONS`)
   * @throws ForbiddenError, UnauthorizedError
   */
  admit(exchange: Exchange): boolean {
    const { incoming } = exchange;
    const { headers } = incoming;
    const settings = this.#settings;
    const socket: AdmittedSocket = incoming.socket;
    if (this.#isKnown(socket[ADMITTED], exchange)) return false;
    checkHost(headers.host, incoming.socket.localAddress, settings.allowedHosts);
    this.#lists.check(incoming.socket.remoteAddress);
    exchange.cors = checkOrigin(headers.origin, headers.host, settings.allowedOrigins);
    if (incoming.method === 'OPTIONS') {
      this.#answerOptions(exchange);
      return true;
    }
    const mode = resolveAuthMode(settings.authMode, settings.allowLanAccess);
    if (mode === 'off') return false;
    const { route } = exchange.path;
    if (mode !== 'strict' && (OPEN_PROBES.has(route) || TELEMETRY.test(route))) return false;
    const geminiPath = exchange.path.dialect === 'gemini' || route.startsWith('/v1/models');
    this.#authenticator.check(mode, presentedKeys(headers, exchange.query, geminiPath), route === '/healthz');
    if (headers.origin === undefined && route !== '/healthz') {
      socket[ADMITTED] = {
        generation: this.#generation,
        host: headers.host,
        authorization: headers.authorization,
        xApiKey: headers['x-api-key'],
        xGoogApiKey: headers['x-goog-api-key'],
        query: exchange.query,
      };
    }
    return false;
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
