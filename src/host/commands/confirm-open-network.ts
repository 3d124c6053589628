import * as vscode from 'vscode';

/** Asks whether the whole network may use the proxy without a key (SPEC 1.3). Closing the question means no. */
export async function confirmOpenNetwork(): Promise<boolean> {
  const yes = vscode.l10n.t('Open Without Key');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Open the proxy to your network without a key?'),
    { modal: true, detail: vscode.l10n.t('Anyone on your network could spend your accounts.') },
    yes,
  );
  return answer === yes;
}
