/** Accounts `a`, `b` and `c` of Anthropic's protocol at one scripted upstream, and a proxy whose clocks the test moves. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../proxy/dialects/canonical';
import type { ExchangeRecord } from '../../shared/exchange';
import { sendSmall } from './dialect-requests';
import { ManualClock } from './manual-clock';
import { startScriptedUpstream, type ScriptedUpstream } from './upstream/scripted-upstream';
import { accountAt, startPortside } from './start-portside';
import type { AccountInput, SettingsInput, StartedPortside } from './start-portside';

export const A = 'sk-upstream-key-a';
export const B = 'sk-upstream-key-b';
export const C = 'sk-upstream-key-c';

export interface Asked {
  /** Absent: a conversation of its own. */
  session?: string;
  model?: string;
  dialect?: Dialect;
  headers?: Record<string, string>;
  stream?: boolean;
}

export class ThreeAccounts {
  upstream!: ScriptedUpstream;
  portside!: StartedPortside;
  clock = new ManualClock();
  #sessions = 0;

  /** An account with any key. */
  account(id: string, key: string, more: Partial<AccountInput> = {}): AccountInput {
    return { ...accountAt(this.upstream, 'anthropic', { id, key, label: id }), ...more };
  }
  readonly a = (more?: Partial<AccountInput>) => this.account('a', A, more);
  readonly b = (more?: Partial<AccountInput>) => this.account('b', B, more);
  readonly c = (more?: Partial<AccountInput>) => this.account('c', C, more);

  async start(settings: SettingsInput): Promise<void> {
    this.portside = await startPortside(settings, undefined, this.clock.every, this.clock.now);
  }

  /** One request. */
  send({ session, dialect = 'anthropic', headers, ...rest }: Asked = {}): Promise<Response> {
    const named = { 'x-session-id': session ?? `session-${this.#sessions++}`, ...headers };
    return sendSmall(this.portside.url, dialect, { ...rest, headers: named });
  }

  /** Asks, and says whose answer it was; anything but 200 fails the test. */
  async served(asked?: Asked): Promise<string | null> {
    const response = await this.send(asked);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return response.headers.get('x-portside-account');
  }

  /** Asks, and says with what status it was answered. */
  async status(asked?: Asked): Promise<number> {
    const response = await this.send(asked);
    await response.text();
    return response.status;
  }

  /** The keys that the upstream was asked with. */
  get keys(): (string | undefined)[] {
    return this.upstream.generations.map(({ key }) => key);
  }

  recordOf(response: Response): Promise<ExchangeRecord> {
    return this.portside.recorded(response.headers.get('x-request-id')!);
  }

  /** Resolves when the first account has so many requests in its queue. */
  async queued(count: number): Promise<void> {
    while (this.portside.proxy.status().accounts[0]!.queued !== count)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** To be called inside `describe`: the upstream lives as long as its tests, a proxy as long as one of them. */
export function withThreeAccounts(): ThreeAccounts {
  const held = new ThreeAccounts();
  before(async () => {
    held.upstream = await startScriptedUpstream();
  });
  beforeEach(() => {
    held.clock = new ManualClock();
  });
  afterEach(async () => {
    held.upstream.reset();
    await held.portside.stop();
  });
  after(() => held.upstream.close());
  return held;
}
