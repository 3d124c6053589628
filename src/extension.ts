/** Composition root of the editor's side: builds the parts, registers them, loads nothing that can wait. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { AgentConnections } from './host/agents/agent-connections';
import { editorConnection, fullConnection } from './host/agents/editor-connection';
import { editorPlace } from './host/agents/editor-place';
import {
  type CommandContext,
  offer,
  openSettingsRemedy,
  showLogsRemedy,
} from './host/commands/command-context';
import { registerChatModels } from './host/chat-models/chat-models';
import { registerCommands } from './host/commands/commands';
import { confirmOpenNetwork } from './host/commands/confirm-open-network';
import { setContextKeys } from './host/context-keys';
import type { Controller } from './host/controller/controller';
import { createController } from './host/controller/create-controller';
import { Doctor } from './host/doctor/doctor';
import { editorContext } from './host/doctor/editor-machine';
import { reportOf } from './host/doctor/report';
import { welcomeOnce } from './host/first-run';
import { EditorModelConsent } from './host/language-models/consent';
import { editorLanguageModels } from './host/language-models/language-models';
import { createLog } from './host/log';
import { MonitorTab } from './host/monitor/monitor-tab';
import { SettingsPanel } from './host/panel/panel';
import { Redactor } from './shared/redact';
import { editorSettings } from './host/settings';
import { detectLocalServers } from './host/commands/accounts/detect-local-servers';
import { offerReconnect } from './host/commands/agents/offer-reconnect';
import { deadAccountRemedies } from './host/commands/accounts/retest-account';
import { restartProxy, startProxy } from './host/commands/start-proxy';
import { createStatusBar } from './host/status-bar';
import { setTerminalEnvironment } from './host/terminal/terminal-environment';
import type { ProxyStatus } from './shared/status';

/** What `vscode.extensions.getExtension('portside.portside').exports` gives. */
export interface PortsideApi {
  /** The proxy's state of the moment; holds no secret. */
  status(): ProxyStatus;
  /** Present only while the editor runs this extension's own tests: it can read keys. */
  controller?: Controller;
  /** The same for what the panel's page asks of it. */
  doctor?: Doctor;
}

let controller: Controller | undefined;

export function activate(extension: vscode.ExtensionContext): PortsideApi {
  const t = vscode.l10n.t;
  const redactor = new Redactor();
  const log = createLog(redactor);
  const consent = new EditorModelConsent(extension.globalState, (error) =>
    log.error(`A listener failed: ${String(error)}`),
  );
  const languageModels = editorLanguageModels(consent);
  const { version } = extension.extension.packageJSON as { version: string };
  const made = createController({
    ...(languageModels && { languageModels }),
    version,
    script: extension.asAbsolutePath('dist/proxy.js'),
    storage: extension.globalStorageUri.fsPath,
    log,
    redactor,
    settings: editorSettings,
    memory: extension.globalState,
    secretStorage: extension.secrets,
    confirmOpenNetwork,
    onRejectedSettings: (message) => offer(context, 'warning', message, [openSettingsRemedy()]),
    onDeath: (message) =>
      offer(context, 'error', message, [
        { title: t('Start Proxy'), run: () => startProxy(context) },
        showLogsRemedy(context),
      ]),
    onDeadAccount: ({ id, label, reason }) =>
      offer(
        context,
        'warning',
        t('{0} is switched off until it is tested again: {1}', label, reason),
        deadAccountRemedies(context, id),
      ),
  });
  controller = made;

  const agents = new AgentConnections({
    agents: async () => (await import('./host/agents/agent-list')).AGENTS,
    folder: join(extension.globalStorageUri.fsPath, 'agents'),
    place: () => editorPlace(extension.globalStorageUri),
    connection: () => editorConnection(made),
    fullConnection: () => fullConnection(made),
    onError: (error) => log.error(`A listener failed: ${String(error)}`),
  });
  const doctor = new Doctor({
    checks: async () => (await import('./host/doctor/check-list')).CHECKS,
    context: () =>
      editorContext({ controller: made, agents, storage: extension.globalStorageUri.fsPath, version }),
    redact: (text) => redactor.redact(text),
    onError: (error) => log.error(`A listener failed: ${String(error)}`),
  });
  const doctorReport = () => reportOf(doctor.view(), redactor);
  const panel = new SettingsPanel(
    extension.extensionUri,
    made,
    agents,
    doctor,
    {
      start: async () => void (await made.start()),
      detectLocalServers: async () => void (await detectLocalServers(context)),
      showLogs: () => log.show(),
      doctorReport,
    },
    log,
  );
  const monitor = new MonitorTab(extension.extensionUri, made, log);
  const context: CommandContext = {
    controller: made,
    agents,
    doctor,
    ...(languageModels && { consent }),
    log,
    openPanel: (account) => panel.show(account),
    openMonitor: () => monitor.show(),
    openDoctor: () => panel.showDoctor(),
    doctorReport,
    redact: (text) => redactor.redact(text),
  };

  extension.subscriptions.push(
    log,
    consent,
    agents,
    doctor,
    panel,
    monitor,
    createStatusBar(made),
    registerCommands(context),
    made.onDidChange(offerRestart(context)),
    made.onDidChange(offerReconnect(context)),
    registerChatModels(context),
    setContextKeys({ controller: made, memory: extension.globalState, warn: (message) => log.warn(message) }),
    setTerminalEnvironment({
      collection: extension.environmentVariableCollection,
      controller: made,
      folder: join(extension.globalStorageUri.fsPath, 'terminal'),
      warn: (message) => log.warn(message),
    }),
  );
  if (made.startsByItself()) void startProxy(context);
  // Not before activation is over: another window may run the proxy already.
  else setImmediate(() => void made.lookForOwner());
  if (extension.extensionMode !== vscode.ExtensionMode.Test) {
    welcomeOnce(extension.globalState, made.accounts().length > 0).catch((error: unknown) => {
      log.warn(`The walkthrough cannot be opened: ${String(error)}`);
    });
  }

  return {
    status: () => made.status(),
    ...(extension.extensionMode === vscode.ExtensionMode.Test && { controller: made, doctor }),
  };
}

/** Resolves when the port is free. */
export async function deactivate(): Promise<void> {
  await controller?.dispose();
  controller = undefined;
}

/** Says once per change that a running proxy must be started again for it (SPEC 1.8). */
function offerRestart(context: CommandContext): () => void {
  let offered = false;
  return () => {
    const { restartNeeded } = context.controller.status();
    if (restartNeeded && !offered) {
      offer(
        context,
        'information',
        vscode.l10n.t('The changed port or LAN access needs a restart of the proxy.'),
        [{ title: vscode.l10n.t('Restart Proxy'), run: () => restartProxy(context) }],
      );
    }
    offered = restartNeeded;
  };
}
