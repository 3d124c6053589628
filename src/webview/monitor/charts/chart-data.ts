/** From the monitor's series to what the four charts draw, say and list. */
import { t } from '@vscode/l10n';
import type { Grouping, Series } from '../../../shared/monitor';
import { formatCost } from '../format/format-cost';
import { formatDuration } from '../format/format-duration';
import { formatCount, formatTokens } from '../format/format-number';
import { groupLabel } from './group-names';

/** So many groups have a paint of their own. */
export const MOST_GROUPS = 5;

/** How a line is painted, see paints.ts: groups by their place, the rest by what they are. */
export type Paint = number | 'other' | 'failed' | 'cached' | 'fresh' | 'out' | 'p50' | 'p90' | 'p99';

export interface ChartLine {
  name: string;
  paint: Paint;
  /** One per step; null where nothing was. */
  values: (number | null)[];
}

export type ChartId = 'requests' | 'tokens' | 'cost' | 'latency';
export type LatencyKind = 'duration' | 'firstByte';

export interface ChartData {
  id: ChartId;
  title: string;
  /** What is not seen at once. */
  note?: string;
  /** Its lines are parts of a whole, the first one at the bottom; else each is by itself. */
  stacked: boolean;
  lines: ChartLine[];
  /** Short, for axis and legend. */
  format(value: number): string;
  /** The sum of it all, in words. */
  summary: string;
}

type Column = 'requests' | 'failed' | 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'costNano';

/**
 * @param slots paint of each group that has one of its own, see {@link paintSlots}
 * @returns requests, tokens, cost and latency, in this order
 */
export function chartsOf(
  series: Series,
  by: Grouping,
  latency: LatencyKind,
  slots: ReadonlyMap<string, number>,
): ChartData[] {
  const all = (column: Column): number[] => addUp(series, series.groups, column);
  const failed = all('failed');
  const cached = all('cachedInputTokens');
  const input = all('inputTokens');
  const requests = sum(all('requests'));
  const failures = sum(failed);
  const { p50, p90, p99 } = series[latency];
  return [
    {
      id: 'requests',
      title: t('Requests'),
      note: t('Failed requests of all groups are counted by themselves.'),
      stacked: true,
      lines: [
        { name: t('Failed'), paint: 'failed', values: failed },
        ...byGroup(
          series,
          by,
          slots,
          (group, step) => (group.requests[step] ?? 0) - (group.failed[step] ?? 0),
        ),
      ],
      format: formatCount,
      summary:
        failures > 0
          ? t('{0}, {1} failed', formatCount(requests), formatCount(failures))
          : formatCount(requests),
    },
    {
      id: 'tokens',
      title: t('Tokens'),
      stacked: true,
      lines: [
        { name: t('In, from cache'), paint: 'cached', values: cached },
        {
          name: t('In, other'),
          paint: 'fresh',
          values: input.map((tokens, at) => tokens - (cached[at] ?? 0)),
        },
        { name: t('Out'), paint: 'out', values: all('outputTokens') },
      ],
      format: formatTokens,
      summary: t('{0} in, {1} out', formatTokens(sum(input)), formatTokens(sum(all('outputTokens')))),
    },
    {
      id: 'cost',
      title: t('Cost'),
      stacked: true,
      lines: byGroup(series, by, slots, (group, step) => group.costNano[step] ?? 0),
      format: formatCost,
      summary: formatCost(sum(all('costNano'))),
    },
    {
      id: 'latency',
      title: t('Latency'),
      stacked: false,
      lines: [
        { name: 'p50', paint: 'p50', values: p50 },
        { name: 'p90', paint: 'p90', values: p90 },
        { name: 'p99', paint: 'p99', values: p99 },
      ],
      format: formatDuration,
      summary: latency === 'duration' ? t('Whole answer') : t('Until its first byte'),
    },
  ];
}

/**
 * Gives each of the first groups a paint that it keeps while it is among them, though their order changes.
 * @param previous what it gave last
 */
export function paintSlots(series: Series, previous: ReadonlyMap<string, number>): Map<string, number> {
  const names = series.groups.slice(0, MOST_GROUPS).map(({ name }) => name);
  const slots = new Map([...previous].filter(([name]) => names.includes(name)));
  for (const name of names) {
    if (slots.has(name)) continue;
    const taken = new Set(slots.values());
    slots.set(name, [0, 1, 2, 3, 4].find((slot) => !taken.has(slot)) ?? 0);
  }
  return slots;
}

type Group = Series['groups'][number];

/** One line for each group that has a paint, in the order of their paints, and one for all others. */
function byGroup(
  series: Series,
  by: Grouping,
  slots: ReadonlyMap<string, number>,
  value: (group: Group, step: number) => number,
): ChartLine[] {
  const line = (name: string, paint: Paint, groups: Group[]): ChartLine => ({
    name,
    paint,
    values: series.times.map((_, step) => groups.reduce((all, group) => all + value(group, step), 0)),
  });
  const own = series.groups.filter(({ name }) => slots.has(name));
  const others = series.groups.filter(({ name }) => !slots.has(name));
  const lines = own
    .map((group) => line(groupLabel(group.name, by), slots.get(group.name) ?? 0, [group]))
    .sort((one, other) => Number(one.paint) - Number(other.paint));
  return others.length > 0 ? [...lines, line(t('Others'), 'other', others)] : lines;
}

function addUp(series: Series, groups: Group[], column: Column): number[] {
  return series.times.map((_, step) => groups.reduce((all, group) => all + (group[column][step] ?? 0), 0));
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** The sum of a line over all steps; undefined for one whose values cannot be added. */
export function lineTotal(chart: ChartData, line: ChartLine): number | undefined {
  return chart.stacked ? sum(line.values.map((value) => value ?? 0)) : undefined;
}

/** Lines of a legend or a table: parts of a stack that are nothing throughout are left out. */
export function shownLines({ stacked, lines }: ChartData): ChartLine[] {
  return lines.filter(({ values }) => !stacked || values.some((value) => (value ?? 0) > 0));
}

/** Steps in which anything was, as a table lists them. */
export function stepsWithValues(chart: ChartData): number[] {
  const count = chart.lines[0]?.values.length ?? 0;
  return Array.from({ length: count }, (_, step) => step).filter((step) =>
    chart.lines.some(({ values }) => (values[step] ?? 0) > 0),
  );
}

/** The values of a step in words: `Failed 1, Anthropic work 12`; what is nothing is left out. */
export function sayStep(chart: ChartData, step: number): string {
  const said = chart.lines
    .filter(({ values }) => (values[step] ?? 0) > 0)
    .map(({ name, values }) => `${name} ${chart.format(values[step] ?? 0)}`);
  return said.length > 0 ? said.join(', ') : t('nothing');
}

/**
 * Heights of a stack as they are drawn, one behind the other: the whole first, the bottom part last.
 * @returns null where there is nothing
 */
export function stackedHeights(lines: readonly ChartLine[]): (number | null)[][] {
  const heights: (number | null)[][] = [];
  let below: number[] = [];
  for (const { values } of lines) {
    below = values.map((value, step) => (value ?? 0) + (below[step] ?? 0));
    heights.unshift(below.map((height) => (height > 0 ? height : null)));
  }
  return heights;
}
