/** What a failed attempt means: for the client, for the account, and whether another account may do better. */
import type { ErrorInfo } from '../dialects/canonical';
import { ProxyError, UpstreamError } from '../errors';
import type { Verdict } from '../pool/verdict';
import { HopError } from '../upstream/hop-error';

export interface Failure {
  /** What the client gets when this was the last attempt. */
  error: ProxyError;
  /** The upstream's own answer, for clients of the same dialect. */
  verbatim?: { status: number; headers: string[]; body: Buffer };
  /** What it says of the account. With `request` nobody else is asked. */
  verdict: Verdict;
  /** The status that the upstream itself answered with, where it is another than the error's: a refused key's 401. */
  answered?: number;
  /** The connection broke before an answer: the same account is worth one more try. */
  reset?: boolean;
}

const NETWORK_WORDS: Record<string, string> = {
  ENOTFOUND: 'its host name was not found',
  EAI_AGAIN: 'its host name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
  // Agents know by the last two words that asking again may help.
  ECONNRESET: 'it closed the connection, connection reset',
  EPIPE: 'it closed the connection, connection reset',
  UND_ERR_SOCKET: 'it closed the connection, connection reset',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  ETIMEDOUT: 'connecting took too long',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  HPE_HEADER_OVERFLOW: 'its headers are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer has not the length it announced',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EHOSTUNREACH: 'there is no way to it in this network',
  ENETUNREACH: 'there is no way to it in this network',
  EPROTO: 'it does not speak TLS',
};

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * A connection that failed or ended early.
 * @param label names the account
 * @param begun part of the answer has reached the client
 */
export function networkFailure(error: Error & { code?: string }, label: string, begun = false): Failure {
  if (error instanceof ProxyError) {
    // A credential that cannot be used, or that its issuer refuses, before anything was asked with it.
    if (error.kind !== 'authentication') return { error, verdict: { type: 'failed' } };
    // Never 401 to the client: agents would log out (SPEC 2.6).
    const told = new UpstreamError(`The account "${label}" cannot be used: ${error.message}`, {
      cause: error,
    });
    return { error: told, verdict: { type: 'dead', scope: 'key', why: 'key' } };
  }
  const code = error.code ?? '';
  const hop = error instanceof HopError ? error : undefined;
  const words =
    hop?.words ??
    NETWORK_WORDS[code] ??
    (code.startsWith('HPE_') || error.name === 'HTTPParserError'
      ? 'its answer is not valid HTTP'
      : code.startsWith('ERR_SSL_')
        ? 'it does not speak TLS as it should'
        : 'the connection failed');
  const way = hop ? ` through the proxy ${hop.via}` : '';
  const timeout = /TIMEOUT|TIMEDOUT/.test(code);
  return {
    error: new UpstreamError(
      `The account "${label}" ${begun ? 'broke off its answer' : `could not be reached${way}`}: ${words}${code ? ` (${code})` : ''}.`,
      {
        status: timeout ? 504 : 502,
        kind: timeout ? 'timeout' : 'upstream',
        cause: error,
      },
    ),
    // The proxy's own trouble is everybody's and no account's: none has to rest for it.
    verdict: hop?.atProxy ? { type: 'elsewhere' } : { type: 'failed' },
    reset: RESET_CODES.has(code),
  };
}

/**
 * An answer with an error status, or an error inside a 200.
 * @param label names the account
 * @param verdict what was made of it
 */
export function answeredFailure(
  info: ErrorInfo,
  label: string,
  verdict: Verdict,
  verbatim?: Failure['verbatim'],
): Failure {
  // An error inside a 200 may know no status of its own.
  const status = info.status >= 300 && info.status < 600 ? info.status : 502;
  const wait = (verdict.type === 'limited' ? verdict.waitSeconds : undefined) ?? info.retryAfterSeconds;
  const details = {
    ...(info.code !== undefined && { code: info.code }),
    ...(info.param !== undefined && { param: info.param }),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  };
  const code = info.code === undefined ? {} : { code: info.code };
  if (status >= 300 && status < 400) {
    return {
      error: new UpstreamError(
        `The account "${label}" answered with a redirect (${status}). Check its base URL; redirects are not followed.`,
      ),
      verdict,
    };
  }
  if (status === 407) {
    return {
      error: new UpstreamError(
        `A network proxy on the way to the account "${label}" wants to know who asks (407): ${info.message}`,
      ),
      verdict,
    };
  }
  // Never 401 or 403 to the client: agents would log out (SPEC 2.6). Gemini answers a wrong key with 400.
  const aboutKey = status === 401 || status === 403 || info.kind === 'authentication';
  if (aboutKey && (verdict.type === 'request' || verdict.type === 'elsewhere'))
    return { error: new ProxyError(400, 'invalid_request', info.message, details), verdict };
  if (info.code === 'editor_permission') {
    return { error: new UpstreamError(`The account "${label}": ${info.message}`, code), verdict };
  }
  if (aboutKey) {
    return {
      error: new UpstreamError(
        `The provider refused the key of the account "${label}": ${info.message}`,
        code,
      ),
      verdict,
    };
  }
  return {
    error: new ProxyError(status, info.kind, info.message, details),
    ...(verbatim && { verbatim }),
    verdict,
  };
}
