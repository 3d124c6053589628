// CPU of a proxy's process per request and per event, in interleaved rounds.
import { runLoad } from './load.mjs';

/**
 * Runs the load against each target in turn, `rounds` times.
 * @param plan.loads what every target gets: see runLoad
 * @returns per target name: CPU µs per request, CPU µs per event, and requests per second, one number per round
 */
export async function measureCpu(targets, { rounds, ...load }) {
  const results = Object.fromEntries(
    targets.map(({ name }) => [name, { cpuPerRequest: [], cpuPerEvent: [], perSecond: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) {
      const before = await target.usage();
      const { responses, events, ms } = await runLoad({ port: target.port, ...load });
      const { cpuUs } = await target.usage();
      const used = cpuUs - before.cpuUs;
      const result = results[target.name];
      result.cpuPerRequest.push(used / responses);
      result.cpuPerEvent.push(used / events);
      result.perSecond.push((responses / ms) * 1000);
    }
  }
  return results;
}

/** Brings every target's code to its final, compiled form. */
export async function warmUp(targets, loads) {
  for (const load of loads) for (const { port } of targets) await runLoad({ port, ...load });
}
