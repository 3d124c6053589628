import { readFile } from 'node:fs/promises';
import { visit } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Check, DoctorContext, Finding } from '../check';

/** What the folder that is open may and may not do: its trust, and settings of Portside in it, which count nothing. */
export const checkWorkspace: Check = {
  id: 'workspace',
  title: () => vscode.l10n.t('Workspace'),
  async run(context) {
    const t = vscode.l10n.t;
    const { trusted, files } = context.machine.workspace;
    const findings: Finding[] = trusted
      ? []
      : [
          {
            severity: 'info',
            words: t(
              'This window is in Restricted Mode. Portside works as ever; the editor asks before it opens terminals, and extensions of agents may be off.',
            ),
            fix: { title: t('Manage Trust'), do: () => context.run('workbench.trust.manage') },
          },
        ];
    for (const file of files) findings.push(...(await ignoredIn(context, file)));
    return findings.length > 0
      ? findings
      : [{ severity: 'ok', words: t('The workspace is trusted and sets nothing of Portside.') }];
  },
};

/** Settings of Portside are of the machine: a repository must not open somebody's proxy. The editor ignores them silently. */
async function ignoredIn(context: DoctorContext, file: string): Promise<Finding[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return portsideSettings(text).map(({ name, line, column }): Finding => ({
    severity: 'warning',
    words: vscode.l10n.t(
      '{0} sets {1}, which counts nothing there: settings of Portside belong to the user.',
      file,
      name,
    ),
    fix: {
      title: vscode.l10n.t('Open File'),
      do: () => context.openFile(file, { line, column }),
    },
  }));
}

/** Where a settings file, or a workspace file under `settings`, names settings of Portside; places from 1. */
function portsideSettings(text: string): { name: string; line: number; column: number }[] {
  const found: { name: string; line: number; column: number }[] = [];
  visit(text, {
    onObjectProperty(name, _offset, _length, startLine, startCharacter, pathOf) {
      const path = pathOf();
      const isTop = path.length === 0 || (path.length === 1 && path[0] === 'settings');
      if (isTop && name.startsWith('portside.'))
        found.push({ name, line: startLine + 1, column: startCharacter + 1 });
    },
  });
  return found;
}
