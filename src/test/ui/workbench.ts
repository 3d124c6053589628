/**
 * The window that scripts/editor/run-ui.mjs opened, with the packaged extension in it, and the ways around in it. All
 * tests share the one window: each leaves the proxy stopped.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';

interface Workbench {
  page: Page;
  profile: {
    /** The editor's data: settings, logs, storage. */
    data: string;
    workspace: string;
  };
  /** Folder for screenshots. */
  artifacts: string;
  /** The package that is installed. */
  vsix: string;
  /** The value of `portside.port`. */
  proxyPort: number;
  freePort(): Promise<number>;
  /** The window of somebody else, in a browser of its own: nothing is known of them, and no account is theirs. */
  newUser(options?: { language?: string }): Promise<{ page: Page; leave(): Promise<void> }>;
  /** An editor of its own that asks whether its folder is trusted. */
  wary(): Promise<{ page: Page; leave(): Promise<void> }>;
}

/** The one window. */
export const workbench = (globalThis as unknown as { portsideWorkbench: Workbench }).portsideWorkbench;
const { page } = workbench;

/** The item of the status bar with its text. */
export function statusItem(): Locator {
  return page.locator('[id="portside.portside.status"]');
}

/** Waits until the status bar item says something. */
export async function statusSays(text: string | RegExp): Promise<void> {
  await statusItem().filter({ hasText: text }).waitFor();
}

const paletteOf = (on: Page) =>
  on.locator('.quick-input-widget input[aria-label^="Type the name of a command"]');

/** Runs a command by its title, as a person does: F1, typing, picking. */
export async function runCommand(title: string, on: Page = page): Promise<void> {
  await openPalette(on);
  await paletteOf(on).fill(`>${title}`);
  // Not Enter: another command may come first that was used more lately.
  await quickPick(title, on).click();
  // What the command opens uses the same input: it must not be taken for the palette.
  await paletteOf(on).waitFor({ state: 'hidden' });
}

/** Gives a tab the width that it has beside code. The command is there only while the side bar is. */
export async function closeSideBar(): Promise<void> {
  if (await page.locator('.part.sidebar').isVisible()) await runCommand('View: Close Primary Side Bar');
}

/** A window that is still loading its panel swallows the first keys, so F1 may need a second try. */
async function openPalette(on: Page): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await on.keyboard.press('F1');
    try {
      return await paletteOf(on).waitFor({ timeout: 3_000 });
    } catch (error) {
      if (tries === 8) throw error;
    }
  }
}

/** Clicks the status bar item and picks from its menu. */
export async function pickFromMenu(label: string): Promise<void> {
  await statusItem().click();
  await page.locator('.quick-input-widget .quick-input-title', { hasText: /^Portside$/ }).waitFor();
  await quickPick(label).click();
}

/** Types into the input of the palette, a pick or an input box. */
export async function fillQuickInput(text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(text);
}

/** The row of the open pick that has this label. */
export function quickPick(label: string, on: Page = page): Locator {
  const escaped = label.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const name = on.locator('.label-name', { hasText: new RegExp(`^\\s*${escaped}\\s*$`) });
  return on.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
}

/** A notification with its buttons. */
export function notification(text: string | RegExp): Locator {
  return page.locator('.notifications-toasts .notification-list-item', { hasText: text });
}

/** Closes whatever notifications are open. */
export async function clearNotifications(): Promise<void> {
  await runCommand('Notifications: Clear All Notifications');
  await page.locator('.notifications-toasts .notification-list-item').first().waitFor({ state: 'detached' });
}

/** A modal question with its buttons. */
export function dialog(text: string | RegExp): Locator {
  return page.locator('.monaco-dialog-box', { hasText: text });
}

/** Presses a button of a modal question or of a notification. */
export async function press(where: Locator, button: string): Promise<void> {
  await where.getByRole('button', { name: button, exact: true }).click();
}

/** Opens the settings panel and gives its document. */
export async function openPanel(): Promise<Frame> {
  for (let tries = 1; ; tries += 1) {
    await runCommand('Portside: Open Settings Panel');
    const frame = await panelFrame();
    try {
      await frame.locator('main').waitFor();
      return frame;
    } catch (error) {
      // The editor may show a tab's page anew while it settles.
      if (tries === 3 || !REPLACED.test(String(error))) throw error;
    }
  }
}

/** What a browser says of a frame that is replaced while it is looked at. */
const REPLACED = /detached|Cannot find context|context was destroyed/;

/** The document of the settings panel, in the inner of its two nested frames. */
export async function panelFrame(): Promise<Frame> {
  const outer = page.frameLocator('iframe.webview.ready');
  for (let tries = 1; ; tries += 1) {
    try {
      const inner = await outer.locator('iframe#active-frame').elementHandle({ timeout: 60_000 });
      const frame = await inner?.contentFrame();
      assert.ok(frame, 'the panel has a document');
      return frame;
    } catch (error) {
      if (tries === 5 || !REPLACED.test(String(error))) throw error;
      await page.waitForTimeout(200);
    }
  }
}

/** The pages of the panel, by the names of their tabs. */
export const PAGES = ['Proxy', 'Accounts', 'Routing', 'Access', 'Agents', 'Doctor', 'Quick start'] as const;

/** Shows a page of the panel. */
export async function goTo(frame: Frame, page: (typeof PAGES)[number]): Promise<void> {
  const tab = frame.getByRole('tab', { name: page, exact: true });
  await tab.click();
  await frame.locator('[role="tab"][aria-selected="true"]', { hasText: page }).waitFor();
}

