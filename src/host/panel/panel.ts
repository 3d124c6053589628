import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { HostMessage } from '../../shared/messages';
import type { Controller } from '../controller/controller';
import { DisposableStore } from '../disposable';
import { PanelCallHandler } from './calls/panel-call-handler';
import type { PanelEditor } from './calls/panel-editor';
import { panelPage } from './panel-page';

export const PANEL_TYPE = 'portside.panel';

/** What the panel leaves to others in the editor. */
export type PanelDeeds = Pick<PanelEditor, 'start' | 'detectLocalServers' | 'showLogs'>;

/** The settings panel: one per window. Restored by the editor after a reload of the window. */
export class SettingsPanel {
  readonly #owned = new DisposableStore();
  readonly #extensionUri: vscode.Uri;
  readonly #controller: Controller;
  readonly #editor: PanelEditor;
  readonly #log: { warn(message: string): void };
  #panel: vscode.WebviewPanel | undefined;
  /** Tells the open panel to open an account's form; undefined until it is ready. */
  #tell: ((message: HostMessage) => void) | undefined;
  /** An account whose form waits for the panel to be ready. */
  #account: string | undefined;

  /** @param log hears of messages that were refused: their reason, never their content */
  constructor(
    extensionUri: vscode.Uri,
    controller: Controller,
    deeds: PanelDeeds,
    log: { warn(message: string): void },
  ) {
    this.#extensionUri = extensionUri;
    this.#controller = controller;
    this.#log = log;
    this.#editor = {
      start: () => deeds.start(),
      detectLocalServers: () => deeds.detectLocalServers(),
      showLogs: () => deeds.showLogs(),
      copy: (text) => vscode.env.clipboard.writeText(text),
      regenerateKey: () => vscode.commands.executeCommand('portside.regenerateApiKey'),
      removeAccount: (id) => vscode.commands.executeCommand('portside.removeAccount', id),
      exportAccounts: () => vscode.commands.executeCommand('portside.exportAccounts'),
      importAccounts: () => vscode.commands.executeCommand('portside.importAccounts'),
      removeClientKey: (name) => vscode.commands.executeCommand('portside.removeClientKey', name),
      openSettings: () =>
        vscode.commands.executeCommand('workbench.action.openSettings', '@ext:portside.portside'),
      t: (message, ...args) => vscode.l10n.t(message, ...args),
      texts: vscode.l10n.bundle ?? {},
    };
    this.#owned.add(
      vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
        deserializeWebviewPanel: (panel) => {
          this.#adopt(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  /**
   * Opens the panel or brings it to the front.
   * @param account the id of an account whose form shall be open
   */
  show(account?: string): void {
    if (account !== undefined) this.#showAccount(account);
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, 'Portside', vscode.ViewColumn.Active, {
        enableFindWidget: true,
      }),
    );
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#owned.dispose();
  }

  #showAccount(account: string): void {
    // A hidden panel has no page: it says "ready" again when it is shown.
    if (this.#tell && this.#panel?.visible) this.#tell({ type: 'show', account });
    else this.#account = account;
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#tell = undefined;
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    const store = new DisposableStore();
    const post = (message: HostMessage): void => void webview.postMessage(message);
    const pushState = (): void => post({ type: 'state', state: calls.state() });
    const calls = new PanelCallHandler(this.#controller, this.#editor, pushState);
    store.add({ dispose: () => calls.forget() });
    store.add(this.#controller.onDidChange(pushState));
    store.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message, calls, post)));
    store.add(
      panel.onDidDispose(() => {
        if (this.#panel === panel) this.#panel = this.#tell = undefined;
        store.dispose();
      }),
    );
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = panelPage({
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.js')).toString(),
      nonce: randomBytes(16).toString('base64url'),
      language: vscode.env.language,
    });
  }

  #ready(post: (message: HostMessage) => void): void {
    this.#tell = post;
    const account = this.#account;
    this.#account = undefined;
    if (account !== undefined) post({ type: 'show', account });
  }

  async #receive(
    value: unknown,
    calls: PanelCallHandler,
    post: (message: HostMessage) => void,
  ): Promise<void> {
    // Loaded with the first message: an editor without an open panel need not load zod.
    const { parsePanelMessage } = await import('../../shared/message-schema');
    const parsed = parsePanelMessage(value);
    if (!parsed.ok) {
      this.#log.warn(`Refused a message of the settings panel: ${parsed.reason}`);
      if (parsed.seq !== undefined)
        post({ type: 'answer', seq: parsed.seq, ok: false, message: parsed.reason });
      return;
    }
    const { seq } = parsed.message;
    try {
      const answer = await calls.answer(parsed.message);
      // First the state that came of it: a control must not fall back to the old one for an instant.
      post({ type: 'state', state: calls.state() });
      post({ type: 'answer', seq, ok: true, answer });
      if (parsed.message.type === 'ready') this.#ready(post);
    } catch (error) {
      post({
        type: 'answer',
        seq,
        ok: false,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
