// How long it takes from a 429 of one key until the request stands on the other key's socket, as the provider sees it.
import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY } from './load.mjs';
import { median, percentile } from './statistics.mjs';

/**
 * Sends requests one after another to a proxy whose first account is at its limit.
 * @returns p50 and p99 in milliseconds
 * @throws when a request was not served by the second account right after the 429 of the first
 */
export async function measureFailover({ url }, { warmUpCount, count }) {
  const times = [];
  for (let sent = 0; sent < warmUpCount + count; sent += 1) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'bench-failover',
        messages: [{ role: 'user', content: 'Say something.' }],
      }),
    });
    await response.arrayBuffer();
    const us = Number(response.headers.get('x-failover-us') ?? Number.NaN);
    if (response.status !== 200 || !(us < 1_000_000))
      throw new Error(`no failover: ${response.status}, ${us} us`);
    if (sent >= warmUpCount) times.push(us / 1000);
    // The limit of the first account is over after a millisecond.
    await sleep(3);
  }
  return { p50: median(times), p99: percentile(times, 0.99) };
}
