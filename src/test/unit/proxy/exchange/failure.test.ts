import assert from 'node:assert/strict';
import { ProxyError, UpstreamError } from '../../../../proxy/errors';
import type { ErrorInfo, ErrorKind } from '../../../../proxy/dialects/canonical';
import { answeredFailure, bookFailure, networkFailure } from '../../../../proxy/exchange/failure';
import { Pool } from '../../../../proxy/pool/pool';

const info = (status: number, kind: ErrorKind, more: Partial<ErrorInfo> = {}): ErrorInfo => ({
  status,
  kind,
  message: 'said',
  ...more,
});

describe('what a failed attempt means', () => {
  describe('an answer with an error', () => {
    type Row = [ErrorInfo, { client: number; retryable: boolean; rest?: string }];
    const rows: Row[] = [
      [info(400, 'invalid_request'), { client: 400, retryable: false }],
      [info(401, 'authentication'), { client: 502, retryable: true, rest: 'refused' }],
      [info(403, 'permission'), { client: 502, retryable: true, rest: 'refused' }],
      [info(400, 'authentication'), { client: 502, retryable: true, rest: 'refused' }],
      [info(402, 'billing'), { client: 402, retryable: true, rest: 'refused' }],
      [info(404, 'not_found'), { client: 404, retryable: true }],
      [info(400, 'not_found'), { client: 400, retryable: true }],
      [info(405, 'method_not_allowed'), { client: 405, retryable: false }],
      [info(408, 'timeout'), { client: 408, retryable: true }],
      [info(413, 'request_too_large'), { client: 413, retryable: false }],
      [info(422, 'invalid_request'), { client: 422, retryable: false }],
      [info(425, 'unavailable'), { client: 425, retryable: true }],
      [info(429, 'rate_limit'), { client: 429, retryable: true, rest: 'limited' }],
      [info(500, 'upstream'), { client: 500, retryable: true, rest: 'failed' }],
      [info(503, 'unavailable'), { client: 503, retryable: true, rest: 'failed' }],
      [info(529, 'overloaded'), { client: 529, retryable: true, rest: 'limited' }],
      [info(302, 'upstream'), { client: 502, retryable: true }],
      // An error inside a 200 that knows no status of its own.
      [info(0, 'upstream'), { client: 502, retryable: true, rest: 'failed' }],
      [info(200, 'upstream'), { client: 502, retryable: true, rest: 'failed' }],
      [info(999, 'upstream'), { client: 502, retryable: true, rest: 'failed' }],
    ];
    for (const [error, { client, retryable, rest }] of rows)
      it(`${error.status} ${error.kind}: ${client} to the client, ${retryable ? 'another account may do better' : 'final'}${rest ? `, the account is ${rest}` : ''}`, () => {
        const failure = answeredFailure(error, 'Mine', undefined);
        assert.equal(failure.error.status, client);
        assert.equal(failure.retryable, retryable);
        assert.equal(failure.rest?.kind, rest);
      });

    it('names the account whose key was refused, and is not the upstream’s own 401', () => {
      const verbatim = { status: 401, headers: [], body: Buffer.from('{}') };
      const failure = answeredFailure(info(401, 'authentication'), 'Mine', undefined, verbatim);
      assert.ok(failure.error instanceof UpstreamError);
      assert.match(failure.error.message, /"Mine": said/);
      assert.equal(failure.verbatim, undefined);
    });

    it('goes as it is to clients of the same dialect otherwise', () => {
      const verbatim = { status: 400, headers: [], body: Buffer.from('{}') };
      for (const status of [400, 402, 404, 429, 500])
        assert.equal(
          answeredFailure(info(status, 'upstream'), 'Mine', undefined, verbatim).verbatim,
          verbatim,
        );
      assert.equal(answeredFailure(info(302, 'upstream'), 'Mine', undefined, verbatim).verbatim, undefined);
    });

    it('keeps code, field and waiting time; a header’s time over the body’s', () => {
      const error = info(429, 'rate_limit', { code: 'c', param: 'p', retryAfterSeconds: 9 });
      const { error: told, rest } = answeredFailure(error, 'Mine', undefined);
      assert.deepEqual([told.code, told.param, told.retryAfterSeconds], ['c', 'p', 9]);
      assert.equal(rest?.retryAfterSeconds, 9);
      assert.equal(answeredFailure(error, 'Mine', 3).rest?.retryAfterSeconds, 3);
      assert.equal(answeredFailure(error, 'Mine', 0).error.retryAfterSeconds, 0);
    });
  });

  describe('a connection that failed', () => {
    const rows: [string, number, RegExp, boolean][] = [
      ['ENOTFOUND', 502, /host name was not found/, false],
      ['ECONNREFUSED', 502, /refused the connection/, false],
      ['ECONNRESET', 502, /closed the connection/, true],
      ['EPIPE', 502, /closed the connection/, true],
      ['UND_ERR_SOCKET', 502, /closed the connection/, true],
      ['UND_ERR_CONNECT_TIMEOUT', 504, /took too long/, false],
      ['ETIMEDOUT', 504, /took too long/, false],
      ['UND_ERR_HEADERS_OVERFLOW', 502, /headers are too large/, false],
      ['HPE_INVALID_CONSTANT', 502, /not valid HTTP/, false],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', 502, /self-signed/, false],
      ['ESOMETHING', 502, /failed \(ESOMETHING\)/, false],
    ];
    for (const [code, status, words, reset] of rows)
      it(`${code}: ${status}${reset ? ', worth one more try' : ''}`, () => {
        const failure = networkFailure(Object.assign(new Error('secret detail'), { code }), 'Mine');
        assert.equal(failure.error.status, status);
        assert.match(failure.error.message, words);
        assert.match(failure.error.message, /"Mine"/);
        assert.doesNotMatch(failure.error.message, /secret/);
        assert.equal(failure.reset, reset);
        assert.equal(failure.retryable, true);
        assert.equal(failure.rest?.kind, 'failed');
      });

    it('while the answer came is called so, in words that agents know', () => {
      const broken = Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' });
      const { message } = networkFailure(broken, 'Mine', true).error;
      assert.match(message, /^The account "Mine" broke off its answer: .*connection reset/);
    });

    it('without a code says so plainly', () => {
      assert.match(networkFailure(new Error('x'), 'Mine').error.message, /the connection failed\.$/);
    });

    it('that we ended ourselves keeps our own words', () => {
      const error = new ProxyError(504, 'timeout', 'too slow');
      assert.equal(networkFailure(error as Error, 'Mine').error, error);
    });
  });

  it('is booked on the account, or not, as it says', () => {
    const pool = new Pool(
      () => 1000,
      () => undefined,
    );
    pool.setAccounts([{ id: 'a', provider: 'ollama', key: '', enabled: true, priority: 0, weight: 1 }]);
    bookFailure(pool, 'a', answeredFailure(info(400, 'invalid_request'), 'Mine', undefined));
    assert.equal(pool.status()[0]?.state, 'healthy');
    bookFailure(pool, 'a', answeredFailure(info(429, 'rate_limit'), 'Mine', 7));
    assert.equal(pool.status()[0]?.until, 8000);
    bookFailure(pool, 'nobody', answeredFailure(info(429, 'rate_limit'), 'Mine', 7));
  });
});
