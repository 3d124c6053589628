import * as vscode from 'vscode';
import { resolveAuthMode } from '../../../shared/setting-names';
import type { Check, Finding } from '../check';

/** The local key, whom it is asked of, and whether that fits who can reach the proxy. */
export const checkKey: Check = {
  id: 'key',
  title: () => vscode.l10n.t('Key and access'),
  async run(context) {
    const t = vscode.l10n.t;
    const { controller } = context;
    const { authMode, allowLanAccess } = controller.settings();
    const mode = resolveAuthMode(authMode, allowLanAccess);
    const findings: Finding[] = [];
    const { apiKeySchema } = await import('../../../shared/settings');
    if (!apiKeySchema.safeParse(await controller.apiKey()).success)
      findings.push({
        severity: 'error',
        words: t('The API key of Portside is not valid.'),
        fix: { title: t('Regenerate API Key'), do: () => context.run('portside.regenerateApiKey') },
      });
    if (allowLanAccess && mode === 'off')
      findings.push({
        severity: 'error',
        words: t('The whole network may use your accounts: LAN access is on and no key is asked for.'),
        fix: { title: t('Ask for the Key'), do: () => controller.updateSetting('authMode', 'auto') },
      });
    else if (mode === 'off')
      findings.push({
        severity: 'ok',
        words: t('Programs of this machine need no key; other machines cannot reach the proxy.'),
      });
    else
      findings.push({
        severity: 'ok',
        words: allowLanAccess
          ? t('Clients of this machine and of the network must send the API key.')
          : t('Clients must send the API key of Portside, or they get 401.'),
      });
    for (const { name, expired } of controller.clientKeys())
      if (expired)
        findings.push({
          severity: 'warning',
          words: t('The client key “{0}” has expired: its client gets 401.', name),
          fix: {
            title: t('Remove Client Key'),
            do: () => context.run('portside.removeClientKey', name),
          },
        });
    return findings;
  },
};
