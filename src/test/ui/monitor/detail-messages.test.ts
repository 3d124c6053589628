import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { alone, closeAlone, focused, open, page, pane, show, until, words } from './detail-alone';
import { CAPTURED, HEADERS_ONLY, LARGE_REQUEST, SUCCESS, bodyOf } from './detail-records';

describe('the messages of an exchange', () => {
  afterEach(closeAlone);

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
});
