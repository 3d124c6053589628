import * as vscode from 'vscode';
import type { CommandContext } from '../command-context';
import { pickAccount } from './pick-account';

/**
 * Removes an account and its key after asking.
 * @param id the account; picked from a list when absent
 * @returns whether it was removed
 */
export async function removeAccount({ controller }: CommandContext, id?: unknown): Promise<boolean> {
  const account = await pickAccount(controller.accounts(), vscode.l10n.t('Remove Account'), id);
  if (!account) return false;
  const yes = vscode.l10n.t('Remove');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove the account "{0}"?', account.label),
    { modal: true, detail: vscode.l10n.t('Its key is forgotten.') },
    yes,
  );
  if (answer !== yes) return false;
  await controller.removeAccount(account.id);
  return true;
}
