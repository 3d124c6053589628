import * as vscode from 'vscode';
import type { CommandContext } from '../command-context';
import { pickAccount } from './pick-account';

/**
 * Opens the panel with the form of an account.
 * @param id the account; picked from a list when absent
 * @returns the account's id, or undefined when none was picked
 */
export async function editAccount(
  { controller, openPanel }: CommandContext,
  id?: unknown,
): Promise<string | undefined> {
  const account = await pickAccount(controller.accounts(), vscode.l10n.t('Edit Account'), id);
  if (!account) return undefined;
  openPanel(account.id);
  return account.id;
}
