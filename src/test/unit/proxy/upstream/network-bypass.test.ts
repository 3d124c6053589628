import assert from 'node:assert/strict';
import { hostAndPort, isLoopbackHost, readNoProxy } from '../../../../proxy/upstream/network-bypass';

describe('loopback hosts (SPEC 5.13)', () => {
  for (const host of [
    'localhost',
    'ollama.localhost',
    '127.0.0.1',
    '127.8.9.10',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0.0.0.0',
    '::',
  ])
    it(`knows ${host} as this machine`, () => {
      assert.equal(isLoopbackHost(host), true);
    });
  for (const host of [
    'localhost.example.com',
    'notlocalhost',
    '128.0.0.1',
    '10.0.0.1',
    '::2',
    'api.openai.com',
    '127.0.0.1.nip.io',
  ])
    it(`does not take ${host} for this machine`, () => {
      assert.equal(isLoopbackHost(host), false);
    });
});

describe('noProxy patterns (SPEC 5.13)', () => {
  const rows: [pattern: string, url: string, bypassed: boolean][] = [
    ['*', 'https://api.openai.com', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['example.com', 'https://example.com.evil.test', false],
    ['EXAMPLE.com', 'https://API.Example.COM', true],
    ['  example.com ', 'https://example.com', true],
    ['example.com.', 'https://example.com', true],
    ['example.com', 'https://example.com.', true],
    ['.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', true],
    ['.example.com', 'https://notexample.com', false],
    ['*.example.com', 'https://a.b.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['*.example.com', 'https://example.org', false],
    ['llm-*.corp', 'http://llm-7.corp', true],
    ['10.*', 'http://10.1.2.3', true],
    ['10.*', 'http://110.1.2.3', false],
    ['example.com:443', 'https://example.com', true],
    ['example.com:443', 'http://example.com', false],
    ['example.com:8080', 'http://example.com:8080', true],
    ['example.com:8080', 'http://example.com:8081', false],
    ['*:8080', 'http://anything.test:8080', true],
    ['.example.com:80', 'http://api.example.com', true],
    ['10.0.0.5', 'http://10.0.0.5:11434', true],
    ['10.0.0.5', 'http://10.0.0.50', false],
    ['10.0.0.5:11434', 'http://10.0.0.5:11434', true],
    ['10.0.0.0/8', 'http://10.20.30.40', true],
    ['10.0.0.0/8', 'http://11.0.0.1', false],
    ['10.0.0.0/8', 'http://10.example.com', false],
    ['10.0.0.0/8:80', 'http://10.1.1.1', true],
    ['10.0.0.0/8:80', 'https://10.1.1.1', false],
    ['192.168.0.0/33', 'http://192.168.0.1', false],
    ['2001:db8::1', 'http://[2001:db8::1]:8080', true],
    ['2001:0DB8:0::1', 'http://[2001:db8::1]', true],
    ['[2001:db8::1]', 'http://[2001:db8::1]', true],
    ['[2001:db8::1]:8080', 'http://[2001:db8::1]:8080', true],
    ['[2001:db8::1]:8080', 'http://[2001:db8::1]:8081', false],
    ['2001:db8::/32', 'http://[2001:db8:1::5]', true],
    ['2001:db8::/32', 'http://[2001:db9::5]', false],
    ['', 'https://example.com', false],
    ['.', 'https://example.com', false],
    ['<local>', 'https://example.com', false],
    ['[', 'https://example.com', false],
    ['/', 'https://example.com', false],
  ];
  for (const [pattern, url, bypassed] of rows)
    it(`"${pattern}" ${bypassed ? 'takes in' : 'leaves out'} ${url}`, () => {
      const { host, port } = hostAndPort(new URL(url));
      assert.equal(readNoProxy([pattern])(host, port), bypassed);
    });

  it('takes the first pattern that fits, whichever it is', () => {
    const bypasses = readNoProxy(['', 'a.test', 'b.test:81']);
    assert.equal(bypasses('a.test', '80'), true);
    assert.equal(bypasses('b.test', '81'), true);
    assert.equal(bypasses('b.test', '80'), false);
    assert.equal(readNoProxy([])('a.test', '80'), false);
  });
});
