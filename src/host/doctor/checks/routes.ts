import * as vscode from 'vscode';
import type { RouteExplanation } from '../../../shared/status';
import type { Check, DoctorContext, Finding } from '../check';
import { settingsFix } from '../fixes';

const SETTING = 'portside.routes';

/** Whether each route leads to an account that can be asked. */
export const checkRoutes: Check = {
  id: 'routes',
  title: () => vscode.l10n.t('Routes'),
  async run(context) {
    const t = vscode.l10n.t;
    const patterns = Object.keys(context.controller.settings().routes);
    if (patterns.length === 0)
      return [{ severity: 'ok', words: t('No routes are set: names of models decide.') }];
    if (context.controller.accounts().length === 0)
      return [{ severity: 'info', words: t('Not looked at: there is no account.') }];
    const findings = (await Promise.all(patterns.map((pattern) => follow(context, pattern)))).flat();
    return findings.length > 0
      ? findings
      : [{ severity: 'ok', words: t('Every route leads to accounts ({0}).', patterns.length) }];
  },
};

async function follow(context: DoctorContext, pattern: string): Promise<Finding[]> {
  const t = vscode.l10n.t;
  // Any name that the pattern takes will do: targets do not depend on it.
  const name = pattern.replaceAll('*', 'x');
  const fix = settingsFix(context, SETTING);
  const { rule, candidates, error }: RouteExplanation = await context.controller.explainRoute(
    name,
    'openai-chat',
  );
  if (rule && rule.pattern !== pattern)
    return pattern.includes('*')
      ? []
      : [
          {
            severity: 'warning',
            words: t('The route “{0}” is never taken: “{1}” comes first.', pattern, rule.pattern),
            fix,
          },
        ];
  const target = rule?.targets.join(', ') ?? '';
  if (error !== undefined || candidates.length === 0)
    return [
      {
        severity: 'error',
        words: t('The route “{0}” leads nowhere ({1}): {2}', pattern, target, error ?? t('nobody serves it')),
        fix,
      },
    ];
  if (candidates.every(({ state }) => state !== 'healthy')) {
    const reason = candidates.find((each) => each.reason !== undefined)?.reason ?? '';
    return [
      { severity: 'warning', words: t('Nobody can serve the route “{0}” now: {1}', pattern, reason), fix },
    ];
  }
  return [];
}
