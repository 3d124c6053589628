import type { ProxySettings } from '../../shared/settings';
import type { Accounts } from '../accounts/accounts';
import type { ClientKeys } from '../accounts/client-keys';
import { ControlError } from './control-error';
import { proxySecrets } from '../network';
import type { Secrets } from '../secrets';
import type { SettingsSource } from '../settings';

/** Where everything that the core takes comes from. */
export interface SettingsParts {
  settings: SettingsSource;
  secrets: Secrets;
  accounts: Accounts;
  clientKeys: ClientKeys;
  redactor: { add(secret: string): void };
  log: { warn(message: string): void };
}

/**
 * Everything the core takes, checked.
 * @throws ControlError `INVALID_SETTINGS` with the setting's name
 */
export async function gatherSettings(parts: SettingsParts): Promise<ProxySettings> {
  const { settings, secrets, accounts, clientKeys } = parts;
  const { autoStart: _, ...kept } = settings.read();
  const network = settings.network((message) => parts.log.warn(message));
  for (const secret of proxySecrets(network)) parts.redactor.add(secret);
  const [{ proxySettingsSchema, portSchema }, apiKey, zaiKey, withKeys, clients] = await Promise.all([
    import('../../shared/settings'),
    secrets.apiKey(),
    secrets.zaiKey(),
    accounts.withKeys(),
    clientKeys.withKeys(),
  ]);
  const parsed = proxySettingsSchema.extend({ port: portSchema }).safeParse({
    ...kept,
    apiKey,
    accounts: withKeys,
    clientKeys: clients,
    network,
    zai: { ...kept.zai, key: zaiKey },
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ControlError('INVALID_SETTINGS', `portside.${issue?.path.join('.')}: ${issue?.message}`);
}
