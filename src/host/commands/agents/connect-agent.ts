import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { AgentView } from '../../../shared/agents';
import { MalformedConfigError } from '../../agents/agent';
import { UnwritableConfigError } from '../../agents/agent-files';
import { ConfigChangedError, type FileChange, type Plan } from '../../agents/file-change';
import { openFile } from '../../open-file';
import { type CommandContext, mention, offer } from '../command-context';
import { describeAgent, pickAgent } from './pick-agent';
import { reviewChanges } from './review-changes';
import { startProxy } from '../start-proxy';

/**
 * Writes the configuration of agents so that they use Portside, after showing what would change (SPEC 7.5).
 * @param id of the agent, or of several; asked for when absent
 * @returns whether all of them are connected now
 */
export async function connectAgent(context: CommandContext, id?: unknown): Promise<boolean> {
  const t = vscode.l10n.t;
  const { agents } = context;
  const ids = idsOf(id) ?? [await pickAgent(context, t('Connect an Agent'), () => true)];
  const picked = ids.filter((each) => each !== undefined);
  for (;;) {
    const plans: Plan[] = [];
    for (const each of picked) {
      const plan = await refusing(context, () => agents.planConnect(each));
      if (plan) plans.push(plan);
    }
    if (plans.length === 0) return false;
    const names = plans.map(({ agent }) => agent.name).join(', ');
    const changes = plans.flatMap((plan) => plan.changes);
    if (changes.length === 0) {
      offer(context, 'information', t('{0} uses Portside already: nothing is to be changed.', names), []);
    } else {
      if (isBeingEdited(context, changes)) return false;
      const agreed = await reviewChanges(changes, {
        title: t('Connect {0}', names),
        question: t('Write this, so that {0} uses Portside?', names),
        yes: t('Write'),
      });
      if (!agreed) return false;
      try {
        for (const plan of plans) if (plan.changes.length > 0) await agents.apply(plan);
      } catch (error) {
        if (!(error instanceof ConfigChangedError)) throw error;
        sayChanged(context, error);
        continue;
      }
      mention(t('{0} uses Portside', names));
    }
    const views = agents.views()?.filter((view) => picked.includes(view.id)) ?? [];
    hint(context, views, names);
    return plans.length === picked.length;
  }
}

function idsOf(id: unknown): string[] | undefined {
  const ids = (Array.isArray(id) ? id : [id]).filter((each) => typeof each === 'string');
  return ids.length > 0 ? ids : undefined;
}

/** What still keeps connected agents from an answer. */
function hint(context: CommandContext, views: readonly AgentView[], names: string): void {
  const t = vscode.l10n.t;
  for (const view of views)
    if (view.overrides.length > 0)
      offer(context, 'warning', `${view.name}: ${describeAgent(view)}`, [
        {
          title: t('Open Documentation'),
          run: () => vscode.env.openExternal(vscode.Uri.parse(view.documentation)),
        },
      ]);
  if (context.controller.status().state === 'stopped')
    offer(context, 'information', t('{0} gets answers while the proxy runs.', names), [
      { title: t('Start Proxy'), run: () => startProxy(context) },
    ]);
}

/** Runs something; for a file that cannot be read or written says so, with a way to the place, and gives undefined. */
export async function refusing<T>(context: CommandContext, deed: () => Promise<T>): Promise<T | undefined> {
  try {
    return await deed();
  } catch (error) {
    const isMalformed = error instanceof MalformedConfigError;
    if (!isMalformed && !(error instanceof UnwritableConfigError)) throw error;
    const { path } = error;
    const message = isMalformed
      ? error.message
      : vscode.l10n.t('{0}, or the folder it lies in, is read-only.', path);
    offer(context, 'error', vscode.l10n.t('Nothing was written. {0}', message), [
      {
        title: vscode.l10n.t('Open File'),
        run: () =>
          isMalformed ? openFile(path, error) : vscode.window.showTextDocument(vscode.Uri.file(path)),
      },
    ]);
    return undefined;
  }
}

/** Tells why what would be written is shown once more. */
export function sayChanged(context: CommandContext, { path }: ConfigChangedError): void {
  const t = vscode.l10n.t;
  const words = t(
    '{0} has changed meanwhile. Nothing was written: here is what would be now.',
    basename(path),
  );
  offer(context, 'warning', words, []);
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
