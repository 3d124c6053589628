/** Fixes and findings that several checks have. */
import * as vscode from 'vscode';
import { settingsCommand } from '../open-settings';
import type { DoctorContext, Finding, Fix } from './check';

/** Starts the proxy; what goes wrong is shown with its remedies, as always. */
export const startFix = ({ run }: Pick<DoctorContext, 'run'>): Fix => ({
  title: vscode.l10n.t('Start Proxy'),
  do: () => run('portside.start'),
});

/** Opens the editor's settings at one of them. */
export const settingsFix = ({ run }: Pick<DoctorContext, 'run'>, name: string): Fix => ({
  title: vscode.l10n.t('Open Settings'),
  do: () => run(...settingsCommand(name)),
});

/** New terminals lead agents to the proxy from then on. */
export const leadTerminals = ({ run }: Pick<DoctorContext, 'run'>): Fix => ({
  title: vscode.l10n.t('Lead Terminals to Portside'),
  do: () => run('portside.useInTerminals'),
});

/** What a check says that needs the running proxy; undefined when it runs. */
export function notRunning({ controller }: Pick<DoctorContext, 'controller'>): Finding[] | undefined {
  if (controller.status().listening) return undefined;
  return [{ severity: 'info', words: vscode.l10n.t('Not looked at: the proxy does not run.') }];
}
