import assert from 'node:assert/strict';
import type { MonitorCall, Series, Sums, Totals } from '../../../shared/monitor';
import { seriesOf } from '../../../proxy/monitor/store/series';
import { totalsOf } from '../../../proxy/monitor/store/totals';
import { emptySums, usageOf } from '../../../proxy/monitor/store/usage-sums';
import { openMonitorAlone, type MonitorAlone } from './monitor-alone';
import { MadeUpMonitor, madeUpRecords } from './made-up-records';

export const MINUTE = 60_000;
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 420, height: 900 };

export const sums = (part: Partial<Sums>): Sums => ({ ...emptySums(), ...part });

/** Two accounts in three steps of an hour, the second of them empty. */
export function fixedSeries(by = 'account'): Series {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return {
    times: [hour - 7_200_000, hour - 3_600_000, hour],
    step: 3_600_000,
    groups: [
      {
        name: by === 'account' ? 'Work' : `Work by ${by}`,
        requests: [10, 0, 4],
        failed: [1, 0, 0],
        inputTokens: [12_345, 0, 1000],
        cachedInputTokens: [10_000, 0, 0],
        outputTokens: [678, 0, 50],
        costNano: [12_345_678, 0, 1_500_000],
      },
      {
        name: '',
        requests: [5, 0, 0],
        failed: [2, 0, 0],
        inputTokens: [655, 0, 0],
        cachedInputTokens: [0, 0, 0],
        outputTokens: [22, 0, 0],
        costNano: [12, 0, 0],
      },
    ],
    duration: { p50: [1200, null, 900], p90: [12_345, null, 950], p99: [61_000, null, 999] },
    firstByte: { p50: [300, null, 310], p90: [400, null, 320], p99: [500, null, 330] },
  };
}

export const fixedTotals = (): Totals => ({
  all: sums({
    requests: 19,
    failed: 3,
    inputTokens: 14_000,
    cachedInputTokens: 10_000,
    outputTokens: 750,
    costNano: 13_845_690,
    unpriced: 2,
  }),
  groups: [
    {
      name: 'Work',
      sums: sums({
        requests: 14,
        failed: 1,
        inputTokens: 13_345,
        cachedInputTokens: 10_000,
        outputTokens: 728,
        costNano: 13_845_678,
      }),
    },
    {
      name: 'Alpha',
      sums: sums({ requests: 5, failed: 2, inputTokens: 655, outputTokens: 22, costNano: 12, unpriced: 2 }),
    },
  ],
});

/** Answers with the same numbers whatever is asked. */
export const fixed = (): MadeUpMonitor =>
  new MadeUpMonitor([], { series: ({ by }) => fixedSeries(by), totals: () => fixedTotals() });

/** Answers as the monitor does, from made-up records. */
export function lively(count = 2_500): MadeUpMonitor {
  const records = madeUpRecords(count);
  const rows = (from: number, to: number) => usageOf(records).filter(({ time }) => time >= from && time < to);
  return new MadeUpMonitor(records, {
    series: (ask) => seriesOf(rows(ask.from, ask.to), { ...ask, now: Date.now() }),
    totals: ({ from, to, by }) => totalsOf(rows(from, to), by),
  });
}

/** The page that was opened last. */
export let alone: MonitorAlone;

/** Opens a page; the one before is closed. */
export async function openAlone(options: Parameters<typeof openMonitorAlone>[0]): Promise<void> {
  await alone?.close();
  alone = await openMonitorAlone(options);
}

/** Ends a test. */
export async function closeAlone(): Promise<void> {
  assert.deepEqual(alone.complaints, []);
  await alone.close();
}

/** Opens a page of the monitor, and waits for its figures. */
export async function open(
  page: 'Charts' | 'Totals' | undefined,
  monitor = fixed(),
  size = WIDE,
): Promise<void> {
  await openAlone({ monitor, size });
  alone.page.setDefaultTimeout(6000);
  if (!page) return;
  await alone.page.getByRole('tab', { name: page, exact: true }).click();
  await alone.page
    .locator(page === 'Charts' ? '.chart-grid, .charts-empty' : '.totals .cards, .totals .charts-empty')
    .first()
    .waitFor();
}
export const asked = <Type extends MonitorCall['type']>(type: Type) =>
  alone.monitor.asked.filter((call): call is Extract<MonitorCall, { type: Type }> => call.type === type);
export const chart = (id: string) => alone.page.locator(`[data-chart="${id}"]`);
export const radio = (name: string) => alone.page.getByRole('radio', { name, exact: true });
export const plot = (id: string) => chart(id).getByRole('slider');
export const legend = async (id: string): Promise<string[]> =>
  (await chart(id).locator('.legend li').allInnerTexts()).map((text) =>
    text
      .split(/\s*\n\s*/)
      .join(' ')
      .trim(),
  );
export const until = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await alone.page.waitForTimeout(50);
  }
  assert.fail(what);
};
