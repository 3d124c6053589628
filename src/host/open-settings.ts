import * as vscode from 'vscode';

/** A query that finds all settings of Portside. */
export const OWN_SETTINGS = '@ext:portside.portside';

/**
 * The command that opens the editor's page of settings where those of this extension are, and its argument. They belong
 * to the machine that the extension runs on, and in a remote window that machine has a page of its own: the user's page
 * shows none of them.
 * @param query what to search for: {@link OWN_SETTINGS}, or the name of a setting
 */
export function settingsCommand(query: string): [command: string, argument: unknown] {
  return vscode.env.remoteName === undefined
    ? ['workbench.action.openSettings', query]
    : ['workbench.action.openRemoteSettings', { query }];
}

/** Opens the settings of Portside, or those that the query finds. */
export async function openSettings(query = OWN_SETTINGS): Promise<void> {
  await vscode.commands.executeCommand(...settingsCommand(query));
}
