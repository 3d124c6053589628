// What the monitor costs: CPU of the whole process, its keeper's thread included, with the monitor on against off.
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from './load.mjs';

/** Longer than records wait for company: the keeper has written what it got. */
const SETTLE_MS = 600;

/**
 * @param targets.off, targets.on the same proxy without and with the monitor
 * @returns per phase (`stream`, `json`) the CPU µs per request of each round, by target
 */
export async function measureMonitor({ off, on }, { warmUp, rounds, counts, stream, json }) {
  const phases = { stream, json };
  const result = {};
  for (const [phase, load] of Object.entries(phases)) {
    for (const { port } of [off, on]) await runLoad({ port, ...load, count: warmUp });
    const used = { off: [], on: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const [name, target] of Object.entries({ off, on })) {
        const before = await target.usage();
        const { responses } = await runLoad({ port: target.port, ...load, count: counts[phase] });
        await sleep(SETTLE_MS);
        used[name].push(((await target.usage()).cpuUs - before.cpuUs) / responses);
      }
    result[phase] = used;
  }
  return result;
}
