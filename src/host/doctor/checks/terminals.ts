import * as vscode from 'vscode';
import type { Check } from '../check';
import { leadTerminals, startFix } from '../fixes';

/** Whether agents in new terminals of the editor are led to the proxy. */
export const checkTerminals: Check = {
  id: 'terminals',
  title: () => vscode.l10n.t('Terminals'),
  run(context) {
    const t = vscode.l10n.t;
    if (!context.machine.terminalsLed)
      return [
        {
          severity: 'info',
          words: t(
            'New terminals do not lead agents to Portside: each must be connected, or told the address.',
          ),
          fix: leadTerminals(context),
        },
      ];
    if (!context.controller.status().listening)
      return [
        {
          severity: 'info',
          words: t('New terminals lead agents to Portside as soon as the proxy runs.'),
          fix: startFix(context),
        },
      ];
    return [{ severity: 'ok', words: t('New terminals lead agents to Portside.') }];
  },
};
