/** The user's accounts: what they are in the editor's global state, their keys in SecretStorage. */
import { checkAccountKey } from '../../shared/account-key';
import type { AccountFields } from '../../shared/messages';
import { PROVIDER_LIST, providerInfo } from '../../shared/provider-list';
import type { ProviderName } from '../../shared/setting-names';
import type { Account, AccountSettings } from '../../shared/settings';
import type { AccountView, NewAccount } from '../controller/controller';
import type { Secrets } from '../secrets';

/** The part of `vscode.Memento` that is used. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const ACCOUNTS = 'portside.accounts';

/** A new account that cannot be: the message names the field for a person. */
export class AccountError extends Error {
  override name = 'AccountError';
}

export class Accounts {
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(memory: Memory, secrets: Secrets) {
    this.#memory = memory;
    this.#secrets = secrets;
  }

  /** In the user's order. */
  list(): AccountSettings[] {
    return this.#memory.get<AccountSettings[]>(ACCOUNTS) ?? [];
  }

  /** `hasKey` is true to what was read or written of the key so far. */
  views(): AccountView[] {
    return this.list().map((account) => viewOf(account, this.#secrets.holdsAccountKey(account.id)));
  }

  /** With their keys: for the core alone. */
  withKeys(): Promise<Account[]> {
    return Promise.all(
      this.list().map(async (account) => ({ ...account, key: await this.#secrets.accountKey(account.id) })),
    );
  }

  /**
   * One account with its key.
   * @throws AccountError when there is none
   */
  async withKey(id: string): Promise<Account> {
    return { ...this.#find(id), key: await this.#secrets.accountKey(id) };
  }

  /**
   * Keeps a new account: the key first, so that no account is ever without the key that it needs.
   * @throws AccountError
   */
  add(account: NewAccount): Promise<AccountView> {
    return this.#change(async () => {
      const { id, label } = freeName(account.provider, this.list());
      const { key, ...kept } = await checkAccount({ ...account, label: account.label?.trim() || label }, id);
      await this.#secrets.setAccountKey(kept.id, key);
      await this.#write([...this.list(), kept]);
      return viewOf(kept, key !== '');
    });
  }

  /**
   * An account as it would be with other fields. Changes nothing.
   * @param key a new one; absent or empty: the one that is kept
   * @returns `retest`: it would be asked elsewhere, or as somebody else
   * @throws AccountError
   */
  async edited(
    id: string,
    fields: AccountFields,
    key?: string,
  ): Promise<{ account: Account; retest: boolean }> {
    const before = await this.withKey(id);
    const typed = key?.trim() ?? '';
    const checked = await checkAccount(
      { ...fields, provider: before.provider, key: typed || before.key },
      id,
    );
    const retest =
      checked.key !== before.key ||
      (['baseUrl', 'project', 'region'] as const).some((name) => checked[name] !== before[name]);
    return { account: { ...checked, enabled: before.enabled }, retest };
  }

  /** Keeps accounts in the place of those with the same id, and further ones behind them; their keys first. */
  put(accounts: Account[]): Promise<void> {
    return this.#change(async () => {
      const list = [...this.list()];
      for (const { key, ...kept } of accounts) {
        await this.#secrets.setAccountKey(kept.id, key);
        const at = list.findIndex(({ id }) => id === kept.id);
        if (at === -1) list.push(kept);
        else list[at] = kept;
      }
      await this.#write(list);
    });
  }

  /**
   * Keeps an edited account with the switch as it stands now.
   * @throws AccountError when it was removed meanwhile
   */
  replace(account: Account): Promise<void> {
    const { key, ...kept } = account;
    return this.#change(async () => {
      const { enabled } = this.#find(kept.id);
      await this.#secrets.setAccountKey(kept.id, key);
      await this.#write(this.list().map((each) => (each.id === kept.id ? { ...kept, enabled } : each)));
    });
  }

