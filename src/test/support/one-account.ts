/** A scripted upstream and, for each test, a proxy with accounts of some dialects there. */
import type { Dialect } from '../../proxy/dialects/canonical';
import { startScriptedUpstream, type ScriptedUpstream } from './upstream/scripted-upstream';
import { accountAt, startPortside, type SettingsInput, type StartedPortside } from './start-portside';
import type { ProxyHost } from '../../proxy/host';

export interface OneAccount {
  /** Set once the tests of the block run. */
  upstream: ScriptedUpstream;
  /** Set by {@link start} and {@link startWith}. */
  portside: StartedPortside;
  start(...dialects: Dialect[]): Promise<void>;
  /** The same with settings of the test's own, and what {@link startPortside} takes besides. */
  startWith(settings: SettingsInput, every?: ProxyHost['every'], now?: () => number): Promise<void>;
  /** The body of the last request for an answer, as text. */
  lastSent(): string;
}

/** To be called inside `describe`: starts the upstream before its tests, and stops the proxy after each. */
export function withAccounts(): OneAccount {
  const held = {} as OneAccount;
  held.start = async (...dialects) => {
    const accounts = dialects.map((dialect) => accountAt(held.upstream, dialect));
    await held.startWith({ accounts });
  };
  held.startWith = async (settings, every, now) => {
    held.portside = await startPortside(settings, undefined, every, now);
  };
  held.lastSent = () => JSON.stringify(held.upstream.generations.at(-1)?.json);
  before(async () => {
    held.upstream = await startScriptedUpstream();
  });
  after(() => held.upstream.close());
  afterEach(async () => {
    held.upstream.reset();
    await held.portside.stop();
  });
  return held;
}
