/**
 * Entry of dist/monitor.js. Loaded as a worker it keeps records behind its port; loaded as a module (where workers are not
 * to be had) it offers {@link serveKeeper} and does nothing by itself.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serveKeeper } from './monitor/keeper/keeper';
import { KEEPER_MARK } from './monitor/keeper/keeper-messages';

export { serveKeeper };

const data: unknown = workerData;
if (!isMainThread && parentPort && typeof data === 'object' && data !== null && KEEPER_MARK in data) {
  serveKeeper(parentPort);
}
