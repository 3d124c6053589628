// What the monitor costs: CPU of the whole process, its keeper's thread included, with the monitor on against off.
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from './load.mjs';

/** Longer than records wait for company: the keeper has written what it got. */
const SETTLE_MS = 600;
/** What a change of settings makes the proxy forget is there again after so many requests. */
const AFTER_CHANGE = 50;

/**
 * @param target a proxy whose monitor `record(enabled)` switches
 * @returns per phase (`stream`, `json`) the CPU µs per request of each round, with the monitor `off` and `on`
 */
export async function measureMonitor(target, { warmUp, rounds, counts, stream, json }) {
  const { port } = target;
  const measure = async (load, count) => {
    const before = await target.usage();
    const { responses } = await runLoad({ port, ...load, count });
    await sleep(SETTLE_MS);
    return ((await target.usage()).cpuUs - before.cpuUs) / responses;
  };
  const result = {};
  for (const [phase, load] of Object.entries({ stream, json })) {
    const used = { off: [], on: [] };
    await runLoad({ port, ...load, count: warmUp });
    for (let round = 0; round < rounds; round += 1)
      // One after the other the other way round: a round begins as the one before it ended.
      for (const name of round % 2 === 0 ? ['on', 'off'] : ['off', 'on']) {
        if (used.on.length !== used.off.length || round === 0) await target.record(name === 'on');
        await runLoad({ port, ...load, count: AFTER_CHANGE });
        used[name].push(await measure(load, counts[phase]));
      }
    result[phase] = used;
  }
  return result;
}
