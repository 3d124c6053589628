// CPU of translated streams, every pair of dialects, beside bare passing the same upstream's stream through.
import { measureCpu, warmUp } from './measure-cpu.mjs';
import { STREAM_DIALECTS, streamRequest } from './translated-streams.mjs';
import { medianRatio } from './statistics.mjs';

/** Every pair of client and account that needs translation. */
export const PAIRS = STREAM_DIALECTS.flatMap((client) =>
  STREAM_DIALECTS.filter((account) => account !== client).map((account) => ({ client, account })),
);

/**
 * @param targets bare and Portside with an account of each dialect
 * @returns per pair the ratio of CPU per stream to bare: bare is asked for the stream which that account sends
 */
export async function measureTranslation(
  bare,
  portside,
  { warmUpCount, count, rounds, concurrency },
  pairs = PAIRS,
) {
  const results = [];
  for (const { client, account } of pairs) {
    const load = { concurrency, count };
    const translated = { ...portside, request: streamRequest(client, account) };
    const passed = { ...bare, request: streamRequest(account, account) };
    for (const target of [translated, passed])
      await warmUp([target], [{ ...load, count: warmUpCount, request: target.request }]);
    const [ours, theirs] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      for (const [target, into] of [
        [passed, theirs],
        [translated, ours],
      ]) {
        const result = await measureCpu([target], { ...load, request: target.request, rounds: 1 });
        into.push(result[target.name].cpuPerRequest[0]);
      }
    }
    results.push({ client, account, ratio: medianRatio(ours, theirs) });
  }
  return results;
}
