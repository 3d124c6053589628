import * as vscode from 'vscode';
import type { MonitorHostMessage } from '../../shared/monitor';
import type { Controller } from '../controller/controller';
import type { Disposable, DisposableStore } from '../disposable';
import { openSettings, OWN_SETTINGS } from '../open-settings';
import { Tab } from '../tab/tab';
import { answerMonitor, type MonitorEditor } from './answer-monitor';
import { exportRecords } from './export-records';

/** The first message of every page: it counts from here. */
const FIRST_SEQ = 1;

/** The monitor: one per window. A hidden one has no page and hears nothing; when it is shown again it asks anew. */
export class MonitorTab {
  readonly #tab: Tab;
  readonly #controller: Controller;
  readonly #editor: MonitorEditor;
  readonly #log: { warn(message: string): void };

  /** @param log hears of messages that were refused: their reason, never their content */
  constructor(extensionUri: vscode.Uri, controller: Controller, log: { warn(message: string): void }) {
    this.#controller = controller;
    this.#log = log;
    this.#editor = {
      copy: (text) => vscode.env.clipboard.writeText(text),
      exportFile: async (query, format) => void (await exportRecords(controller, query, format)),
      openText: async (content, language) => {
        const document = await vscode.workspace.openTextDocument({
          content,
          language: language === 'json' ? 'json' : 'plaintext',
        });
        await vscode.window.showTextDocument(document);
      },
      openSettings: () => openSettings(`${OWN_SETTINGS} portside.monitor`),
      texts: vscode.l10n.bundle ?? {},
    };
    this.#tab = new Tab(
      extensionUri,
      {
        type: 'portside.monitor',
        title: vscode.l10n.t('Portside Monitor'),
        element: 'portside-monitor',
        script: 'monitor.js',
      },
      (panel, store) => this.#attach(panel, store),
    );
  }

  /** Opens the monitor or brings it to the front. */
  show(): void {
    this.#tab.show();
  }

  dispose(): void {
    this.#tab.dispose();
  }

  #attach(panel: vscode.WebviewPanel, store: DisposableStore): void {
    const { webview } = panel;
    const post = (message: MonitorHostMessage): void => void webview.postMessage(message);
    let watching: Disposable | undefined;
    const watch = (): void => {
      if (panel.visible) {
        watching ??= this.#controller.onMonitorEvent((event) => post({ type: 'event', event }));
      } else {
        watching?.dispose();
        watching = undefined;
      }
    };
    store.add(panel.onDidChangeViewState(watch));
    store.add({ dispose: () => watching?.dispose() });
    watch();

    /** Counts the pages that this tab had: an answer goes to the page that asked, since the next one counts anew. */
    let page = 0;
    store.add(
      webview.onDidReceiveMessage((value: unknown) => {
        if ((value as { seq?: unknown } | null)?.seq === FIRST_SEQ) page += 1;
        const asking = page;
        return this.#answer(value, (message) => {
          if (asking === page) post(message);
        });
      }),
    );
  }

  async #answer(value: unknown, post: (message: MonitorHostMessage) => void): Promise<void> {
    // Loaded with the first message: an editor without an open monitor need not load zod.
    const { parseMonitorMessage } = await import('../../shared/monitor-schema');
    const parsed = parseMonitorMessage(value);
    if (!parsed.ok) {
      this.#log.warn(`Refused a message of the monitor: ${parsed.reason}`);
      if (parsed.seq !== undefined)
        post({ type: 'answer', seq: parsed.seq, ok: false, message: parsed.reason });
      return;
    }
    const { seq } = parsed.message;
    try {
      const answer = await answerMonitor(parsed.message, this.#controller, this.#editor);
      post({ type: 'answer', seq, ok: true, answer });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      post({ type: 'answer', seq, ok: false, message });
    }
  }
}
