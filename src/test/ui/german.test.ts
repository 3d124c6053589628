/**
 * A window in German, the second language (SPEC 7.9): what Portside shows has no English left in it and fits its place. The
 * editor's own texts stay English without a language pack; the extension is told the language all the same.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { runCommand, stopProxy, workbench } from './workbench';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
const german = read('l10n/bundle.l10n.de.json');

/** Texts whose German is another one, or is missing, as patterns that match them with any values. */
const english = Object.keys(read('l10n/bundle.l10n.json'))
  .filter((text) => german[text] !== text)
  // Patterns of values alone match anything.
  .filter((text) => /[a-z]{3}/i.test(text.replace(/\{\d+\}/g, '')))
  .map((text) => {
    const parts = text.split(/\{\d+\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's');
  });
/** Gives away what never went through the bundle. */
const ENGLISH_WORDS = /\b(the|and|is|are|of|with|from|not|this|your|requests?|accounts?|settings|search)\b/i;
/** What a translation may have in common with an English pattern. */
const translations = new Set(Object.values(german));

/** All that a page says: texts, and words for who hears it. Code is nobody's language. */
const SAID = `(() => {
  const said = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    // Rows that wait to be written into anew hold what they once said.
    if (element?.closest('[role="row"]')?.checkVisibility() === false) continue;
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement?.closest('script, style, pre, code')) said.add(node.textContent.trim());
      continue;
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) said.add(node.getAttribute(name) ?? '');
  }
  return [...said].filter(Boolean);
})()`;

/** Words that are cut off, or push their place apart. */
const CUT = `[...document.querySelectorAll('button, [role="tab"], h1, h2, h3, label, th, .head-label')]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && !one.closest('.unseen'))
  // An arrow that hangs over the edge hides nothing.
  .filter((one) => !one.querySelector('.sort-mark:not(:empty)'))
  .map((one) => one.textContent.trim())
  .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page'] : [])`;

describe('in German', () => {
  let page: Page;
  let leave: () => Promise<void>;

  const status = () => page.locator('[id="portside.portside.status"]');
  const statusSays = (text: string | RegExp) =>
    status().filter({ hasText: text }).waitFor({ timeout: 60_000 });
  const rows = () => page.locator('.quick-input-list .monaco-list-row');
  const run = (title: string) => runCommand(title, page);
  const shot = (name: string) => page.screenshot({ path: join(workbench.artifacts, `german-${name}.png`) });
  /** The page that was opened last. */
  const frameOf = async (element: string): Promise<Frame> => {
    for (let tries = 0; tries < 100; tries += 1) {
      for (const frame of page.frames())
        if (
          await frame
            .locator(element)
            .count()
            .catch(() => 0)
        )
          return frame;
      await page.waitForTimeout(100);
    }
    throw new Error(`no page has ${element}`);
  };
  const isEnglish = (words: string) =>
    !translations.has(words) && (ENGLISH_WORDS.test(words) || english.some((text) => text.test(words)));
  const isGerman = async (frame: Frame, what: string) => {
    const said = await frame.evaluate<string[]>(SAID);
    assert.ok(said.length > 5, what);
    assert.deepEqual(said.filter(isEnglish), [], what);
    assert.deepEqual(await frame.evaluate<string[]>(CUT), [], `${what}: words that are cut off`);
  };

  before(async function () {
    this.timeout(120_000);
    await stopProxy();
    ({ page, leave } = await workbench.newUser({ language: 'de' }));
    await statusSays('Portside: gestoppt');
  });
  after(() => leave());

  it('the palette knows the commands by their German titles', async () => {
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input[aria-label^="Type the name of a command"]');
    await input.fill('>Portside: Proxy');
    await rows().filter({ hasText: 'Portside: Proxy starten' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('a start without accounts says why, and what helps', async () => {
    await run('Portside: Proxy starten');
    const toast = page.locator('.notifications-toasts .notification-list-item', {
      hasText: 'Keine verfügbaren Konten',
    });
    await toast.waitFor();
    const buttons = await toast.locator('.notification-list-item-buttons-container a').allInnerTexts();
    assert.deepEqual(buttons, ['Konto hinzufügen', 'Lokale Server suchen', 'Demo verwenden']);
    await shot('start');
    await toast.getByRole('button', { name: 'Demo verwenden' }).click();
    await statusSays(/Portside: läuft an \d+ \(1\)/);
    assert.equal(
      await status().locator('a').getAttribute('aria-label'),
      `Portside läuft an Port ${workbench.proxyPort}, aktive Konten: 1`,
    );
  });

  it('the menu', async () => {
    await status().click();
    await rows().filter({ hasText: 'Proxy stoppen' }).waitFor();
    const labels = await rows().locator('.label-name').allInnerTexts();
    assert.deepEqual(
      labels.map((label) => label.trim()).filter((label) => isEnglish(label)),
      [],
    );
    await shot('menu');
    await page.keyboard.press('Escape');
  });

  it('every page of the panel', async () => {
    await run('Portside: Einstellungspanel öffnen');
    const frame = await frameOf('portside-panel main');
    assert.equal(await frame.locator('html').getAttribute('lang'), 'de');
    const tabs = frame.locator('[role="tablist"]').first().getByRole('tab');
    const names = await tabs.allInnerTexts();
    assert.deepEqual(names, ['Proxy', 'Konten', 'Routing', 'Zugriff', 'Agenten', 'Diagnose', 'Schnellstart']);
    for (const name of names) {
      await tabs.filter({ hasText: name }).click();
      await frame.locator('[role="tab"][aria-selected="true"]', { hasText: name }).waitFor();
      if (name === 'Konten') await frame.getByTestId('add-account').click();
      if (name === 'Diagnose') {
        await frame.getByRole('button', { name: 'Ausführen', exact: true }).click();
        await frame.getByRole('button', { name: 'Erneut ausführen' }).waitFor({ timeout: 60_000 });
      }
      await shot(name);
      await isGerman(frame, name);
    }
  });

  it('the monitor and a request in it', async () => {
    await run('Portside: Testanfrage senden');
    await run('Portside: Monitor öffnen');
    const frame = await frameOf('portside-monitor [role="row"]');
    // Errors of requests that other tests made are told in the words that their clients got.
    await frame.getByRole('searchbox').fill('portside-test');
    await frame
      .locator('.rows [role="row"]:visible', { hasNotText: 'portside-test' })
      .first()
      .waitFor({ state: 'detached' });
    const row = frame.getByRole('row').filter({ hasText: 'portside-test' }).first();
    await row.click();
    await frame.getByRole('tab', { name: 'Überblick' }).waitFor();
    await shot('Monitor');
    await isGerman(frame, 'Monitor');
    for (const name of ['Diagramme', 'Summen']) {
      await frame.getByRole('tab', { name, exact: true }).click();
      await page.waitForTimeout(500);
      await shot(name);
      await isGerman(frame, name);
    }
  });

  it('the walkthrough', async () => {
    await run('Portside: Erste Schritte');
    await page
      .locator('.category-title:visible', { hasText: 'Erste Schritte mit Portside' })
      .first()
      .waitFor();
    const steps = await page.locator('.getting-started-step h3').allInnerTexts();
    assert.deepEqual(steps, [
      'Konto hinzufügen',
      'Proxy starten',
      'Zustand prüfen',
      'Agenten verbinden',
      'Erste Antwort ansehen',
    ]);
    await shot('walkthrough');
  });

  it('stops', async () => {
    await run('Portside: Proxy stoppen');
    await statusSays('Portside: gestoppt');
  });
});
