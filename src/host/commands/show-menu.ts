import * as vscode from 'vscode';
import type { CommandContext } from './command-context';

/** The menu of the status bar item: what a click can lead to. Resolves when the chosen command ends. */
export async function showMenu({ controller }: CommandContext): Promise<unknown> {
  const t = vscode.l10n.t;
  const { state, restartNeeded, activeAccounts, listening } = controller.status();
  const entry = (icon: string, label: string, command: string, description = '') => ({
    label: `$(${icon}) ${label}`,
    description,
    command: `portside.${command}`,
  });
  const running = state === 'running';
  const picked = await vscode.window.showQuickPick(
    [
      ...(running
        ? [entry('debug-stop', t('Stop Proxy'), 'stop', listening?.url)]
        : [entry('play', t('Start Proxy'), 'start', controller.baseUrl())]),
      ...(restartNeeded
        ? [entry('debug-restart', t('Restart Proxy'), 'restart', t('changed settings wait for it'))]
        : []),
      entry('copy', t('Copy Base URL'), 'copyBaseUrl'),
      entry('key', t('Copy API Key'), 'copyApiKey'),
      entry('settings-gear', t('Open Settings Panel'), 'openPanel'),
      entry('graph', t('Open Monitor'), 'openMonitor'),
      entry('add', t('Add Account'), 'addAccount', t('{0} active', activeAccounts)),
      entry('edit', t('Edit Account'), 'editAccount'),
      entry('remove', t('Remove Account'), 'removeAccount'),
      entry('search', t('Detect Local Servers'), 'detectLocalServers'),
      entry('type-hierarchy-sub', t('Test Route'), 'testRoute'),
      entry('plug', t('Connect an Agent'), 'connectAgent'),
      entry('pulse', t('Check Health'), 'checkHealth'),
      entry('checklist', t('Run Doctor'), 'runDoctor'),
      entry('output', t('Show Logs'), 'showLogs'),
    ],
    { title: 'Portside' },
  );
  return picked && vscode.commands.executeCommand(picked.command);
}
