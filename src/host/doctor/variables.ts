/** Environment variables as new terminals and agents see them. */
import * as vscode from 'vscode';
import { terminalSetting } from '../terminal/terminal-settings';
import type { DoctorContext, Fix, Machine } from './check';

/** Where a variable has its value from. */
export interface Variable {
  name: string;
  value: string;
  /** `editor`: what the editor was started with; else the setting `terminal.integrated.env.*`. */
  source: 'editor' | 'user' | 'workspace';
}

/** A variable that is set to something; the terminal's setting wins over what the editor was started with. */
export function variable({ env, terminal, fromWorkspace }: Machine, name: string): Variable | undefined {
  const set = terminal[name];
  if (set === null) return undefined;
  if (set) return { name, value: set, source: fromWorkspace.includes(name) ? 'workspace' : 'user' };
  const value = env[name];
  return value ? { name, value, source: 'editor' } : undefined;
}

/** Where it comes from, for a person. */
export function whence({ source }: Variable, { platform }: Machine): string {
  switch (source) {
    case 'editor':
      return vscode.l10n.t('the editor’s environment');
    case 'user':
      return terminalSetting(platform);
    case 'workspace':
      return vscode.l10n.t('{0} of the workspace', terminalSetting(platform));
  }
}

/** Keeps a variable from new terminals. What a workspace sets is for the user to edit. */
export function takeAway(context: DoctorContext, { name, source }: Variable): Fix {
  if (source === 'workspace')
    return {
      title: vscode.l10n.t('Open Settings'),
      do: () =>
        context.run('workbench.action.openWorkspaceSettings', terminalSetting(context.machine.platform)),
    };
  return {
    title: vscode.l10n.t('Take Away in Terminals'),
    // What the setting itself says is dropped; what the editor brings along is taken away by a null.
    do: () => context.setTerminalVariable(name, context.machine.env[name] ? null : undefined),
  };
}

/** Whether a URL names this machine. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** Where a URL leads: scheme, host and port. Everything else may hold a key; what is no URL is not quoted at all. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return vscode.l10n.t('something that is no URL');
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}
