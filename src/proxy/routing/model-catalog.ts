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

/** What an account lists depends on. */
function signatureOf({ provider, baseUrl, key, dialect, project, region }: Account): string {
  return JSON.stringify([provider, baseUrl, key, dialect, project, region]);
}

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

  /** Forgets what accounts listed that are gone, or are another's by now: another key, another address. */
  retain(accounts: readonly Account[]): void {
    const signatures = new Map(accounts.map((account) => [account.id, signatureOf(account)]));
    for (const [id, { signature }] of this.#entries)
      if (signatures.get(id) !== signature) this.#entries.delete(id);
  }

  /** Whether what is known of an account was asked lately. Cheap: asked with every request for a name that nobody lists. */
  isFresh(accountId: string): boolean {
    const entry = this.#entries.get(accountId);
    return entry !== undefined && this.now() - entry.at < (entry.failed ? FAILED_FRESH_MS : FRESH_MS);
  }

  /** The models of one account. Never rejects: an account that cannot be asked has what its settings say. */
  async of(account: Account): Promise<ReadonlySet<string>> {
    if (account.models?.length) return new Set(account.models);
    const signature = signatureOf(account);
    const entry = this.#entries.get(account.id);
    if (entry?.signature === signature && this.isFresh(account.id)) return entry.ids;
    // An account whose key was changed meanwhile is asked anew.
    const question = `${account.id} ${signature}`;
    const pending = this.#pending.get(question);
    if (pending) return pending;
    const asked = this.#ask(account, signature).finally(() => this.#pending.delete(question));
    this.#pending.set(question, asked);
    return asked;
  }

  /**
   * The union over accounts, in their order, each id once.
   * @param patienceMs after so long those that have not answered count with what is known of them; absent: as long as they take
   */
  async union(
    accounts: readonly Account[],
    patienceMs?: number,
  ): Promise<{ id: string; account: Account }[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = patienceMs && new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    const lists = await Promise.all(
      accounts.map(async (account) => {
        const told = this.of(account);
        const first = late ? await Promise.race([told, late]) : await told;
        return [...(first ?? this.known(account.id) ?? defaultOf(account))];
      }),
    );
    clearTimeout(timer);
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
      // What it listed before is a better guess than its default alone.
      if (before?.signature === signature) ids = before.ids;
      else ids = defaultOf(account);
    }
    const set = new Set(ids);
    this.#entries.set(account.id, { ids: set, at: this.now(), failed, signature });
    this.changed();
    return set;
  }
}

/** What stands for a list that nobody has seen. */
function defaultOf({ defaultModel, provider }: Account): string[] {
  const model = defaultModel ?? providerOf(provider).defaultModel;
  return model === undefined ? [] : [model];
}
