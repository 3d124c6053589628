/**
 * Entry of dist/proxy.js. Loaded as a worker by the editor's host it attaches itself to its port; loaded as a module
 * (where workers are not to be had) it offers {@link serveCore} and does nothing by itself.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { THREAD_MARK, type ThreadData } from '../shared/thread-messages';
import { createProxy } from './create-proxy';
import { serveProxy, type ThreadPort } from './serve-proxy';

export { createProxy };

/** Serves a new proxy over a port; `storage` is a folder for what must survive a restart. */
export const serveCore = (port: ThreadPort, storage?: string): void =>
  serveProxy(port, (host) => createProxy({ ...host, ...(storage !== undefined && { storage }) }));

const data: unknown = workerData;
if (!isMainThread && parentPort && typeof data === 'object' && data !== null && THREAD_MARK in data) {
  serveCore(parentPort, (data as ThreadData).storage);
}
