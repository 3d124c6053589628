/** The user's network: forward proxies, certificates, changes while streams are under way (SPEC 5.13, CASES 55). */
import assert from 'node:assert/strict';
import { checkStream } from '../../support/dialect-requests';
import { PASSWORD, TRUSTED, withFarUpstream } from '../../support/upstream/far-upstream';
import { startForwardProxy, type RunningForwardProxy } from '../../support/upstream/forward-proxy';
import { TEST_CERTIFICATE } from '../../support/upstream/test-certificate';

describe('network (SPEC 5.13)', () => {
  const far = withFarUpstream();
  const { ask, configure, refused, served, withCredentials } = far;

  describe('through a forward proxy', () => {
    for (const stream of [false, true])
      it(`reaches an https upstream in a tunnel, ${stream ? 'streaming' : 'whole'}, and keeps the connection`, async () => {
        configure({ proxy: far.forward.url, ...TRUSTED });
        await served(stream);
        await served(stream);
        assert.deepEqual(far.forward.connects, ['upstream.test:443']);
        assert.deepEqual(far.forward.hosts, ['upstream.test:443']);
        assert.deepEqual(far.front.names, ['upstream.test']);
        assert.equal(far.upstream.generations.length, 2);
        assert.equal(far.upstream.generations[0]!.headers.host, 'upstream.test');
        assert.equal(far.upstream.generations[0]!.headers['proxy-authorization'], undefined);
      });

    it('reaches an http upstream by requests in absolute form, which proxies take where they refuse CONNECT', async () => {
      configure({ proxy: withCredentials(far.strict) }, 'http://upstream.test:11434');
      await served();
      await served(true);
      assert.deepEqual(far.strict.connects, []);
      assert.deepEqual(far.strict.requests, Array(2).fill('http://upstream.test:11434/v1/messages'));
      assert.deepEqual(far.strict.hosts, Array(2).fill('upstream.test:11434'));
      assert.equal(far.upstream.generations[0]!.headers.host, 'upstream.test:11434');
      assert.equal(far.upstream.generations[0]!.headers['proxy-authorization'], undefined);
      assert.equal(far.upstream.generations[0]!.key, 'sk-upstream-key-of-anthropic');
    });

    it('shows user and password to a proxy that asks for them', async () => {
      configure({ proxy: withCredentials(far.strict), ...TRUSTED });
      await served(true);
      assert.deepEqual(far.strict.authorizations, [
        `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`,
      ]);
    });

    it('speaks TLS to a proxy that does, in tunnels and in absolute form', async () => {
      configure({ proxy: far.secure.url, ...TRUSTED });
      await served(true);
      assert.deepEqual(far.secure.connects, ['upstream.test:443']);
      configure({ proxy: far.secure.url, ...TRUSTED }, 'http://upstream.test');
      await served(true);
      assert.deepEqual(far.secure.requests, ['http://upstream.test/v1/messages']);
    });

    it('names other ports and IPv6 addresses as CONNECT wants them', async () => {
      configure({ proxy: far.forward.url, strictSsl: false }, 'https://upstream.test:8443');
      await served();
      configure({ proxy: far.forward.url, strictSsl: false }, 'https://[2001:db8::7]');
      await served();
      assert.deepEqual(far.forward.connects, ['upstream.test:8443', '[2001:db8::7]:443']);
    });

    it('finds a proxy that has an IPv6 address', async function () {
      let six: RunningForwardProxy;
      try {
        six = await startForwardProxy({ host: '::1' });
      } catch {
        // This machine has no IPv6; the URL's reading is tested apart.
        return;
      }
      six.routes.set('upstream.test:443', far.front.port);
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
        far.upstream.reset();
        configure({ proxy: far.forward.url, ...TRUSTED }, origin);
        far.upstream.fail({ fault });
        const leaving = new AbortController();
        const asked = ask(true, leaving.signal).then((response) => response.text());
        const arrived = await far.upstream.arrived(1);
        if (fault === 'hang-mid-body') await new Promise((resolve) => setTimeout(resolve, 50));
        leaving.abort();
        await assert.rejects(asked);
        await arrived.closed;
        assert.equal(arrived.aborted, true, `${origin} ${fault}`);
      }
    });

    it('hands on an upstream only as fast as the client reads', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      far.upstream.fail({ flood: { events: 150_000, characters: 1000 } });
      const leaving = new AbortController();
      const response = await ask(true, leaving.signal);
      const reader = response.body!.getReader();
      await reader.read();
      const record = far.upstream.generations[0]!;
      for (let before = -1; before !== record.sent;) {
        before = record.sent;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      // Four hops on loopback, each with kernel buffers of several megabytes.
      assert.ok(record.sent < 75_000_000, `${record.sent} of 150 MB were taken`);
      leaving.abort();
      await record.closed;
    });
  });

  describe('around it', () => {
    it('reaches loopback upstreams directly, whatever the proxy is (CASES 55)', async () => {
      for (const name of ['127.0.0.1', 'localhost']) {
        configure({ proxy: far.forward.url }, `http://${name}:${far.upstream.port}`);
        await served();
        configure({ proxy: 'http://127.0.0.1:1' }, `http://${name}:${far.upstream.port}`);
        await served(true);
      }
      configure({ proxy: far.forward.url, ...TRUSTED }, `https://127.0.0.1:${far.front.port}`);
      await served();
      assert.deepEqual([...far.forward.connects, ...far.forward.requests], []);
    });

    it('does not ask the proxy for what noProxy names', async () => {
      const origin = `https://upstream.test:${far.front.port}`;
      configure({ proxy: far.forward.url, noProxy: ['other.test', '.TEST'], ...TRUSTED }, origin);
      await served(true);
      assert.deepEqual(far.forward.connects, []);
      configure({ proxy: far.forward.url, noProxy: ['.test:80'], ...TRUSTED }, origin);
      assert.match(await refused(), /the proxy could not reach upstream\.test:\d+/);
      configure({ proxy: far.forward.url, noProxy: [`upstream.test:${far.front.port}`], ...TRUSTED }, origin);
      await served();
    });
  });

  describe('certificates', () => {
    it('are checked, directly and in a tunnel, and the words say so', async () => {
      configure({ proxy: far.forward.url });
      assert.match(
        await refused(),
        /^The account "Far" could not be reached through the proxy 127\.0\.0\.1:\d+: its certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)\.$/,
      );
      configure({}, `https://127.0.0.1:${far.front.port}`);
      assert.match(await refused(), /could not be reached: its certificate is self-signed/);
    });

    it('are trusted where the settings name them, beside those that Node ships', async () => {
      configure(TRUSTED, `https://127.0.0.1:${far.front.port}`);
      await served();
      configure(TRUSTED, `https://localhost:${far.front.port}`);
      await served(true);
    });

    it('must be for the host that was asked', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED }, 'https://other.test');
      assert.match(await refused(), /its certificate is for another host/);
    });

    it('are not checked where strictSsl is off, the proxy’s own neither', async () => {
      configure({ proxy: far.secure.url, strictSsl: false }, 'https://other.test');
      await served(true);
      configure({ strictSsl: false }, `https://127.0.0.1:${far.front.port}`);
      await served();
    });

    it('of a proxy that nobody trusts keep everything in', async () => {
      configure({ proxy: far.secure.url });
      assert.match(await refused(), /no trusted TLS connection to the proxy/);
      assert.deepEqual(far.secure.connects, []);
    });

    it('that cannot be read are told in the log, and the others act', async () => {
      configure({ certificates: ['nonsense', TEST_CERTIFICATE] }, `https://127.0.0.1:${far.front.port}`);
      await served();
      assert.ok(far.portside.logs.some((line) => /^warn .*left out: 1\./.test(line)));
    });
  });

  describe('changes', () => {
    it('act on the very next request, in both directions', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      await served();
      configure({ proxy: withCredentials(far.strict), ...TRUSTED });
      await served();
      configure(TRUSTED, `https://127.0.0.1:${far.front.port}`);
      await served();
      configure({ proxy: far.forward.url });
      await refused();
      configure({ proxy: far.forward.url, ...TRUSTED });
      await served();
      assert.equal(far.strict.connects.length, 1);
      assert.equal(far.forward.connects.length, 3);
    });

    it('leave streams in flight as they are', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      far.upstream.fail({ fault: 'hang-mid-body' });
      const stream = ask(true).then((response) => response.text());
      await far.upstream.arrived(1);
      configure({ proxy: withCredentials(far.strict), ...TRUSTED });
      await served();
      far.upstream.release();
      const reading = checkStream('anthropic', await stream);
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, 'Hello from upstream');
      assert.deepEqual(far.forward.connects, ['upstream.test:443']);
    });

    it('close the old connections once they are idle', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      await served();
      assert.equal(far.forward.tunnels(), 1);
      configure(TRUSTED);
      while (far.forward.tunnels() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    it('that are none keep the connections', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      await served();
      configure({ proxy: far.forward.url, ...TRUSTED }, undefined, { maxAttempts: 3 });
      await served();
      assert.deepEqual(far.forward.connects, ['upstream.test:443']);
    });

    it('are over with the proxy: it stops with streams of old and new settings cut', async () => {
      configure({ proxy: far.forward.url, ...TRUSTED });
      far.upstream.behave({ fault: 'hang-mid-body' });
      const first = ask(true).then((response) => response.text());
      await far.upstream.arrived(1);
      configure({ proxy: withCredentials(far.strict), ...TRUSTED });
      const second = ask(true).then((response) => response.text());
      await far.upstream.arrived(2);
      await far.portside.stop();
      for (const text of await Promise.all([first, second])) assert.match(text, /event: error/);
      while (far.forward.tunnels() + far.strict.tunnels() > 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
});
