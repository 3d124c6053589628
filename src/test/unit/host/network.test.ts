import { changeSetting, resetEditor } from './vscode-stub';
import assert from 'node:assert/strict';
import { affectsNetwork, proxySecrets, readNetwork } from '../../../host/network';

describe('the network settings of the editor', () => {
  const warnings: string[] = [];
  const read = (environment: NodeJS.ProcessEnv = {}) =>
    readNetwork((text) => warnings.push(text), environment);
  beforeEach(() => {
    resetEditor();
    changeSetting('http.systemCertificates', false);
    warnings.length = 0;
  });

  it('are none, with certificates checked, where nothing is set', () => {
    assert.deepEqual(read(), { proxy: '', noProxy: [], strictSsl: true, certificates: [] });
  });

  it('come before the environment', () => {
    changeSetting('http.proxy', 'http://proxy.test:3128');
    changeSetting('http.noProxy', ['.internal']);
    changeSetting('http.proxyStrictSSL', false);
    assert.deepEqual(read({ HTTPS_PROXY: 'http://other.test', NO_PROXY: 'x' }), {
      proxy: 'http://proxy.test:3128',
      noProxy: ['.internal'],
      strictSsl: false,
      certificates: [],
    });
  });

  it('leave what they do not say to the environment, in capitals or not', () => {
    const { proxy, noProxy } = read({ https_proxy: 'proxy.test:3128', NO_PROXY: 'a.test, .b.test,,*.c' });
    assert.equal(proxy, 'http://proxy.test:3128');
    assert.deepEqual(noProxy, ['a.test', '.b.test', '*.c']);
    assert.equal(read({ HTTP_PROXY: 'http://h.test', HTTPS_PROXY: 'http://s.test' }).proxy, 'http://s.test');
    assert.equal(read({ HTTP_PROXY: 'http://h.test' }).proxy, 'http://h.test');
  });

  it('with proxy support switched off know no proxy, wherever it is named', () => {
    changeSetting('http.proxy', 'http://proxy.test:3128');
    for (const support of ['on', 'fallback', 'override']) {
      changeSetting('http.proxySupport', support);
      assert.equal(read().proxy, 'http://proxy.test:3128');
    }
    changeSetting('http.proxySupport', 'off');
    assert.equal(read({ HTTPS_PROXY: 'http://other.test' }).proxy, '');
  });

  it('hand on a proxy that cannot be used: nothing leads around it', () => {
    changeSetting('http.proxy', 'socks5://me:CANARY@proxy.test');
    assert.equal(read().proxy, 'socks5://me:CANARY@proxy.test');
    assert.ok(proxySecrets(read()).includes('CANARY'));
  });

  it('bring the certificates of the system where Node can tell them', () => {
    changeSetting('http.systemCertificates', true);
    for (const certificate of read().certificates) assert.match(certificate, /^-----BEGIN CERTIFICATE-----/);
  });

  it('tell which of their changes matter', () => {
    const change = (name: string) => affectsNetwork({ affectsConfiguration: (each) => each === name });
    for (const name of ['proxy', 'noProxy', 'proxyStrictSSL', 'proxySupport', 'systemCertificates'])
      assert.equal(change(`http.${name}`), true);
    assert.equal(change('http.fetchAdditionalSupport'), false);
  });
});

describe('the secrets of a proxy’s address', () => {
  it('are its password in each spelling, alone and with what stands around it', () => {
    const proxy = 'http://me:p%40ss-word@proxy.test:3128';
    assert.deepEqual(proxySecrets({ proxy }), [proxy, 'me:p%40ss-word', 'p%40ss-word', 'p@ss-word']);
    assert.deepEqual(proxySecrets({ proxy: 'http://proxy.test' }), []);
    assert.deepEqual(proxySecrets({ proxy: '' }), []);
  });
});
