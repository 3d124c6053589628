import * as vscode from 'vscode';
import type { AgentView } from '../../shared/agents';
import { MalformedConfigError } from '../agents/agent';
import { ConfigChangedError, type FileChange } from '../agents/file-change';
import { type CommandContext, mention, offer } from './command-context';
import { describeAgent, pickAgent } from './pick-agent';
import { reviewChanges } from './review-changes';
import { startProxy } from './start-proxy';

/**
 * Writes an agent's configuration so that it uses Portside, after showing what would change (SPEC 7.5).
 * @param id of the agent; asked for when absent
 * @returns whether the agent is connected now
 */
export async function connectAgent(context: CommandContext, id?: unknown): Promise<boolean> {
  const t = vscode.l10n.t;
  const { agents } = context;
  const title = t('Connect an Agent');
  const picked = typeof id === 'string' ? id : await pickAgent(context, title, () => true);
  if (picked === undefined) return false;
  const { name } = await agents.agent(picked);
  for (;;) {
    const plan = await refusingMalformed(context, () => agents.planConnect(picked));
    if (!plan) return false;
    if (plan.changes.length === 0) {
      offer(context, 'information', t('{0} uses Portside already: nothing is to be changed.', name), []);
      break;
    }
    if (isBeingEdited(context, plan.changes)) return false;
    const agreed = await reviewChanges(plan.changes, {
      title: t('Connect {0}', name),
      question: t('Write this, so that {0} uses Portside?', name),
      yes: t('Write'),
    });
    if (!agreed) return false;
    try {
      await agents.apply(plan);
    } catch (error) {
      if (!(error instanceof ConfigChangedError)) throw error;
      offer(context, 'warning', t('{0} Nothing was written: here is what would be now.', error.message), []);
      continue;
    }
    mention(t('{0} uses Portside', name));
    break;
  }
  hint(
    context,
    agents.views()?.find((view) => view.id === picked),
  );
  return true;
}

/** What still keeps a connected agent from an answer. */
function hint(context: CommandContext, view: AgentView | undefined): void {
  const t = vscode.l10n.t;
  if (view && view.overrides.length > 0)
    offer(context, 'warning', `${view.name}: ${describeAgent(view)}`, [
      {
        title: t('Open Documentation'),
        run: () => vscode.env.openExternal(vscode.Uri.parse(view.documentation)),
      },
    ]);
  if (view && context.controller.status().state === 'stopped')
    offer(context, 'information', t('{0} gets answers while the proxy runs.', view.name), [
      { title: t('Start Proxy'), run: () => startProxy(context) },
    ]);
}

/** Runs something; for a malformed file says where, with a way there, and gives undefined. */
export async function refusingMalformed<T>(
  context: CommandContext,
  deed: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await deed();
  } catch (error) {
    if (!(error instanceof MalformedConfigError)) throw error;
    const { path, line, column, message } = error;
    const selection = new vscode.Range(line - 1, column - 1, line - 1, column - 1);
    offer(context, 'error', vscode.l10n.t('Nothing was written. {0}', message), [
      {
        title: vscode.l10n.t('Open File'),
        run: () => vscode.window.showTextDocument(vscode.Uri.file(path), { selection }),
      },
    ]);
    return undefined;
  }
}

/** A file with unsaved changes in the editor would be in two states at once. */
export function isBeingEdited(context: CommandContext, changes: readonly FileChange[]): boolean {
  const paths = changes.flatMap(({ before }) => [before.path, before.target]);
  const dirty = vscode.workspace.textDocuments.find(
    ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && paths.includes(uri.fsPath),
  );
  if (!dirty) return false;
  offer(context, 'warning', vscode.l10n.t('{0} has unsaved changes. Save it first.', dirty.uri.fsPath), [
    { title: vscode.l10n.t('Open File'), run: () => vscode.window.showTextDocument(dirty) },
  ]);
  return true;
}
