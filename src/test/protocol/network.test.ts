/** The user's network: forward proxies, certificates, changes while streams are under way (SPEC 5.13, CASES 55). */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { createServer, type AddressInfo } from 'node:net';
import { checkStream, sendSmall } from '../support/dialect-requests';
import { startForwardProxy, type RunningForwardProxy } from '../support/forward-proxy';
import { freePort } from '../support/local-port';
import { startScriptedUpstream, type ScriptedUpstream } from '../support/scripted-upstream';
import {
  accountAt,
  startPortside,
  type AccountInput,
  type SettingsInput,
  type StartedPortside,
} from '../support/start-portside';
import { TEST_CERTIFICATE } from '../support/test-certificate';
import { startTlsFront, type TlsFront } from '../support/tls-front';

type NetworkInput = NonNullable<SettingsInput['network']>;

const PASSWORD = 'secret-of-the-proxy';
const TRUSTED = { certificates: [TEST_CERTIFICATE] };

describe('network (SPEC 5.13)', () => {
  let upstream: ScriptedUpstream;
  let front: TlsFront;
  let forward: RunningForwardProxy;
  let strict: RunningForwardProxy;
  let secure: RunningForwardProxy;
  let portside: StartedPortside;

  /** Anthropic's protocol at an origin that only a proxy can resolve. */
  const at = (baseUrl: string, more: Partial<AccountInput> = {}): AccountInput => ({
    ...accountAt({ url: baseUrl, openaiUrl: `${baseUrl}/v1` }, 'anthropic'),
    label: 'Far',
    ...more,
  });
  const configure = (network: NetworkInput, baseUrl = 'https://upstream.test', more: SettingsInput = {}) => {
    portside.configure({ accounts: [at(baseUrl)], network, ...more });
  };
  const ask = (stream = false, signal?: AbortSignal) =>
    sendSmall(portside.url, 'anthropic', { stream, ...(signal && { signal }) });
  const served = async (stream = false) => {
    const response = await ask(stream);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    if (stream) {
      const reading = checkStream('anthropic', text);
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, 'Hello from upstream');
    }
    assert.match(text, stream ? /event: message_stop/ : /Hello from upstream/);
  };
  /** The words of a refusal, which must not tell the proxy's password. */
  const refused = async (status = 502) => {
    const response = await ask();
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.doesNotMatch(text, /secret/);
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  };
  const withCredentials = (proxy: RunningForwardProxy, user = `me:${PASSWORD}`) =>
    proxy.url.replace('//', `//${user}@`);

  const { lookup } = dns;
  before(async () => {
    // Names are this test's own: no question leaves the machine.
    dns.lookup = ((name: string, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: Error | null, ...found: unknown[]) => void;
      if (/^(localhost|[\d.:]+)$/.test(name)) Reflect.apply(lookup, dns, [name, ...rest]);
      else if (name !== 'upstream.test')
        done(Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' }));
      else if ((rest[0] as { all?: boolean }).all) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    }) as typeof lookup;
    upstream = await startScriptedUpstream();
    front = await startTlsFront(upstream.port);
    forward = await startForwardProxy();
    strict = await startForwardProxy({ credentials: `me:${PASSWORD}` });
    secure = await startForwardProxy({ secure: true });
    for (const proxy of [forward, strict, secure]) {
      proxy.routes.set('upstream.test:443', front.port);
      proxy.routes.set('other.test:443', front.port);
      proxy.routes.set('upstream.test:8443', front.port);
      proxy.routes.set('[2001:db8::7]:443', front.port);
      proxy.routes.set('upstream.test:80', upstream.port);
      proxy.routes.set('upstream.test:11434', upstream.port);
      proxy.routes.set('plain.test:443', upstream.port);
    }
  });
  after(() => {
    dns.lookup = lookup;
  });
  beforeEach(async () => {
    portside = await startPortside({ accounts: [at('https://upstream.test')] });
  });
  afterEach(async () => {
    await portside.stop();
    upstream.reset();
    front.names.length = 0;
    for (const proxy of [forward, strict, secure]) proxy.reset();
    assert.ok(!portside.logs.some((line) => line.includes('secret')), 'a log tells the password');
    assert.ok(!JSON.stringify(portside.exchanges).includes('secret-of'), 'a record tells the password');
  });

  describe('through a forward proxy', () => {
    for (const stream of [false, true])
      it(`reaches an https upstream in a tunnel, ${stream ? 'streaming' : 'whole'}, and keeps the connection`, async () => {
        configure({ proxy: forward.url, ...TRUSTED });
        await served(stream);
        await served(stream);
        assert.deepEqual(forward.connects, ['upstream.test:443']);
        assert.deepEqual(forward.hosts, ['upstream.test:443']);
        assert.deepEqual(front.names, ['upstream.test']);
        assert.equal(upstream.generations.length, 2);
        assert.equal(upstream.generations[0]!.headers.host, 'upstream.test');
        assert.equal(upstream.generations[0]!.headers['proxy-authorization'], undefined);
      });

    it('reaches an http upstream by requests in absolute form, which proxies take where they refuse CONNECT', async () => {
      configure({ proxy: withCredentials(strict) }, 'http://upstream.test:11434');
      await served();
      await served(true);
      assert.deepEqual(strict.connects, []);
      assert.deepEqual(strict.requests, Array(2).fill('http://upstream.test:11434/v1/messages'));
      assert.deepEqual(strict.hosts, Array(2).fill('upstream.test:11434'));
      assert.equal(upstream.generations[0]!.headers.host, 'upstream.test:11434');
      assert.equal(upstream.generations[0]!.headers['proxy-authorization'], undefined);
      assert.equal(upstream.generations[0]!.key, 'sk-upstream-key-of-anthropic');
    });

    it('shows user and password to a proxy that asks for them', async () => {
      configure({ proxy: withCredentials(strict), ...TRUSTED });
      await served(true);
      assert.deepEqual(strict.authorizations, [`Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`]);
    });

    it('speaks TLS to a proxy that does, in tunnels and in absolute form', async () => {
      configure({ proxy: secure.url, ...TRUSTED });
      await served(true);
      assert.deepEqual(secure.connects, ['upstream.test:443']);
      configure({ proxy: secure.url, ...TRUSTED }, 'http://upstream.test');
      await served(true);
      assert.deepEqual(secure.requests, ['http://upstream.test/v1/messages']);
    });

    it('names other ports and IPv6 addresses as CONNECT wants them', async () => {
      configure({ proxy: forward.url, strictSsl: false }, 'https://upstream.test:8443');
      await served();
      configure({ proxy: forward.url, strictSsl: false }, 'https://[2001:db8::7]');
      await served();
      assert.deepEqual(forward.connects, ['upstream.test:8443', '[2001:db8::7]:443']);
    });

    it('finds a proxy that has an IPv6 address', async function () {
      let six: RunningForwardProxy;
      try {
        six = await startForwardProxy({ host: '::1' });
      } catch {
        // This machine has no IPv6; the URL's reading is tested apart.
        return;
      }
      six.routes.set('upstream.test:443', front.port);
      configure({ proxy: six.url, ...TRUSTED });
      await served();
      assert.deepEqual(six.connects, ['upstream.test:443']);
    });

    it('lets a client that leaves stop the upstream, before its first byte and in the middle', async () => {
      for (const [origin, fault] of [
        ['https://upstream.test', 'hang'],
        ['https://upstream.test', 'hang-mid-body'],
        ['http://upstream.test', 'hang'],
        ['http://upstream.test', 'hang-mid-body'],
      ] as const) {
        upstream.reset();
        configure({ proxy: forward.url, ...TRUSTED }, origin);
        upstream.fail({ fault });
        const leaving = new AbortController();
        const asked = ask(true, leaving.signal).then((response) => response.text());
        const arrived = await upstream.arrived(1);
        if (fault === 'hang-mid-body') await new Promise((resolve) => setTimeout(resolve, 50));
        leaving.abort();
        await assert.rejects(asked);
        await arrived.closed;
        assert.equal(arrived.aborted, true, `${origin} ${fault}`);
      }
    });

    it('hands on an upstream only as fast as the client reads', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      upstream.fail({ flood: { events: 40_000, characters: 1000 } });
      const leaving = new AbortController();
      const response = await ask(true, leaving.signal);
      const reader = response.body!.getReader();
      await reader.read();
      const record = upstream.generations[0]!;
      for (let before = -1; before !== record.sent;) {
        before = record.sent;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      assert.ok(record.sent < 25_000_000, `${record.sent} of 40 MB were taken`);
      leaving.abort();
      await record.closed;
    });
  });

  describe('around it', () => {
    it('reaches loopback upstreams directly, whatever the proxy is (CASES 55)', async () => {
      for (const name of ['127.0.0.1', 'localhost']) {
        configure({ proxy: forward.url }, `http://${name}:${upstream.port}`);
        await served();
        configure({ proxy: 'http://127.0.0.1:1' }, `http://${name}:${upstream.port}`);
        await served(true);
      }
      configure({ proxy: forward.url, ...TRUSTED }, `https://127.0.0.1:${front.port}`);
      await served();
      assert.deepEqual([...forward.connects, ...forward.requests], []);
    });

    it('does not ask the proxy for what noProxy names', async () => {
      const origin = `https://upstream.test:${front.port}`;
      configure({ proxy: forward.url, noProxy: ['other.test', '.TEST'], ...TRUSTED }, origin);
      await served(true);
      assert.deepEqual(forward.connects, []);
      configure({ proxy: forward.url, noProxy: ['.test:80'], ...TRUSTED }, origin);
      assert.match(await refused(), /the proxy could not reach upstream\.test:\d+/);
      configure({ proxy: forward.url, noProxy: [`upstream.test:${front.port}`], ...TRUSTED }, origin);
      await served();
    });
  });

  describe('certificates', () => {
    it('are checked, directly and in a tunnel, and the words say so', async () => {
      configure({ proxy: forward.url });
      assert.match(
        await refused(),
        /^The account "Far" could not be reached through the proxy 127\.0\.0\.1:\d+: its certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.$/,
      );
      configure({}, `https://127.0.0.1:${front.port}`);
      assert.match(await refused(), /could not be reached: its certificate is self-signed/);
    });

    it('are trusted where the settings name them, beside those that Node ships', async () => {
      configure(TRUSTED, `https://127.0.0.1:${front.port}`);
      await served();
      configure(TRUSTED, `https://localhost:${front.port}`);
      await served(true);
    });

    it('must be for the host that was asked', async () => {
      configure({ proxy: forward.url, ...TRUSTED }, 'https://other.test');
      assert.match(await refused(), /its certificate is for another host/);
    });

    it('are not checked where strictSsl is off, the proxy’s own neither', async () => {
      configure({ proxy: secure.url, strictSsl: false }, 'https://other.test');
      await served(true);
      configure({ strictSsl: false }, `https://127.0.0.1:${front.port}`);
      await served();
    });

    it('of a proxy that nobody trusts keep everything in', async () => {
      configure({ proxy: secure.url });
      assert.match(await refused(), /no trusted TLS connection to the proxy/);
      assert.deepEqual(secure.connects, []);
    });

    it('that cannot be read are told in the log, and the others act', async () => {
      configure({ certificates: ['nonsense', TEST_CERTIFICATE] }, `https://127.0.0.1:${front.port}`);
      await served();
      assert.ok(portside.logs.some((line) => /^warn .*left out: 1\./.test(line)));
    });
  });

  describe('trouble', () => {
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
        () => ({ proxy: strict.url }),
        502,
        /the proxy asks for a user name and password.*\(PROXY_AUTH\)/,
      ],
      [
        'a proxy that takes another password',
        () => ({ proxy: withCredentials(strict, 'me:secret-but-wrong') }),
        502,
        /the proxy asks for a user name and password/,
      ],
      [
        'a proxy that cannot reach the upstream',
        () => ((forward.fault = 502), { proxy: forward.url }),
        502,
        /the proxy could not reach upstream\.test:443 \(PROXY_STATUS_502\)/,
      ],
      [
        'a proxy that forbids it',
        () => ((forward.fault = 403), { proxy: forward.url }),
        502,
        /the proxy does not allow connections to upstream\.test:443/,
      ],
      [
        'a proxy that redirects',
        () => ((forward.fault = 302), { proxy: forward.url }),
        502,
        /the proxy answered with status 302/,
      ],
      [
        'a proxy that closes',
        () => ((forward.fault = 'close'), { proxy: forward.url }),
        502,
        /the proxy closed the connection/,
      ],
      [
        'a proxy that speaks something else',
        () => ((forward.fault = 'garbage'), { proxy: forward.url }),
        502,
        /the proxy did not answer in HTTP/,
      ],
      [
        'a proxy whose answer never ends',
        () => ((forward.fault = 'endless-head'), { proxy: forward.url }),
        502,
        /the proxy did not answer in HTTP/,
      ],
      [
        'a tunnel that closes at once',
        () => ((forward.fault = 'close-tunnel'), { proxy: forward.url }),
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
        assert.equal(upstream.requests.length, 0);
      });

    it('with a proxy that says nothing ends at the time limit for connecting', async () => {
      forward.fault = 'hang';
      configure({ proxy: forward.url, ...TRUSTED }, undefined, { timeouts: { connectMs: 200 } });
      assert.match(await refused(504), /through the proxy .*: connecting took too long/);
    });

    it('with an upstream that says nothing at the end of a tunnel ends there, too', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      forward.routes.set('upstream.test:1', (silent.address() as AddressInfo).port);
      configure({ proxy: forward.url, ...TRUSTED }, 'https://upstream.test:1', {
        timeouts: { connectMs: 200 },
      });
      assert.match(await refused(504), /through the proxy .*: connecting took too long/);
      while (forward.tunnels() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      silent.close();
    });

    it('in a tunnel to a server without TLS is the server’s', async () => {
      configure({ proxy: forward.url, ...TRUSTED }, 'https://plain.test');
      assert.match(await refused(), /it does not speak TLS|it closed the connection/);
    });

    it('with a password is the proxy’s in absolute form, too: an agent must not see a 407', async () => {
      configure({ proxy: strict.url }, 'http://upstream.test');
      assert.match(await refused(), /the proxy asks for a user name and password/);
    });

    it('of the proxy is no account’s: the next request is served once it is over', async () => {
      forward.fault = 407;
      configure({ proxy: forward.url, ...TRUSTED });
      for (let count = 0; count < 5; count++) await refused();
      forward.fault = undefined;
      await served();
    });
  });

  describe('changes', () => {
    it('act on the very next request, in both directions', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      await served();
      configure({ proxy: withCredentials(strict), ...TRUSTED });
      await served();
      configure(TRUSTED, `https://127.0.0.1:${front.port}`);
      await served();
      configure({ proxy: forward.url });
      await refused();
      configure({ proxy: forward.url, ...TRUSTED });
      await served();
      assert.equal(strict.connects.length, 1);
      assert.equal(forward.connects.length, 3);
    });

    it('leave streams in flight as they are', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      upstream.fail({ fault: 'hang-mid-body' });
      const stream = ask(true).then((response) => response.text());
      await upstream.arrived(1);
      configure({ proxy: withCredentials(strict), ...TRUSTED });
      await served();
      upstream.release();
      const reading = checkStream('anthropic', await stream);
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, 'Hello from upstream');
      assert.deepEqual(forward.connects, ['upstream.test:443']);
    });

    it('close the old connections once they are idle', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      await served();
      assert.equal(forward.tunnels(), 1);
      configure(TRUSTED);
      while (forward.tunnels() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    it('that are none keep the connections', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      await served();
      configure({ proxy: forward.url, ...TRUSTED }, undefined, { maxAttempts: 3 });
      await served();
      assert.deepEqual(forward.connects, ['upstream.test:443']);
    });

    it('are over with the proxy: it stops with streams of old and new settings cut', async () => {
      configure({ proxy: forward.url, ...TRUSTED });
      upstream.behave({ fault: 'hang-mid-body' });
      const first = ask(true).then((response) => response.text());
      await upstream.arrived(1);
      configure({ proxy: withCredentials(strict), ...TRUSTED });
      const second = ask(true).then((response) => response.text());
      await upstream.arrived(2);
      await portside.stop();
      for (const text of await Promise.all([first, second])) assert.match(text, /event: error/);
      while (forward.tunnels() + strict.tunnels() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
});
