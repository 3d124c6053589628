import type { Account } from '../../shared/settings';
import { providerOf } from '../providers/registry';

/** What a catalogue needs of the world: asks an account for its model ids. Rejects when it cannot be had. */
export type ListModels = (account: Account) => Promise<string[]>;

interface Entry {
  ids: ReadonlySet<string>;
  /** Unix ms of the look-up; failed ones are tried again sooner. */
  at: number;
  failed: boolean;
  signature: string;
}

const FRESH_MS = 300_000;
const FAILED_FRESH_MS = 15_000;

/** The models that each account lists, asked for when somebody wants to see them and kept for five minutes. */
export class ModelCatalog {
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(
    private readonly list: ListModels,
    private readonly now: () => number,
    /** Called when {@link known} may tell something new. */
    private readonly changed: () => void = () => undefined,
  ) {}

  /** What is known now, without asking anybody. */
  known(accountId: string): ReadonlySet<string> | undefined {
    return this.#entries.get(accountId)?.ids;
  }

  /** What the account listed holds no longer: it is asked when somebody next wants to know. */
  forget(accountId: string): void {
    if (this.#entries.delete(accountId)) this.changed();
  }

  /** The models of one account. Never rejects: an account that cannot be asked has what its settings say. */
  async of(account: Account): Promise<ReadonlySet<string>> {
    if (account.models?.length) return new Set(account.models);
    const signature = JSON.stringify([account.provider, account.baseUrl, account.key, account.dialect]);
    const entry = this.#entries.get(account.id);
    if (entry?.signature === signature) {
      if (this.now() - entry.at < (entry.failed ? FAILED_FRESH_MS : FRESH_MS)) return entry.ids;
    }
    // An account whose key was changed meanwhile is asked anew.
    const question = `${account.id} ${signature}`;
    const pending = this.#pending.get(question);
    if (pending) return pending;
    const asked = this.#ask(account, signature).finally(() => this.#pending.delete(question));
    this.#pending.set(question, asked);
    return asked;
  }

  /** The union over accounts, in their order, each id once. */
  async union(accounts: readonly Account[]): Promise<{ id: string; account: Account }[]> {
    const lists = await Promise.all(accounts.map(async (account) => [...(await this.of(account))]));
    const seen = new Set<string>();
    return accounts.flatMap((account, index) =>
      (lists[index] ?? []).flatMap((id) => {
        if (seen.has(id)) return [];
        seen.add(id);
        return [{ id, account }];
      }),
    );
  }

  async #ask(account: Account, signature: string): Promise<ReadonlySet<string>> {
    let failed = false;
    let ids: Iterable<string>;
    try {
      ids = await this.list(account);
    } catch {
      failed = true;
      const before = this.#entries.get(account.id);
      const fallback = account.defaultModel ?? providerOf(account.provider).defaultModel;
      // What it listed before is a better guess than its default alone.
      if (before?.signature === signature) ids = before.ids;
      else ids = fallback === undefined ? [] : [fallback];
    }
    const set = new Set(ids);
    this.#entries.set(account.id, { ids: set, at: this.now(), failed, signature });
    this.changed();
    return set;
  }
}
