import type { Attempt, ExchangeRecord } from '../../../shared/exchange';

/** What a piece of a bar stands for. */
export type Phase = 'queued' | 'waiting' | 'receiving' | 'failed';

/** A piece of a row; times in milliseconds from the exchange's beginning. */
export interface Bar {
  phase: Phase;
  from: number;
  to: number;
}

export interface TimelineRow {
  attempt: Attempt;
  /** It gave no answer, or none that the client could be given. */
  failed: boolean;
  /** In order, without gaps; empty when its times are not known. */
  bars: Bar[];
}

export interface Timeline {
  /** Milliseconds from one end to the other; at least 1. */
  total: number;
  /** Where lines with a label stand: round numbers from 0, in milliseconds. */
  ticks: number[];
  /** The wait for a place, before an account was asked. */
  queue: Bar | undefined;
  rows: TimelineRow[];
}

/**
 * Places the attempts of an exchange in its time. A record tells the sum of the waits for a place: they are drawn where
 * most of it was, in front of the first attempt that began as late as that.
 */
export function layOutTimeline(record: ExchangeRecord): Timeline {
  const rows = record.attempts.map((attempt, index): TimelineRow => {
    const failed = hasFailed(record, attempt, index === record.attempts.length - 1);
    return { attempt, failed, bars: barsOf(attempt, failed) };
  });
  const ends = rows.flatMap(({ bars }) => bars.map(({ to }) => to));
  const queue = queueOf(record);
  const total = Math.max(1, record.durationMs, queue?.to ?? 0, ...ends);
  return { total, ticks: ticksOf(total), queue, rows };
}

/** Only attempts that others followed have a reason: the failure of the last one is the exchange's own. */
function hasFailed({ outcome }: ExchangeRecord, { reason, status = 0 }: Attempt, last: boolean): boolean {
  return reason !== undefined || status >= 400 || (last && outcome === 'failed');
}

function barsOf({ startMs, firstByteMs, durationMs }: Attempt, failed: boolean): Bar[] {
  if (startMs === undefined || durationMs === undefined) return [];
  const end = startMs + durationMs;
  if (failed) return [{ phase: 'failed', from: startMs, to: end }];
  if (firstByteMs === undefined) return [{ phase: 'waiting', from: startMs, to: end }];
  const first = Math.min(startMs + firstByteMs, end);
  return [
    { phase: 'waiting', from: startMs, to: first },
    { phase: 'receiving', from: first, to: end },
  ];
}

function queueOf({ queuedMs, attempts, durationMs }: ExchangeRecord): Bar | undefined {
  if (queuedMs === undefined) return undefined;
  const starts = attempts.flatMap(({ startMs }) => startMs ?? []);
  const to = starts.find((start) => start >= queuedMs) ?? Math.max(queuedMs, starts[0] ?? durationMs);
  return { phase: 'queued', from: Math.max(0, to - queuedMs), to };
}

/** Steps of 1, 2 or 5 times a power of ten: three to six of them. */
function ticksOf(total: number): number[] {
  const power = 10 ** Math.floor(Math.log10(total / 3));
  const step = [5, 2, 1].map((factor) => factor * power).find((size) => total / size >= 3) ?? power;
  const ticks: number[] = [];
  for (let count = 0; count * step <= total; count += 1) ticks.push(count * step);
  return ticks;
}
