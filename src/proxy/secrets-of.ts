import type { ProxySettings } from '../shared/settings';
import { proxySecrets } from './upstream/network';

/** All that must not leave the process but for where it belongs: keys of accounts and clients, the local key, a proxy's password. */
export function secretsOf({ apiKey, zai, accounts, clientKeys, network }: ProxySettings): string[] {
  const keys = [apiKey, zai.key, ...accounts.map(({ key }) => key), ...clientKeys.map(({ key }) => key)];
  return [...keys, ...proxySecrets(network.proxy)].filter((secret) => secret !== '');
}
