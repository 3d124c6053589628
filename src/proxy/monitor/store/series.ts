/** Sums over time, for charts. */
import type { Grouping, Series } from '../../../shared/monitor';
import { addBuckets, percentiles, type Buckets } from './latency-buckets';
import { totalsOf } from './totals';
import type { UsageRow } from './usage-rows';
import { MINUTE, MINUTES_KEPT_MS, QUARTER_HOUR } from './usage-sums';

/** More groups than these are joined: nobody tells more colours apart. */
const MOST_GROUPS = 8;
export const OTHER_GROUPS = 'other';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps that a person reads off an axis without reckoning. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];

export interface SeriesAsk {
  /** Unix ms; 0: from the first row on. */
  from: number;
  to: number;
  /** Most steps of the answer. */
  steps: number;
  by: Grouping;
  /** Unix ms: what lies two days back is known by the quarter of an hour only. */
  now: number;
}

/** @returns where the step begins that a time lies in: long ones count from midnight as this machine's clock has it */
function beginOf(from: number, step: number): number {
  if (step <= HOUR) return Math.floor(from / step) * step;
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  return midnight + Math.floor((from - midnight) / step) * step;
}

/** @returns times of the steps, and their length in milliseconds */
function stepsOf(from: number, { to, steps, now }: SeriesAsk): { times: number[]; step: number } {
  const finest = from < now - MINUTES_KEPT_MS ? QUARTER_HOUR : MINUTE;
  const most = Math.max(1, Math.floor(steps));
  const number = (step: number) => Math.max(1, Math.ceil((to - beginOf(from, step)) / step));
  let step = STEPS.find((each) => each % finest === 0 && number(each) <= most);
  // More than what the longest step of the list holds: whole days, as many as it takes.
  for (let days = 56; step === undefined; days *= 2) if (number(days * DAY) <= most) step = days * DAY;
  const begin = beginOf(from, step);
  const length = step;
  return { step, times: Array.from({ length: number(step) }, (_, index) => begin + index * length) };
}

/**
 * Makes the lists of a chart.
 * @param rows what was counted between `from` and `to`, in any order
 * @returns the eight groups of the greatest cost and one of all others, named `other`; a row counts to the step in
 * which its span begins
 */
export function seriesOf(rows: readonly UsageRow[], ask: SeriesAsk): Series {
  const first = rows.reduce((least, row) => Math.min(least, row.time), ask.to);
  const { times, step } = stepsOf(ask.from > 0 ? ask.from : first, ask);
  const begin = times[0] ?? 0;
  const zeros = () => times.map(() => 0);
  const newGroup = (name: string): Series['groups'][number] => ({
    name,
    requests: zeros(),
    failed: zeros(),
    inputTokens: zeros(),
    cachedInputTokens: zeros(),
    outputTokens: zeros(),
    costNano: zeros(),
  });

  const names = totalsOf(rows, ask.by).groups.map(({ name }) => name);
  const shown = names.slice(0, MOST_GROUPS).map(newGroup);
  const groups = new Map(shown.map((group) => [group.name, group]));
  if (names.length > MOST_GROUPS) {
    const others = newGroup(OTHER_GROUPS);
    shown.push(others);
    for (const name of names.slice(MOST_GROUPS)) groups.set(name, others);
  }

  const duration = times.map((): Buckets => ({}));
  const firstByte = times.map((): Buckets => ({}));
  for (const row of rows) {
    // A span that began before the first step reaches into it.
    const at = Math.min(times.length - 1, Math.max(0, Math.floor((row.time - begin) / step)));
    const group = groups.get(row[ask.by]);
    if (!group) continue;
    const add = (list: number[], number: number) => (list[at] = (list[at] ?? 0) + number);
    add(group.requests, row.sums.requests);
    add(group.failed, row.sums.failed);
    add(group.inputTokens, row.sums.inputTokens);
    add(group.cachedInputTokens, row.sums.cachedInputTokens);
    add(group.outputTokens, row.sums.outputTokens);
    add(group.costNano, row.sums.costNano);
    addBuckets((duration[at] ??= {}), row.duration);
    addBuckets((firstByte[at] ??= {}), row.firstByte);
  }
  return { times, step, groups: shown, duration: toLines(duration), firstByte: toLines(firstByte) };
}

function toLines(steps: Buckets[]): Series['duration'] {
  const all = steps.map((buckets) => percentiles(buckets, [0.5, 0.9, 0.99]));
  const line = (index: number) => all.map((each) => each[index] ?? null);
  return { p50: line(0), p90: line(1), p99: line(2) };
}
