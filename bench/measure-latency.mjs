// What a client waits for: the whole answer, the first byte of a stream, each event of a paced stream.
import { runLoad } from './load.mjs';

/**
 * Runs the load against each target in turn, `rounds` times.
 * @returns per target name: p50 and p99 of latency and first byte in ms, of event delays in µs, one per round
 */
export async function measureLatency(targets, { rounds, ...load }) {
  const results = Object.fromEntries(
    targets.map(({ name }) => [name, { latency: [], firstByte: [], delayP50: [], delayP99: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, port } of targets) {
      const { latency, firstByte, eventDelay } = await runLoad({ port, ...load });
      results[name].latency.push(latency.p50);
      results[name].firstByte.push(firstByte.p50);
      results[name].delayP50.push(eventDelay.p50);
      results[name].delayP99.push(eventDelay.p99);
    }
  }
  return results;
}