const NOTHING = 'nothing was copied';

/** Does something and gives what it put on the clipboard. */
export async function copiedBy(action: () => Promise<unknown>): Promise<string> {
  await page.evaluate(`navigator.clipboard.writeText('${NOTHING}')`);
  await action();
  const end = Date.now() + 10_000;
  for (;;) {
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    if (text !== NOTHING) return text;
    assert.ok(Date.now() < end, NOTHING);
    await page.waitForTimeout(50);
  }
}

/** Everything that stands in the panel's page, what is typed into its fields included. */
export function everythingIn(panel: Frame): Promise<string> {
  return panel.evaluate(`[
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll('input, textarea')].map((one) => one.value),
  ].join('\\n')`);
}

/** The four kinds of theme, by the editor's own theme of each kind as its picker names it. */
export const THEMES = {
  dark: { label: 'Dark Modern', workbenchClass: 'vs-dark' },
  light: { label: 'Light Modern', workbenchClass: 'vs' },
  'high-contrast': { label: 'Dark High Contrast', workbenchClass: 'hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', workbenchClass: 'hc-light' },
} as const;
export type ThemeKind = keyof typeof THEMES;

/** Changes the colour theme and waits until the window wears it. */
export async function useTheme(kind: ThemeKind): Promise<void> {
  const { label, workbenchClass } = THEMES[kind];
  await runCommand('Preferences: Color Theme');
  await fillQuickInput(label);
  await quickPick(label).click();
  await page.locator(`.monaco-workbench.${workbenchClass}`).waitFor();
}

/** Loads the window anew: its extension host ends and another one starts. */
export async function reload(): Promise<void> {
  await page.reload();
  await statusItem().waitFor({ timeout: 60_000 });
}

/** Stops the proxy, if it runs: the palette has no Stop Proxy while it is stopped. */
export async function stopProxy(): Promise<void> {
  const at = /stopped|failed/;
  if (at.test(await statusItem().innerText())) return;
  await runCommand('Portside: Stop Proxy');
  await statusSays(at);
}

/**
 * Stops the proxy, removes all accounts and closes what is open, through the panel, and leaves it on the page of accounts:
 * where suites begin.
 */
export async function beginAnew(): Promise<Frame> {
  await statusItem().waitFor({ timeout: 60_000 });
  await stopProxy();
  const frame = await openPanel();
  await goTo(frame, 'Accounts');
  const form = frame.locator('portside-account-form');
  if (await form.isVisible()) await form.getByRole('button', { name: 'Cancel' }).click();
  const accounts = frame.getByTestId('account');
  for (let left = await accounts.count(); left > 0; left -= 1) {
    await accounts
      .first()
      .getByRole('button', { name: /^Remove/ })
      .click();
    await press(dialog(/Remove/), 'Remove');
    await accounts.nth(left - 1).waitFor({ state: 'detached' });
  }
  return frame;
}

/** Adds the demo account through the panel. */
export async function addDemoAccount(frame: Frame): Promise<void> {
  await goTo(frame, 'Accounts');
  // After a window was loaded anew the form may stand open as it once was: the editor keeps a view's state with delay.
  if (!(await frame.locator('portside-account-form').isVisible()))
    await frame.getByTestId('add-account').click();
  await frame.locator('#account-provider').selectOption('demo');
  await frame.getByTestId('save-account').click();
  await frame.getByTestId('account').filter({ hasText: 'Demo' }).first().waitFor();
}

/** Adds an account of an OpenAI-compatible server through the panel, tested or not. */
export async function addCompatibleAccount(
  frame: Frame,
  { label, baseUrl, key, anyway = false }: { label: string; baseUrl: string; key: string; anyway?: boolean },
): Promise<Locator> {
  await goTo(frame, 'Accounts');
  if (!(await frame.locator('portside-account-form').isVisible()))
    await frame.getByTestId('add-account').click();
  await frame.locator('#account-provider').selectOption('openai-compatible');
  await frame.locator('#account-base-url').fill(baseUrl);
  await frame.locator('#account-key').fill(key);
  await frame.locator('#account-label').fill(label);
  await frame.getByTestId('save-account').click();
  if (anyway) await frame.getByTestId('test-failed').getByRole('button', { name: 'Save anyway' }).click();
  await frame.locator('portside-account-form').waitFor({ state: 'detached' });
  return accountNamed(frame, label);
}

/** The row of an account. */
export function accountNamed(frame: Frame, label: string): Locator {
  const name = frame.locator('.account-label', { hasText: new RegExp(`^${label}$`) });
  return frame.getByTestId('account').filter({ has: name });
}

/** Presses the panel's start button and waits until the proxy runs. */
export async function startInPanel(frame: Frame): Promise<void> {
  await frame.getByTestId('start-stop').click();
  await frame.locator('[data-testid="status"][data-state="running"]').waitFor();
}

/** Presses the panel's stop button and waits until the proxy has stopped. */
export async function stopInPanel(frame: Frame): Promise<void> {
  await frame.getByTestId('start-stop').click();
  await frame.locator('[data-testid="status"][data-state="stopped"]').waitFor();
}

/** Takes a picture of the window into artifacts/ui. */
export async function screenshot(name: string): Promise<void> {
  await page.screenshot({ path: join(workbench.artifacts, `${name}.png`) });
}
