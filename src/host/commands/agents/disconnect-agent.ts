import * as vscode from 'vscode';
import { ConfigChangedError } from '../../agents/file-change';
import { type CommandContext, mention, offer } from '../command-context';
import { isBeingEdited, refusing, sayChanged } from './connect-agent';
import { pickAgent } from './pick-agent';
import { reviewChanges } from './review-changes';

/**
 * Puts back what an agent's files were before Portside wrote them (SPEC 7.5). Nothing is asked where they still are as
 * Portside wrote them; from files that were changed since, only what Portside put in is taken out, and shown first.
 * @param id of the agent; asked for when absent
 * @returns whether the agent is disconnected now
 */
export async function disconnectAgent(context: CommandContext, id?: unknown): Promise<boolean> {
  const t = vscode.l10n.t;
  const { agents } = context;
  const title = t('Disconnect an Agent');
  const picked =
    typeof id === 'string' ? id : await pickAgent(context, title, ({ canDisconnect }) => canDisconnect);
  if (picked === undefined) return false;
  const { name } = await agents.agent(picked);
  for (;;) {
    const plan = await refusing(context, async () => (await agents.planDisconnect(picked)) ?? null);
    if (plan === undefined) return false;
    if (plan === null) {
      offer(
        context,
        'information',
        t('{0} was not connected by Portside: its files are left alone.', name),
        [],
      );
      return false;
    }
    if (isBeingEdited(context, plan.changes)) return false;
    if (plan.edited.length > 0) {
      const agreed = await reviewChanges(
        plan.changes.filter(({ before }) => plan.edited.includes(before.path)),
        {
          title: t('Disconnect {0}', name),
          question: t('Changed since Portside wrote it: take out only what Portside put in?'),
          yes: t('Write'),
        },
      );
      if (!agreed) return false;
    }
    try {
      await agents.apply(plan);
    } catch (error) {
      if (!(error instanceof ConfigChangedError)) throw error;
      sayChanged(context, error);
      continue;
    }
    mention(t('{0} is as it was before', name));
    return true;
  }
}
