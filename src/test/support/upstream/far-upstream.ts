/**
 * An upstream that only forward proxies lead to, three such proxies, and for each test a Portside with an account there.
 */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { checkStream, sendSmall } from '../dialect-requests';
import { startForwardProxy, type RunningForwardProxy } from './forward-proxy';
import { startScriptedUpstream, type ScriptedUpstream } from './scripted-upstream';
import {
  accountAt,
  startPortside,
  type AccountInput,
  type SettingsInput,
  type StartedPortside,
} from '../start-portside';
import { TEST_CERTIFICATE } from './test-certificate';
import { startTlsFront, type TlsFront } from './tls-front';

export type NetworkInput = NonNullable<SettingsInput['network']>;

/** Of the proxy that asks for one. No log, record or answer may hold it. */
export const PASSWORD = 'secret-of-the-proxy';

/** Settings that trust the upstream's certificate. */
export const TRUSTED = { certificates: [TEST_CERTIFICATE] };

export interface FarUpstream {
  upstream: ScriptedUpstream;
  /** TLS before it: `upstream.test:443` and others, as the proxies have it. */
  front: TlsFront;
  forward: RunningForwardProxy;
  /** Asks for `me` and {@link PASSWORD}. */
  strict: RunningForwardProxy;
  /** Speaks TLS. */
  secure: RunningForwardProxy;
  portside: StartedPortside;
}

/** To be called inside `describe`: what it gives is set once the tests of the block run. */
export function withFarUpstream() {
  const far = {} as FarUpstream;

  /** Anthropic's protocol at an origin that only a proxy can resolve. */
  const at = (baseUrl: string, more: Partial<AccountInput> = {}): AccountInput => ({
    ...accountAt({ url: baseUrl, openaiUrl: `${baseUrl}/v1` }, 'anthropic'),
    label: 'Far',
    ...more,
  });
  const configure = (network: NetworkInput, baseUrl = 'https://upstream.test', more: SettingsInput = {}) => {
    far.portside.configure({ accounts: [at(baseUrl)], network, ...more });
  };
  const ask = (stream = false, signal?: AbortSignal) =>
    sendSmall(far.portside.url, 'anthropic', { stream, ...(signal && { signal }) });
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
    // Names are the tests' own: no question leaves the machine.
    dns.lookup = ((name: string, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: Error | null, ...found: unknown[]) => void;
      if (/^(localhost|[\d.:]+)$/.test(name)) Reflect.apply(lookup, dns, [name, ...rest]);
      else if (name !== 'upstream.test')
        done(Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' }));
      else if ((rest[0] as { all?: boolean }).all) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    }) as typeof lookup;
    far.upstream = await startScriptedUpstream();
    far.front = await startTlsFront(far.upstream.port);
    far.forward = await startForwardProxy();
    far.strict = await startForwardProxy({ credentials: `me:${PASSWORD}` });
    far.secure = await startForwardProxy({ secure: true });
    for (const proxy of [far.forward, far.strict, far.secure]) {
      proxy.routes.set('upstream.test:443', far.front.port);
      proxy.routes.set('other.test:443', far.front.port);
      proxy.routes.set('upstream.test:8443', far.front.port);
      proxy.routes.set('[2001:db8::7]:443', far.front.port);
      proxy.routes.set('upstream.test:80', far.upstream.port);
      proxy.routes.set('upstream.test:11434', far.upstream.port);
      proxy.routes.set('plain.test:443', far.upstream.port);
    }
  });
  after(() => {
    dns.lookup = lookup;
  });
  beforeEach(async () => {
    far.portside = await startPortside({ accounts: [at('https://upstream.test')] });
  });
  afterEach(async () => {
    await far.portside.stop();
    far.upstream.reset();
    far.front.names.length = 0;
    for (const proxy of [far.forward, far.strict, far.secure]) proxy.reset();
    assert.ok(!far.portside.logs.some((line) => line.includes('secret')), 'a log tells the password');
    assert.ok(!JSON.stringify(far.portside.exchanges).includes('secret-of'), 'a record tells the password');
  });
  return Object.assign(far, { at, configure, ask, served, refused, withCredentials });
}
