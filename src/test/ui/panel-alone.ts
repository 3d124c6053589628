/**
 * The panel's page by itself, in a tab of the same browser, with a stand-in for its host: for states that a real proxy gets
 * into only by chance, or for a moment.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { EditableAccount, HostMessage, PanelCallName, PanelState } from '../../shared/messages';
import type { AccountStatus } from '../../shared/status';
import { workbench } from './workbench';

/** The panel asks these without being used. */
const BY_ITSELF = new Set<unknown>(['ready', 'refresh', 'lookAtAgents']);

export interface PanelAlone {
  page: Page;
  /** What was asked of the host by use of the panel; not what the panel asks by itself. */
  calls(): Promise<Record<string, unknown>[]>;
  /** How often it asked for fresh numbers. */
  refreshes(): Promise<number>;
  /** A message of the host. */
  tell(message: HostMessage): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens it and waits until it is drawn. What it does at intervals it does twenty times as often.
 * @param answers to calls by their names; `null` answers the others
 */
export async function openPanelAlone(
  state: PanelState,
  answers: Partial<Record<PanelCallName, unknown>> = {},
): Promise<PanelAlone> {
  const page = await workbench.page.context().newPage();
  await page.setContent(
    '<!DOCTYPE html><html lang="en"><title>Portside</title><portside-panel></portside-panel>',
  );
  const all = { ready: { state, texts: {} }, ...answers };
  await page.evaluate(`{
    const answers = ${JSON.stringify(all)};
    const every = setInterval;
    globalThis.setInterval = (run, ms) => every(run, ms / 20);
    let kept;
    globalThis.calls = [];
    globalThis.acquireVsCodeApi = () => ({
      getState: () => kept,
      setState: (state) => (kept = state),
      postMessage: ({ seq, ...call }) => {
        calls.push(call);
        setTimeout(() => postMessage({ type: 'answer', seq, ok: true, answer: answers[call.type] ?? null }));
      },
    });
  }`);
  await page.addScriptTag({ type: 'module', content: readFileSync('dist/webview/panel.js', 'utf8') });
  await page.locator('main').waitFor();
  const calls = () => page.evaluate<Record<string, unknown>[]>('calls');
  return {
    page,
    calls: async () => (await calls()).filter(({ type }) => !BY_ITSELF.has(type)),
    refreshes: async () => (await calls()).filter(({ type }) => type === 'refresh').length,
    tell: (message) => page.evaluate(`postMessage(${JSON.stringify(message)})`),
    close: () => page.close(),
  };
}

/** A running proxy with these accounts. */
export function panelState(accounts: AccountStatus[], part: Partial<PanelState> = {}): PanelState {
  const editable = accounts.map(({ id, label, provider, enabled }): EditableAccount => ({
    id,
    label,
    provider,
    enabled,
    priority: 0,
    weight: 1,
    hasKey: true,
  }));
  const url = 'http://127.0.0.1:8045';
  return {
    status: {
      state: 'running',
      listening: { host: '127.0.0.1', port: 8045, url },
      activeAccounts: accounts.length,
      accounts,
      authMode: 'off',
      restartNeeded: false,
    },
    settings: {
      port: 8045,
      allowLanAccess: false,
      authMode: 'auto',
      scheduling: 'cache_first',
      stickySessions: true,
      preferredAccount: '',
      routes: {},
      zai: { dispatchMode: 'off', models: { opus: 'glm', sonnet: 'glm', haiku: 'glm' }, hasKey: false },
    },
    accounts: editable,
    clientKeys: [],
    url,
    sampleModel: 'portside-demo',
    ...part,
  };
}
