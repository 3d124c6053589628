import * as vscode from 'vscode';
import type { Check, Finding } from '../check';

/** What everything runs on. */
export const checkVersions: Check = {
  id: 'versions',
  title: () => vscode.l10n.t('Versions'),
  run({ machine: { versions, platform } }) {
    const t = vscode.l10n.t;
    const { extension, editorName, editor, node, sqlite } = versions;
    const words = `Portside ${extension} · ${editorName} ${editor} · Node.js ${node} · SQLite ${sqlite ?? '–'} · ${platform}`;
    const findings: Finding[] = [{ severity: 'info', words }];
    if (sqlite === undefined)
      findings.push({
        severity: 'warning',
        words: t('The editor’s Node.js has no SQLite: the monitor forgets its records when the proxy stops.'),
      });
    return findings;
  },
};
