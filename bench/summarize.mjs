// From rounds to the table of targets (the specification's numbers) and the table of medians.
import { format } from './report.mjs';
import { median, medianDifference, medianRatio, percentile } from './statistics.mjs';

const MB = 1024 * 1024;
const KB = 1024;
const NO_LIMIT = Infinity;

const part = (value, must, aim, unit, digits, before = '') => ({
  value,
  must,
  aim,
  text: `${before}${format(value, unit, digits)}`,
});

function speedTargets(speed) {
  const ratio = (phase, what) => medianRatio(speed[phase].portside[what], speed[phase].bare[what]);
  const added = (phase, what, base) =>
    medianDifference(speed[phase].portside[what], speed[phase][base][what]);
  const perEvent = (phase, before) => [
    part(added(phase, 'delayP50', 'direct') / 1000, 0.25, 0.1, 'ms', 2, before),
    part(added(phase, 'delayP99', 'direct') / 1000, 2, 0.5, 'ms', 2),
  ];
  return [
    {
      id: 'P1',
      what: 'same-protocol JSON, CPU per request',
      must: '≤ 1.25× bare',
      measured: [part(ratio('json', 'cpuPerRequest'), 1.25, 0.9, '×', 2)],
    },
    {
      id: 'P3',
      what: 'same-protocol stream, CPU per event: as fast as it flows / 64 streams of 100 events a second',
      must: '≤ 1.1× bare',
      measured: [
        part(ratio('stream', 'cpuPerEvent'), 1.1, 0.7, '×', 2),
        part(ratio('paced', 'cpuPerEvent'), 1.1, 0.7, '×', 2),
      ],
    },
    {
      id: 'P6',
      what: 'added latency of a JSON answer, one connection, p50: above bare / above direct',
      must: '≤ bare + 50 µs',
      measured: [
        part(added('oneRequest', 'latency', 'bare') * 1000, 50, NO_LIMIT, 'µs', 0),
        part(added('oneRequest', 'latency', 'direct') * 1000, NO_LIMIT, 150, 'µs', 0),
      ],
    },
    {
      id: 'P7',
      what: 'added time to the first byte of a stream, p50',
      must: '≤ 0.5 ms',
      measured: [part(added('oneStart', 'firstByte', 'direct'), 0.5, 0.2, 'ms', 2)],
    },
    {
      id: 'P8',
      what: 'added delay per event, p50 / p99, at 1 and at 32 paced streams',
      must: '≤ 0.25 / 2 ms',
      measured: [...perEvent('oneStream', '1: '), ...perEvent('manyStreams', '32: ')],
    },
    {
      id: 'P9',
      what: '213 kB agent request, same protocol: CPU above bare, which only copies',
      must: '≤ 0.5 ms',
      measured: [part(added('large', 'cpuPerRequest', 'bare') / 1000, 0.5, 0.15, 'ms', 2)],
    },
  ];
}

/** The dearest pair must hold; the middle one tells what is usual. */
function translationTarget(translation) {
  const ratios = translation.map(({ ratio }) => ratio);
  return {
    id: 'P4',
    what: 'translated stream, text, reasoning and tool arguments, CPU per stream: dearest pair / median of all pairs',
    must: '≤ 1.35× bare',
    measured: [part(Math.max(...ratios), 1.35, 1, '×', 2), part(median(ratios), 1.35, 1, '×', 2)],
  };
}

function hostTargets(memory, editor, load) {
  const { bare, portside } = memory;
  return [
    {
      id: 'P11',
      what: `memory: idle above bare / per open stream / change over ${load.count} requests of ${load.bodyBytes / 1000} kB`,
      must: '+30 MB / 64 kB / ±10 %',
      measured: [
        part((portside.idle.rss - bare.idle.rss) / MB, 30, 15, 'MB'),
        part(portside.perStream.rss / KB, 64, 24, 'kB'),
        {
          ...part(Math.abs(portside.afterLoad.ratio - 1) * 100, 10, 3),
          text: format((portside.afterLoad.ratio - 1) * 100, '%'),
        },
      ],
    },
    {
      id: 'P12',
      what: `utilisation added to the extension host's event loop at ${Math.round(editor.eventsPerSecond)} events/s`,
      must: '≤ 0.03',
      measured: [part(editor.utilizationAdded, 0.03, 0.012, '', 4)],
    },
    {
      id: 'P14',
      what: 'activate() / start until listening',
      must: '≤ 30 ms / 300 ms',
      measured: [part(editor.activateMs, 30, 10, 'ms'), part(editor.startMs, 300, 120, 'ms', 0)],
    },
  ];
}

function failoverTarget({ p50, p99 }) {
  return {
    id: 'P15',
    what: 'failover: from the 429 of one key to the request on the other key’s socket, p50 / p99',
    must: '≤ 1 ms',
    measured: [part(p50, 1, 0.2, 'ms', 3), part(p99, NO_LIMIT, NO_LIMIT, 'ms', 3)],
  };
}

function monitorTarget({ stream, json }) {
  const percent = ({ on, off }) => (medianRatio(on, off) - 1) * 100;
  return {
    id: 'P16',
    what: 'monitor on against off, CPU: 213 kB request answered by a stream of 204 events / smallest JSON answer',
    must: '≤ 3 % of an agent’s request',
    measured: [part(percent(stream), 3, 1, '%'), part(percent(json), NO_LIMIT, NO_LIMIT, '%')],
  };
}

