import * as vscode from 'vscode';
import { providerInfo } from '../../../shared/provider-list';
import type { AccountView } from '../../controller/controller';

/**
 * Lets the user pick one of these accounts.
 * @param id the account, where it is known already: nothing is asked
 * @param empty what to say when there are none
 * @returns undefined when there are none, or the question was closed
 */
export async function pickAccount(
  accounts: readonly AccountView[],
  title: string,
  id?: unknown,
  empty = vscode.l10n.t('There are no accounts.'),
): Promise<AccountView | undefined> {
  if (typeof id === 'string') return accounts.find((each) => each.id === id);
  if (accounts.length === 0) {
    void vscode.window.showInformationMessage(empty);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    accounts.map((account) => ({
      label: account.label,
      description: providerInfo(account.provider).label,
      ...(account.baseUrl !== undefined && { detail: account.baseUrl }),
      account,
    })),
    { title },
  );
  return picked?.account;
}
