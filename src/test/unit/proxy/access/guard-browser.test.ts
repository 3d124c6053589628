import assert from 'node:assert/strict';
import {
  checkHost,
  checkOrigin,
  isLoopbackAddress,
  checkOwnName,
} from '../../../../proxy/access/guard-browser';
import { ForbiddenError } from '../../../../proxy/errors';

function passes(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    assert.ok(error instanceof ForbiddenError);
    assert.equal(error.status, 403);
    return false;
  }
}

describe('the guard against web pages (SPEC 2.7)', () => {
  for (const host of [
    '127.0.0.1',
    '127.0.0.1:8045',
    '127.1.2.3:1',
    '127.0.0.1.',
    'localhost',
    'localhost:',
    'localhost:8045',
    'LocalHost:8045',
    'localhost.',
    'localhost.:8045',
    'agent.localhost',
    '[::1]',
    '[::1]:8045',
    '[::ffff:127.0.0.1]:8045',
    '[::ffff:7f00:1]:8045',
    '[::FFFF:7F00:1]',
  ])
    it(`takes ${host} over loopback`, () => {
      assert.ok(passes(() => checkHost(host, '127.0.0.1', [])));
    });

  for (const host of [
    undefined,
    '',
    ':8045',
    'evil.com',
    'evil.com:8045',
    '127.0.0.1.evil.com',
    '127.0.0.1.evil.com:8045',
    'localhost.evil.com',
    'evillocalhost',
    '.localhost',
    'evil-127.0.0.1',
    '127.0.0.1.nip.io',
    '127.0.0.1@evil.com',
    '128.0.0.1',
    '0.0.0.0',
    '192.168.1.5',
    '[::2]',
    '[::1',
    '[::ffff:8000:1]',
    '[fe80::1]',
    '2130706433',
    '0x7f.1',
    'localhost:8045:8045',
    'localhost\n.evil.com',
  ])
    it(`refuses ${JSON.stringify(host)} over loopback`, () => {
      for (const local of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.8.8'])
        assert.equal(
          passes(() => checkHost(host, local, [])),
          false,
        );
    });

  it('takes any name over a network, where rebinding gains nothing that the key does not guard', () => {
    for (const local of ['192.168.1.5', '::ffff:192.168.1.5', 'fe80::1', undefined])
      assert.ok(passes(() => checkHost('my-box.lan', local, [])));
  });

  it('takes configured names, with and without port, in any case', () => {
    for (const host of ['my.box', 'MY.box:1', 'my.box.', 'my.box.:8045'])
      assert.ok(
        passes(() => checkHost(host, '127.0.0.1', ['My.Box'])),
        host,
      );
    assert.ok(passes(() => checkHost('my.box:8045', '127.0.0.1', ['my.box:8045'])));
    for (const host of ['sub.my.box', 'my.box.evil.com', 'xmy.box'])
      assert.equal(
        passes(() => checkHost(host, '127.0.0.1', ['my.box'])),
        false,
        host,
      );
  });

  it('names no more of a refused host than helps', () => {
    assert.throws(
      () => checkHost('x'.repeat(10_000), '127.0.0.1', []),
      (error: Error) => error.message.length < 300,
    );
  });

  it('tells loopback addresses from others', () => {
    for (const address of ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopbackAddress(address));
    for (const address of [undefined, '', '10.0.0.1', '::2', '::ffff:10.127.0.1', '::1:1', '1270.0.0.1'])
      assert.equal(isLoopbackAddress(address), false, address);
  });

  const origins: [string | undefined, string, string[], boolean][] = [
    [undefined, '127.0.0.1:8045', [], true],
    ['http://127.0.0.1:8045', '127.0.0.1:8045', [], true],
    ['http://localhost:8045', 'localhost:8045', [], true],
    ['http://localhost:3000', 'localhost:8045', [], false],
    ['http://127.0.0.1:8045', 'localhost:8045', [], false],
    ['https://evil.com', '127.0.0.1:8045', [], false],
    ['null', '127.0.0.1:8045', [], false],
    ['', '127.0.0.1:8045', [], false],
    ['file://', '127.0.0.1:8045', [], false],
    ['chrome-extension://abc', '127.0.0.1:8045', [], false],
    ['https://app.example', '127.0.0.1:8045', ['https://app.example'], true],
    ['https://app.example', '127.0.0.1:8045', ['app.example', '*'], false],
    ['https://app.example.evil.com', '127.0.0.1:8045', ['https://app.example'], false],
    ['http://app.example', '127.0.0.1:8045', ['https://app.example'], false],
    ['null', '127.0.0.1:8045', ['null'], true],
  ];
  for (const [origin, host, allowed, expected] of origins)
    it(`${expected ? 'takes' : 'refuses'} the origin ${JSON.stringify(origin)} at ${host}, allowed ${JSON.stringify(allowed)}`, () => {
      assert.equal(
        passes(() => checkOrigin(origin, host, allowed)),
        expected,
      );
    });

  it('grants CORS to the origin that was allowed and to no other', () => {
    assert.deepEqual(checkOrigin(undefined, 'localhost', ['https://a.example']), []);
    const headers = checkOrigin('https://a.example', 'localhost', ['https://a.example']);
    assert.equal(headers[headers.indexOf('access-control-allow-origin') + 1], 'https://a.example');
    assert.equal(headers[headers.indexOf('vary') + 1], 'Origin');
    assert.equal(headers.length % 2, 0);
  });
});

describe('what no key guards, for a host name (SPEC 2.7)', () => {
  for (const host of [
    '127.0.0.1:8045',
    'localhost',
    '192.168.1.5:8045',
    '[fe80::1]:8045',
    'my-proxy.test:8045',
  ])
    it(`is served for ${host}`, () => {
      checkOwnName(host, ['my-proxy.test']);
    });
  for (const host of [undefined, '', 'evil.example', 'evil.example:8045', '192.168.1.5.evil.example'])
    it(`is not served for ${host}, which a stranger can make lead here also over the LAN`, () => {
      assert.throws(() => checkOwnName(host, ['my-proxy.test']), ForbiddenError);
    });
});
