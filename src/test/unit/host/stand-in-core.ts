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
import type { ProxySettings } from '../../../shared/settings';
import type { ProxyStatus } from '../../../shared/status';

/** Account keys that make the stand-in do something. */
export const DIE_KEY = 'die-at-once-0123456789';
export const BAD_KEY = 'sk-bad-0123456789abcdef';

function createStandIn(host: ProxyHost): Proxy {
  let settings: ProxySettings | undefined;
  let server: Server | undefined;
  let bound: { host: string; port: number; url: string } | undefined;
  const listeners = new Set<(status: ProxyStatus) => void>();
  const tell = () => listeners.forEach((listener) => listener(proxy.status()));
  const proxy: Proxy = {
    configure(next) {
      settings = next;
      host.log.info(`configured with ${next.apiKey} and ${next.accounts.map(({ key }) => key).join()}`);
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
      accounts: [],
      authMode: settings ? resolveAuthMode(settings.authMode, settings.allowLanAccess) : 'off',
      restartNeeded: bound !== undefined && settings?.port !== bound.port,
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    testAccount({ key }) {
      if (key === DIE_KEY) setImmediate(() => process.exit(7));
      if (key === DIE_KEY) return new Promise(() => undefined);
      return Promise.resolve(
        key === BAD_KEY ? { ok: false, message: `API key not valid: ${key}` } : { ok: true, message: 'fine' },
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
