import * as vscode from 'vscode';
import type { AccountView } from '../../controller/controller';
import type { Check, DoctorContext, Finding } from '../check';
import { lacksKey } from '../lacks-key';

/**
 * Whether the providers can be reached and take the keys: one list of models of each healthy account, which is free. Those
 * that rest are not asked: a good answer would end their rest, which is for the user to wish. Nor are the editor's own
 * models, which may ask for consent.
 */
export const checkProviders: Check = {
  id: 'providers',
  title: () => vscode.l10n.t('Providers'),
  far: true,
  limitMs: 15_000,
  async run(context) {
    const { controller } = context;
    await controller.learnKeys();
    const states = new Map(controller.status().accounts.map(({ id, state }) => [id, state]));
    const asked = controller
      .accounts()
      .filter(
        (account) =>
          account.enabled &&
          account.provider !== 'vscode' &&
          !lacksKey(account) &&
          (states.get(account.id) ?? 'healthy') === 'healthy',
      );
    if (asked.length === 0)
      return [{ severity: 'info', words: vscode.l10n.t('No healthy account is there to be asked.') }];
    return Promise.all(asked.map((account) => test(context, account)));
  },
};

const PATIENCE_MS = 12_000;

async function test(context: DoctorContext, { id, label }: AccountView): Promise<Finding> {
  const t = vscode.l10n.t;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  const verdict = await Promise.race([context.controller.testAccount(id), late]);
  clearTimeout(timer);
  if (verdict?.ok) return { severity: 'ok', words: `${label}: ${verdict.message}` };
  const words = verdict
    ? t('{0} does not work: {1}', label, verdict.message)
    : t('{0} did not answer within {1} seconds.', label, PATIENCE_MS / 1000);
  return {
    severity: 'error',
    words,
    fix: { title: t('Edit'), do: () => context.run('portside.editAccount', id) },
  };
}
