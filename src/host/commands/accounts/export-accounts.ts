import * as vscode from 'vscode';
import type { CommandContext } from '../command-context';
import { mention } from '../command-context';

/** As account-file.ts has it; not imported from there, which would load zod with the extension. */
const SHORTEST_PASSPHRASE = 8;

/**
 * Writes all accounts to a file that the user names: without keys, or with keys under a passphrase.
 * @returns whether a file was written
 */
export async function exportAccounts({ controller }: CommandContext): Promise<boolean> {
  const t = vscode.l10n.t;
  if (controller.accounts().length === 0) {
    void vscode.window.showInformationMessage(t('There are no accounts.'));
    return false;
  }
  const without = t('Without Keys');
  const picked = await vscode.window.showQuickPick(
    [
      { label: without, detail: t('Names, addresses and models; every key is typed in again') },
      { label: t('With Keys'), detail: t('Encrypted with a passphrase that you choose') },
    ],
    { title: t('Export Accounts') },
  );
  if (!picked) return false;
  const passphrase = picked.label === without ? undefined : await askNewPassphrase();
  if (picked.label !== without && passphrase === undefined) return false;
  const file = await vscode.window.showSaveDialog({
    title: t('Export Accounts'),
    filters: { JSON: ['json'] },
    saveLabel: t('Export'),
  });
  if (!file) return false;
  const text = await controller.exportAccounts(passphrase);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  mention(t('Exported the accounts'));
  return true;
}

/** Asks twice; undefined when the user turned back. */
async function askNewPassphrase(): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const first = await vscode.window.showInputBox({
    title: t('Export Accounts'),
    prompt: t('Passphrase for the keys, at least {0} characters. It is kept nowhere.', SHORTEST_PASSPHRASE),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.length < SHORTEST_PASSPHRASE ? t('At least {0} characters.', SHORTEST_PASSPHRASE) : undefined,
  });
  if (first === undefined) return undefined;
  const second = await vscode.window.showInputBox({
    title: t('Export Accounts'),
    prompt: t('The same passphrase again'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text === first ? undefined : t('The two are not the same.')),
  });
  if (second === undefined) return undefined;
  if (second !== first) throw new Error(t('The two are not the same.'));
  return first;
}
