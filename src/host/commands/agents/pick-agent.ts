import * as vscode from 'vscode';
import type { AgentView } from '../../../shared/agents';
import type { CommandContext } from '../command-context';

/** One line on how an agent stands. */
export function describeAgent({ found, connected, stale, overrides, problem }: AgentView): string {
  const t = vscode.l10n.t;
  if (problem !== undefined) return problem;
  if (stale === 'address') return t('connected with another address of the proxy');
  if (stale === 'key') return t('connected with another key');
  if (overrides.length > 0) return t('overridden by {0}', overrides.join(', '));
  if (connected) return t('connected');
  return found ? t('found, not connected') : t('not found here');
}

/** Asks for an agent, those that are here first. @returns its id; undefined when the user turned back or none fits */
export async function pickAgent(
  { agents }: CommandContext,
  title: string,
  fits: (view: AgentView) => boolean,
): Promise<string | undefined> {
  const views = (await agents.look()).filter(fits);
  if (views.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Portside has connected no agent.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    [...views]
      .sort((a, b) => Number(b.found) - Number(a.found))
      .map((view) => ({
        label: view.name,
        description: describeAgent(view),
        detail: view.file,
        id: view.id,
      })),
    { title, placeHolder: vscode.l10n.t('Which agent?'), matchOnDescription: true },
  );
  return picked?.id;
}
