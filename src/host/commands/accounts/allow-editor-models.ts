import * as vscode from 'vscode';
import { askConsent, modelVendors } from '../../language-models/ask-consent';
import { type CommandContext, mention, offer } from '../command-context';

/**
 * Asks whose of the editor's own models Portside may use for accounts “Editor models”; the editor then asks in its own words,
 * where it wants to. Accounts that were refused before are tested again.
 * @param only vendors to allow, and no others, without a question of Portside's own
 * @returns the vendors that are allowed, or undefined when the user turned back or there are none
 */
export async function allowEditorModels(
  context: CommandContext,
  only?: unknown,
): Promise<readonly string[] | undefined> {
  const { consent, controller } = context;
  const t = vscode.l10n.t;
  const vendors = consent ? await modelVendors() : new Map<string, string[]>();
  if (!consent || vendors.size === 0) {
    const message = t(
      'The editor has no language models. Install or sign in to an extension that brings some.',
    );
    offer(context, 'information', message, []);
    return undefined;
  }
  const wanted = Array.isArray(only) ? only.map(String) : await pickVendors(vendors, consent.vendors());
  if (!wanted) return undefined;
  const given: string[] = [];
  for (const vendor of wanted) if (await askConsent(vendor)) given.push(vendor);
  await consent.allow(given);
  for (const { id, provider } of controller.accounts())
    if (provider === 'vscode' && given.length > 0) await controller.testAccount(id);
  if (given.length > 0) mention(t('Portside may use the models of {0}', given.join(', ')));
  return given;
}

/** All are proposed as long as none is allowed: whoever is here wants some. */
async function pickVendors(
  vendors: Map<string, string[]>,
  allowed: readonly string[],
): Promise<string[] | undefined> {
  const t = vscode.l10n.t;
  const picked = await vscode.window.showQuickPick(
    [...vendors].map(([vendor, names]) => ({
      label: vendor,
      description: names.join(', ').slice(0, 200),
      picked: allowed.length === 0 || allowed.includes(vendor),
    })),
    {
      title: t('Allow Editor Models'),
      placeHolder: t('Whose models may answer your coding agents?'),
      canPickMany: true,
      ignoreFocusOut: true,
    },
  );
  return picked?.map(({ label }) => label);
}
