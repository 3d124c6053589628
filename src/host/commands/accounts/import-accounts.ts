import * as vscode from 'vscode';
import type { AccountFile, ImportPlan, ImportResult } from '../../accounts/account-file';
import { type CommandContext, mention, offer } from '../command-context';
import type { Controller } from '../../controller/controller';
import { editAccount } from './edit-account';

/** As account-file.ts has it; not imported from there, which would load zod with the extension. */
const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * Takes over the accounts of a file that the user picks. Nothing changes before every question is answered.
 * @returns what came of it, or undefined when the user turned back
 * @throws Error with the reason when the file cannot be read
 */
export async function importAccounts(context: CommandContext): Promise<ImportResult | undefined> {
  const t = vscode.l10n.t;
  const { controller } = context;
  const files = await vscode.window.showOpenDialog({
    title: t('Import Accounts'),
    filters: { JSON: ['json'] },
    openLabel: t('Import'),
  });
  const uri = files?.[0];
  if (!uri) return undefined;
  const { file, known } = await controller.readAccounts(await readText(uri));
  const what = known.length === 0 ? 'skip' : await askAboutKnown(known.length);
  if (!what) return undefined;
  const result = file.keys
    ? await openAndImport(controller, file, what)
    : await controller.importAccounts(file, { known: what });
  if (result) tell(context, result);
  return result;
}

async function readText(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > LARGEST_FILE)
    throw new Error(vscode.l10n.t('The file cannot be imported: it is larger than any file of accounts.'));
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}

async function askAboutKnown(count: number): Promise<ImportPlan['known'] | undefined> {
  const t = vscode.l10n.t;
  const rows: (vscode.QuickPickItem & { value: ImportPlan['known'] })[] = [
    { value: 'skip', label: t('Skip'), detail: t('What is here stays as it is') },
    { value: 'replace', label: t('Replace'), detail: t('What is here becomes what the file has') },
    { value: 'both', label: t('Keep Both'), detail: t('Those of the file come in under a new name') },
  ];
  const picked = await vscode.window.showQuickPick(rows, {
    title: t('Import Accounts'),
    placeHolder: t('Accounts of the file that are here already: {0}', count),
  });
  return picked?.value;
}

/** Asks for the passphrase until it is right or the user turns back. */
async function openAndImport(
  controller: Controller,
  file: AccountFile,
  known: ImportPlan['known'],
): Promise<ImportResult | undefined> {
  const t = vscode.l10n.t;
  for (let problem = ''; ;) {
    const passphrase = await vscode.window.showInputBox({
      title: t('Import Accounts'),
      prompt: problem || t('Passphrase of the file’s keys'),
      password: true,
      ignoreFocusOut: true,
    });
    if (passphrase === undefined) return undefined;
    try {
      return await controller.importAccounts(file, { known, passphrase });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'WRONG_PASSPHRASE') throw error;
      problem = (error as Error).message;
    }
  }
}

function tell(context: CommandContext, { added, replaced, keyless }: ImportResult): void {
  const t = vscode.l10n.t;
  const [first] = keyless;
  if (first === undefined) {
    mention(t('Imported accounts: {0}', added.length + replaced.length));
    return;
  }
  offer(
    context,
    'warning',
    t('Accounts that came without their key and are switched off: {0}', keyless.join(', ')),
    [{ title: t('Edit'), run: () => editAccount(context, keyless.length === 1 ? first : undefined) }],
  );
}
