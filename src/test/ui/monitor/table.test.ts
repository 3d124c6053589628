import assert from 'node:assert/strict';
import { type MonitorAlone, openMonitorAlone, themeOf } from './monitor-alone';
import { MadeUpMonitor, madeUpRecords, openExchange, rowOf } from './made-up-records';

describe("the monitor's table", () => {
  let alone: MonitorAlone;
  const at = (selector: string) => alone.page.locator(selector);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await alone.page.keyboard.press(key);
  };
  const open = async (monitor = new MadeUpMonitor(madeUpRecords(2_000))): Promise<void> => {
    alone = await openMonitorAlone({
      monitor,
      theme: await themeOf('dark'),
      size: { width: 1400, height: 900 },
    });
    if (monitor.records.length > 0) await rowAt(0).waitFor();
  };
  /** The row with this index, counted from the newest. */
  const rowAt = (index: number) => at(`.x-row[aria-rowindex="${index + 2}"]:not([data-state="waiting"])`);
  const cell = (index: number, id: string) => rowAt(index).locator(`.c-${id}`);
  const says = (selector: string, text: string | RegExp) => at(selector).filter({ hasText: text }).waitFor();
  const active = () =>
    alone.page.evaluate<string>(`(() => {
      const at = document.activeElement;
      const pointed = document.getElementById(at.getAttribute('aria-activedescendant') ?? '');
      return (pointed ?? at).textContent.replace(/\\s+/g, ' ').trim();
    })()`);
  const newest = (index = 0) => alone.monitor.records.at(-1 - index)!;

  afterEach(async () => {
    assert.deepEqual(alone.complaints, []);
    await alone.close();
  });

  it('shows the newest requests first, with what is known of them', async () => {
    const failed = madeUpRecords(300).find(({ outcome }) => outcome === 'failed')!;
    const translated = { ...madeUpRecords(1)[0]!, clientDialect: 'anthropic', upstreamDialect: 'gemini' };
    Object.assign(translated, { modelAsked: 'asked', modelServed: 'served', error: undefined });
    const until = Date.now();
    failed.seq = until * 1000;
    translated.seq = until * 1000 + 1;
    await open(new MadeUpMonitor([...madeUpRecords(50, until - 1000), failed, translated]));
    assert.equal(await cell(0, 'model').innerText(), 'asked → served');
    assert.equal(await cell(0, 'protocol').innerText(), 'Messages → Gemini');
    assert.match(await cell(1, 'status').innerText(), /^529\s*Failed$/);
    assert.match(await cell(1, 'request').innerText(), /Overloaded: all accounts are busy/);
    assert.equal(await at('[role="grid"]').getAttribute('aria-rowcount'), '53');
    await says('[data-testid="result"]', '52 requests');
  });

  it('search and filters hold together, and each can be taken back', async () => {
    await open();
    const rows = alone.monitor.records.map(rowOf);
    const counts = (wanted: (row: ReturnType<typeof rowOf>) => boolean) =>
      `${rows.filter(wanted).length.toLocaleString('en')} of 2,000`;
    await press('/');
    await alone.page.keyboard.type('overloaded');
    await says(
      '[data-testid="result"]',
      counts(({ outcome }) => outcome === 'failed'),
    );
    await at('#filter-clients').click();
    await alone.page.getByRole('checkbox', { name: /opencode/ }).check();
    await press('Escape');
    await says(
      '[data-testid="result"]',
      counts(({ outcome, client }) => outcome === 'failed' && client === 'opencode'),
    );
    await alone.page.getByRole('button', { name: 'Remove Client: opencode' }).click();
    await says(
      '[data-testid="result"]',
      counts(({ outcome }) => outcome === 'failed'),
    );
    await at('#search').fill('there is no such thing');
    await at('[data-testid="nothing-matches"]').getByRole('button').click();
    await says('[data-testid="result"]', '2,000 requests');
    assert.equal(await at('#search').inputValue(), '');
  });

  it('keeps filters, order and widths for the next time', async () => {
    await open();
    await at('#filter-outcomes').click();
    await alone.page.getByRole('checkbox', { name: 'Failed' }).check();
    await at('#head-8').click();
    await at('[role="separator"][aria-label="Width of Client"]').focus();
    await press('ArrowRight');
    await alone.page.reload();
    await rowAt(0).waitFor();
    assert.deepEqual(alone.monitor.asked.filter(({ type }) => type === 'rows').at(-1), {
      type: 'rows',
      query: { filter: { outcomes: ['failed'] }, sort: { key: 'durationMs', descending: true } },
      from: 0,
      count: 200,
    });
    assert.equal(await at('#head-8').getAttribute('aria-sort'), 'descending');
    const edge = at('[role="separator"][aria-label="Width of Client"]');
    assert.equal(await edge.getAttribute('aria-valuenow'), '122');
  });

  it('can be used by keyboard alone', async () => {
    await open();
    const reached: string[] = [];
    const focused = () =>
      alone.page.evaluate<string>(
        `document.activeElement.id || document.activeElement.dataset.testid || document.activeElement.role || ''`,
      );
    for (let steps = 0; steps < 30 && !reached.includes('requests'); steps += 1) {
      await press('Tab');
      reached.push(await focused());
    }
    for (const control of ['page-requests', 'capture', 'pause', 'clear', 'export', 'settings', 'search'])
      assert.ok(reached.includes(control), `${control} is not among ${reached.join(', ')}`);
    for (const key of ['outcomes', 'statuses', 'models', 'accounts', 'clients', 'protocols', 'clientKeys'])
      assert.ok(reached.includes(`filter-${key}`), `filter-${key} is not among ${reached.join(', ')}`);
    assert.ok(reached.includes('columns'));

    await press('ArrowDown', 'ArrowDown');
    assert.match(await active(), new RegExp(newest(2).path));
    await press('End');
    await rowAt(1_999).waitFor();
    assert.match(await active(), new RegExp(alone.monitor.records[0]!.path));
    assert.equal(await at('.x-row.at-cursor').getAttribute('aria-rowindex'), '2001');
    await press('PageUp', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    await rowAt(0).waitFor();
    assert.equal(await active(), newest().client);
    await press('ArrowUp');
    assert.equal(await active(), 'Client');
    await press('ArrowLeft', 'ArrowLeft', 'Enter');
    await at('[role="columnheader"][aria-sort="descending"]').filter({ hasText: 'Status' }).waitFor();
    assert.equal(alone.monitor.asked.at(-1)?.type, 'rows');
    await press('Tab');
    assert.equal(await focused(), 'separator');
    const edge = at('[role="separator"][aria-label="Width of Status"]');
    const before = Number(await edge.getAttribute('aria-valuenow'));
    await press('ArrowRight', 'ArrowRight');
    assert.equal(Number(await edge.getAttribute('aria-valuenow')), before + 20);
    const width = (await at('#head-0').boundingBox())?.width;
    assert.equal(width, before + 20);
    await press('Shift+Tab', 'ArrowDown', 'Enter');
    await at('[data-testid="pane"] h2').waitFor();
    assert.equal(await focused(), 'requests');
    await press('Enter');
    await at('[data-testid="pane"] h2:focus').waitFor();
    await press('Escape');
    await at('[data-testid="pane"]').waitFor({ state: 'detached' });
    assert.equal(await focused(), 'requests');
  });

  it('opens details beside the table, in a pane that keys make larger', async () => {
    await open();
    await rowAt(3).click();
    await at('[data-testid="pane"] h2').waitFor();
    assert.equal(await rowAt(3).getAttribute('aria-selected'), 'true');
    const widthOf = async () => (await at('[data-testid="pane"]').boundingBox())!.width;
    const before = await widthOf();
    await at('[data-testid="splitter"]').focus();
    await press('ArrowLeft');
    assert.equal(await widthOf(), before + 24);
    await alone.page.setViewportSize({ width: 700, height: 900 });
    await at('.split-below').waitFor();
    const overflow = await alone.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.equal(overflow, 0);
  });

  it('follows at the top, and keeps the selected request selected', async () => {
    await open();
    await rowAt(1).click();
    const { id } = newest(1);
    await alone.end(3);
    await says('[data-testid="result"]', '2,003 requests');
    assert.match(await cell(0, 'request').innerText(), new RegExp(newest().path));
    assert.equal(newest(4).id, id);
    await rowAt(4).and(at('[aria-selected="true"]')).waitFor();
    assert.equal(await at('.x-row[aria-selected="true"]').count(), 1);
  });

  it('stays as it is while one reads further down, and says how many are new', async () => {
    await open();
    await at('.grid').hover();
    await alone.page.mouse.wheel(0, 2_400);
    await rowAt(110).waitFor();
    const read = await rowAt(110).innerText();
    await alone.end(12);
    await says('[data-testid="new-rows"]', '12 new');
    assert.equal(await rowAt(110).innerText(), read);
    await at('[data-testid="new-rows"]').click();
    await says('[data-testid="result"]', '2,012 requests');
    assert.match(await cell(0, 'client').innerText(), new RegExp(newest().client!));
    assert.equal(await at('[data-testid="new-rows"]').count(), 0);
  });

  it('what is read stays in its place when a long exchange ends among older ones', async () => {
    await open();
    await at('.grid').hover();
    await alone.page.mouse.wheel(0, 4_800);
    await rowAt(210).waitFor();
    const place = (await rowAt(210).boundingBox())!.y;
    const read = await rowAt(210).innerText();
    const late = { ...madeUpRecords(1, Date.now(), 7)[0]!, seq: newest(5).seq + 1 };
    alone.monitor.add(late);
    await alone.tell({ type: 'changed', added: 1 });
    await rowAt(211)
      .filter({ hasText: read.split(/\s/)[1]! })
      .waitFor();
    await alone.until(
      `Math.abs(document.querySelector('.x-row[aria-rowindex="213"]').getBoundingClientRect().y - ${place}) < 1`,
    );
    assert.equal(await rowAt(211).innerText(), read);
  });

  it('paused, it counts what comes; resumed, it shows it', async () => {
    await open();
    await at('[data-testid="pause"]').click();
    await alone.end(5);
    await says('[data-testid="pause"]', 'Paused, 5 new');
    await says('[data-testid="result"]', '2,000 requests');
    const failed = alone.monitor.records.slice(0, 2_000).filter(({ outcome }) => outcome === 'failed').length;
    await at('#search').fill('overloaded');
    await says('[data-testid="result"]', `${failed} of 2,005`);
    await at('#search').fill('');
    await says('[data-testid="pause"]', 'Paused, 5 new');
    await at('[data-testid="pause"]').click();
    await says('[data-testid="result"]', '2,005 requests');
  });

  it('shows what is running above the rows, counting, until it is a row itself', async () => {
    const monitor = new MadeUpMonitor(madeUpRecords(20));
    monitor.open = [openExchange()];
    await open(monitor);
    await rowAt(0).and(at('[data-state="running"]')).waitFor();
    assert.equal(await cell(0, 'model').innerText(), 'still-running');
    const first = await cell(0, 'duration').innerText();
    await alone.until(
      `document.querySelector('[data-state="running"] .c-duration').innerText !== ${JSON.stringify(first)}`,
    );
    await at('#search').fill('still-running');
    await says('[data-testid="result"]', '0 of 20');
    await at('[data-state="running"]:visible').waitFor();
    await at('#search').fill('200');
    await at('[data-state="running"]:visible').waitFor({ state: 'detached' });
    await at('#search').fill('');
    await at('#filter-outcomes').click();
    await alone.page.getByRole('checkbox', { name: 'Completed' }).check();
    await at('[data-state="running"]:visible').waitFor({ state: 'detached' });
    await alone.page.getByRole('checkbox', { name: 'Completed' }).uncheck();
    await at('[data-state="running"]:visible').waitFor();
    monitor.open = [];
    await alone.tell({ type: 'open', open: [] });
    await alone.end(1);
    await says('[data-testid="result"]', '21 requests');
    assert.equal(await at('[data-state="running"]:visible').count(), 0);
  });

  it('asks nothing while nobody sees it, and catches up when it is seen again', async () => {
    await open();
    const hide = (hidden: boolean) =>
      alone.page.evaluate(`{
        Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }`);
    await hide(true);
    const asked = alone.monitor.asked.length;
    await alone.end(4);
    await alone.end(4);
    await alone.page.waitForTimeout(300);
    assert.equal(alone.monitor.asked.length, asked);
    await hide(false);
    await says('[data-testid="result"]', '2,008 requests');
  });

  it('asks for no rows while another page is shown', async () => {
    await open();
    const rowsAsked = () => alone.monitor.asked.filter(({ type }) => type === 'rows').length;
    alone.monitor.answers.series = () => ({
      times: [],
      step: 60_000,
      groups: [],
      duration: { p50: [], p90: [], p99: [] },
      firstByte: { p50: [], p90: [], p99: [] },
    });
    await at('#page-totals').click();
    const before = rowsAsked();
    await alone.end(3);
    await alone.page.waitForTimeout(300);
    assert.equal(rowsAsked(), before);
    await at('#page-requests').click();
    await says('[data-testid="result"]', '2,003 requests');
  });

  it('of 100,000 requests a few stand in the page, wherever one scrolls', async () => {
    await open(new MadeUpMonitor(madeUpRecords(100_000)));
    const nodes = () => alone.page.evaluate<number>(`document.querySelectorAll('*').length`);
    const before = await nodes();
    for (const part of [0.1, 0.5, 0.77, 1, 0.33]) {
      await alone.page.evaluate(`{
        const grid = document.querySelector('.grid');
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * ${part};
      }`);
      await alone.until(
        `document.querySelectorAll('.x-row:not([hidden])').length > 20 &&
         !document.querySelector('.x-row[data-state="waiting"]:not([hidden])')`,
      );
      assert.ok((await nodes()) < before + 600, `${await nodes()} after ${before}`);
    }
    const pages = alone.monitor.asked.filter(({ type }) => type === 'rows').length;
    assert.ok(pages < 20, `${pages} pages were asked for`);
  });

  it('says what to do when there is nothing, and what is wrong with the storage', async () => {
    const monitor = new MadeUpMonitor([]);
    Object.assign(monitor.info, { storage: 'memory', note: 'This Node has no SQLite.' });
    await open(monitor);
    await says('[data-testid="no-requests"]', 'Point an agent at Portside');
    await says('.table-note', 'kept in memory only');
    await alone.tell({ type: 'info', info: { ...monitor.info, enabled: false } });
    await says('.table-note', 'switched off');
    await says('[data-testid="recording"]', 'Not recording');
  });

  it('clears after a question, captures on request, and exports what it shows', async () => {
    await open();
    await at('[data-testid="capture"]').click();
    await at('#filter-outcomes').click();
    await alone.page.getByRole('checkbox', { name: 'Failed' }).check();
    await press('Escape');
    await at('#export').click();
    await alone.page.getByRole('button', { name: 'HAR (HTTP Archive)' }).click();
    assert.deepEqual(alone.deeds.at(-1)?.query, {
      filter: { outcomes: ['failed'] },
      sort: { key: 'time', descending: true },
    });
    await at('#clear').click();
    assert.ok(alone.monitor.asked.some((call) => call.type === 'setCapture' && call.capture));
    assert.ok(!alone.monitor.asked.some(({ type }) => type === 'clear'));
    await alone.page.getByRole('button', { name: 'Delete the requests, keep the totals' }).click();
    await alone.page.waitForTimeout(100);
    assert.deepEqual(
      alone.monitor.asked.filter(({ type }) => type === 'clear'),
      [{ type: 'clear', totals: false }],
    );
  });

  it('works in a browser without an editor, and exports by a link', async () => {
    alone = await openMonitorAlone({ size: { width: 1400, height: 900 } });
    await rowAt(0).waitFor();
    await alone.end(2);
    await says('[data-testid="result"]', '2,002 requests');
    await at('#export').click();
    const link = alone.page.getByRole('link', { name: 'JSON Lines' });
    assert.match((await link.getAttribute('href')) ?? '', /^monitor\/export\?format=jsonl&query=%7B/);
    assert.equal(await at('[data-testid="settings"]').count(), 0);
    await press('Escape');
    await rowAt(1).click();
    await at('[data-testid="pane"] h2').waitFor();
    for (const [colorScheme, forcedColors] of [
      ['light', 'none'],
      ['dark', 'none'],
      ['light', 'active'],
    ] as const) {
      await alone.page.emulateMedia({ colorScheme, forcedColors });
      assert.deepEqual(await alone.violations(), [], `${colorScheme}, forced colours: ${forcedColors}`);
    }
  });
});
