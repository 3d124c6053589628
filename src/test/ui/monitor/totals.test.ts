import assert from 'node:assert/strict';
import { alone, asked, MINUTE, open, until, closeAlone } from './charts-alone';

describe('totals of the monitor', () => {
  afterEach(closeAlone);

  const cells = async (group: string): Promise<string[]> =>
    (await alone.page.locator(`[data-group="${group}"] > *`).allInnerTexts()).map((text) => text.trim());

  it('show each group, and what all come to', async () => {
    await open('Totals');
    assert.deepEqual(await cells('Work'), [
      'Work',
      '14',
      '7.1%',
      '13.3k',
      '74.9%',
      '728',
      '$0.0138',
      '>99.9%',
    ]);
    assert.deepEqual(await cells('Alpha'), [
      'Alpha',
      '5',
      '40%',
      '655',
      '0%',
      '22',
      '$0.000000012 +',
      '<0.1%',
    ]);
    assert.deepEqual(
      (await alone.page.locator('tfoot tr > *').allInnerTexts()).map((text) => text.trim()),
      ['All', '19', '15.8%', '14k', '71.4%', '750', '$0.0138 +', ''],
    );
    assert.match(await alone.page.getByTestId('unpriced').innerText(), /^2 requests without a known price /);
    assert.equal(
      await alone.page.locator('[data-group="Work"] [data-column="costNano"]').getAttribute('title'),
      '$0.013845678',
    );
  });

  it('are sorted by any column, by keyboard too', async () => {
    await open('Totals');
    const names = () =>
      alone.page
        .locator('.totals tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) => (row as unknown as { dataset: { group: string } }).dataset.group),
        );
    assert.deepEqual(await names(), ['Work', 'Alpha']);
    await alone.page.locator('[data-sort="name"]').focus();
    await alone.page.keyboard.press('Enter');
    assert.deepEqual(await names(), ['Alpha', 'Work']);
    assert.match(await alone.page.locator('.totals th[aria-sort="ascending"]').innerText(), /^Account\s*▴$/);
    await alone.page.locator('[data-sort="failed"]').focus();
    await alone.page.keyboard.press('Space');
    assert.deepEqual(await names(), ['Alpha', 'Work']);
    await alone.page.keyboard.press('Space');
    assert.deepEqual(await names(), ['Work', 'Alpha']);
    assert.equal(
      asked('totals').filter(({ from }) => from === new Date().setHours(0, 0, 0, 0)).length,
      asked('totals').length,
    );
  });

  it('ask for the time and the grouping that are chosen, arrows choose', async () => {
    await open('Totals');
    const last = () => asked('totals').at(-1)!;
    const press = async (key: string) => {
      const before = asked('totals').length;
      await alone.page.keyboard.press(key);
      await until(() => asked('totals').length > before, `${key} asks`);
    };
    await alone.page.getByRole('radio', { name: 'Today' }).focus();
    await press('ArrowRight');
    assert.equal(new Date(last().from).getDate(), 1);
    assert.equal(new Date(last().from).getHours(), 0);
    await press('ArrowRight');
    assert.equal(last().from, 0);
    await press('ArrowRight');
    assert.equal(last().to - last().from, 60 * MINUTE);
    await alone.page.getByRole('radio', { name: 'Account' }).focus();
    for (const by of ['model', 'client', 'protocol', 'clientKey']) {
      await press('ArrowRight');
      assert.equal(last().by, by);
    }
  });

  it('today stands in one line', async () => {
    await open(undefined);
    await alone.page.locator('[data-item="cost"]').waitFor();
    const items = await alone.page.locator('portside-summary [data-item]').allInnerTexts();
    assert.deepEqual(
      items.map((text) => text.split(/\s*\n\s*/).join(' ')),
      ['Requests 19', 'Failed 3', 'In 14k', 'Out 750', 'From cache 71.4%', 'Cost $0.0138 +'],
    );
    assert.match(
      (await alone.page.locator('[data-item="cost"]').getAttribute('title'))!,
      /^2 requests without/,
    );
  });
});