  /**
   * Puts an account at a place of the list, from 0; behind the last means last.
   * @throws AccountError when there is none
   */
  move(id: string, to: number): Promise<void> {
    return this.#change(async () => {
      const account = this.#find(id);
      const others = this.list().filter((each) => each.id !== id);
      others.splice(to, 0, account);
      await this.#write(others);
    });
  }

  setEnabled(id: string, enabled: boolean): Promise<void> {
    return this.#change(async () => {
      await this.#write(this.list().map((each) => (each.id === id ? { ...each, enabled } : each)));
    });
  }

  /** Forgets the account and its key. Without effect when there is none. */
  remove(id: string): Promise<void> {
    return this.#change(async () => {
      await this.#write(this.list().filter((each) => each.id !== id));
      await this.#secrets.setAccountKey(id, '');
    });
  }

  #find(id: string): AccountSettings {
    const account = this.list().find((each) => each.id === id);
    if (!account) throw new AccountError(`There is no account "${id}".`);
    return account;
  }

  async #write(accounts: AccountSettings[]): Promise<void> {
    await this.#memory.update(ACCOUNTS, accounts);
  }

  /** One change after the other: each reads the list, thinks and writes it whole. */
  #change<T>(deed: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(deed, deed);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}

function viewOf(account: AccountSettings, hasKey: boolean): AccountView {
  const { id, provider, label, enabled, priority, weight } = account;
  const { baseUrl, dialect, models, defaultModel, maxConcurrent, project, region } = account;
  return {
    id,
    provider,
    label: label ?? providerInfo(provider).label,
    enabled,
    priority,
    weight,
    hasKey,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(dialect !== undefined && { dialect }),
    ...(models !== undefined && { models }),
    ...(defaultModel !== undefined && { defaultModel }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
  };
}

/**
 * What was typed, as an account with its key.
 * @throws AccountError
 */
export async function checkAccount(account: NewAccount, id: string): Promise<Account> {
  const info = PROVIDER_LIST.find((each) => each.name === account.provider);
  if (!info) throw new AccountError(`Unknown provider: ${account.provider}`);
  const checked = checkAccountKey(account.provider, account.key);
  if (!checked.ok) throw new AccountError(checked.problem);
  if (info.key === 'required' && !checked.key) throw new AccountError(`${info.label} needs an API key.`);
  const baseUrl = account.baseUrl?.trim();
  if (info.baseUrl === 'required' && !baseUrl) throw new AccountError(`${info.label} needs a base URL.`);
  const { dialect, defaultModel, priority, weight, maxConcurrent } = account;
  const { accountWithKeySchema } = await import('../../shared/settings');
  const parsed = accountWithKeySchema.safeParse({
    id,
    provider: account.provider,
    key: checked.key,
    ...(account.label?.trim() && { label: account.label }),
    ...(baseUrl && baseUrl !== info.defaultBaseUrl && { baseUrl }),
    ...(account.models?.length && { models: account.models }),
    // Where there is no address there is no protocol to choose.
    ...(dialect !== undefined && info.baseUrl !== 'none' && { dialect }),
    ...(defaultModel?.trim() && { defaultModel: defaultModel.trim() }),
    ...(priority !== undefined && { priority }),
    ...(weight !== undefined && { weight }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(account.project?.trim() && { project: account.project }),
    ...(account.region?.trim() && { region: account.region }),
  });
  // The first issue names a field or a rule, never the value.
  if (!parsed.success) throw new AccountError(parsed.error.issues[0]?.message ?? 'The account is not valid.');
  return parsed.data;
}

/** `gemini` and "Google Gemini", `gemini-2` and "Google Gemini 2", … */
function freeName(provider: ProviderName, taken: AccountSettings[]): { id: string; label: string } {
  const ids = new Set(taken.map(({ id }) => id));
  const { label } = providerInfo(provider);
  for (let n = 2, id: string = provider; ; id = `${provider}-${n++}`) {
    if (!ids.has(id))
      return { id, label: id === provider ? label : `${label} ${id.slice(provider.length + 1)}` };
  }
}
