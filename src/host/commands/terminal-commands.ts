import * as vscode from 'vscode';
import { mention } from './command-context';

/** Lets new integrated terminals lead agents to the proxy while it runs (SPEC 7.4): the setting, with one click. */
export async function useInTerminals(): Promise<void> {
  await setTerminals(true);
  mention(vscode.l10n.t('New terminals lead agents to Portside while it runs.'));
}

/** Takes that back: terminals that are opened from now on know nothing of Portside. */
export async function leaveTerminals(): Promise<void> {
  await setTerminals(false);
  mention(vscode.l10n.t('New terminals know nothing of Portside.'));
}

/** Writes the setting for this machine. */
async function setTerminals(on: boolean): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration('portside').update('terminalEnvironment', on, Global);
}
