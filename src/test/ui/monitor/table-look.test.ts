import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openMonitorAlone, THEME_KINDS, themeOf } from './monitor-alone';
import { MadeUpMonitor, madeUpRecords, openExchange } from './made-up-records';
import { workbench } from '../workbench';

describe("the look of the monitor's table", () => {
  for (const kind of THEME_KINDS)
    it(`axe finds nothing in a ${kind} theme`, async () => {
      const monitor = new MadeUpMonitor(madeUpRecords(300));
      monitor.open = [openExchange()];
      const theme = await themeOf(kind);
      const alone = await openMonitorAlone({ monitor, theme, size: { width: 1400, height: 900 } });
      const { page } = alone;
      const picture = (name: string) =>
        page.screenshot({ path: join(workbench.artifacts, `monitor-${kind}-${name}.png`) });
      await page.locator('.x-row[data-state="failed"]').first().waitFor();
      const found = await alone.violations();
      await picture('table');
      await page.locator('.x-row[data-state="failed"]').first().click();
      await page.locator('[data-testid="pane"] h2').waitFor();
      await page.locator('#filter-models').click();
      await page.getByRole('checkbox').first().check();
      found.push(...(await alone.violations()));
      await picture('menu');
      await page.setViewportSize({ width: 700, height: 900 });
      await page.locator('.split-below').waitFor();
      found.push(...(await alone.violations()));
      await picture('narrow');
      assert.deepEqual(found, []);
      assert.deepEqual(alone.complaints, []);
      await alone.close();
    });
});
