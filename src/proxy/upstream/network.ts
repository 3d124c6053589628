/** How upstreams are reached: through which forward proxy, trusting which certificates (SPEC 5.13). */
import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import type { NetworkSettings } from '../../shared/settings';
import { hostAndPort, isLinkLocalHost, isLoopbackHost, readNoProxy } from './network-bypass';

/** What a TLS connection is made with, beside its host. */
export interface TlsOptions {
  rejectUnauthorized?: boolean;
  secureContext?: tls.SecureContext;
}

/** A forward proxy, read from its URL. */
export interface ForwardProxy {
  /** For people: `proxy.example:3128`. */
  label: string;
  secure: boolean;
  /** Without brackets. */
  host: string;
  port: number;
  /** The value of `Proxy-Authorization`; undefined without user and password in the URL. */
  authorization?: string;
  /** Why no request can go through it. */
  problem?: string;
}

/** Percent-decoded where that is possible: passwords are often written as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A proxy's URL; `host:port` alone means http, as everywhere. Undefined where it cannot be read. */
function parseProxyUrl(text: string): URL | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** Reads a proxy's URL. The words of its problem never hold the password. */
export function readProxyUrl(text: string): ForwardProxy {
  const none = { label: '?', secure: false, host: '', port: 0 };
  const url = parseProxyUrl(text);
  if (!url) return { ...none, problem: 'the URL of the proxy cannot be read' };
  const { host, port } = hostAndPort(url);
  const label = `${url.hostname}:${port}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return {
      ...none,
      label,
      problem: `proxies of the kind "${url.protocol.slice(0, -1)}" are not supported, use an http or https proxy`,
    };
  if (host === '') return { ...none, problem: 'the URL of the proxy has no host' };
  const credentials = url.username || url.password;
  return {
    label,
    secure: url.protocol === 'https:',
    host,
    port: Number(port),
    ...(credentials && {
      authorization: `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`,
    }),
  };
}

/** What of a proxy's URL no log may hold: its password as it is written and as it is meant. */
export function proxySecrets(text: string): string[] {
  const url = parseProxyUrl(text);
  return url ? [url.password, decoded(url.password)] : [text];
}

/** The certificates of PEM texts, one by one, and how many could not be read. */
function readCertificates(texts: readonly string[]): { certificates: string[]; unreadable: number } {
  const certificates: string[] = [];
  let unreadable = 0;
  for (const text of texts) {
    const blocks = text.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[\s\S]*?-----END \1-----/g);
    if (!blocks) unreadable++;
    for (const block of blocks ?? []) {
      try {
        new X509Certificate(block);
        certificates.push(block);
      } catch {
        unreadable++;
      }
    }
  }
  return { certificates, unreadable };
}

/** What Node trusts by itself; with `NODE_EXTRA_CA_CERTS` where Node can tell (22.15 and later). */
function defaultCertificates(): readonly string[] {
  return typeof tls.getCACertificates === 'function'
    ? tls.getCACertificates('default')
    : tls.rootCertificates;
}

/** One set of network settings, read. */
export class Network {
  /** For the log: what of the settings could not be read. */
  readonly problems: string[] = [];
  readonly #proxy: ForwardProxy | undefined;
  readonly #bypasses: (host: string, port: string) => boolean;
  readonly #strict: boolean;
  readonly #certificates: string[];
  #tls: TlsOptions | undefined;

  constructor({ proxy, noProxy, strictSsl, certificates }: NetworkSettings) {
    const url = proxy.trim();
    this.#proxy = url === '' ? undefined : readProxyUrl(url);
    if (this.#proxy?.problem !== undefined)
      this.problems.push(`Nothing can be sent through the configured proxy: ${this.#proxy.problem}.`);
    this.#bypasses = readNoProxy(noProxy);
    this.#strict = strictSsl;
    const read = readCertificates(certificates);
    this.#certificates = read.certificates;
    if (read.unreadable > 0)
      this.problems.push(`Certificates to trust that cannot be read and are left out: ${read.unreadable}.`);
  }

  /** The proxy that leads to an origin; undefined where it is reached directly. Loopback and link-local hosts always are. */
  proxyFor(origin: string): ForwardProxy | undefined {
    if (!this.#proxy) return undefined;
    const { host, port } = hostAndPort(new URL(origin));
    const direct = isLoopbackHost(host) || isLinkLocalHost(host) || this.#bypasses(host, port);
    return direct ? undefined : this.#proxy;
  }

  /** For every TLS connection. Made once: reading the certificates takes milliseconds. */
  get tls(): TlsOptions {
    return (this.#tls ??= this.#makeTls());
  }

  #makeTls(): TlsOptions {
    if (!this.#strict) return { rejectUnauthorized: false };
    if (this.#certificates.length === 0) return {};
    return {
      secureContext: tls.createSecureContext({ ca: [...defaultCertificates(), ...this.#certificates] }),
    };
  }
}
