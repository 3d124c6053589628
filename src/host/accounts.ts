/** The user's accounts: what they are in the editor's global state, their keys in SecretStorage. */
import { PROVIDER_LIST, providerInfo } from '../shared/provider-list';
import type { ProviderName } from '../shared/setting-names';
import type { Account, AccountSettings } from '../shared/settings';
import type { AccountView, NewAccount } from './controller';
import type { Secrets } from './secrets';

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

  /** In the order in which they were added. */
  list(): AccountSettings[] {
    return this.#memory.get<AccountSettings[]>(ACCOUNTS) ?? [];
  }

  views(): AccountView[] {
    return this.list().map(({ id, label, provider, baseUrl, models, enabled }) => ({
      id,
      label: label ?? providerInfo(provider).label,
      provider,
      ...(baseUrl !== undefined && { baseUrl }),
      ...(models !== undefined && { models }),
      enabled,
    }));
  }

  /** With their keys: for the core alone. */
  withKeys(): Promise<Account[]> {
    return Promise.all(
      this.list().map(async (account) => ({ ...account, key: await this.#secrets.accountKey(account.id) })),
    );
  }

  /** One account with its key. */
  async withKey(id: string): Promise<Account> {
    const account = this.list().find((each) => each.id === id);
    if (!account) throw new AccountError(`There is no account "${id}".`);
    return { ...account, key: await this.#secrets.accountKey(id) };
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
      await this.#memory.update(ACCOUNTS, [...this.list(), kept]);
      const view = this.views().find((each) => each.id === kept.id);
      if (!view) throw new AccountError('The editor did not keep the account.');
      return view;
    });
  }

  setEnabled(id: string, enabled: boolean): Promise<void> {
    return this.#change(async () => {
      await this.#memory.update(
        ACCOUNTS,
        this.list().map((each) => (each.id === id ? { ...each, enabled } : each)),
      );
    });
  }

  /** Forgets the account and its key. Without effect when there is none. */
  remove(id: string): Promise<void> {
    return this.#change(async () => {
      await this.#memory.update(
        ACCOUNTS,
        this.list().filter((each) => each.id !== id),
      );
      await this.#secrets.setAccountKey(id, '');
    });
  }

  /** One change after the other: each reads the list, thinks and writes it whole. */
  #change<T>(deed: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(deed, deed);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}

/**
 * What was typed, as an account with its key.
 * @throws AccountError
 */
export async function checkAccount(account: NewAccount, id: string): Promise<Account> {
  const info = PROVIDER_LIST.find((each) => each.name === account.provider);
  if (!info) throw new AccountError(`Unknown provider: ${account.provider}`);
  const key = account.key.trim();
  if (info.key === 'required' && !key) throw new AccountError(`${info.label} needs an API key.`);
  if (!/^[\x20-\x7e]*$/.test(key)) throw new AccountError('The key must be printable ASCII on one line.');
  const baseUrl = account.baseUrl?.trim();
  if (info.baseUrl === 'required' && !baseUrl) throw new AccountError(`${info.label} needs a base URL.`);
  const { accountWithKeySchema } = await import('../shared/settings');
  const parsed = accountWithKeySchema.safeParse({
    id,
    provider: account.provider,
    key,
    ...(account.label?.trim() && { label: account.label }),
    ...(baseUrl && baseUrl !== info.defaultBaseUrl && { baseUrl }),
    ...(account.models?.length && { models: account.models }),
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
