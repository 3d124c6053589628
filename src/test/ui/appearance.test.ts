import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  closeSideBar,
  goTo,
  openPanel,
  PAGES,
  runCommand,
  screenshot,
  startInPanel,
  statusSays,
  stopInPanel,
  THEMES,
  type ThemeKind,
  useTheme,
  workbench,
} from './workbench';
import { violations } from './violations';

const { page } = workbench;

describe('the look of the panel', () => {
  let panel: Frame;

  before(async () => {
    await statusSays('Portside');
    await closeSideBar();
  });
  after(() => useTheme('dark'));

  for (const kind of Object.keys(THEMES) as ThemeKind[]) {
    describe(`in a ${kind} theme`, () => {
      before(async () => {
        await useTheme(kind);
        panel = await beginAnew();
      });

      it('axe finds nothing while the proxy is stopped and a form is open', async () => {
        await panel.getByTestId('add-account').click();
        await panel.getByText('Advanced').click();
        assert.deepEqual(await violations(panel), []);
        await screenshot(`panel-${kind}-stopped`);
        await panel.locator('portside-account-form').getByRole('button', { name: 'Cancel' }).click();
      });

      it('axe finds nothing after a start that failed', async () => {
        await panel.getByTestId('start-stop').click();
        await panel.getByTestId('failure').waitFor();
        assert.deepEqual(await violations(panel), []);
        await screenshot(`panel-${kind}-failed`);
      });

      it('axe finds nothing on any page while the proxy runs', async () => {
        await addDemoAccount(panel);
        await startInPanel(panel);
        const found: string[] = [];
        for (const name of PAGES) {
          await goTo(panel, name);
          if (name === 'Proxy') {
            await panel.getByTestId('check-health').click();
            await panel.getByTestId('health-answer').getByText('Healthy').waitFor();
          }
          if (name === 'Routing') {
            await panel.locator('#test-model').fill('portside-demo');
            await panel.getByTestId('explain-route').click();
            await panel.getByTestId('candidate').first().waitFor();
          }
          found.push(...(await violations(panel)).map((line) => `${name}: ${line}`));
          await panel.getByTestId('state').scrollIntoViewIfNeeded();
          await screenshot(`panel-${kind}-${name.toLowerCase().replace(' ', '-')}`);
        }
        assert.deepEqual(found, []);
        await stopInPanel(panel);
      });
    });
  }

  it('needs no sideways scrolling in a narrow window', async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    await page.setViewportSize({ width: 400, height: 800 });
    try {
      for (const name of PAGES) {
        await goTo(panel, name);
        const overflow = await panel.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        await screenshot(`panel-narrow-${name.toLowerCase().replace(' ', '-')}`);
        assert.equal(overflow, 0, name);
      }
    } finally {
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  });
});

describe('the panel by keyboard alone', () => {
  let panel: Frame;

  before(async () => {
    panel = await beginAnew();
    await addDemoAccount(panel);
    // Opened from the palette, it begins at its beginning.
    await runCommand('View: Close All Editors');
    panel = await openPanel();
  });

  const focused = () =>
    panel.evaluate<string>(`(() => {
      const at = document.activeElement;
      return at.id || at.dataset.testid || at.name || at.getAttribute('aria-label') || at.textContent.trim();
    })()`);

  /** Presses Tab until the element has the focus, and gives what was passed on the way. */
  async function tabTo(name: string): Promise<string[]> {
    const passed: string[] = [];
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press('Tab');
      const at = await focused();
      if (at === name) return passed;
      passed.push(at);
    }
    assert.fail(`Tab does not lead to ${name}, only to ${passed.join(', ')}`);
  }

  it('Tab reaches every control of every page, each with a visible focus', async () => {
    for (const [name, controls] of [
      ['Proxy', ['port', 'lan', 'check-health']],
      ['Accounts', ['Import accounts', 'add-account', 'Use Demo', 'edit', 'move-down', 'Remove Demo']],
      [
        'Routing',
        ['scheduling', 'sticky', 'preferred', 'add-route', 'test-model', 'explain-route', 'zai-opus'],
      ],
      ['Access', ['auth-mode', 'reveal-key', 'regenerate-key', 'add-client-key']],
      ['Quick start', ['snippet-openai-python', 'copy-snippet', 'copy-environment']],
    ] as const) {
      await goTo(panel, name);
      await panel.getByTestId('start-stop').focus();
      const last = controls.at(-1)!;
      const passed = [...(await tabTo(last)), last];
      for (const control of controls)
        assert.ok(passed.includes(control), `${control} is not among ${passed.join(', ')}`);
      const outline = await panel.evaluate<string>(
        `(({ outlineStyle, outlineWidth }) => outlineStyle + ' ' + outlineWidth)(getComputedStyle(document.activeElement))`,
      );
      assert.match(outline, /^(solid|auto) [1-9]/);
    }
  });

  it('Enter starts, Space stops', async () => {
    await panel.getByTestId('start-stop').focus();
    await page.keyboard.press('Enter');
    await statusSays('Portside: running');
    assert.equal(await focused(), 'start-stop');
    await page.keyboard.press('Space');
    await statusSays('Portside: stopped');
    assert.equal(await focused(), 'start-stop');
  });

  it('arrows move between pages', async () => {
    await panel.locator('#page-proxy').click();
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'page-accounts');
    await panel.getByTestId('add-account').waitFor();
    await page.keyboard.press('End');
    assert.equal(await focused(), 'page-start');
  });

  it('arrows move between tabs, and round the end', async () => {
    await goTo(panel, 'Quick start');
    await panel.locator('#snippet-openai-python').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'snippet-openai-js');
    await page.keyboard.press('End');
    assert.equal(await focused(), 'snippet-curl');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 'snippet-openai-python');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused(), 'snippet-curl');
    assert.match(await panel.getByTestId('snippet-code').innerText(), /^curl/);
  });

  it('the form takes the focus when it opens and gives it back when it closes', async () => {
    await goTo(panel, 'Accounts');
    await panel.getByTestId('add-account').focus();
    await page.keyboard.press('Enter');
    await panel.locator('portside-account-form').waitFor();
    assert.equal(await focused(), 'account-provider');
    await tabTo('Cancel');
    await page.keyboard.press('Enter');
    await panel.locator('portside-account-form').waitFor({ state: 'detached' });
    assert.equal(await focused(), 'add-account');
  });

  it('Space turns an account off and on', async () => {
    const account = panel.getByTestId('account').first();
    await account.getByRole('switch').focus();
    await page.keyboard.press('Space');
    await account.and(panel.locator('[data-state="off"]')).waitFor();
    await page.keyboard.press('Space');
    await account.and(panel.locator('[data-state="healthy"]')).waitFor();
  });
});
