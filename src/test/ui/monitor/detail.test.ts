import assert from 'node:assert/strict';
import {
  alone,
  closeAlone,
  focused,
  go,
  open,
  page,
  pane,
  picture,
  show,
  until,
  words,
} from './detail-alone';
import { CANCELLED, CAPTURED, FAILOVER, HEADERS_ONLY, PART_KEPT, REJECTED, SUCCESS } from './detail-records';
import { THEME_KINDS } from './monitor-alone';

describe('the details of an exchange', () => {
  afterEach(closeAlone);

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
