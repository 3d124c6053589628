import * as vscode from 'vscode';
import type { AccountTest } from '../../../shared/status';
import { type CommandContext, mention, offer, type Remedy } from '../command-context';
import { editAccount } from './edit-account';
import { pickAccount } from './pick-account';

/**
 * Tests an account with one cheap call. When its provider takes the key, whatever rested or was disabled for its sake
 * is asked again.
 * @param id the account; picked from a list when absent
 * @returns the verdict, or undefined when none was picked
 */
export async function retestAccount(context: CommandContext, id?: unknown): Promise<AccountTest | undefined> {
  const t = vscode.l10n.t;
  const { controller } = context;
  const account = await pickAccount(controller.accounts(), t('Re-test Account'), id);
  if (!account) return undefined;
  const test = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Portside: testing the account') },
    () => controller.testAccount(account.id),
  );
  if (test.ok) mention(t('{0} works', account.label));
  else
    offer(
      context,
      'warning',
      t('{0} does not work: {1}', account.label, test.message),
      deadAccountRemedies(context, account.id),
    );
  return test;
}

/** What can be done about an account that its provider refuses. */
export const deadAccountRemedies = (context: CommandContext, id: string): Remedy[] => [
  { title: vscode.l10n.t('Re-test'), run: () => retestAccount(context, id) },
  { title: vscode.l10n.t('Edit'), run: () => editAccount(context, id) },
];
