import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { ExchangeDetail } from '../../shared/monitor';
import { openMonitorAlone, THEME_KINDS, themeOf, type MonitorAlone } from './monitor-alone';
import {
  bodyOf,
  CANCELLED,
  CAPTURED,
  DETAILS,
  FAILOVER,
  HEADERS_ONLY,
  LARGE_REQUEST,
  PART_KEPT,
  REJECTED,
  SUCCESS,
} from './monitor-detail-records';
import { MadeUpMonitor, type Answers } from './monitor-records';
import { workbench, type ThemeKind } from './workbench';

let alone: MonitorAlone;
let page: Page;
let pane: Locator;

/** The pane by itself, in place of what else the monitor shows. */
async function open(
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

const show = (tab: string) => pane.getByRole('tab', { name: tab, exact: true }).click();
const go = (detail: { seq: number }) => page.evaluate(`pane.seq = ${detail.seq}`);
const words = async (where: Locator) => (await where.innerText()).replace(/\s+/g, ' ').trim();
const focused = () =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement;
    return at.id || at.dataset.testid || at.getAttribute('aria-label') || at.textContent.trim().replace(/\\s+/g, ' ');
  })()`);
const picture = (name: string) => page.screenshot({ path: join(workbench.artifacts, `detail-${name}.png`) });
async function until(true_: () => Promise<boolean>): Promise<void> {
  while (!(await true_())) await page.waitForTimeout(20);
}

describe('the details of an exchange', () => {
  afterEach(async () => {
    const { complaints } = alone;
    await alone.close();
    assert.deepEqual(complaints, []);
  });

  it('a success: who asked what, who answered, how long it took and what it cost', async () => {
    await open(SUCCESS);
    assert.equal(await words(pane.locator('h2')), 'POST /v1/messages');
    assert.equal(await words(pane.getByTestId('status')), '200 OK');
    assert.equal(await words(pane.getByTestId('outcome')), 'Completed');
    assert.equal(await words(pane.getByTestId('client')), 'claude-cli 2.0.42');
    assert.equal(await words(pane.getByTestId('model-asked')), 'claude-sonnet-4-5');
    assert.equal(await words(pane.getByTestId('model-served')), 'claude-sonnet-4-5-20250929');
    assert.equal(await words(pane.getByTestId('account')), 'Anthropic work');
    assert.match(await words(pane.locator('time')), /2026.*:05.123/);
    assert.equal(
      await words(pane.getByTestId('figures')),
      'Duration 6.42 s First byte 815 ms Tokens per second 132 Cost $0.0356 Tokens in 48,210 From cache 45,056 93.5% of the input Written to cache 2,048 ' +
        'Tokens out 742 Reasoning 310 of the output',
    );
    assert.match(
      await words(pane.getByTestId('cost')),
      /Input 1,106 \$3\.00 per million \$0\.003318 Input from cache 45,056 \$0\.30 per million \$0\.0135168 .*Together \$0\.0356448 Priced by the table of 2026-11-20: anthropic \/ claude-sonnet-4-5$/,
    );
    assert.equal(await words(pane.getByTestId('chosen')), 'Anthropic work: its conversation stays there');
    assert.equal(
      await words(pane.getByTestId('facts')),
      'Protocol Anthropic Messages, passed through Client key laptop',
    );
    assert.equal(await pane.getByTestId('exchange-error').count(), 0);
    assert.equal(await pane.getByTestId('warnings').count(), 0);
    assert.deepEqual(await pane.getByRole('tab').allInnerTexts(), ['Overview', 'Headers']);
  });

  it('a failover: every attempt with its time and reason, the wait, who was left out, what was lost', async () => {
    await open(FAILOVER);
    assert.equal(await words(pane.getByTestId('queue')), 'Waited for a place 420 ms');
    const attempts = pane.getByTestId('attempt');
    assert.equal(await attempts.count(), 3);
    assert.equal(
      await words(attempts.nth(0)),
      '1 Anthropic work claude-sonnet-4-5 Anthropic Messages 190 ms 429 Too Many Requests ' +
        'rate limit of input tokens per minute, back at 09:31:00 asked after 424 ms, over 190 ms later',
    );
    assert.match(await words(attempts.nth(1)), /no answer: the connection was reset/);
    assert.match(
      await words(attempts.nth(2)),
      /200 OK asked after 2.12 s, first byte 640 ms later, over 3.90 s later/,
    );
    // Where the bars stand: the first attempt begins where the wait ended.
    const bars = await pane.locator('.bars rect').evaluateAll((all) =>
      all.map((bar) => {
        const { left, right } = (
          bar as unknown as { getBoundingClientRect(): { left: number; right: number } }
        ).getBoundingClientRect();
        return [left, right] as const;
      }),
    );
    assert.equal(bars.length, 5);
    for (const [index, [left, right]] of bars.entries()) {
      assert.ok(right > left, `bar ${index} is to be seen`);
      if (index > 0)
        assert.ok(Math.abs(left - bars[index - 1]![1]) < 4, `bar ${index} begins where the last ended`);
    }
    assert.match(
      await words(pane.getByTestId('skipped')),
      /Anthropic private claude-sonnet-4-5 cooling until 12:00:05/,
    );
    assert.match(
      await words(pane.getByTestId('warnings')),
      /Dropped .*left out\. .*top_k .*system\[1\]\.cache_control .*only\. 2 times Approximated .*"medium"\.$/,
    );
    assert.match(
      await words(pane.getByTestId('figures')),
      /Queued 420 ms Tokens per second 119 Cost – no price is known/,
    );
    assert.match(
      await words(pane.getByTestId('facts')),
      /Anthropic Messages, translated to OpenAI Chat Completions/,
    );
  });

  it('the exchange that was sent again is a click away', async () => {
    await open(FAILOVER);
    await pane.getByTestId('facts').getByRole('button').click();
    await until(() => page.evaluate<boolean>('events.length > 0'));
    assert.deepEqual(await page.evaluate('events'), [['show-exchange', SUCCESS.seq]]);
  });

  it('a rejection: the error in full, and that nobody was asked', async () => {
    await open(REJECTED);
    assert.equal(await words(pane.getByTestId('status')), '401 Unauthorized');
    assert.equal(
      await words(pane.getByTestId('exchange-error')),
      'Portside refused the request: no account was asked. The API key is wrong or missing. See /healthz.',
    );
    assert.equal(await pane.getByTestId('attempt').count(), 0);
    assert.equal(await pane.locator('.timeline').count(), 0);
  });

  it('a client that left, and an attempt whose times nobody knows', async () => {
    await open(CANCELLED);
    assert.equal(await words(pane.getByTestId('status')), '499 Client Closed Request');
    assert.match(await words(pane.getByTestId('exchange-error')), /The client left/);
    await go(HEADERS_ONLY);
    await pane.getByText('The answer was not JSON.', { exact: true }).waitFor();
    assert.match(
      await words(pane.getByTestId('attempt')),
      /200 OK the answer was not JSON no times are known$/,
    );
  });

  it('where nothing was kept it says how to keep it, and does so', async () => {
    await open(SUCCESS);
    await show('Headers');
    await pane.getByTestId('start-capture').click();
    await pane.getByTestId('said').getByText('Bodies and headers are kept from now on.').waitFor();
    assert.deepEqual(
      alone.monitor.asked.filter(({ type }) => type === 'setCapture'),
      [{ type: 'setCapture', capture: true }],
    );
    await alone.tell({ type: 'info', info: alone.monitor.info });
    await pane.getByTestId('start-capture').waitFor({ state: 'detached' });
    assert.match(await words(pane.getByTestId('nothing-kept')), /They are kept from now on/);
  });

  it('headers of every message, with masked values told from sent ones', async () => {
    await open(CAPTURED);
    await show('Headers');
    const titles = await pane.getByTestId('headers').locator('h3').allInnerTexts();
    assert.deepEqual(titles, [
      'Request of the client',
      'Attempt 1: request to Anthropic old',
      'Attempt 1: response of Anthropic old',
      'Attempt 2: request to Anthropic work',
      'Attempt 2: response of Anthropic work',
      'Response to the client',
    ]);
    const row = pane.getByRole('row', { name: /^authorization/ });
    assert.equal(await words(row), 'authorization Bearer [redacted]');
    assert.equal(await words(row.locator('.mask')), '[redacted]');
    assert.match(await words(pane.getByTestId('mask-legend')), /stands where a secret was/);
  });

  it('a body of 1 MB comes coloured, whole and as text, with folds', async () => {
    await open(CAPTURED);
    await show('Request');
    const text = pane.getByTestId('body-text');
    await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
    const pretty = JSON.stringify(JSON.parse(LARGE_REQUEST), null, 2);
    const shown = await text.evaluate((one) => one.textContent);
    assert.equal(shown.replace(/\s+/g, ''), pretty.replace(/\s+/g, ''));
    assert.equal(await words(text.locator('.json-name').first()), '"model"');
    // What a client sent is text here, whatever it looks like.
    assert.equal(await text.locator('img').count(), 0);
    assert.equal(await page.evaluate('globalThis.marked'), undefined);
    const messages = text.locator('summary', { hasText: '"messages"' });
    await messages.click();
    assert.match(await messages.evaluate((one) => one.getAttribute('data-lines') ?? ''), /^[\d,]+ lines$/);
    assert.equal(await text.locator('summary').nth(5).isVisible(), false);
    assert.equal(await words(pane.getByTestId('body-size')), 'application/json · 1 MiB');
    await pane.getByRole('button', { name: 'Raw' }).click();
    await until(async () => (await text.locator('summary').count()) === 0);
    await pane.locator('.body-text[aria-busy="false"]').waitFor();
    assert.equal((await text.evaluate((one) => one.textContent)).trimEnd(), LARGE_REQUEST);
  });

  it('a text too long for a page begins there, and is whole in an editor', async () => {
    const text = `"${'0123456789'.repeat(210_000)}"`;
    const body = () => ({ text, language: 'json' as const, reassembled: false, cut: true });
    await open(CAPTURED, { answers: { body } });
    await show('Request');
    await pane.getByText('this is its beginning').waitFor();
    await pane.getByTestId('body-capped').getByRole('button').click();
    const shown = await pane.getByTestId('body-text').evaluate((one) => one.textContent.replace(/\s/g, ''));
    assert.equal(shown, text.slice(0, 2_000_000));
    await until(() => Promise.resolve(alone.deeds.length === 1));
    assert.equal(alone.deeds[0]!.text, text);
  });

  it('another tab is read from its beginning', async () => {
    await open(CAPTURED);
    await show('Request');
    await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
    const panel = page.locator('#exchange-panel');
    const top = () => panel.evaluate((one) => one.scrollTop);
    await panel.evaluate((one) => one.scrollTo(0, 2000));
    assert.equal(await top(), 2000);
    await show('Upstream');
    assert.equal(await top(), 0);
  });

  it('a stream is put together, or shown as its events; what is copied is what is shown', async () => {
    await open(CAPTURED);
    await show('Response');
    const text = pane.getByTestId('body-text');
    await text.getByText('"Its places are taken."').waitFor();
    await pane.getByRole('button', { name: 'As events' }).click();
    await text.getByText('event: message_start').waitFor();
    await pane.getByRole('button', { name: 'Copy Response to the client' }).click();
    await pane.getByText('Copied.').waitFor();
    await pane.getByRole('button', { name: 'Open in an editor' }).click();
    const raw = bodyOf({ part: 'response', raw: true }).text;
    await until(() => Promise.resolve(alone.deeds.length === 2));
    assert.deepEqual(
      alone.deeds.map(({ seq: _, ...deed }) => deed),
      [
        { type: 'copy', text: raw },
        { type: 'openText', text: raw, language: 'text' },
      ],
    );
  });

  it('in a browser without an editor: to its own clipboard, and as a file', async () => {
    await open(CAPTURED, { theme: 'none' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await pane.getByTestId('copy-curl').click();
    await pane.getByTestId('said').getByText('Copied.').waitFor();
    assert.match(await page.evaluate<string>('navigator.clipboard.readText()'), /^curl /);
    await show('Request');
    await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      pane.getByRole('button', { name: 'Download' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), `request-${CAPTURED.seq}.json`);
    const text = await readFile(await file.path(), 'utf8');
    assert.equal(text, bodyOf({ part: 'request' }).text);
  });

  it('a page that may not use the clipboard copies by a selection', async () => {
    await open(SUCCESS, { theme: 'none' });
    await page.evaluate(`{
      delete Navigator.prototype.clipboard;
      document.addEventListener('copy', () => (globalThis.copied = document.activeElement.value));
    }`);
    await pane.getByTestId('copy-curl').focus();
    await page.keyboard.press('Enter');
    await pane.getByTestId('said').getByText('Copied.').waitFor();
    assert.match(await page.evaluate<string>('copied'), /^curl /);
    assert.equal(await focused(), 'copy-curl');
  });

  it('of the upstream, the last attempt is open, and nothing is asked of the others', async () => {
    await open(CAPTURED);
    await show('Upstream');
    await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
    await pane.getByText('longer than the limit of 1,024 KiB').waitFor();
    const asked = () =>
      alone.monitor.asked.flatMap((call) => (call.type === 'body' ? [`${call.part} ${call.attempt}`] : []));
    assert.ok(asked().length > 0 && asked().every((one) => one.endsWith('1')), asked().join(', '));
    await pane.getByTestId('upstream').first().locator('summary').first().click();
    await until(() => Promise.resolve(asked().includes('upstream-request 0')));
  });

  it('a body that cannot be read says why', async () => {
    const body = () => {
      throw new Error('The body is gone.');
    };
    await open(CAPTURED, { answers: { body } });
    await show('Request');
    await pane.getByRole('alert').getByText('The body is gone.').waitFor();
  });

  it('headers without a body: its size, and why it is not there', async () => {
    await open(HEADERS_ONLY);
    await show('Request');
    assert.equal(
      await words(pane.locator('portside-body')),
      'application/json · 912 B · bodies are not captured',
    );
  });

  it('copies as curl, as JSON, and the id', async () => {
    await open(SUCCESS);
    await pane.getByTestId('copy-curl').click();
    await until(() => Promise.resolve(alone.deeds.length === 1));
    await pane.getByTestId('copy-json').click();
    await until(() => Promise.resolve(alone.deeds.length === 2));
    await pane.getByRole('button', { name: 'Copy the request id' }).click();
    await until(() => Promise.resolve(alone.deeds.length === 3));
    const [curl, json, id] = alone.deeds.map(({ text }) => text as string);
    assert.equal(curl, "curl 'http://127.0.0.1:8045/v1/messages'");
    assert.deepEqual(JSON.parse(json!), SUCCESS);
    assert.equal(id, SUCCESS.record.id);
  });

  it('sends again what was kept whole, and says why not', async () => {
    await open(SUCCESS);
    const again = pane.getByTestId('replay');
    const reason = () => words(pane.locator('#replay-barred'));
    assert.equal(await again.getAttribute('aria-disabled'), 'true');
    assert.match(await reason(), /its body was not kept/);
    await again.click({ force: true });
    await go(PART_KEPT);
    await pane.getByText('only a part of its body was kept').waitFor();
    await again.click({ force: true });
    await go(CAPTURED);
    await pane.locator('[data-testid="replay"][aria-disabled="false"]').click();
    await pane.getByTestId('said').getByText('Sent again.').waitFor();
    assert.deepEqual(
      alone.monitor.asked.filter(({ type }) => type === 'replay'),
      [{ type: 'replay', seq: CAPTURED.seq }],
    );
    await alone.tell({ type: 'info', info: { ...alone.monitor.info, canReplay: false } });
    await pane.locator('#replay-barred').waitFor();
    assert.match(await reason(), /while the proxy is stopped/);
  });

  it('a deed that is refused says why', async () => {
    const curl = () => {
      throw new Error('No request was kept.');
    };
    await open(SUCCESS, { answers: { curl } });
    await pane.getByTestId('copy-curl').click();
    await pane.getByRole('alert').getByText('No request was kept.').waitFor();
  });

  it('a record that is gone says so; the next one is shown again', async () => {
    await open(SUCCESS);
    await go({ seq: 1 });
    await pane.getByTestId('gone').getByText('This exchange is no longer kept.').waitFor();
    await go(REJECTED);
    await pane.getByTestId('status').getByText('401 Unauthorized').waitFor();
    assert.equal(await pane.getByTestId('gone').count(), 0);
  });

  it('the late answer of an earlier exchange changes nothing, and the tab stays where it is', async () => {
    await open(SUCCESS);
    await show('Headers');
    await page.evaluate(`{
      const late = ${FAILOVER.seq};
      const post = globalThis.postMessage;
      globalThis.told = 0;
      // The answer that tells of the late one waits until another has come.
      globalThis.postMessage = (message) => {
        const isLate = message.answer?.seq === late;
        setTimeout(() => { post(message); if (isLate) told = 1; }, isLate ? 600 : 0);
      };
      pane.seq = late;
    }`);
    await go(CAPTURED);
    await pane.getByText(CAPTURED.record.id).waitFor();
    await until(() => page.evaluate<boolean>('told === 1'));
    await page.waitForTimeout(50);
    assert.equal(await words(pane.getByTestId('request-id')), CAPTURED.record.id);
    assert.equal(await pane.locator('#exchange-headers').getAttribute('aria-selected'), 'true');
  });

  it('by keyboard alone: heading, every control, tabs by arrows, Escape', async () => {
    await open(CAPTURED);
    await page.evaluate('pane.focus()');
    await until(async () => (await focused()).startsWith('POST'));
    const passed: string[] = [];
    for (let steps = 0; steps < 7; steps += 1) {
      await page.keyboard.press('Tab');
      passed.push(await focused());
      assert.match(
        await page.evaluate<string>(
          '(({ outlineStyle, outlineWidth }) => outlineStyle + " " + outlineWidth)(getComputedStyle(document.activeElement))',
        ),
        /^(solid|auto) [1-9]/,
        passed.at(-1),
      );
    }
    assert.deepEqual(passed, [
      'close',
      'Copy the request id',
      'copy-curl',
      'replay',
      'copy-json',
      'exchange-overview',
      'exchange-panel',
    ]);
    await page.locator('#exchange-overview').focus();
    for (const tab of ['headers', 'request', 'response', 'upstream', 'overview']) {
      await page.keyboard.press('ArrowRight');
      await until(async () => (await focused()) === `exchange-${tab}`);
    }
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Pretty');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await pane.locator('button[aria-pressed="true"]', { hasText: 'Raw' }).waitFor();
    await page.keyboard.press('Escape');
    assert.deepEqual(await page.evaluate('events'), [['close', null]]);
  });

  for (const theme of THEME_KINDS)
    it(`axe finds nothing in a ${theme} theme`, async () => {
      await open(SUCCESS, { theme });
      const found: string[] = [];
      const check = async (name: string) => {
        found.push(...(await alone.violations()).map((line) => `${name}: ${line}`));
        await picture(`${theme}-${name}`);
      };
      await check('success');
      await show('Headers');
      await check('nothing-kept');
      await show('Overview');
      for (const [name, one] of Object.entries({ FAILOVER, REJECTED, CANCELLED })) {
        await go(one);
        await pane.getByText(one.record.id).waitFor();
        await check(name.toLowerCase());
      }
      await go(CAPTURED);
      await pane.getByText(CAPTURED.record.id).waitFor();
      for (const tab of ['Headers', 'Response', 'Upstream']) {
        await show(tab);
        if (tab !== 'Headers') await pane.locator('.body-text[aria-busy="false"] summary').first().waitFor();
        await check(tab.toLowerCase());
      }
      await go({ seq: 1 });
      await pane.getByTestId('gone').waitFor();
      await check('gone');
      assert.deepEqual(found, []);
    });

  it('needs no sideways scrolling in a narrow pane', async () => {
    await open(FAILOVER, { width: 340 });
    await picture('narrow');
    for (const one of [FAILOVER, SUCCESS, CAPTURED]) {
      await go(one);
      await pane.getByText(one.record.id).waitFor();
      for (const tab of await pane.getByRole('tab').all()) {
        await tab.click();
        const overflow = await page.evaluate<number>(`(() => {
          const panel = document.querySelector('#exchange-panel');
          return Math.max(panel.scrollWidth - panel.clientWidth,
            document.documentElement.scrollWidth - document.documentElement.clientWidth);
        })()`);
        assert.equal(overflow, 0, await tab.innerText());
      }
    }
  });
});
