/** A connection that failed on its way through a forward proxy. Its words never hold the proxy's password. */
export class HopError extends Error {
  override name = 'HopError';

  constructor(
    /** The proxy's host and port: `proxy.example:3128`. */
    readonly via: string,
    /** Node's or OpenSSL's code, or one of ours: `PROXY_AUTH`, `PROXY_STATUS_502`, `PROXY_CLOSED`, … */
    readonly code: string,
    /** What went wrong, to stand after a colon; absent where the code says it, as for an upstream's certificate. */
    readonly words?: string,
    cause?: Error,
  ) {
    super(words ?? cause?.message ?? code, cause === undefined ? undefined : { cause });
    this.atProxy = words !== undefined && !code.startsWith('PROXY_STATUS_');
  }

  /** Whether the proxy itself is the trouble, whoever was to be reached. */
  readonly atProxy: boolean;
}

const CONNECT_WORDS: Record<string, string> = {
  ENOTFOUND: 'the name of the proxy was not found',
  EAI_AGAIN: 'the name of the proxy could not be looked up',
  ECONNREFUSED: 'the proxy refused the connection',
  ECONNRESET: 'the proxy closed the connection',
  EPIPE: 'the proxy closed the connection',
  EHOSTUNREACH: 'there is no way to the proxy in this network',
  ENETUNREACH: 'there is no way to the proxy in this network',
  ETIMEDOUT: 'connecting to the proxy took too long',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
};

/** What connecting to the proxy itself, by TCP or TLS, met. */
export function proxyUnreachable(via: string, error: Error & { code?: string }): HopError {
  const code = error.code ?? 'PROXY_FAILED';
  const tls = /CERT|SSL|TLS|SIGNATURE|EPROTO/.test(code);
  const words =
    CONNECT_WORDS[code] ??
    (tls ? 'no trusted TLS connection to the proxy could be made' : 'the proxy could not be reached');
  return new HopError(via, code, words, error);
}

/** What a proxy's answer to CONNECT means that is not 2xx. `target`: `api.example:443`. */
export function proxyRefused(via: string, status: number, target: string): HopError {
  if (status === 407)
    return new HopError(
      via,
      'PROXY_AUTH',
      'the proxy asks for a user name and password; put the right ones into its URL, as in http://user:password@host:port',
    );
  const words =
    status === 502 || status === 503 || status === 504
      ? `the proxy could not reach ${target}`
      : status === 403 || status === 405
        ? `the proxy does not allow connections to ${target}`
        : `the proxy answered with status ${status} to a connection to ${target}`;
  return new HopError(via, `PROXY_STATUS_${status}`, words);
}
