import type { Account } from '../../shared/settings';
import { providerOf } from '../providers/registry';

/** Name of an account as a person gave it. */
export function labelOf(account: Account): string {
  return account.label ?? `${providerOf(account.provider).label} (${account.id})`;
}
