import { version } from '../../../package.json';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { exposition, EXPOSITION_TYPE } from '../monitor/exposition';
import { Metrics } from '../monitor/metrics';
import { poolGauges } from '../monitor/pool-gauges';

/** Answers `GET /metrics` (SPEC 6.7). Counters are those of the monitor: while it is off there are none. */
export function serveMetrics({ monitor, pool, now }: Core, exchange: Exchange): void {
  const gauges = poolGauges(pool.status(), version, now());
  const text = monitor.recording
    ? (monitor.metrics ?? new Metrics()).text(gauges)
    : `# The monitor is off: requests and tokens are not counted.\n${exposition(gauges)}`;
  const bytes = Buffer.from(text);
  exchange.head(200, [
    'content-type',
    EXPOSITION_TYPE,
    'content-length',
    String(bytes.length),
    'cache-control',
    'no-store',
  ]);
  exchange.outgoing.end(bytes);
}
