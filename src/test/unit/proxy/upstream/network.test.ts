import assert from 'node:assert/strict';
import { Network, readProxyUrl } from '../../../../proxy/upstream/network';
import { networkSchema } from '../../../../shared/settings';
import { TEST_CERTIFICATE } from '../../../support/upstream/test-certificate';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const network = (settings: object) => new Network(networkSchema.parse(settings));

describe('the URL of a forward proxy (SPEC 5.13)', () => {
  const rows: [
    text: string,
    label: string,
    host: string,
    port: number,
    secure: boolean,
    credentials?: string,
  ][] = [
    ['http://proxy.corp:3128', 'proxy.corp:3128', 'proxy.corp', 3128, false],
    ['http://proxy.corp', 'proxy.corp:80', 'proxy.corp', 80, false],
    ['https://proxy.corp', 'proxy.corp:443', 'proxy.corp', 443, true],
    ['HTTPS://Proxy.Corp:8443/', 'proxy.corp:8443', 'proxy.corp', 8443, true],
    ['proxy.corp:3128', 'proxy.corp:3128', 'proxy.corp', 3128, false],
    ['http://[::1]:3128', '[::1]:3128', '::1', 3128, false],
    ['http://me:secret@proxy.corp:3128', 'proxy.corp:3128', 'proxy.corp', 3128, false, 'me:secret'],
    ['http://me:a%40b%3Ac@proxy.corp', 'proxy.corp:80', 'proxy.corp', 80, false, 'me:a@b:c'],
    ['http://me:100%@proxy.corp', 'proxy.corp:80', 'proxy.corp', 80, false, 'me:100%'],
    ['http://me@proxy.corp', 'proxy.corp:80', 'proxy.corp', 80, false, 'me:'],
    ['me:secret@proxy.corp:3128', 'proxy.corp:3128', 'proxy.corp', 3128, false, 'me:secret'],
  ];
  for (const [text, label, host, port, secure, credentials] of rows)
    it(`is read from ${text}`, () => {
      assert.deepEqual(readProxyUrl(text), {
        label,
        host,
        port,
        secure,
        ...(credentials !== undefined && { authorization: basic(credentials) }),
      });
    });

  for (const text of [
    'http://',
    'http://me:secret@:80',
    'socks5://me:secret@proxy.corp:1080',
    'http://me:secret@proxy.corp:99999',
    ':::',
  ])
    it(`has a problem where it is ${text}, and the problem does not tell the password`, () => {
      const { problem } = readProxyUrl(text);
      assert.ok(problem);
      assert.doesNotMatch(problem, /secret/);
      const [told] = network({ proxy: text }).problems;
      assert.ok(told?.includes(problem));
    });
});

describe('network settings (SPEC 5.13)', () => {
  it('send nothing through a proxy where there is none', () => {
    assert.equal(network({}).proxyFor('https://api.openai.com'), undefined);
    assert.equal(network({ proxy: '  ' }).proxyFor('https://api.openai.com'), undefined);
  });

  it('lead around the proxy to loopback and to what noProxy names', () => {
    const settings = network({ proxy: 'http://proxy.corp:3128', noProxy: ['.corp', '10.0.0.0/8'] });
    for (const origin of [
      'http://127.0.0.1:11434',
      'http://localhost:1234',
      'https://localhost',
      'http://[::1]:8080',
      'http://llm.localhost',
      'https://api.corp',
      'http://10.1.2.3:8000',
      'http://169.254.169.254',
      'http://[fe80::1]:80',
      'http://metadata.google.internal',
    ])
      assert.equal(settings.proxyFor(origin), undefined, origin);
    for (const origin of ['https://api.openai.com', 'http://192.168.1.5:11434', 'https://[2001:db8::1]'])
      assert.equal(settings.proxyFor(origin)?.host, 'proxy.corp', origin);
  });

  it('check certificates unless they say otherwise', () => {
    assert.deepEqual(network({}).tls, {});
    assert.deepEqual(network({ strictSsl: false }).tls, { rejectUnauthorized: false });
    assert.deepEqual(network({ strictSsl: false, certificates: [TEST_CERTIFICATE] }).tls, {
      rejectUnauthorized: false,
    });
  });

  it('read certificates once, several from one text, and count what is none', () => {
    const bundle = `# Corp\n${TEST_CERTIFICATE}\n# again\n${TEST_CERTIFICATE}`;
    const broken = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----';
    const settings = network({ certificates: [bundle, broken, 'no certificate'] });
    assert.deepEqual(settings.problems, ['Certificates to trust that cannot be read and are left out: 2.']);
    assert.ok(settings.tls.secureContext);
    assert.equal(settings.tls, settings.tls);
    assert.deepEqual(network({ certificates: [bundle] }).problems, []);
    assert.deepEqual(network({ certificates: ['no certificate'] }).tls, {});
  });
});
