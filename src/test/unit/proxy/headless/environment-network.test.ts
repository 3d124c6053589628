import assert from 'node:assert/strict';
import { environmentNetwork } from '../../../../proxy/headless/environment-network';

describe('the network of the environment (SPEC 5.13, §9)', () => {
  const files: Record<string, string> = { '/a.pem': 'A', '/b.pem': 'B' };
  const read = (file: string) => {
    const text = files[file];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  };
  const of = (environment: Record<string, string>) => environmentNetwork(environment, read);

  it('is a direct one where nothing is said', () => {
    const nothing = { proxy: '', noProxy: [], strictSsl: true, certificates: [] };
    assert.deepEqual(of({}), { network: nothing, notes: [] });
    assert.deepEqual(of({ HTTPS_PROXY: ' ', NO_PROXY: '', SSL_CERT_FILE: '' }), {
      network: nothing,
      notes: [],
    });
  });

  const proxies: [Record<string, string>, string][] = [
    [{ HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
    [{ HTTP_PROXY: 'http://b:2' }, 'http://b:2'],
    [{ HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'http://a:1'],
    [{ https_proxy: 'http://c:3', HTTPS_PROXY: 'http://a:1' }, 'http://c:3'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
    [{ http_proxy: 'b:2' }, 'b:2'],
  ];
  for (const [environment, proxy] of proxies)
    it(`goes through ${proxy} with ${JSON.stringify(environment)}`, () => {
      assert.equal(of(environment).network.proxy, proxy);
    });

  it('takes exceptions with commas, spaces or both between them', () => {
    assert.deepEqual(of({ NO_PROXY: 'a.test, .b.test  10.0.0.0/8,,' }).network.noProxy, [
      'a.test',
      '.b.test',
      '10.0.0.0/8',
    ]);
    assert.deepEqual(of({ no_proxy: '*', NO_PROXY: 'a' }).network.noProxy, ['*']);
  });

  it('trusts the certificates of files, and says which it cannot read', () => {
    assert.deepEqual(of({ SSL_CERT_FILE: '/a.pem', NODE_EXTRA_CA_CERTS: '/b.pem' }).network.certificates, [
      'A',
      'B',
    ]);
    assert.deepEqual(of({ SSL_CERT_FILE: '/a.pem', NODE_EXTRA_CA_CERTS: '/a.pem' }).network.certificates, [
      'A',
    ]);
    const { network, notes } = of({ SSL_CERT_FILE: '/none.pem', NODE_EXTRA_CA_CERTS: '/b.pem' });
    assert.deepEqual(network.certificates, ['B']);
    assert.deepEqual(notes, ['SSL_CERT_FILE: cannot read /none.pem: ENOENT']);
  });
});
