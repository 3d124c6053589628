import * as vscode from 'vscode';
import type { HostMessage } from '../../shared/messages';
import type { AgentConnections } from '../agents/agent-connections';
import type { Controller } from '../controller/controller';
import type { DisposableStore } from '../disposable';
import type { Doctor } from '../doctor/doctor';
import { openFile } from '../open-file';
import { openSettings } from '../open-settings';
import { Tab } from '../tab/tab';
import { PanelCallHandler } from './calls/panel-call-handler';
import type { PanelEditor } from './calls/panel-editor';

/** What the panel leaves to others in the editor. */
export type PanelDeeds = Pick<PanelEditor, 'start' | 'detectLocalServers' | 'showLogs' | 'doctorReport'>;

/** The settings panel: one per window. */
export class SettingsPanel {
  readonly #tab: Tab;
  readonly #controller: Controller;
  readonly #agents: AgentConnections;
  readonly #doctor: Doctor;
  readonly #editor: PanelEditor;
  readonly #log: { warn(message: string): void };
  /** Tells the open panel what to show; undefined until it is ready. */
  #tell: ((message: HostMessage) => void) | undefined;
  /** What waits to be shown until the panel is ready. */
  #wanted: HostMessage | undefined;

  /** @param log hears of messages that were refused: their reason, never their content */
  constructor(
    extensionUri: vscode.Uri,
    controller: Controller,
    agents: AgentConnections,
    doctor: Doctor,
    deeds: PanelDeeds,
    log: { warn(message: string): void },
  ) {
    this.#controller = controller;
    this.#agents = agents;
    this.#doctor = doctor;
    this.#log = log;
    this.#editor = {
      start: () => deeds.start(),
      detectLocalServers: () => deeds.detectLocalServers(),
      showLogs: () => deeds.showLogs(),
      copy: (text) => vscode.env.clipboard.writeText(text),
      regenerateKey: () => vscode.commands.executeCommand('portside.regenerateApiKey'),
      removeAccount: (id) => vscode.commands.executeCommand('portside.removeAccount', id),
      allowEditorModels: () => vscode.commands.executeCommand('portside.allowEditorModels'),
      exportAccounts: () => vscode.commands.executeCommand('portside.exportAccounts'),
      importAccounts: () => vscode.commands.executeCommand('portside.importAccounts'),
      removeClientKey: (name) => vscode.commands.executeCommand('portside.removeClientKey', name),
      agents: () => agents.views(),
      lookAtAgents: () => agents.look(),
      connectAgent: (id) => vscode.commands.executeCommand('portside.connectAgent', id),
      disconnectAgent: (id) => vscode.commands.executeCommand('portside.disconnectAgent', id),
      openFile,
      doctor: () => doctor.view(),
      runDoctor: () => doctor.run(),
      fixFinding: (id) => doctor.fix(id),
      doctorReport: () => deeds.doctorReport(),
      openSettings: () => openSettings(),
      openMonitor: () => vscode.commands.executeCommand('portside.openMonitor'),
      t: (message, ...args) => vscode.l10n.t(message, ...args),
      texts: vscode.l10n.bundle ?? {},
    };
    this.#tab = new Tab(
      extensionUri,
      { type: 'portside.panel', title: 'Portside', element: 'portside-panel', script: 'panel.js' },
      (panel, store) => this.#attach(panel, store),
    );
  }

  /**
   * Opens the panel or brings it to the front.
   * @param account the id of an account whose form shall be open
   */
  show(account?: string): void {
    if (account !== undefined) this.#want({ type: 'show', account });
    this.#tab.show();
  }

  /** The same, at what the doctor found. */
  showDoctor(): void {
    this.#want({ type: 'showDoctor' });
    this.#tab.show();
  }

  dispose(): void {
    this.#tab.dispose();
  }

  #want(message: HostMessage): void {
    // A hidden panel has no page: it says "ready" again when it is shown.
    if (this.#tell && this.#tab.visible) this.#tell(message);
    else this.#wanted = message;
  }

  #attach({ webview }: vscode.WebviewPanel, store: DisposableStore): void {
    this.#tell = undefined;
    const post = (message: HostMessage): void => void webview.postMessage(message);
    const pushState = (): void => post({ type: 'state', state: calls.state() });
    const calls = new PanelCallHandler(this.#controller, this.#editor, pushState);
    store.add({ dispose: () => calls.forget() });
    store.add(this.#controller.onDidChange(pushState));
    store.add(this.#agents.onDidChange(pushState));
    store.add(this.#doctor.onDidChange(pushState));
    store.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message, calls, post)));
    store.add({
      dispose: () => {
        if (this.#tell === post) this.#tell = undefined;
      },
    });
  }

  #ready(post: (message: HostMessage) => void): void {
    this.#tell = post;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted) post(wanted);
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
