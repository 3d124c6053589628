/** Settings about integrated terminals. */
import * as vscode from 'vscode';

/** Whether new terminals shall lead agents to the proxy (`portside.terminalEnvironment`). */
export const terminalsLed = (): boolean =>
  vscode.workspace.getConfiguration('portside').get<boolean>('terminalEnvironment') === true;

/** The editor's setting with variables of terminals; a null takes one away. */
export function terminalSetting(platform: NodeJS.Platform): string {
  const name = platform === 'win32' ? 'windows' : platform === 'darwin' ? 'osx' : 'linux';
  return `terminal.integrated.env.${name}`;
}
