import { describeStartFailure, type Translate } from '../shared/describe-start-failure';
import type { ProxyStatus } from '../shared/status';

/** The status in words, as the status bar shows it. */
export interface StatusWords {
  /** With its icon. */
  text: string;
  /** For screen readers: a whole sentence. */
  label: string;
  failed: boolean;
}

/** State, port and active accounts in a few characters (SPEC 7.1). */
export function describeStatus(status: ProxyStatus, t: Translate): StatusWords {
  const { state, listening, activeAccounts, failure } = status;
  if (listening && state === 'running') {
    const icon = status.restartNeeded ? '$(warning)' : '$(radio-tower)';
    return {
      text: `${icon} ${t('Portside: running on {0} ({1})', listening.port, activeAccounts)}`,
      label: status.attached
        ? t(
            'Portside is running in another window on port {0}, active accounts: {1}',
            listening.port,
            activeAccounts,
          )
        : t('Portside is running on port {0}, active accounts: {1}', listening.port, activeAccounts),
      failed: false,
    };
  }
  if (state === 'starting' || state === 'running') {
    return {
      text: `$(loading~spin) ${t('Portside: starting')}`,
      label: t('Portside is starting'),
      failed: false,
    };
  }
  if (state === 'stopping') {
    return {
      text: `$(loading~spin) ${t('Portside: stopping')}`,
      label: t('Portside is stopping'),
      failed: false,
    };
  }
  if (failure) {
    return {
      text: `$(error) ${t('Portside: failed')}`,
      label: t('Portside failed: {0}', describeStartFailure(failure, t)),
      failed: true,
    };
  }
  return {
    text: `$(circle-slash) ${t('Portside: stopped')}`,
    label: t('Portside is stopped'),
    failed: false,
  };
}
