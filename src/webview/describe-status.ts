import { t } from '@vscode/l10n';
import type { AuthMode, ResolvedAuthMode } from '../shared/setting-names';
import type { AccountStatus, ProxyStatus } from '../shared/status';

/** The proxy's state in a word or two. */
export function describeState(status: ProxyStatus): string {
  switch (status.state) {
    case 'running':
      return t('Running');
    case 'starting':
      return t('Starting…');
    case 'stopping':
      return t('Stopping…');
    case 'stopped':
      return status.failure ? t('Failed to start') : t('Stopped');
  }
}

/** How many accounts can answer. */
export function describeAccounts({ activeAccounts }: ProxyStatus): string {
  if (activeAccounts === 0) return t('no active accounts');
  return activeAccounts === 1 ? t('1 active account') : t('{0} active accounts', activeAccounts);
}

/** An account's state with its reason; the time of day where it is cooling down. */
export function describeAccount({ state, enabled, reason, until }: AccountStatus): string {
  const because = reason ? `: ${reason}` : '';
  if (!enabled) return t('Off');
  switch (state) {
    case 'healthy':
      return t('Ready');
    case 'disabled':
      return `${t('Disabled')}${because}`;
    case 'cooling':
      return until === undefined
        ? `${t('Cooling down')}${because}`
        : `${t('Cooling down until {0}', new Date(until).toLocaleTimeString([], { timeStyle: 'short' }))}${because}`;
  }
}

/** What a mode of authentication means, in words. */
export function describeAuth(mode: ResolvedAuthMode): string {
  switch (mode) {
    case 'off':
      return t('No key is asked for.');
    case 'strict':
      return t('Every request needs the API key, /healthz too.');
    case 'all_except_health':
      return t('Every request but /healthz needs the API key.');
  }
}

/** The chosen mode with what it amounts to now. */
export function describeAuthNow(mode: AuthMode, resolved: ResolvedAuthMode, lan: boolean): string {
  if (mode !== 'auto') return describeAuth(resolved);
  const why = lan ? t('LAN access is on') : t('LAN access is off');
  return t('{0}, so auto means {1}. {2}', why, resolved, describeAuth(resolved));
}
