/** What checks of the doctor look at, in the real editor. */
import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AgentConnections } from '../agents/agent-connections';
import type { Controller } from '../controller/controller';
import { probeHttp } from '../probe-http';
import { openFile } from '../open-file';
import { editorSettings } from '../settings';
import { terminalSetting, terminalsLed } from '../terminal/terminal-settings';
import type { DoctorContext, Machine } from './check';

export interface EditorParts {
  controller: Controller;
  agents: AgentConnections;
  /** The extension's own folder. */
  storage: string;
  /** Of the extension. */
  version: string;
}

type Variables = Record<string, string | null>;

/** Everything as it is now. */
export function editorContext({ controller, agents, storage, version }: EditorParts): DoctorContext {
  return {
    controller,
    machine: editorMachine(storage, version),
    agents: () => agents.look(),
    wouldChange: async (id) => (await agents.planConnect(id)).changes.length > 0,
    probe: probeHttp,
    run: (command, ...args) => vscode.commands.executeCommand(command, ...args),
    openFile,
    writeSetting(name, value) {
      const dot = name.indexOf('.');
      return vscode.workspace
        .getConfiguration(name.slice(0, dot))
        .update(name.slice(dot + 1), value, vscode.ConfigurationTarget.Global);
    },
    setTerminalVariable,
  };
}

function editorMachine(storage: string, version: string): Machine {
  const set = terminalVariables();
  const { proxy, noProxy, strictSsl } = editorSettings.network(() => undefined);
  const { remoteName } = vscode.env;
  const { node, sqlite } = process.versions;
  return {
    platform: process.platform,
    home: homedir(),
    env: { ...process.env },
    terminal: set?.value ?? {},
    fromWorkspace: Object.keys({ ...set?.workspace }),
    terminalsLed: terminalsLed(),
    network: { proxy, noProxy, strictSsl },
    storage,
    versions: {
      editor: vscode.version,
      editorName: vscode.env.appName,
      extension: version,
      node,
      ...(sqlite !== undefined && { sqlite }),
    },
    ...(remoteName !== undefined && { remote: remoteName }),
    inBrowser: vscode.env.uiKind === vscode.UIKind.Web,
    workspace: { trusted: vscode.workspace.isTrusted, files: workspaceFiles() },
    addresses: Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address),
  };
}

/** Files on this machine with settings of what is open. */
function workspaceFiles(): string[] {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const folders = workspaceFolders.filter(({ uri }) => uri.scheme === 'file');
  return [
    ...(workspaceFile?.scheme === 'file' ? [workspaceFile.fsPath] : []),
    ...folders.map(({ uri }) => join(uri.fsPath, '.vscode', 'settings.json')),
  ];
}

/** What the setting says, all of it and by where it says it. */
function terminalVariables(): { value: Variables; user: Variables; workspace: Variables } {
  const section = vscode.workspace.getConfiguration();
  const name = terminalSetting(process.platform);
  const inspected = section.inspect<Variables | null>(name);
  return {
    value: section.get<Variables | null>(name) ?? {},
    user: inspected?.globalValue ?? {},
    workspace: { ...inspected?.workspaceValue, ...inspected?.workspaceFolderValue },
  };
}

function setTerminalVariable(name: string, value: string | null | undefined): Thenable<void> {
  const { [name]: _, ...others } = terminalVariables().user;
  const wanted = value === undefined ? others : { ...others, [name]: value };
  return vscode.workspace
    .getConfiguration()
    .update(
      terminalSetting(process.platform),
      Object.keys(wanted).length > 0 ? wanted : undefined,
      vscode.ConfigurationTarget.Global,
    );
}
