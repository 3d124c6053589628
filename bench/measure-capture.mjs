// Exchanges of a megabyte each while bodies are kept: what memory and disk they take at most, and when it is quiet again.
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY, runLoad } from './load.mjs';

const LOOK_MS = 500;
/** Retention has done its work by then. */
const QUIET_MS = 40_000;

const sizeOf = (file) => {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
};

/** @returns bytes resident before, at most and after; bytes on disk at most and after; how many records and bodies are there */
export async function measureCapture(target, load) {
  const disk = () => sizeOf(target.file) + sizeOf(`${target.file}-wal`);
  await runLoad({ port: target.port, ...load, count: 20 });
  const before = (await target.usage('collect')).rss;
  const peak = { rss: before, disk: disk() };
  let over = false;
  const watching = (async () => {
    while (!over) {
      await sleep(LOOK_MS);
      peak.rss = Math.max(peak.rss, (await target.usage()).rss);
      peak.disk = Math.max(peak.disk, disk());
    }
  })();
  const { ms } = await runLoad({ port: target.port, ...load });
  await sleep(QUIET_MS);
  over = true;
  await watching;
  const query = { filter: {}, sort: { key: 'time', descending: true } };
  const answer = await fetch(`http://127.0.0.1:${target.port}/monitor/api`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ type: 'rows', query, from: 0, count: 1000 }),
  });
  const { total, rows } = (await answer.json()).answer;
  const after = (await target.usage('collect')).rss;
  return {
    before,
    peak,
    after,
    disk: disk(),
    ms,
    total,
    captured: rows.filter(({ captured }) => captured).length,
  };
}
