/** Starts the proxy in this process, as a host would: through its public face, on a free port. */
import { createProxy } from '../../proxy/index';
import type { Proxy } from '../../proxy/index';
import type { ProxyHost } from '../../proxy/host';
import type { ExchangeRecord } from '../../shared/exchange';
import { proxySettingsSchema } from '../../shared/settings';
import type { Account } from '../../shared/settings';
import type { PoolEvent } from '../../shared/status';
import type { Dialect } from '../../proxy/dialects/canonical';
import type * as z from 'zod';
import type { ScriptedUpstream } from './upstream/scripted-upstream';

export type SettingsInput = z.input<typeof proxySettingsSchema>;
export type AccountInput = NonNullable<SettingsInput['accounts']>[number];

export interface StartedPortside {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly proxy: Proxy;
  /** Every line that was logged, with its level in front. */
  readonly logs: string[];
  readonly exchanges: ExchangeRecord[];
  /** Every change of an account's health, in order. */
  readonly poolEvents: PoolEvent[];
  /** New settings in place of the old ones, live. */
  configure(settings: SettingsInput): void;
  /** Resolves with the record of a request once it is there. */
  recorded(requestId: string): Promise<ExchangeRecord>;
  stop(): Promise<void>;
}

const made: Proxy[] = [];
// A test that fails half-way leaves its proxy running, and with it the whole run.
after(async () => {
  await Promise.all(made.map((proxy) => proxy.stop()));
});

/**
 * A proxy that is not yet started, and what it has logged.
 * @param every what time limits and heart-beats go by, where a test lets time pass at once
 * @param now Unix ms: what the rest of accounts and the age of conversations go by; the real clock when absent
 * @param languageModels the editor's own, where the host is one
 * @param monitorScript the bundle of the monitor's keeper, where requests shall be recorded: see {@link startMonitored}
 */
export function makePortside(
  settings: SettingsInput,
  storage?: string,
  every?: ProxyHost['every'],
  now?: ProxyHost['now'],
  languageModels?: ProxyHost['languageModels'],
  monitorScript?: string,
): Pick<StartedPortside, 'proxy' | 'logs' | 'exchanges' | 'poolEvents'> {
  const logs: string[] = [];
  const exchanges: ExchangeRecord[] = [];
  const poolEvents: PoolEvent[] = [];
  const log = (level: string) => (message: string) => logs.push(`${level} ${message}`);
  const proxy = createProxy({
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    onExchange: (record) => exchanges.push(record),
    onPoolEvent: (event) => poolEvents.push(event),
    ...(storage !== undefined && { storage }),
    ...(every && { every }),
    ...(now && { now }),
    ...(languageModels && { languageModels }),
    ...(monitorScript !== undefined && { monitorScript }),
  });
  made.push(proxy);
  proxy.configure(proxySettingsSchema.parse({ port: 0, ...settings }));
  return { proxy, logs, exchanges, poolEvents };
}

/** {@link makePortside}, running, with a folder where a restart is to be survived. Rejects with what `start()` rejects with. */
export async function startPortside(
  settings: SettingsInput,
  storage?: string,
  every?: ProxyHost['every'],
  now?: ProxyHost['now'],
  languageModels?: ProxyHost['languageModels'],
  monitorScript?: string,
): Promise<StartedPortside> {
  const unstarted = makePortside(settings, storage, every, now, languageModels, monitorScript);
  const { proxy, exchanges } = unstarted;
  const { listening } = await proxy.start();
  if (!listening) throw new Error('the proxy started without listening');
  return {
    ...unstarted,
    url: listening.url,
    port: listening.port,
    configure(next) {
      proxy.configure(proxySettingsSchema.parse({ port: 0, ...next }));
    },
    async recorded(requestId) {
      for (;;) {
        const found = exchanges.find((record) => record.id === requestId);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    stop: () => proxy.stop(),
  };
}

/** Upstream model of accounts made by {@link accountAt}. */
export const SERVED_MODEL = 'served-model';

/** A model name that leads to the account of that dialect where {@link accountsOfAll} are there. */
export const ownModel = (dialect: Dialect) => `own-${dialect}`;

/** One account of each dialect, each with a model of its own. */
export function accountsOfAll(upstream: Pick<ScriptedUpstream, 'url' | 'openaiUrl'>): AccountInput[] {
  const dialects: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
  return dialects.map((dialect) => accountAt(upstream, dialect, { models: [ownModel(dialect)] }));
}

/** An account of a real provider's kind that is pointed at a scripted upstream. */
export function accountAt(
  upstream: Pick<ScriptedUpstream, 'url' | 'openaiUrl'>,
  dialect: Dialect,
  more: Partial<Account> = {},
): AccountInput {
  const common = { id: dialect, key: `sk-upstream-key-of-${dialect}`, defaultModel: SERVED_MODEL, ...more };
  switch (dialect) {
    case 'gemini':
      return { provider: 'gemini', baseUrl: upstream.url, ...common };
    case 'anthropic':
      return { provider: 'anthropic', baseUrl: upstream.url, ...common };
    case 'openai-chat':
      return { provider: 'openai-compatible', baseUrl: upstream.openaiUrl, ...common };
    case 'openai-responses':
      return { provider: 'openai', dialect, baseUrl: upstream.openaiUrl, ...common };
  }
}
