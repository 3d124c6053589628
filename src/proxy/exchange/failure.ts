/** What a failed attempt means: for the client, for the account, and whether another account may do better. */
import type { ErrorInfo } from '../dialects/canonical';
import { ProxyError, UpstreamError } from '../errors';
import type { Pool } from '../pool/pool';

export interface Failure {
  /** What the client gets when this was the last attempt. */
  error: ProxyError;
  /** The upstream's own answer, for clients of the same dialect. */
  verbatim?: { status: number; headers: string[]; body: Buffer };
  /** Whether another account may do better. */
  retryable: boolean;
  /** What to book on the account. */
  rest?: { kind: 'limited' | 'failed' | 'refused'; retryAfterSeconds?: number };
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
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * A connection that failed or ended early.
 * @param label names the account
 * @param begun part of the answer has reached the client
 */
export function networkFailure(error: Error & { code?: string }, label: string, begun = false): Failure {
  if (error instanceof ProxyError) {
    return { error, retryable: true, rest: { kind: 'failed' } };
  }
  const code = error.code ?? '';
  const words =
    NETWORK_WORDS[code] ??
    (code.startsWith('HPE_') || error.name === 'HTTPParserError'
      ? 'its answer is not valid HTTP'
      : 'the connection failed');
  const timeout = /TIMEOUT|TIMEDOUT/.test(code);
  return {
    error: new UpstreamError(
      `The account "${label}" ${begun ? 'broke off its answer' : 'could not be reached'}: ${words}${code ? ` (${code})` : ''}.`,
      {
        status: timeout ? 504 : 502,
        kind: timeout ? 'timeout' : 'upstream',
        cause: error,
      },
    ),
    retryable: true,
    rest: { kind: 'failed' },
    reset: RESET_CODES.has(code),
  };
}

/** An answer with an error status, or an error inside a 200. */
export function answeredFailure(
  info: ErrorInfo,
  label: string,
  retryAfter: number | undefined,
  verbatim?: Failure['verbatim'],
): Failure {
  // An error inside a 200 may know no status of its own.
  const status = info.status >= 300 && info.status < 600 ? info.status : 502;
  const hint = retryAfter ?? info.retryAfterSeconds;
  const wait = hint === undefined ? {} : { retryAfterSeconds: hint };
  const told = new ProxyError(status, info.kind, info.message, {
    ...(info.code !== undefined && { code: info.code }),
    ...(info.param !== undefined && { param: info.param }),
    ...wait,
  });
  const same = verbatim ? { verbatim } : {};
  // Gemini answers a wrong key with 400.
  if (status === 401 || status === 403 || info.kind === 'authentication') {
    return {
      // Never 401 to the client: agents would log out (SPEC 2.6).
      error: new UpstreamError(`The provider refused the key of the account "${label}": ${info.message}`, {
        ...(info.code !== undefined && { code: info.code }),
      }),
      retryable: true,
      rest: { kind: 'refused' },
    };
  }
  if (status === 402) return { error: told, ...same, retryable: true, rest: { kind: 'refused', ...wait } };
  if (status === 429 || status === 529)
    return { error: told, ...same, retryable: true, rest: { kind: 'limited', ...wait } };
  if (status >= 500) return { error: told, ...same, retryable: true, rest: { kind: 'failed', ...wait } };
  if (status >= 300 && status < 400) {
    return {
      error: new UpstreamError(
        `The account "${label}" answered with a redirect (${status}). Check its base URL; redirects are not followed.`,
      ),
      retryable: true,
    };
  }
  // The model may be unknown to this account alone; the rest of 4xx belongs to the request (SPEC 5.7).
  const elsewhere = info.kind === 'not_found' || status === 404 || status === 408 || status === 425;
  return { error: told, ...same, retryable: elsewhere };
}

/** Books a failure on the account. */
export function bookFailure(pool: Pool, accountId: string, failure: Failure): void {
  if (!failure.rest) return;
  pool.rest(accountId, failure.rest.kind, failure.error.message, failure.rest.retryAfterSeconds);
}
