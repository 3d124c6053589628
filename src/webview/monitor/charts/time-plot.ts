import { t } from '@vscode/l10n';
import uPlot from 'uplot';
import { formatDuration } from '../format/format-duration';
import { formatDay, formatMinute, formatMonth } from '../format/format-time';
import { writeNumber } from '../format/locale';
import { stackedHeights, type ChartData } from './chart-data';
import type { Palette } from './paints';

const DAY = 86_400_000;
/** What a duration's axis counts in: milliseconds, seconds, minutes. */
const DURATIONS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1440].map((minutes) => minutes * 60_000),
];
const WHOLE = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

export interface PlotData {
  chart: ChartData;
  /** Unix ms of the beginnings of steps, and their length. */
  times: readonly number[];
  step: number;
}

/** One chart on its canvas. Its cursor stands on a step or nowhere. */
export class TimePlot {
  readonly #plot: uPlot;
  readonly #resize: ResizeObserver;
  #middles: number[];

  /** @param point called with the step that the mouse is at, undefined when it leaves */
  constructor(
    private readonly host: HTMLElement,
    data: PlotData,
    palette: Palette,
    point: (step: number | undefined) => void,
  ) {
    this.#middles = middles(data);
    this.#plot = new uPlot(options(data, palette, sizeOf(host), point), this.#columns(data), host);
    this.#resize = new ResizeObserver(() => {
      const size = sizeOf(host);
      // A page that is not shown has no size.
      if (host.clientWidth > 0 && (size.width !== this.#plot.width || size.height !== this.#plot.height))
        this.#plot.setSize(size);
    });
    this.#resize.observe(host);
  }

  /** Draws other values of the same lines. */
  setData(data: PlotData): void {
    this.#middles = middles(data);
    this.#plot.batch(() => {
      this.#plot.setData(this.#columns(data), false);
      this.#plot.setScale('x', bounds(data));
    });
  }

  /** Puts the cursor on a step, or away. */
  setCursor(step: number | undefined): void {
    const middle = step === undefined ? undefined : this.#middles[step];
    const left = middle === undefined ? -10 : this.#plot.valToPos(middle, 'x');
    // Without its hook: what set it knows.
    this.#plot.setCursor({ left, top: middle === undefined ? -10 : 0 }, false);
  }

  destroy(): void {
    this.#resize.disconnect();
    this.#plot.destroy();
    this.host.replaceChildren();
  }

  #columns({ chart }: PlotData): uPlot.AlignedData {
    const values = chart.stacked ? stackedHeights(chart.lines) : chart.lines.map((line) => line.values);
    return [this.#middles, ...values];
  }
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } => ({
  width: Math.max(120, clientWidth),
  height: Math.max(100, clientHeight),
});

const middles = ({ times, step }: PlotData): number[] => times.map((time) => time + step / 2);

const bounds = ({ times, step }: PlotData): { min: number; max: number } => ({
  min: times[0] ?? 0,
  max: (times.at(-1) ?? 0) + step,
});

function options(
  data: PlotData,
  palette: Palette,
  size: { width: number; height: number },
  point: (step: number | undefined) => void,
): uPlot.Options {
  const { chart } = data;
  const { min, max } = bounds(data);
  const axis = { stroke: palette.text, font: palette.font, ticks: { show: false } };
  const grid = { stroke: palette.grid, width: 1 };
  return {
    ...size,
    ms: 1,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, min, max, auto: false, range: (_, from, to) => [from, to] },
      y: { range: (_, __, highest) => [0, highest > 0 ? highest * 1.06 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 22,
        values: (_, splits, __, ___, distance) => timeTicks(splits, distance),
      },
      {
        ...axis,
        grid,
        space: 32,
        gap: 6,
        incrs: chart.id === 'latency' ? DURATIONS : WHOLE,
        values: (_, splits) => splits.map((value) => tick(chart, value)),
        size: (_, values) => Math.max(36, ...(values ?? []).map((value) => value.length * 6.6 + 14)),
      },
    ],
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: chart.stacked ? { show: false } : { size: 7 },
      move: (plot, left) => [left < 0 ? left : snapped(plot, left), 0],
    },
    series: [{}, ...(chart.stacked ? bars(chart, palette) : lines(chart, palette))],
    hooks: {
      setCursor: [
        (plot) => {
          const { left, idx } = plot.cursor;
          point(left === undefined || left < 0 || idx === null ? undefined : idx);
        },
      ],
    },
  };
}

/** Where the middle of the nearest step is. */
const snapped = (plot: uPlot, left: number): number =>
  plot.valToPos(plot.data[0][plot.posToIdx(left)] ?? 0, 'x');

function bars(chart: ChartData, palette: Palette): uPlot.Series[] {
  // As stackedHeights has them: the top of the stack is drawn first.
  return [...chart.lines].reverse().map(({ name, paint }) => ({
    label: name,
    fill: () => palette.fill(paint) as string,
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars?.({ size: [0.82, 28], radius: 0 }) ?? null,
  })) as uPlot.Series[];
}

function lines(chart: ChartData, palette: Palette): uPlot.Series[] {
  return chart.lines.map(({ name, paint }) => ({
    label: name,
    stroke: palette.colour(paint),
    width: 1.75,
    dash: palette.dash(paint),
    points: {
      show: true,
      size: 5,
      fill: palette.colour(paint),
      // A step between two gaps has no line to be seen by.
      filter: (plot: uPlot, index: number) => lonely(plot.data[index] ?? []),
    },
  }));
}

function lonely(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from({ length: values.length }, (_, step) => step).filter(
    (step) => values[step] != null && values[step - 1] == null && values[step + 1] == null,
  );
}

/** Hours within a day, days within months; the first of a day says which day it is. */
function timeTicks(splits: number[], distance: number): string[] {
  if (distance >= 28 * DAY) return splits.map(formatMonth);
  if (distance >= DAY) return splits.map(formatDay);
  return splits.map((time) =>
    new Date(time).setHours(0, 0, 0, 0) === time ? formatDay(time) : formatMinute(time),
  );
}

function tick(chart: ChartData, value: number): string {
  if (value === 0) return '0';
  if (chart.id !== 'latency') return chart.format(value);
  if (value < 1000) return t('{0} ms', value);
  if (value < 60_000) return t('{0} s', writeNumber(value / 1000));
  return value % 60_000 === 0 ? t('{0} min', writeNumber(value / 60_000)) : formatDuration(value);
}
