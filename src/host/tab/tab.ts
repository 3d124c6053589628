import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../disposable';
import { tabPage } from './tab-page';

/** What makes one tab different from another. */
export interface TabKind {
  /** Names the tab to the editor, which restores it by this name: `portside.panel`. */
  type: string;
  title: string;
  /** The element that is the whole page. */
  element: string;
  /** File name of its script in `dist/webview`. */
  script: string;
}

/** A tab with a page of ours: one per window. Restored by the editor after a reload of the window. */
export class Tab {
  readonly #owned = new DisposableStore();
  readonly #extensionUri: vscode.Uri;
  readonly #kind: TabKind;
  readonly #attach: (panel: vscode.WebviewPanel, store: DisposableStore) => void;
  #panel: vscode.WebviewPanel | undefined;

  /** @param attach connects a new page before it is loaded; what it adds to the store goes with the page */
  constructor(
    extensionUri: vscode.Uri,
    kind: TabKind,
    attach: (panel: vscode.WebviewPanel, store: DisposableStore) => void,
  ) {
    this.#extensionUri = extensionUri;
    this.#kind = kind;
    this.#attach = attach;
    this.#owned.add(
      vscode.window.registerWebviewPanelSerializer(kind.type, {
        deserializeWebviewPanel: (panel) => {
          this.#adopt(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  /** Whether it is open and in front. */
  get visible(): boolean {
    return this.#panel?.visible ?? false;
  }

  /** Opens the tab or brings it to the front. */
  show(): void {
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    const { type, title } = this.#kind;
    this.#adopt(
      vscode.window.createWebviewPanel(type, title, vscode.ViewColumn.Active, { enableFindWidget: true }),
    );
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#owned.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const { webview } = panel;
    const { title, element, script } = this.#kind;
    const dist = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    const store = new DisposableStore();
    this.#attach(panel, store);
    store.add(
      panel.onDidDispose(() => {
        if (this.#panel === panel) this.#panel = undefined;
        store.dispose();
      }),
    );
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = tabPage({
      title,
      element,
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, script)).toString(),
      nonce: randomBytes(16).toString('base64url'),
      language: vscode.env.language,
    });
  }
}
