import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { ExchangeDetail } from '../../../shared/monitor';
import { openMonitorAlone, themeOf, type MonitorAlone } from './monitor-alone';
import { bodyOf, DETAILS } from './detail-records';
import { MadeUpMonitor, type Answers } from './made-up-records';
import { workbench, type ThemeKind } from '../workbench';

/** What was opened last. */
export let alone: MonitorAlone;
export let page: Page;
export let pane: Locator;

/** The pane by itself, in place of what else the monitor shows. */
export async function open(
  detail: ExchangeDetail,
  {
    answers = {},
    theme = 'dark',
    width = 760,
  }: { answers?: Answers; theme?: ThemeKind | 'none'; width?: number } = {},
): Promise<void> {
  const monitor = new MadeUpMonitor(
    DETAILS.map(({ record }) => record),
    {
      detail: ({ seq }) => {
        const found = DETAILS.find((one) => one.seq === seq);
        if (!found) throw new Error('This exchange is no longer kept.');
        return found;
      },
      body: bodyOf,
      curl: () => ({ text: "curl 'http://127.0.0.1:8045/v1/messages'" }),
      ...answers,
    },
  );
  const size = { width, height: 860 };
  alone = await openMonitorAlone({
    monitor,
    size,
    ...(theme === 'none' ? {} : { theme: await themeOf(theme) }),
  });
  ({ page } = alone);
  await page.evaluate(`{
    for (const other of document.querySelectorAll('portside-monitor')) other.remove();
    const main = document.createElement('main');
    main.style.cssText = 'max-width: none; height: 100vh; padding: 0; margin: 0';
    globalThis.pane = document.createElement('portside-exchange');
    globalThis.events = [];
    for (const type of ['close', 'show-exchange'])
      document.addEventListener(type, ({ detail }) => events.push([type, detail]));
    const title = document.createElement('h1');
    title.className = 'unseen';
    title.textContent = 'Monitor';
    main.append(title, pane);
    document.body.append(main);
    pane.seq = ${detail.seq};
  }`);
  pane = page.locator('portside-exchange');
  await pane.locator('h2').waitFor();
}

export const show = (tab: string) => pane.getByRole('tab', { name: tab, exact: true }).click();
export const go = (detail: { seq: number }) => page.evaluate(`pane.seq = ${detail.seq}`);
export const words = async (where: Locator) => (await where.innerText()).replace(/\s+/g, ' ').trim();
export const focused = () =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at.id || at.dataset.testid || at.getAttribute('aria-label') || at.textContent.trim().replace(/\\s+/g, ' ');
  })()`);
export const picture = (name: string) =>
  page.screenshot({ path: join(workbench.artifacts, `detail-${name}.png`) });
export async function until(true_: () => Promise<boolean>): Promise<void> {
  while (!(await true_())) await page.waitForTimeout(20);
}

/** Ends a test. */
export async function closeAlone(): Promise<void> {
  const { complaints } = alone;
  await alone.close();
  assert.deepEqual(complaints, []);
}
