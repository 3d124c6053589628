import * as vscode from 'vscode';
import type { Check, Finding } from '../check';

/** Which machine the proxy runs on, and who reaches it there. */
export const checkRemote: Check = {
  id: 'remote',
  title: () => vscode.l10n.t('Place of the proxy'),
  run(context) {
    const t = vscode.l10n.t;
    const { remote, inBrowser } = context.machine;
    const url = context.controller.baseUrl();
    if (remote === undefined && !inBrowser)
      return [{ severity: 'ok', words: t('Portside runs on this machine, like your agents.') }];
    const place =
      remote === undefined
        ? t('the server of this browser window')
        : ({
            'ssh-remote': t('the machine that you are connected to over SSH'),
            wsl: t('the Linux of WSL'),
            'dev-container': t('the container'),
            'attached-container': t('the container'),
            codespaces: t('the codespace'),
            tunnel: t('the machine behind the tunnel'),
          }[remote] ?? t('the remote machine ({0})', remote));
    const findings: Finding[] = [
      {
        severity: 'info',
        words: t('Portside runs on {0}: agents in terminals of this window reach it at {1}.', place, url),
      },
    ];
    if (remote === 'wsl')
      findings.push({
        severity: 'info',
        words: t(
          'Agents on Windows reach it at the same address, unless networking of WSL is set up otherwise.',
        ),
      });
    else
      findings.push({
        severity: 'info',
        words: t(
          'Agents elsewhere, on your own machine for instance, need port {0} forwarded.',
          new URL(url).port,
        ),
        fix: { title: t('Show Ports'), do: () => context.run('~remote.forwardedPorts.focus') },
      });
    return findings;
  },
};
