import * as vscode from 'vscode';
import type { AgentView } from '../../../shared/agents';
import type { Check, DoctorContext, Finding } from '../check';

/** How the agents of this machine are configured. */
export const checkAgents: Check = {
  id: 'agents',
  title: () => vscode.l10n.t('Agents'),
  async run(context) {
    const t = vscode.l10n.t;
    const views = await context.agents();
    // One that cannot be looked at keeps nobody from hearing of the others.
    const found = await Promise.all(
      views.map((view) => judge(context, view).catch((error: unknown) => [unseen(view, error)])),
    );
    const findings = found.flat();
    const absent = views
      .filter(
        ({ found, connected, canDisconnect, problem }) => !found && !connected && !canDisconnect && !problem,
      )
      .map(({ name }) => name);
    if (absent.length > 0)
      findings.push({ severity: 'info', words: t('Not found here: {0}.', absent.join(', ')) });
    return findings;
  },
};

async function judge(context: DoctorContext, view: AgentView): Promise<Finding[]> {
  const t = vscode.l10n.t;
  const { id, name, file, found, connected, canDisconnect, stale, overrides, problem, at } = view;
  const connect = { title: t('Connect Again'), do: () => context.run('portside.connectAgent', id) };
  if (problem !== undefined)
    return [
      {
        severity: 'error',
        // A position stands in the words of the problem already.
        words: t('{0}: the file cannot be read. {1}', name, problem),
        fix: { title: t('Open File'), do: () => context.openFile(file, at) },
      },
    ];
  if (!connected) {
    if (canDisconnect)
      return [
        {
          severity: 'warning',
          words:
            stale === 'address'
              ? t('{0} leads to an address that Portside had before: {1}', name, file)
              : t('{0} was connected, but {1} leads past Portside now.', name, file),
          fix: connect,
        },
      ];
    if (!found) return [];
    return [
      {
        severity: 'info',
        words: t('{0} is here and not connected.', name),
        fix: { title: t('Connect'), do: () => context.run('portside.connectAgent', id) },
      },
    ];
  }
  const findings: Finding[] = [];
  if (stale === 'key')
    findings.push({
      severity: 'warning',
      words: t('{0} leads to Portside, but {1} does not have the key of now.', name, file),
      fix: connect,
    });
  // While the proxy is stopped it lists no models: the file would seem to have too many.
  else if (context.controller.status().listening && (await context.wouldChange(id)))
    findings.push({
      severity: 'info',
      words: t('{0} is connected; {1} could be brought up to date: the models differ.', name, file),
      fix: connect,
    });
  for (const override of overrides)
    findings.push({
      severity: 'warning',
      words: t('{0} is connected, but {1} wins and leads elsewhere.', name, override),
      fix: isPath(override)
        ? { title: t('Open File'), do: () => context.openFile(override) }
        : {
            title: t('Open Documentation'),
            do: () => context.run('vscode.open', vscode.Uri.parse(view.documentation)),
          },
    });
  return findings.length > 0 ? findings : [{ severity: 'ok', words: t('{0} is connected.', name) }];
}

const isPath = (name: string): boolean => /[\\/]/.test(name);

const unseen = ({ name }: AgentView, error: unknown): Finding => ({
  severity: 'warning',
  words: vscode.l10n.t(
    '{0} could not be looked at: {1}',
    name,
    error instanceof Error ? error.message : String(error),
  ),
});
