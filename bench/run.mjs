// `npm run bench`: measures Portside beside a direct connection, nginx (where installed) and Node's practical floor, and
// writes bench/results.md. `-- --quick` takes about a minute and only prints. The exit code tells whether it ran, never
// how fast: times belong to the machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCpu, warmUp } from './measure-cpu.mjs';
import { measureEditor } from './measure-editor.mjs';
import { measureLatency } from './measure-latency.mjs';
import { measureFailover } from './measure-failover.mjs';
import { idleMemory, memoryAfterLoad, memoryPerStream } from './measure-memory.mjs';
import { measureCapture } from './measure-capture.mjs';
import { measureMonitor } from './measure-monitor.mjs';
import { measureTranslation } from './measure-translation.mjs';
import { drawFrames, measureView } from './measure-view.mjs';
import { makePlan } from './plan.mjs';
import { renderReport } from './report.mjs';
import { summarize } from './summarize.mjs';
import {
  hasNginx,
  startBare,
  startFailingOver,
  startCapturing,
  startNginx,
  startPortside,
  startSwitched,
  startTranslating,
  startUpstream,
  startWithRecords,
} from './targets.mjs';

const quick = process.argv.includes('--quick');
const plan = makePlan(quick);
const begin = performance.now();
const say = (what) =>
  console.error(`${((performance.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${what}`);

async function measureSpeed(upstream) {
  const proxies = [await startBare(upstream), await startPortside(upstream)];
  if (hasNginx()) proxies.push(await startNginx(upstream));
  const all = [{ name: 'direct', port: upstream.port }, ...proxies];
  say(`warming up ${proxies.map(({ name }) => name).join(', ')}`);
  await warmUp(proxies, plan.warmUp);
  const result = {};
  for (const phase of ['json', 'stream', 'large', 'paced']) {
    say(`CPU: ${phase}`);
    result[phase] = await measureCpu(proxies, plan[phase]);
  }
  for (const phase of ['oneRequest', 'oneStart', 'oneStream', 'manyStreams']) {
    say(`latency: ${phase}`);
    result[phase] = await measureLatency(all, plan[phase]);
  }
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  return result;
}

async function measureEveryPair(upstream) {
  const bare = await startBare(upstream);
  const portside = await startTranslating(upstream);
  say('CPU: translated streams');
  const result = await measureTranslation(bare, portside, plan.translation);
  await Promise.all([bare.stop(), portside.stop()]);
  return result;
}

/** In two fresh processes, so that what the streams leave behind does not hide what the large requests do. */
async function measureMemory(upstream, start) {
  const streaming = await start(upstream);
  say(`memory: ${streaming.name}, open streams`);
  const idle = await idleMemory(streaming);
  const perStream = await memoryPerStream(streaming, plan.memory);
  await streaming.stop();
  const loaded = await start(upstream);
  say(`memory: ${loaded.name}, large requests`);
  const afterLoad = await memoryAfterLoad(loaded, plan.memory.load);
  await loaded.stop();
  return { idle, perStream, afterLoad };
}

const upstream = await startUpstream();
const speed = await measureSpeed(upstream);
const translation = await measureEveryPair(upstream);
const failingOver = await startFailingOver(upstream);
say('failover');
const failover = await measureFailover(failingOver, plan.failover);
await failingOver.stop();
say('monitor');
const switched = await startSwitched(upstream);
const monitor = await measureMonitor(switched, plan.monitor);
await switched.stop();
say(`monitor: ${plan.view.records} records in a browser`);
const filled = await startWithRecords(upstream, plan.view.records);
const view = await measureView(filled.url, plan.view);
await filled.stop();
if (!quick) drawFrames(join(import.meta.dirname, 'monitor-frames.svg'), view.times);
say(`monitor: ${plan.capture.count} exchanges of 1 MB`);
const capturing = await startCapturing(upstream, plan.capture.maxMiB);
const capture = await measureCapture(capturing, plan.capture);
await capturing.stop();
const memory = {
  bare: await measureMemory(upstream, startBare),
  portside: await measureMemory(upstream, startPortside),
};
say('editor');
const editor = await measureEditor(upstream, plan.editor);
await upstream.stop();

const summary = summarize({ plan, speed, translation, failover, monitor, view, capture, memory, editor });
const report = renderReport({ quick, ...summary });
console.log(report);
if (!quick) writeFileSync(join(import.meta.dirname, 'results.md'), report);
const missed = summary.targets.filter(({ measured }) => measured.some(({ value, must }) => value > must));
say(missed.length ? `must missed: ${missed.map(({ id }) => id).join(', ')}` : 'every must measured holds');
