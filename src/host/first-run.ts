import * as vscode from 'vscode';

/** In the memory of the extension: whether this user was welcomed. */
const WELCOMED = 'portside.welcomed';

/** Opens the walkthrough. */
export async function getStarted(): Promise<void> {
  await vscode.commands.executeCommand(
    'workbench.action.openWalkthrough',
    'portside.portside#getStarted',
    false,
  );
}

/**
 * Opens the walkthrough once, for a user who has nothing yet, unless the editor is set not to open those of new extensions
 * (`workbench.welcomePage.walkthroughs.openOnInstall`).
 * @param memory that of the extension
 * @param hasAccounts whoever has some needs no introduction
 * @returns whether it was opened
 */
export async function welcomeOnce(
  memory: Pick<vscode.Memento, 'get' | 'update'>,
  hasAccounts: boolean,
): Promise<boolean> {
  if (memory.get(WELCOMED) === true) return false;
  await memory.update(WELCOMED, true);
  const wanted = vscode.workspace
    .getConfiguration('workbench.welcomePage.walkthroughs')
    .get<boolean>('openOnInstall', true);
  if (hasAccounts || !wanted) return false;
  await getStarted();
  return true;
}
