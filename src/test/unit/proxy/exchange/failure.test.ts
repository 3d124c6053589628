import assert from 'node:assert/strict';
import { ProxyError, UpstreamError } from '../../../../proxy/errors';
import type { ErrorInfo, ErrorKind } from '../../../../proxy/dialects/canonical';
import { answeredFailure, networkFailure } from '../../../../proxy/exchange/failure';
import type { Verdict } from '../../../../proxy/pool/verdict';

const info = (status: number, kind: ErrorKind, more: Partial<ErrorInfo> = {}): ErrorInfo => ({
  status,
  kind,
  message: 'said',
  ...more,
});

describe('what a failed attempt means', () => {
  describe('an answer with an error', () => {
    const request: Verdict = { type: 'request' };
    const dead: Verdict = { type: 'dead', scope: 'key', why: 'key' };
    const failed: Verdict = { type: 'failed' };
    const limited: Verdict = { type: 'limited', scope: 'key', told: false, what: 'requests' };
    const rows: [ErrorInfo, Verdict, number][] = [
      [info(400, 'invalid_request'), request, 400],
      [info(401, 'authentication'), dead, 502],
      [info(403, 'permission'), dead, 502],
      [info(400, 'authentication'), dead, 502],
      // A refusal of what is asked, which agents would take for one of their key.
      [info(403, 'permission'), request, 400],
      // A firewall's page: another account may have another way.
      [info(403, 'permission'), { type: 'elsewhere' }, 400],
      [info(407, 'invalid_request'), failed, 502],
      [info(402, 'billing'), dead, 402],
      [info(404, 'not_found'), { type: 'elsewhere' }, 404],
      [info(413, 'request_too_large'), request, 413],
      [info(429, 'rate_limit'), limited, 429],
      [info(500, 'upstream'), failed, 500],
      [info(529, 'overloaded'), limited, 529],
      [info(302, 'upstream'), failed, 502],
      // An error inside a 200 that knows no status of its own.
      [info(0, 'upstream'), failed, 502],
      [info(200, 'upstream'), failed, 502],
      [info(999, 'upstream'), failed, 502],
    ];
    for (const [error, verdict, status] of rows)
      it(`${error.status} ${error.kind}, judged "${verdict.type}": ${status} to the client`, () => {
        const failure = answeredFailure(error, 'Mine', verdict);
        assert.equal(failure.error.status, status);
        assert.equal(failure.verdict, verdict);
      });

    it('names the account whose key was refused, and is not the upstream’s own 401', () => {
      const verbatim = { status: 401, headers: [], body: Buffer.from('{}') };
      const failure = answeredFailure(info(401, 'authentication'), 'Mine', dead, verbatim);
      assert.ok(failure.error instanceof UpstreamError);
      assert.match(failure.error.message, /"Mine": said/);
      assert.equal(failure.verbatim, undefined);
    });

    it('goes as it is to clients of the same dialect otherwise', () => {
      const verbatim = { status: 400, headers: [], body: Buffer.from('{}') };
      for (const status of [400, 402, 404, 429, 500])
        assert.equal(answeredFailure(info(status, 'upstream'), 'Mine', failed, verbatim).verbatim, verbatim);
      assert.equal(answeredFailure(info(302, 'upstream'), 'Mine', failed, verbatim).verbatim, undefined);
    });

    it('keeps code, field and waiting time; what was judged over what the body said', () => {
      const error = info(429, 'rate_limit', { code: 'c', param: 'p', retryAfterSeconds: 9 });
      const { error: told } = answeredFailure(error, 'Mine', limited);
      assert.deepEqual([told.code, told.param, told.retryAfterSeconds], ['c', 'p', 9]);
      for (const waitSeconds of [3, 0])
        assert.equal(
          answeredFailure(error, 'Mine', { ...limited, waitSeconds }).error.retryAfterSeconds,
          waitSeconds,
        );
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
        assert.deepEqual(failure.verdict, { type: 'failed' });
      });

    it('while the answer came is called so, in words that agents know', () => {
      const broken = Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' });
      const { message } = networkFailure(broken, 'Mine', true).error;
      assert.match(message, /^The account "Mine" broke off its answer: .*connection reset/);
    });

    it('without a code says so plainly', () => {
      assert.match(networkFailure(new Error('x'), 'Mine').error.message, /the connection failed\.$/);
    });

    it('whose credential was refused before it began is the key’s death, and no 401 to the client (SPEC 2.6)', () => {
      const refused = new ProxyError(401, 'authentication', 'refused');
      const { error, verdict } = networkFailure(refused as Error, 'Mine');
      assert.equal(error.status, 502);
      assert.notEqual(error.kind, 'authentication');
      assert.match(error.message, /"Mine".*refused/);
      assert.deepEqual(verdict, { type: 'dead', scope: 'key', why: 'key' });
    });

    it('that we ended ourselves keeps our own words', () => {
      const error = new ProxyError(504, 'timeout', 'too slow');
      assert.equal(networkFailure(error as Error, 'Mine').error, error);
      assert.deepEqual(networkFailure(error as Error, 'Mine').verdict, { type: 'failed' });
    });
  });
});
