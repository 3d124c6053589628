import * as vscode from 'vscode';
import type { AccountStatus, ModelStatus } from '../../../shared/status';
import type { Check, DoctorContext, Finding } from '../check';
import { lacksKey } from '../lacks-key';

/** Whether there are accounts that can be asked, and what keeps the others. */
export const checkAccounts: Check = {
  id: 'accounts',
  title: () => vscode.l10n.t('Accounts'),
  async run(context) {
    const t = vscode.l10n.t;
    const { controller } = context;
    await Promise.all([controller.learnKeys(), controller.refresh()]);
    const accounts = controller.accounts();
    if (accounts.length === 0 && controller.settings().zai.dispatchMode !== 'off' && controller.hasZaiKey())
      return [
        {
          severity: 'warning',
          words: t(
            'There is no account: only z.ai answers, and only clients that speak Anthropic’s protocol.',
          ),
          fix: { title: t('Add Account'), do: () => context.run('portside.addAccount') },
        },
      ];
    if (accounts.length === 0)
      return [
        {
          severity: 'error',
          words: t('There is no account: nobody can answer.'),
          fix: { title: t('Add Account'), do: () => context.run('portside.addAccount') },
        },
        {
          severity: 'info',
          words: t('The demo account answers without a key, to try things out.'),
          fix: { title: t('Use Demo Account'), do: () => context.run('portside.useDemoAccount') },
        },
      ];
    const known = new Map(controller.status().accounts.map((each) => [each.id, each]));
    const findings = accounts.flatMap((account): Finding[] => {
      const { id, label, enabled } = account;
      if (!enabled)
        return [
          {
            severity: 'info',
            words: t('{0} is switched off.', label),
            fix: { title: t('Switch On'), do: () => controller.setAccountEnabled(id, true) },
          },
        ];
      if (lacksKey(account))
        return [
          {
            severity: 'error',
            words: t('{0} has no key on this machine.', label),
            fix: editFix(context, id),
          },
        ];
      const status = known.get(id);
      return status ? restOf(context, label, status) : [];
    });
    const wanted = accounts.filter(
      (account) => account.enabled && !lacksKey(account) && known.get(account.id)?.state !== 'disabled',
    );
    const awake = wanted.filter(({ id }) => known.get(id)?.state !== 'cooling').length;
    return [total(wanted.length, awake, accounts.length), ...findings];
  },
};

/** @param wanted accounts that are asked in principle; `awake` of them do not rest */
function total(wanted: number, awake: number, all: number): Finding {
  const t = vscode.l10n.t;
  if (wanted === 0) return { severity: 'error', words: t('No account can be asked.') };
  if (awake === 0)
    return {
      severity: 'error',
      words: t('All accounts rest: clients are told to wait until the first is back.'),
    };
  return { severity: 'ok', words: t('Accounts that can be asked: {0} of {1}.', awake, all) };
}

const editFix = (context: DoctorContext, id: string) => ({
  title: vscode.l10n.t('Edit'),
  do: () => context.run('portside.editAccount', id),
});

/** What an account that the user wants does not do now. */
function restOf(context: DoctorContext, label: string, status: AccountStatus): Finding[] {
  const t = vscode.l10n.t;
  const { id, state, reason = '', until, models = [] } = status;
  const found: Finding[] = [];
  if (state === 'disabled')
    found.push({
      severity: 'error',
      words: t('{0} is not asked any more: {1}', label, reason),
      fix: {
        title: t('Re-test'),
        do: () => context.run('portside.retestAccount', id),
      },
    });
  else if (state !== 'healthy')
    found.push({
      severity: 'warning',
      words: resting(label, reason, until),
      fix: { title: t('Ask Again Now'), do: () => context.controller.clearCooling(id) },
    });
  for (const { model, reason: why, until: end } of models as ModelStatus[])
    found.push({
      severity: 'warning',
      words: resting(`${label}, ${model}`, why, end),
      fix: { title: t('Ask Again Now'), do: () => context.controller.clearCooling(id, model) },
    });
  return found;
}

function resting(who: string, reason: string, until: number | undefined): string {
  const t = vscode.l10n.t;
  if (until === undefined) return t('{0} rests: {1}', who, reason);
  const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
  return t('{0} rests for {1} seconds more: {2}', who, seconds, reason);
}
