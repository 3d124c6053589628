/**
 * A small core for tests of the editor's side: it really listens and answers /healthz, knows the two start errors, and
 * does on demand what a broken core would do. Built to a file of its own and run as the worker.
 */
import { createServer, type Server } from 'node:http';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Proxy, ProxyHost } from '../../../proxy/index';
import { BindError, NoAccountsError } from '../../../proxy/errors';
import { serveProxy, type ThreadPort } from '../../../proxy/serve-proxy';
import { bindAddress, resolveAuthMode } from '../../../shared/setting-names';
import type { MonitorEvent } from '../../../shared/monitor';
import type { ProxySettings } from '../../../shared/settings';
import type { PoolEvent, ProxyStatus } from '../../../shared/status';

/** Account keys that make the stand-in do something. */
export const DIE_KEY = 'die-at-once-0123456789';
export const BAD_KEY = 'sk-bad-0123456789abcdef';

/** An account with this model is refused by its provider; one with the other rests, and so does the model. */
export const REFUSED_MODEL = 'refused';
export const RESTING_MODEL = 'resting';

const refused = (account: string, label: string): PoolEvent => ({
  time: 0,
  account,
  label,
  from: 'healthy',
  to: 'disabled',
  reason: 'the provider refuses the key',
});

function createStandIn(host: ProxyHost): Proxy {
  let settings: ProxySettings | undefined;
  let server: Server | undefined;
  let bound: { host: string; port: number; url: string } | undefined;
  /** Accounts, and `account/model`, that are not asked. */
  const rested = new Set<string>();
  const listeners = new Set<(status: ProxyStatus) => void>();
  const watchers = new Set<(event: MonitorEvent) => void>();
  const tell = () => listeners.forEach((listener) => listener(proxy.status()));
  const proxy: Proxy = {
    monitor: {
      call(call) {
        if (call.type === 'clear') for (const hear of watchers) hear({ type: 'changed', added: 0 });
        const capturing = settings?.monitor.captureBodies;
        return Promise.resolve({ asked: call.type, capturing, watched: watchers.size });
      },
      listen(listener) {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
    },
    configure(next) {
      settings = next;
      host.log.info(`configured with ${next.apiKey} and ${next.accounts.map(({ key }) => key).join()}`);
      host.log.info(`network ${next.network.proxy}`);
      for (const { id, label, models } of next.accounts) {
        if (models?.includes(REFUSED_MODEL)) host.onPoolEvent?.(refused(id, label ?? id));
        if (models?.includes(RESTING_MODEL)) rested.add(id).add(`${id}/${RESTING_MODEL}`);
      }
      tell();
    },
    async start() {
      if (server) return proxy.status();
      if (!settings?.accounts.some(({ enabled }) => enabled)) throw new NoAccountsError();
      const address = { host: bindAddress(settings.allowLanAccess), port: settings.port };
      const made = createServer((_, response) => response.end('{"status":"ok"}'));
      await new Promise<void>((resolve, reject) => {
        made.once('error', (error: NodeJS.ErrnoException) =>
          reject(new BindError(address.host, address.port, error.code ?? '', 'address already in use')),
        );
        made.listen(address, resolve);
      });
      server = made;
      bound = { ...address, url: `http://127.0.0.1:${address.port}` };
      tell();
      return proxy.status();
    },
    async stop() {
      const old = server;
      server = bound = undefined;
      if (old) await new Promise((resolve) => (old.close(resolve), old.closeAllConnections()));
      tell();
    },
    status: () => ({
      state: server ? 'running' : 'stopped',
      ...(bound && { listening: bound }),
      activeAccounts: settings?.accounts.filter(({ enabled }) => enabled).length ?? 0,
      accounts: [...new Set([...rested].map((each) => each.split('/')[0] ?? ''))].map((id) => ({
        id,
        label: id,
        provider: 'demo' as const,
        enabled: true,
        state: rested.has(id) ? ('cooling' as const) : ('healthy' as const),
        reason: 'requests per minute',
        models: rested.has(`${id}/${RESTING_MODEL}`)
          ? [{ model: RESTING_MODEL, state: 'cooling' as const, reason: 'tokens per day' }]
          : [],
      })),
      clientKeys: (settings?.clientKeys ?? []).map(({ name }) => ({
        name,
        requests: 7,
        refused: 0,
        inputTokens: 1,
        outputTokens: 2,
      })),
      authMode: settings ? resolveAuthMode(settings.authMode, settings.allowLanAccess) : 'off',
      restartNeeded: bound !== undefined && settings?.port !== bound.port,
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clearCooling(id, model) {
      rested.delete(model === undefined ? id : `${id}/${model}`);
      tell();
    },
    explainRoute: (model, protocol) =>
      Promise.resolve({
        model,
        protocol,
        why: 'because',
        candidates: (settings?.accounts ?? []).map(({ id, provider }) => ({
          account: id,
          id,
          provider,
          model,
          dialect: protocol,
          translated: false,
          state: 'healthy' as const,
        })),
      }),
    testAccount({ id, key }) {
      if (key === DIE_KEY) setImmediate(() => process.exit(7));
      if (key === DIE_KEY) return new Promise(() => undefined);
      host.log.info(`tested ${id}, knows ${settings === undefined ? 'no' : 'the'} settings`);
      return Promise.resolve(
        key === BAD_KEY
          ? { ok: false, message: `API key not valid: ${key}` }
          : { ok: true, message: 'fine', models: ['m1', 'm2'] },
      );
    },
  };
  return proxy;
}

export const serveCore = (port: ThreadPort): void => serveProxy(port, createStandIn);

const data: unknown = workerData;
if (!isMainThread && parentPort && typeof data === 'object' && data !== null && 'portside' in data) {
  serveCore(parentPort);
}
