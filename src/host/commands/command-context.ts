import * as vscode from 'vscode';
import type { AgentConnections } from '../agents/agent-connections';
import type { Controller } from '../controller/controller';
import type { EditorModelConsent } from '../language-models/consent';
import type { Doctor } from '../doctor/doctor';
import type { HostLog } from '../log';
import { openSettings } from '../open-settings';

/** What every command works with. */
export interface CommandContext {
  controller: Controller;
  agents: AgentConnections;
  /** Absent where the editor has no language models. */
  consent?: EditorModelConsent;
  doctor: Doctor;
  log: HostLog;
  /** @param account the id of an account whose form shall be open */
  openPanel(account?: string): void;
  openMonitor(): void;
  /** Opens the panel at what the doctor found. */
  openDoctor(): void;
  /** What the doctor found, for others to read. */
  doctorReport(): string;
  /** Takes keys out of a text before it is shown. */
  redact(text: string): string;
}

/** Something that a notification offers. */
export interface Remedy {
  title: string;
  run(): unknown;
}

/**
 * Shows a notification with buttons and runs the one that is pressed. Not to be awaited by a command: a notification
 * may stay for hours.
 */
export function offer(
  context: CommandContext,
  severity: 'error' | 'warning' | 'information',
  message: string,
  remedies: Remedy[],
): void {
  const titles = remedies.map(({ title }) => title);
  const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
  const shown =
    severity === 'error'
      ? showErrorMessage(message, ...titles)
      : severity === 'warning'
        ? showWarningMessage(message, ...titles)
        : showInformationMessage(message, ...titles);
  shown
    .then((picked) => remedies.find(({ title }) => title === picked)?.run())
    .then(undefined, (error: unknown) =>
      context.log.error(`A notification's action failed: ${String(error)}`),
    );
}

export const showLogsRemedy = (context: CommandContext): Remedy => ({
  title: vscode.l10n.t('Show Logs'),
  run: () => context.log.show(),
});

export const openSettingsRemedy = (): Remedy => ({
  title: vscode.l10n.t('Open Settings'),
  run: () => openSettings(),
});

/** Words that need no answer and no click: they stand in the status bar for a moment. */
export function mention(message: string): void {
  vscode.window.setStatusBarMessage(message, 3_000);
}
