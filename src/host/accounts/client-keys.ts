/** Keys for single clients (SPEC 2.10): what they may do in the editor's global state, themselves in SecretStorage. */
import type { ClientKeyView } from '../../shared/messages';
import type { ClientKey, ClientKeySettings } from '../../shared/settings';
import type { ClientKeyUsage } from '../../shared/status';
import type { Memory } from './accounts';
import { generateApiKey, type Secrets } from '../secrets';

const CLIENT_KEYS = 'portside.clientKeys';

/** A client key that cannot be: the message says why, for a person. */
export class ClientKeyError extends Error {
  override name = 'ClientKeyError';
}

export class ClientKeys {
  readonly #memory: Memory;
  readonly #secrets: Secrets;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(memory: Memory, secrets: Secrets) {
    this.#memory = memory;
    this.#secrets = secrets;
  }

  /** In the order in which they were made. */
  list(): ClientKeySettings[] {
    return this.#memory.get<ClientKeySettings[]>(CLIENT_KEYS) ?? [];
  }

  /**
   * What the panel shows of them.
   * @param usage what the core counted
   * @param now Unix ms
   */
  views(usage: readonly ClientKeyUsage[], now: number): ClientKeyView[] {
    return this.list().map(({ name, expires, models, requestsPerMinute }) => {
      const used = usage.find((each) => each.name === name);
      return {
        name,
        ...(expires !== undefined && { expires }),
        ...(models !== undefined && { models }),
        ...(requestsPerMinute !== undefined && { requestsPerMinute }),
        expired: expires !== undefined && Date.parse(expires) <= now,
        ...(used && { usage: used }),
      };
    });
  }

  /** With the keys themselves: for the core alone. One whose key is gone admits nobody and stays away. */
  async withKeys(): Promise<ClientKey[]> {
    const all = await Promise.all(
      this.list().map(async (client) => ({ ...client, key: await this.#secrets.clientKey(client.name) })),
    );
    return all.filter(({ key }) => key !== '');
  }

  /**
   * Makes a key for a client and keeps it, the key first.
   * @returns the key, which is not told again
   * @throws ClientKeyError when the name is taken or a field is wrong
   */
  add(client: ClientKeySettings): Promise<{ key: string }> {
    return this.#change(async () => {
      const { clientKeySchema } = await import('../../shared/settings');
      const parsed = clientKeySchema.safeParse(client);
      if (!parsed.success)
        throw new ClientKeyError(parsed.error.issues[0]?.message ?? 'The client key is not valid.');
      const { name } = parsed.data;
      if (this.list().some((each) => each.name === name))
        throw new ClientKeyError(`There is a client key "${name}" already.`);
      const key = generateApiKey();
      await this.#secrets.setClientKey(name, key);
      await this.#memory.update(CLIENT_KEYS, [...this.list(), parsed.data]);
      return { key };
    });
  }

  /** Forgets a client and its key. Without effect when there is none. */
  remove(name: string): Promise<void> {
    return this.#change(async () => {
      await this.#memory.update(
        CLIENT_KEYS,
        this.list().filter((each) => each.name !== name),
      );
      await this.#secrets.setClientKey(name, '');
    });
  }

  /** One change after the other: each reads the list, thinks and writes it whole. */
  #change<T>(deed: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(deed, deed);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}
