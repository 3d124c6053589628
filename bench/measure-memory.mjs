// Memory of a fresh process: idle, per open stream, and after many large requests. Read after a collection, so that
// what counts is what the process keeps, not what it has not yet thrown away.
import { setTimeout as sleep } from 'node:timers/promises';
import { chatRequest, holdStreams, runLoad } from './load.mjs';

const settled = async (target) => {
  await sleep(1000);
  await target.usage('collect');
  await sleep(200);
  return target.usage('collect');
};

/** Resident bytes of a process that has just begun to listen and has answered one request. */
export async function idleMemory(target) {
  await runLoad({ port: target.port, request: chatRequest('bench-json'), count: 1, concurrency: 1 });
  return settled(target);
}

/**
 * Bytes per open paced stream: the growth from `few` streams to `many`, so that what the first ones cost once
 * (compiled code, a grown heap) is not counted.
 */
export async function memoryPerStream(target, { few, many }) {
  const first = await holdStreams({ port: target.port, count: few });
  const before = await settled(target);
  const rest = await holdStreams({ port: target.port, count: many - few });
  const after = await settled(target);
  rest.close();
  first.close();
  const each = (name) => (after[name] - before[name]) / (many - few);
  return { rss: each('rss'), heap: each('heap') };
}

/** Resident bytes after a tenth of `count` requests of `bodyBytes`, and after all of them. */
export async function memoryAfterLoad(target, { count, bodyBytes }) {
  const load = { port: target.port, request: chatRequest('bench-json', { bodyBytes }), concurrency: 16 };
  const early = Math.round(count / 10);
  await runLoad({ ...load, count: early });
  const before = await settled(target);
  await runLoad({ ...load, count: count - early });
  const after = await settled(target);
  return { early: before.rss, all: after.rss, ratio: after.rss / before.rss };
}
