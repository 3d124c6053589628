import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { resolveAuthMode } from '../../shared/setting-names';
import type { Controller } from '../controller/controller';
import type { Connection, Place } from './agent';

/** Stands where an agent wants a key and the proxy asks for none. */
export const NO_KEY = 'portside';

/**
 * The machine that this extension host runs on, with the environment that a new integrated terminal has: what the editor
 * was started with, and what its settings add.
 */
export function editorPlace(): Place {
  const { platform } = process;
  const name = platform === 'win32' ? 'windows' : platform === 'darwin' ? 'osx' : 'linux';
  const added = vscode.workspace
    .getConfiguration('terminal.integrated')
    .get<Record<string, string | null> | null>(`env.${name}`);
  const env: Record<string, string | undefined> = { ...process.env };
  // A null takes a variable away.
  for (const [variable, value] of Object.entries(added ?? {})) env[variable] = value ?? undefined;
  const workspaces = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  return { platform, home: homedir(), env, workspaces };
}

/** What agents are told now: the key only where one is asked for. */
export async function editorConnection(controller: Controller): Promise<Connection> {
  const { authMode, allowLanAccess } = controller.settings();
  const isOpen = resolveAuthMode(authMode, allowLanAccess) === 'off';
  const own = controller
    .accounts()
    .filter(({ enabled }) => enabled)
    .flatMap(({ models = [], defaultModel }) => [
      ...(defaultModel === undefined ? [] : [defaultModel]),
      ...models,
    ]);
  return {
    url: controller.baseUrl(),
    key: isOpen ? NO_KEY : await controller.apiKey(),
    models: [...new Set([controller.sampleModel(), ...own])],
  };
}
