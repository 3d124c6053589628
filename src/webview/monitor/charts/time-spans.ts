/** The spans of time that charts and totals look at, by the clock of the machine. All times are Unix ms. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const CHART_RANGES = ['hour', 'sixHours', 'today', 'week', 'month', 'all'] as const;
export type ChartRange = (typeof CHART_RANGES)[number];

export const TOTALS_PERIODS = ['hour', 'today', 'month', 'all'] as const;
export type TotalsPeriod = (typeof TOTALS_PERIODS)[number];

/** `from` of 0: all that was ever counted. `to` is not within. */
export interface TimeSpan {
  from: number;
  to: number;
}

/** What a chart asks for: `steps` are the most that still read as single bars. */
export function chartSpan(range: ChartRange, now: number): TimeSpan & { steps: number } {
  const to = endOfMinute(now);
  switch (range) {
    case 'hour':
      return { from: to - HOUR, to, steps: 60 };
    case 'sixHours':
      // One more than fits: the first step begins before the span.
      return { from: to - 6 * HOUR, to, steps: 73 };
    case 'today':
      return { from: midnight(now), to, steps: 96 };
    case 'week':
      return { from: midnight(now, 6), to, steps: 84 };
    case 'month':
      return { from: midnight(now, 29), to, steps: 31 };
    case 'all':
      return { from: 0, to, steps: 90 };
  }
}

/** What totals are taken of. The running minute belongs to it. */
export function totalsSpan(period: TotalsPeriod, now: number): TimeSpan {
  const to = endOfMinute(now);
  switch (period) {
    case 'hour':
      return { from: to - HOUR, to };
    case 'today':
      return { from: midnight(now), to };
    case 'month':
      return { from: new Date(new Date(now).setDate(1)).setHours(0, 0, 0, 0), to };
    case 'all':
      return { from: 0, to };
  }
}

/** Sums are kept by the minute: an end within one would cut off what it holds. */
const endOfMinute = (now: number): number => (Math.floor(now / MINUTE) + 1) * MINUTE;

/** The beginning of a local day, so many days back: days are not always 24 hours long. */
function midnight(now: number, daysAgo = 0): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysAgo).getTime();
}
