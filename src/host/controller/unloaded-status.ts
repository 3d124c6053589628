import { resolveAuthMode } from '../../shared/setting-names';
import type { ProxyStatus } from '../../shared/status';
import type { AccountView, EditorSettings } from './controller';

/** What there is to say of a proxy whose core is not loaded. */
export function unloadedStatus(
  { authMode, allowLanAccess }: EditorSettings,
  accounts: AccountView[],
): ProxyStatus {
  return {
    state: 'stopped',
    activeAccounts: accounts.filter(({ enabled }) => enabled).length,
    accounts: accounts.map(({ id, label, provider, enabled }) => ({
      id,
      label,
      provider,
      enabled,
      state: enabled ? 'healthy' : 'disabled',
    })),
    authMode: resolveAuthMode(authMode, allowLanAccess),
    restartNeeded: false,
  };
}
