import * as vscode from 'vscode';
import type { Check, Finding, Machine } from '../check';
import { shownUrl, takeAway, type Variable, variable, whence } from '../variables';

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/** Whether agents that heed a forward proxy go around it to this machine. */
export const checkForwardProxy: Check = {
  id: 'forward-proxy',
  title: () => vscode.l10n.t('Forward proxy of agents'),
  run(context) {
    const t = vscode.l10n.t;
    const { machine } = context;
    const set = PROXIES.flatMap((name) => spelling(machine, name) ?? []);
    const first = set[0];
    if (!first) return [{ severity: 'ok', words: t('No forward proxy is set for agents.') }];
    const names = set.map(({ name }) => name).join(', ');
    const except = spelling(machine, 'NO_PROXY');
    if (coversLoopback(except?.value ?? ''))
      return [{ severity: 'ok', words: t('{0} is set, and NO_PROXY has 127.0.0.1.', names) }];
    const finding: Finding = {
      severity: 'warning',
      words: t(
        '{0} ({1}) leads to {2} and NO_PROXY does not have 127.0.0.1: agents would look for Portside there.',
        names,
        whence(first, machine),
        shownUrl(first.value.includes('://') ? first.value : `http://${first.value}`),
      ),
      fix:
        except?.source === 'workspace'
          ? takeAway(context, except)
          : {
              title: t('Add to NO_PROXY in Terminals'),
              do: () =>
                context.setTerminalVariable(
                  except?.name ?? 'NO_PROXY',
                  [except?.value, '127.0.0.1', 'localhost'].filter(Boolean).join(','),
                ),
            },
    };
    return [finding];
  },
};

/** In capitals or not, as programs have it. */
const spelling = (machine: Machine, name: string): Variable | undefined =>
  variable(machine, name) ?? variable(machine, name.toLowerCase());

/** Whether requests to 127.0.0.1 go around the proxy: names are no use to an agent that was given the address. */
function coversLoopback(list: string): boolean {
  return list
    .split(/[\s,]+/)
    .some((entry) => /^(\*|127\.0\.0\.1(:\d+)?|127\.0\.0\.0\/8|127\.\*(\.\*)*)$/.test(entry));
}
