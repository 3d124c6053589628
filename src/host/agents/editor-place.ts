import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { terminalSetting } from '../terminal/terminal-settings';
import type { Place } from './agent';

/**
 * The machine that this extension host runs on, with the environment that a new integrated terminal has: what the editor
 * was started with, and what its settings add.
 * @param storage the extension's global storage: it lies in the editor's User folder, or in that of a profile
 */
export function editorPlace(storage: vscode.Uri): Place {
  const { platform } = process;
  const added = vscode.workspace
    .getConfiguration()
    .get<Record<string, string | null> | null>(terminalSetting(platform));
  const env: Record<string, string | undefined> = { ...process.env };
  // A null takes a variable away.
  for (const [variable, value] of Object.entries(added ?? {})) env[variable] = value ?? undefined;
  const workspaces = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  const isHere = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  const editorFolder = dirname(dirname(storage.fsPath));
  return { platform, home: homedir(), env, workspaces, ...(isHere && { editorFolder }) };
}
