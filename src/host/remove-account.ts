import * as vscode from 'vscode';
import { providerInfo } from '../shared/provider-list';
import type { CommandContext } from './command-context';
import type { AccountView } from './controller';

/**
 * Removes an account and its key after asking.
 * @param id the account; picked from a list when absent
 * @returns whether it was removed
 */
export async function removeAccount({ controller }: CommandContext, id?: unknown): Promise<boolean> {
  const all = controller.accounts();
  const account = typeof id === 'string' ? all.find((each) => each.id === id) : await pick(all);
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

async function pick(all: AccountView[]): Promise<AccountView | undefined> {
  if (all.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no accounts.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    all.map((account) => ({
      label: account.label,
      description: providerInfo(account.provider).label,
      ...(account.baseUrl !== undefined && { detail: account.baseUrl }),
      account,
    })),
    { title: vscode.l10n.t('Remove Account') },
  );
  return picked?.account;
}