function viewTarget({ times, filters, rows }, { records }) {
  return {
    id: '–',
    what: `the monitor’s list of ${records} records in a browser: frames while scrolling, p50 / p95 / longest; slowest filter; rows in the document at most`,
    must: 'smooth; < 100 ms',
    measured: [
      part(percentile(times, 0.5), 17, 17, 'ms'),
      part(percentile(times, 0.95), NO_LIMIT, NO_LIMIT, 'ms'),
      part(Math.max(...times), NO_LIMIT, NO_LIMIT, 'ms'),
      part(Math.max(...filters), 100, 100, 'ms', 0),
      part(rows, 200, 200, '', 0),
    ],
  };
}

function captureTarget({ before, peak, after, disk, total, captured }, { count, maxMiB }) {
  return {
    id: '–',
    what: `${count} exchanges of 1 MB while bodies are kept: memory above idle at most / afterwards; disk at most / afterwards (${total} records, ${captured >= 1000 ? 'at least 1000' : captured} of them with bodies)`,
    must: `disk ≤ ${maxMiB} MiB`,
    measured: [
      part((peak.rss - before) / MB, 256, 256, 'MB', 0),
      part((after - before) / MB, 256, 256, 'MB', 0),
      part(peak.disk / MB, maxMiB * 1.1, maxMiB, 'MB', 0),
      part(disk / MB, maxMiB, maxMiB, 'MB', 0),
    ],
  };
}

function rawTable(speed, memory) {
  const columns = ['direct', 'nginx', 'bare', 'portside'];
  const row = (what, source, read) => [
    what,
    ...columns.map((name) => (source[name] ? read(source[name]) : '–')),
  ];
  const cpu = (what, phase, measure, unit, digits) =>
    row(what, speed[phase], (target) => format(median(target[measure]), unit, digits));
  const toBare = (what, phase, measure) =>
    row(what, speed[phase], (target) =>
      format(medianRatio(target[measure], speed[phase].bare[measure]), '×', 2),
    );
  const wait = (what, phase, measure, toMs = 1) =>
    row(what, speed[phase], (target) => format(median(target[measure]) * toMs, 'ms', 3));
  const kept = (what, read) => row(what, memory, read);
  return {
    columns,
    rows: [
      cpu('JSON: CPU per request', 'json', 'cpuPerRequest', 'µs'),
      toBare('… to bare', 'json', 'cpuPerRequest'),
      cpu('JSON: requests per second, 32 in flight', 'json', 'perSecond', '', 0),
      cpu('stream: CPU per event', 'stream', 'cpuPerEvent', 'µs', 2),
      toBare('… to bare', 'stream', 'cpuPerEvent'),
      cpu('stream: streams of 204 events per second, 32 in flight', 'stream', 'perSecond', '', 0),
      cpu('paced streams: CPU per event', 'paced', 'cpuPerEvent', 'µs', 2),
      toBare('… to bare', 'paced', 'cpuPerEvent'),
      cpu('213 kB request: CPU per request', 'large', 'cpuPerRequest', 'µs'),
      toBare('… to bare', 'large', 'cpuPerRequest'),
      wait('JSON: latency, one connection, p50', 'oneRequest', 'latency'),
      wait('stream: first byte, one connection, p50', 'oneStart', 'firstByte'),
      wait('delay per event, 1 stream, p50', 'oneStream', 'delayP50', 0.001),
      wait('delay per event, 1 stream, p99', 'oneStream', 'delayP99', 0.001),
      wait('delay per event, 32 streams, p50', 'manyStreams', 'delayP50', 0.001),
      wait('delay per event, 32 streams, p99', 'manyStreams', 'delayP99', 0.001),
      kept('resident when idle', ({ idle }) => format(idle.rss / MB, 'MB')),
      kept('resident per open stream', ({ perStream }) => format(perStream.rss / KB, 'kB')),
      kept('heap and buffers per open stream', ({ perStream }) => format(perStream.heap / KB, 'kB')),
      kept('resident after a tenth of the large requests', ({ afterLoad }) =>
        format(afterLoad.early / MB, 'MB'),
      ),
      kept('resident after all of them', ({ afterLoad }) => format(afterLoad.all / MB, 'MB')),
    ],
  };
}

/** What renderReport takes, from the rounds of every phase. */
export function summarize({ plan, speed, translation, failover, monitor, view, capture, memory, editor }) {
  return {
    targets: [
      ...speedTargets(speed),
      translationTarget(translation),
      failoverTarget(failover),
      ...hostTargets(memory, editor, plan.memory.load),
      monitorTarget(monitor),
      viewTarget(view, plan.view),
      captureTarget(capture, plan.capture),
    ],
    raw: rawTable(speed, memory),
    notes: [
      `Reading \`dist/extension.js\` takes ${format(editor.loadMs, 'ms')} before \`activate()\` is called.`,
      `Translated streams, client ← account, to bare: ${translation
        .map(({ client, account, ratio }) => `${client} ← ${account} ${format(ratio, '×', 2)}`)
        .join('; ')}.`,
      ...(speed.json.nginx ? [] : ['nginx is not installed on this machine.']),
    ],
  };
}
