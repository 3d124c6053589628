import * as vscode from 'vscode';
import type { Check } from '../check';
import { settingsFix } from '../fixes';

/** From where the proxy can be reached. */
export const checkLan: Check = {
  id: 'lan',
  title: () => vscode.l10n.t('Other machines'),
  run(context) {
    const t = vscode.l10n.t;
    const { controller, machine } = context;
    const { allowLanAccess, port } = controller.settings();
    if (!allowLanAccess)
      return [{ severity: 'ok', words: t('The proxy can be reached from this machine alone.') }];
    if (machine.addresses.length === 0)
      return [
        {
          severity: 'warning',
          words: t('LAN access is on, but this machine has no address in a network.'),
          fix: settingsFix(context, 'portside.allowLanAccess'),
        },
      ];
    const at = controller.status().listening?.port ?? port;
    const urls = machine.addresses.map((address) => `http://${address}:${at}`);
    return [
      {
        severity: 'info',
        words: t(
          'Other machines reach the proxy at {0}, where firewalls let them. What they send and get is not encrypted on the way.',
          urls.join(', '),
        ),
        fix: settingsFix(context, 'portside.allowLanAccess'),
      },
    ];
  },
};
