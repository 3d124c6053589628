/** Takes over what a file of accounts has. */
import { checkAccountKey } from '../../shared/account-key';
import { providerInfo } from '../../shared/provider-list';
import type { Account, AccountSettings } from '../../shared/settings';
import { type AccountFile, type ImportPlan, type ImportResult, openKeys } from './account-file';
import { AccountError, type Accounts } from './accounts';

/**
 * Merges by id. Keys are opened, and everything is checked, before anything is changed. A replaced account keeps its key
 * when the file has none for it and sends it nowhere else.
 * @throws AccountFileError when the keys do not open
 * @throws AccountError when a key of the file is not valid
 */
export async function mergeAccounts(
  accounts: Accounts,
  file: AccountFile,
  { known, passphrase }: ImportPlan,
): Promise<ImportResult> {
  const keys =
    file.keys && passphrase !== undefined ? await openKeys(file.keys, passphrase) : new Map<string, string>();
  const here = new Map((await accounts.withKeys()).map((account) => [account.id, account]));
  const taken = new Set([...here.keys(), ...file.accounts.map(({ id }) => id)]);
  const result: ImportResult = { added: [], replaced: [], skipped: [], keyless: [] };
  const put: Account[] = [];
  for (const account of file.accounts) {
    const before = here.get(account.id);
    if (before && known === 'skip') {
      result.skipped.push(account.id);
      continue;
    }
    const replaced = known === 'replace' ? before : undefined;
    const id = before && !replaced ? freeId(account.id, taken) : account.id;
    taken.add(id);
    const kept = replaced && sameAddress(replaced, account) ? replaced.key : '';
    const key = checkAccountKey(account.provider, keys.get(account.id) ?? kept);
    if (!key.ok) throw new AccountError(key.problem);
    const keyless = key.key === '' && providerInfo(account.provider).key === 'required';
    put.push({ ...account, id, key: key.key, enabled: account.enabled && !keyless });
    result[replaced ? 'replaced' : 'added'].push(id);
    if (keyless) result.keyless.push(id);
  }
  await accounts.put(put);
  return result;
}

/** Whether a key goes where it went before: a file from elsewhere must not lead it away. */
const sameAddress = (one: AccountSettings, other: AccountSettings): boolean =>
  (['provider', 'baseUrl', 'project', 'region'] as const).every((name) => one[name] === other[name]);

/** `work-2`, `work-3`, … and never longer than an id may be. */
function freeId(id: string, taken: ReadonlySet<string>): string {
  for (let n = 2; ; n++) {
    const free = `${id.slice(0, 58)}-${n}`;
    if (!taken.has(free)) return free;
  }
}
