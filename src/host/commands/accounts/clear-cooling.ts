import * as vscode from 'vscode';
import type { AccountStatus } from '../../../shared/status';
import type { CommandContext } from '../command-context';

/**
 * Ends the rest of an account, or of one of its models, by hand.
 * @param which the account's id: all of it is cleared; picked from what rests when absent
 * @returns whether something was cleared
 */
export async function clearCooling({ controller }: CommandContext, which?: unknown): Promise<boolean> {
  const t = vscode.l10n.t;
  if (typeof which === 'string') {
    await controller.clearCooling(which);
    return true;
  }
  const labels = new Map(controller.accounts().map(({ id, label }) => [id, label]));
  const rows = controller
    .status()
    .accounts.flatMap((account) =>
      resting(account).map((row) => ({ ...row, label: labels.get(account.id) ?? account.label })),
    );
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(t('No account rests.'));
    return false;
  }
  const picked = await vscode.window.showQuickPick(
    rows.map(({ label, id, model, reason }) => ({
      label,
      ...(model !== undefined && { description: model }),
      ...(reason !== undefined && { detail: reason }),
      id,
      model,
    })),
    { title: t('Clear Cooling'), placeHolder: t('Who shall be asked again at once?') },
  );
  if (!picked) return false;
  await controller.clearCooling(picked.id, picked.model);
  return true;
}

interface Resting {
  id: string;
  model?: string;
  reason?: string;
}

/** The account as a whole and each of its models that is not asked for now. */
function resting({ id, state, reason, models }: AccountStatus): Resting[] {
  const rests = (each: string) => each === 'cooling' || each === 'probing';
  return [
    ...(rests(state) ? [{ id, ...(reason !== undefined && { reason }) }] : []),
    ...(models ?? [])
      .filter((model) => rests(model.state))
      .map(({ model, reason: why }) => ({ id, model, reason: why })),
  ];
}
