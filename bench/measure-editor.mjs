// What Portside costs the editor: time to activate, time to start, and how busy the extension host's thread is while
// streams run through the worker.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad } from './load.mjs';
import { median } from './statistics.mjs';
import { startEditorHost } from './targets.mjs';

const here = import.meta.dirname;

function measureActivation(times) {
  if (!existsSync(join(here, '..', 'dist', 'extension.js'))) return { loadMs: NaN, activateMs: NaN };
  const runs = Array.from({ length: times }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, 'activation.mjs')], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`activation failed: ${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1));
  });
  return {
    loadMs: median(runs.map(({ loadMs }) => loadMs)),
    activateMs: median(runs.map(({ activateMs }) => activateMs)),
  };
}

/**
 * @returns medians: `loadMs`, `activateMs`, `startMs` (worker start to listening), `utilizationAdded` (0 to 1) of the
 * host's event loop, and the events per second at which it was measured
 */
export async function measureEditor(upstream, { starts, rounds, stream }) {
  const activation = measureActivation(starts);
  const startMs = [];
  for (let run = 0; run < starts; run += 1) {
    const host = await startEditorHost(upstream);
    startMs.push(host.startMs);
    await host.stop();
  }
  const host = await startEditorHost(upstream);
  await runLoad({ port: host.port, ...stream });
  const added = [];
  const rates = [];
  for (let round = 0; round < rounds; round += 1) {
    await host.utilization();
    await sleep(1000);
    const idle = await host.utilization();
    const { events, ms } = await runLoad({ port: host.port, ...stream });
    added.push((await host.utilization()) - idle);
    rates.push((events / ms) * 1000);
  }
  await host.stop();
  return {
    ...activation,
    startMs: median(startMs),
    utilizationAdded: median(added),
    eventsPerSecond: median(rates),
  };
}
