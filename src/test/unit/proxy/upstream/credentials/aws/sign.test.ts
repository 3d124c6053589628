import assert from 'node:assert/strict';
import { signatureHeaders, type RequestToSign } from '../../../../../../proxy/upstream/credentials/aws/sign';
import { signatureProblem } from '../../../../../support/upstream/aws-frames';

/** Cases of AWS's Signature Version 4 test suite, and the signatures that it expects. */
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const SCOPE = { region: 'us-east-1', service: 'service', now: new Date('2015-08-30T12:36:00Z') };
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CASES: Record<string, [parts: Partial<RequestToSign>, signature: string]> = {
  'get-vanilla': [{}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  'get-header-value-trim': [
    { headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } },
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  'get-unreserved': [
    { path: `/${UNRESERVED}` },
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  ],
  'get-utf8': [{ path: '/\u1234' }, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
  'get-vanilla-query-order-key-case': [
    { query: 'Param2=value2&Param1=value1' },
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  'get-vanilla-query-unreserved': [
    { query: `${UNRESERVED}=${UNRESERVED}` },
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
  'get-vanilla-utf8-query': [
    { query: '\u1234=bar' },
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  ],
  'post-vanilla': [{ method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  'post-header-key-sort': [
    { method: 'POST', headers: { 'my-header1': 'value1' } },
    'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  ],
  'post-vanilla-query': [
    { method: 'POST', query: 'Param1=value1' },
    '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  ],
  'post-x-www-form-urlencoded-parameters': [
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf8' },
      body: 'Param1=value1',
    },
    '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  ],
};

function sign(
  parts: Partial<RequestToSign>,
  credentials: Parameters<typeof signatureHeaders>[1] = CREDENTIALS,
) {
  const request = { method: 'GET', path: '/', query: '', body: '', ...parts };
  const lines = signatureHeaders(
    { ...request, headers: { host: 'example.amazonaws.com', ...parts.headers } },
    credentials,
    SCOPE,
  );
  return Object.fromEntries(
    Array.from({ length: lines.length / 2 }, (_, at) => lines.slice(2 * at, 2 * at + 2)),
  );
}

describe('signatures of AWS requests', () => {
  for (const [name, [parts, signature]] of Object.entries(CASES))
    it(`are those of AWS’s own test suite: ${name}`, () => {
      const { authorization, ...others } = sign(parts);
      const names = ['host', 'x-amz-date', ...Object.keys(parts.headers ?? {})].sort().join(';');
      assert.equal(
        authorization,
        `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
      );
      assert.deepEqual(others, { 'x-amz-date': '20150830T123600Z' });
    });

  it('cover the token of temporary credentials: post-sts-header-before', () => {
    const sessionToken =
      'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
    const signed = sign({ method: 'POST' }, { ...CREDENTIALS, sessionToken });
    assert.match(
      signed['authorization']!,
      /Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead$/,
    );
    assert.equal(signed['x-amz-security-token'], sessionToken);
  });

  it('are made over paths that are encoded once more: a model’s colon', () => {
    const target = '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse';
    const headers = sign({
      method: 'POST',
      path: target,
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    const request = {
      method: 'POST',
      target,
      headers: { ...headers, host: 'example.amazonaws.com', 'content-type': 'application/json' },
      body: Buffer.from('{}'),
    };
    const secrets = { AKIDEXAMPLE: CREDENTIALS.secretAccessKey };
    const expected = { region: 'us-east-1', service: 'service' };
    assert.equal(signatureProblem(request, secrets, expected), undefined);
    assert.match(
      signatureProblem({ ...request, body: Buffer.from('{ }') }, secrets, expected)!,
      /not the right one/,
    );
  });
});
