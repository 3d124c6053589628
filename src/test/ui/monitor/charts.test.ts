import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  alone,
  asked,
  chart,
  fixed,
  fixedSeries,
  legend,
  lively,
  MINUTE,
  NARROW,
  open,
  openAlone,
  plot,
  radio,
  sums,
  until,
  WIDE,
  closeAlone,
} from './charts-alone';
import { THEME_KINDS, themeOf } from './monitor-alone';
import { MadeUpMonitor } from './made-up-records';
import { workbench } from '../workbench';

describe('charts of the monitor', () => {
  afterEach(closeAlone);

  it('sum up what is shown', async () => {
    await open('Charts');
    assert.equal(await chart('requests').getByTestId('sum').innerText(), '19, 3 failed');
    assert.equal(await chart('tokens').getByTestId('sum').innerText(), '14k in, 750 out');
    assert.equal(await chart('cost').getByTestId('sum').innerText(), '$0.0138');
    assert.deepEqual(await legend('requests'), ['No account 3', 'Work 13', 'Failed 3']);
    assert.deepEqual(await legend('tokens'), ['Out 750', 'In, other 4k', 'In, from cache 10k']);
    assert.deepEqual(await legend('cost'), ['No account $0.000000012', 'Work $0.0138']);
  });

  it('say the values at the cursor, all at the same time', async () => {
    await open('Charts');
    await plot('cost').focus();
    await alone.page.keyboard.press('Home');
    assert.deepEqual(await legend('requests'), ['No account 3', 'Work 9', 'Failed 3']);
    assert.deepEqual(await legend('tokens'), ['Out 700', 'In, other 3k', 'In, from cache 10k']);
    assert.deepEqual(await legend('cost'), ['No account $0.000000012', 'Work $0.0123']);
    assert.deepEqual(await legend('latency'), ['p50 1.20 s', 'p90 12.3 s', 'p99 1 m 01 s']);
    assert.match(
      (await plot('cost').getAttribute('aria-valuetext'))!,
      /\d: Work \$0\.0123, No account \$0\.000000012$/,
    );
    await alone.page.keyboard.press('ArrowRight');
    assert.deepEqual(await legend('latency'), ['p50 –', 'p90 –', 'p99 –']);
    assert.match((await plot('cost').getAttribute('aria-valuetext'))!, /: nothing$/);
    await alone.page.keyboard.press('End');
    assert.equal(await plot('cost').getAttribute('aria-valuenow'), '2');
    await alone.page.keyboard.press('Escape');
    assert.deepEqual(await legend('cost'), ['No account $0.000000012', 'Work $0.0138']);
  });

  it('follow the mouse, all of them', async () => {
    await open('Charts');
    const box = (await plot('tokens').locator('.u-over').boundingBox())!;
    await alone.page.mouse.move(box.x + box.width * 0.1, box.y + 40);
    await chart('cost').getByText('$0.0123').waitFor();
    // The same step under the cursor of every chart.
    const lines = await alone.page.locator('.plot .u-cursor-x').evaluateAll((all) =>
      all.map((line) => {
        const over = (line as unknown as { parentElement: { clientWidth: number } }).parentElement;
        const { transform } = (line as unknown as { style: { transform: string } }).style;
        return Number(/translate\(([\d.]+)px/.exec(transform)?.[1]) / over.clientWidth;
      }),
    );
    assert.equal(lines.length, 4);
    for (const line of lines) assert.ok(Math.abs(line - 1 / 6) < 0.02, String(lines));
    await alone.page.mouse.move(box.x, box.y - 200);
    await chart('cost').getByText('$0.0138').first().waitFor();
  });

  it('latency is of the whole or of the first byte', async () => {
    await open('Charts');
    await radio('First byte').check();
    await plot('latency').focus();
    await alone.page.keyboard.press('Home');
    assert.deepEqual(await legend('latency'), ['p50 300 ms', 'p90 400 ms', 'p99 500 ms']);
    assert.equal(asked('series').length, 1);
  });

  it('are a table on request, of the same numbers', async () => {
    await open('Charts');
    await alone.page.getByLabel('Show as table').check();
    const rows = await chart('requests').locator('tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) =>
        row
          .split('\t')
          .slice(1)
          .map((cell) => cell.trim()),
      ),
      [
        ['Failed', 'Work', 'No account'],
        ['0', '4', '0'],
        ['3', '9', '3'],
      ],
    );
    assert.deepEqual(
      (await chart('cost').locator('tbody tr').last().allInnerTexts())[0]!.split('\t').slice(1),
      ['$0.012345678', '$0.000000012'],
    );
    assert.deepEqual(
      (await chart('latency').locator('tbody tr').last().allInnerTexts())[0]!.split('\t').slice(1),
      ['1.20 s', '12.3 s', '1 m 01 s'],
    );
    assert.equal(await chart('requests').locator('.uplot').count(), 0);
    await alone.page.getByLabel('Show as table').uncheck();
    await chart('requests').locator('.uplot').waitFor();
  });

  it('ask for the time and the grouping that are chosen', async () => {
    await open('Charts');
    const midnight = new Date().setHours(0, 0, 0, 0);
    assert.equal(asked('series').at(-1)!.from, midnight);
    const last = () => asked('series').at(-1)!;
    const pick = async (name: string) => {
      const before = asked('series').length;
      await radio(name).check();
      await until(() => asked('series').length > before, `${name} asks`);
    };
    await pick('1 hour');
    assert.equal(last().to - last().from, 60 * MINUTE);
    assert.ok(last().to > Date.now() && last().to <= Date.now() + MINUTE);
    await pick('6 hours');
    assert.equal(last().to - last().from, 360 * MINUTE);
    await pick('7 days');
    assert.equal(new Date(last().from).getHours(), 0);
    assert.equal(Math.round((midnight - last().from) / 86_400_000), 6);
    await pick('30 days');
    assert.equal(Math.round((midnight - last().from) / 86_400_000), 29);
    await pick('All');
    assert.equal(last().from, 0);
    for (const by of ['model', 'client', 'protocol', 'clientKey']) {
      await alone.page.locator('#chart-by').selectOption(by);
      await chart('cost').getByText(`Work by ${by}`).waitFor();
      assert.equal(last().by, by);
    }
  });

  it('remember what was chosen', async () => {
    await open('Charts');
    await alone.page.locator('#chart-by').selectOption('model');
    await radio('7 days').check();
    await alone.page.reload();
    await alone.page.getByRole('tab', { name: 'Charts', exact: true }).click();
    await chart('cost').getByText('Work by model').waitFor();
    assert.ok(await alone.page.getByRole('radio', { name: '7 days' }).isChecked());
  });

  it('take the colours of another theme and the width of another window', async () => {
    await open('Charts');
    const pixels = () =>
      chart('cost')
        .locator('.uplot canvas')
        .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const [before, sample] = [await pixels(), chart('cost').locator('.sample').first()];
    const worn = await sample.getAttribute('data-wears');
    await alone.page.evaluate(
      `document.documentElement.style.setProperty('--vscode-charts-blue', 'rgb(1, 2, 3)')`,
    );
    await until(async () => (await pixels()) !== before, 'the canvas is painted anew');
    assert.notEqual(await sample.getAttribute('data-wears'), worn);
    await alone.page.setViewportSize({ width: 900, height: 700 });
    const widths = () =>
      chart('cost').evaluate((figure) => {
        const { querySelector } = figure as unknown as {
          querySelector(selector: string): { clientWidth: number };
        };
        const width = (selector: string) => querySelector.call(figure, selector).clientWidth;
        return [width('.uplot'), width('.plot')];
      });
    await until(async () => new Set(await widths()).size === 1, 'the canvas is as wide as its place');
    assert.ok((await widths())[0]! < 500);
  });

  it('say when there is nothing', async () => {
    const nothing = { ...fixedSeries(), groups: [] };
    await open(
      'Charts',
      new MadeUpMonitor([], { series: () => nothing, totals: () => ({ all: sums({}), groups: [] }) }),
    );
    await alone.page.getByTestId('charts-empty').waitFor();
    await alone.page.getByRole('tab', { name: 'Totals', exact: true }).click();
    await alone.page.getByTestId('totals-empty').waitFor();
  });

  it('show why they could not be asked for, and come back', async () => {
    const monitor = fixed();
    await open('Charts', monitor);
    const { series } = monitor.answers;
    monitor.answers.series = () => {
      throw new Error('The database is locked.');
    };
    await radio('7 days').check();
    await alone.page.locator('.charts').getByText('The database is locked.').waitFor();
    monitor.answers.series = series!;
    await radio('30 days').check();
    await alone.page.locator('.charts').getByText('The database is locked.').waitFor({ state: 'detached' });
    // The refused call is logged by the browser.
    alone.complaints.length = 0;
  });

  describe('being live', () => {
    it('nothing is asked while nobody looks, and what was missed is caught up with', async () => {
      await open(undefined);
      await until(() => asked('totals').length === 1, 'the line of today asks');
      await alone.tell({ type: 'changed', added: 1 });
      await alone.page.waitForTimeout(300);
      assert.equal(asked('series').length, 0);
      await alone.page.getByRole('tab', { name: 'Charts', exact: true }).click();
      await until(() => asked('series').length === 1, 'charts ask when they are shown');
      await alone.page.getByRole('tab', { name: 'Requests', exact: true }).click();
      await alone.page.waitForTimeout(300);
      await alone.tell({ type: 'changed', added: 1 });
      await alone.page.waitForTimeout(2500);
      assert.equal(asked('series').length, 1);
      await alone.page.getByRole('tab', { name: 'Charts', exact: true }).click();
      await until(() => asked('series').length === 2, 'charts catch up');
    });

    it('many changes are asked for together, and the last one is not missed', async () => {
      const monitor = fixed();
      await open('Charts', monitor);
      monitor.answers.series = () => {
        const series = fixedSeries();
        series.groups[0]!.requests[2] = asked('series').length * 1000;
        return series;
      };
      for (let count = 0; count < 10; count += 1) {
        await alone.tell({ type: 'changed', added: 1 });
        await alone.page.waitForTimeout(50);
      }
      await until(() => asked('series').length > 1, 'charts ask again');
      await chart('requests').getByTestId('sum').getByText('2,015').waitFor();
      assert.equal(asked('series').length, 2);
    });

    it('a view that is hidden is silent until it is seen again', async () => {
      await open('Charts');
      const hide = (hidden: boolean) =>
        alone.page
          .evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));`);
      await hide(true);
      const before = alone.monitor.asked.length;
      await alone.tell({ type: 'changed', added: 1 });
      await alone.page.waitForTimeout(2500);
      assert.deepEqual(
        alone.monitor.asked.slice(before).filter(({ type }) => type === 'series' || type === 'totals'),
        [],
      );
      await hide(false);
      await until(() => asked('series').length === 2, 'charts ask on return');
    });
  });

  it('every control of charts is reached by Tab', async () => {
    await open('Charts');
    await radio('Today').focus();
    const passed: string[] = [];
    // Back onto the range from what follows it, so that it is reached too.
    await alone.page.keyboard.press('Tab');
    await alone.page.keyboard.press('Shift+Tab');
    assert.equal(
      await alone.page.evaluate(`document.activeElement.name + ' ' + document.activeElement.value`),
      'chart-range today',
    );
    for (let count = 0; count < 7; count += 1) {
      await alone.page.keyboard.press('Tab');
      passed.push(
        await alone.page.evaluate<string>(
          `(({ id, name, ariaLabel }) => id || name || ariaLabel)(document.activeElement)`,
        ),
      );
    }
    assert.deepEqual(passed, [
      'chart-by',
      'chart-as-table',
      'Requests over time',
      'Tokens over time',
      'Cost over time',
      'chart-latency',
      'Latency over time',
    ]);
  });

  for (const kind of THEME_KINDS)
    it(`axe finds nothing in a ${kind} theme, wide or narrow, charts, tables or totals`, async () => {
      const theme = await themeOf(kind);
      const found: string[] = [];
      for (const [name, size] of [
        ['wide', WIDE],
        ['narrow', NARROW],
      ] as const) {
        await openAlone({ monitor: lively(), theme, size });
        const picture = async (what: string) => {
          found.push(...(await alone.violations()).map((line) => `${name} ${what}: ${line}`));
          await alone.page.screenshot({
            path: join(workbench.artifacts, `charts-${kind}-${name}-${what}.png`),
            fullPage: true,
          });
          const overflow = await alone.page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          assert.equal(overflow, 0, `${name} ${what}`);
        };
        await alone.page.getByRole('tab', { name: 'Charts', exact: true }).click();
        await chart('latency').locator('.uplot').waitFor();
        await picture('charts');
        await plot('requests').focus();
        await alone.page.keyboard.press('End');
        await alone.page.keyboard.press('PageDown');
        await picture('cursor');
        await alone.page.getByLabel('Show as table').check();
        await picture('table');
        await alone.page.getByRole('tab', { name: 'Totals', exact: true }).click();
        await alone.page.getByTestId('totals-cards').waitFor();
        await picture('totals');
      }
      assert.deepEqual(found, []);
    });
});
