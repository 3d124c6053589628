import * as vscode from 'vscode';
import { canAccess } from '../../can-access';
import type { Check, Finding } from '../check';
import { takeAway, variable } from '../variables';

const FILES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'CODEX_CA_CERTIFICATE', 'REQUESTS_CA_BUNDLE'];

/** Variables about certificates that agents read. */
export const checkCertificates: Check = {
  id: 'certificates',
  title: () => vscode.l10n.t('Certificates of agents'),
  async run(context) {
    const t = vscode.l10n.t;
    const { machine } = context;
    const findings: Finding[] = [];
    for (const name of FILES) {
      const set = variable(machine, name);
      if (!set) continue;
      const isThere = await canAccess(set.value);
      findings.push(
        isThere
          ? { severity: 'ok', words: t('{0} names {1}.', name, set.value) }
          : {
              severity: 'warning',
              words: t('{0} names {1}, which cannot be read.', name, set.value),
              fix: takeAway(context, set),
            },
      );
    }
    const unchecked = variable(machine, 'NODE_TLS_REJECT_UNAUTHORIZED');
    if (unchecked?.value === '0')
      findings.push({
        severity: 'warning',
        words: t('NODE_TLS_REJECT_UNAUTHORIZED is 0: agents check no certificates.'),
        fix: takeAway(context, unchecked),
      });
    return findings.length > 0
      ? findings
      : [{ severity: 'ok', words: t('No variable changes whom agents trust.') }];
  },
};
