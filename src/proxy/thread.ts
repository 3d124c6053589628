/**
 * Entry of dist/proxy.js. Loaded as a worker by the editor's host it attaches itself to its port; loaded as a module
 * (where workers are not to be had) it offers {@link serveCore} and does nothing by itself.
 */
import { join } from 'node:path';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { THREAD_MARK, type ThreadData } from '../shared/thread-messages';
import { createProxy } from './create-proxy';
import { serveProxy, type ThreadPort } from './serve-proxy';

export { createProxy };

/**
 * Serves a new proxy over a port.
 * @param storage a folder for what must survive a restart
 * @param languageModels whether the other end has the editor's models to give
 */
export const serveCore = (port: ThreadPort, storage?: string, languageModels = false): void =>
  serveProxy(
    port,
    (host) =>
      createProxy({
        ...host,
        monitorScript: join(__dirname, 'monitor.js'),
        ...(storage !== undefined && { storage }),
      }),
    languageModels,
  );

const data: unknown = workerData;
if (!isMainThread && parentPort && typeof data === 'object' && data !== null && THREAD_MARK in data) {
  const { storage, languageModels } = data as ThreadData;
  serveCore(parentPort, storage, languageModels);
}
