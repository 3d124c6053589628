import * as vscode from 'vscode';
import { type CommandContext, mention } from './command-context';

/** Copies the local key, making it on first use. */
export async function copyApiKey({ controller }: CommandContext): Promise<void> {
  await vscode.env.clipboard.writeText(await controller.apiKey());
  mention(vscode.l10n.t('Copied the API key'));
}

/**
 * Replaces the local key after asking.
 * @returns whether it was replaced
 */
export async function regenerateApiKey({ controller }: CommandContext): Promise<boolean> {
  const yes = vscode.l10n.t('Regenerate');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Replace the API key of Portside?'),
    {
      modal: true,
      detail: vscode.l10n.t('Clients that have the old key are refused until they get the new one.'),
    },
    yes,
  );
  if (answer !== yes) return false;
  await controller.regenerateApiKey();
  return true;
}

/**
 * Asks for the key that z.ai dispatch uses; an empty one is forgotten.
 * @returns whether something was entered
 */
export async function setZaiKey({ controller }: CommandContext): Promise<boolean> {
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key for z.ai dispatch'),
    prompt: vscode.l10n.t('Leave it empty to forget the key.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return false;
  await controller.setZaiKey(key);
  return true;
}
