/** What goes wrong on the way to an upstream, in words that help (SPEC 5.13, 8.4). */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { PASSWORD, TRUSTED, withFarUpstream, type NetworkInput } from '../../support/upstream/far-upstream';
import { freePort } from '../../support/local-port';

describe('trouble (SPEC 5.13, 8.4)', () => {
  const far = withFarUpstream();
  const { configure, refused, served, withCredentials } = far;

  const rows: [
    name: string,
    act: () => NetworkInput | Promise<NetworkInput>,
    status: number,
    words: RegExp,
  ][] = [
    [
      'a proxy that is not there',
      async () => ({ proxy: `http://me:${PASSWORD}@127.0.0.1:${await freePort()}` }),
      502,
      /through the proxy 127\.0\.0\.1:\d+: the proxy refused the connection \(ECONNREFUSED\)/,
    ],
    [
      'a proxy whose name nobody knows',
      () => ({ proxy: 'http://proxy.invalid:3128' }),
      502,
      /through the proxy proxy\.invalid:3128: the name of the proxy was not found/,
    ],
    [
      'a proxy that asks for a password where none is set',
      () => ({ proxy: far.strict.url }),
      502,
      /the proxy asks for a user name and password.*\(PROXY_AUTH\)/,
    ],
    [
      'a proxy that takes another password',
      () => ({ proxy: withCredentials(far.strict, 'me:secret-but-wrong') }),
      502,
      /the proxy asks for a user name and password/,
    ],
    [
      'a proxy that cannot reach the upstream',
      () => ((far.forward.fault = 502), { proxy: far.forward.url }),
      502,
      /the proxy could not reach upstream\.test:443 \(PROXY_STATUS_502\)/,
    ],
    [
      'a proxy that forbids it',
      () => ((far.forward.fault = 403), { proxy: far.forward.url }),
      502,
      /the proxy does not allow connections to upstream\.test:443/,
    ],
    [
      'a proxy that redirects',
      () => ((far.forward.fault = 302), { proxy: far.forward.url }),
      502,
      /the proxy answered with status 302/,
    ],
    [
      'a proxy that closes',
      () => ((far.forward.fault = 'close'), { proxy: far.forward.url }),
      502,
      /the proxy closed the connection/,
    ],
    [
      'a proxy that speaks something else',
      () => ((far.forward.fault = 'garbage'), { proxy: far.forward.url }),
      502,
      /the proxy did not answer in HTTP/,
    ],
    [
      'a proxy whose answer never ends',
      () => ((far.forward.fault = 'endless-head'), { proxy: far.forward.url }),
      502,
      /the proxy did not answer in HTTP/,
    ],
    [
      'a tunnel that closes at once',
      () => ((far.forward.fault = 'close-tunnel'), { proxy: far.forward.url }),
      502,
      /through the proxy 127\.0\.0\.1:\d+: it closed the connection/,
    ],
    [
      'a SOCKS proxy',
      () => ({ proxy: `socks5://me:${PASSWORD}@127.0.0.1:1080` }),
      502,
      /proxies of the kind "socks5" are not supported/,
    ],
    [
      'a URL that is none',
      () => ({ proxy: `http://me:${PASSWORD}@:::` }),
      502,
      /the URL of the proxy cannot be read/,
    ],
  ];
  for (const [name, act, status, words] of rows)
    it(`with ${name} is told in its words, and nothing goes around it`, async () => {
      configure({ ...TRUSTED, ...(await act()) });
      assert.match(await refused(status), words);
      assert.equal(far.upstream.requests.length, 0);
    });

  it('with a proxy that says nothing ends at the time limit for connecting', async () => {
    far.forward.fault = 'hang';
    configure({ proxy: far.forward.url, ...TRUSTED }, undefined, { timeouts: { connectMs: 200 } });
    assert.match(await refused(504), /through the proxy .*: connecting took too long/);
  });

  it('with an upstream that says nothing at the end of a tunnel ends there, too', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    far.forward.routes.set('upstream.test:1', (silent.address() as AddressInfo).port);
    configure({ proxy: far.forward.url, ...TRUSTED }, 'https://upstream.test:1', {
      timeouts: { connectMs: 200 },
    });
    assert.match(await refused(504), /through the proxy .*: connecting took too long/);
    while (far.forward.tunnels() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    silent.close();
  });

  it('in a tunnel to a server without TLS is the server’s', async () => {
    configure({ proxy: far.forward.url, ...TRUSTED }, 'https://plain.test');
    assert.match(await refused(), /it does not speak TLS|it closed the connection/);
  });

  it('with a password is the proxy’s in absolute form, too: an agent must not see a 407', async () => {
    configure({ proxy: far.strict.url }, 'http://upstream.test');
    assert.match(await refused(), /the proxy asks for a user name and password/);
  });

  it('of the proxy is no account’s: the next request is served once it is over', async () => {
    far.forward.fault = 407;
    configure({ proxy: far.forward.url, ...TRUSTED });
    for (let count = 0; count < 5; count++) await refused();
    const [account] = far.portside.proxy.status().accounts;
    assert.equal(account?.state, 'healthy');
    assert.equal(account.successRate, undefined);
    far.forward.fault = undefined;
    await served();
  });
});
