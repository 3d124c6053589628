/** Keys, as SecretStorage holds them: nowhere else on disk. Each that passes through is made known to the redactor. */
import { randomBytes } from 'node:crypto';
import { secretParts } from '../shared/account-key';
import type { Redactor } from '../shared/redact';

/** The part of `vscode.SecretStorage` that is used. */
export interface SecretStorage {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

const API_KEY = 'portside.apiKey';
const WINDOW_SECRET = 'portside.windowSecret';
const ZAI_KEY = 'portside.zaiKey';
const ACCOUNT_PREFIX = 'portside.account.';
const CLIENT_PREFIX = 'portside.clientKey.';

/** Whether a changed entry of SecretStorage is one of ours that the running proxy must hear of. */
export const isOurSecret = (key: string): boolean => key.startsWith('portside.');

/** A new local key: `sk-` and 48 hexadecimal digits from the system's random source (SPEC 2.4). */
export const generateApiKey = (): string => `sk-${randomBytes(24).toString('hex')}`;

export class Secrets {
  readonly #storage: SecretStorage;
  readonly #redactor: Redactor;
  /** Entries that had a value when they were read or written last. */
  readonly #held = new Set<string>();
  #generating: Promise<string> | undefined;

  constructor(storage: SecretStorage, redactor: Redactor) {
    this.#storage = storage;
    this.#redactor = redactor;
  }

  /** The local key; the first call ever makes it. Calls at the same time get the same one. */
  async apiKey(): Promise<string> {
    const stored = await this.#read(API_KEY);
    if (stored) return stored;
    this.#generating ??= this.regenerateApiKey().finally(() => (this.#generating = undefined));
    return this.#generating;
  }

  /** Stores a key that the caller has validated. */
  setApiKey(key: string): Promise<void> {
    return this.#write(API_KEY, key);
  }

  /** Makes, stores and returns a new local key. */
  async regenerateApiKey(): Promise<string> {
    const key = generateApiKey();
    await this.setApiKey(key);
    return key;
  }

  /** What windows of this editor know each other by. The first call ever makes it; what another window made meanwhile wins. */
  async windowSecret(): Promise<string> {
    const stored = await this.#read(WINDOW_SECRET);
    if (stored) return stored;
    await this.#write(WINDOW_SECRET, randomBytes(32).toString('base64url'));
    return (await this.#read(WINDOW_SECRET)) ?? '';
  }

  /** The key for z.ai dispatch, or ''. */
  async zaiKey(): Promise<string> {
    return (await this.#read(ZAI_KEY)) ?? '';
  }

  /** Whether there was a key for z.ai dispatch when it was read or written last. */
  holdsZaiKey(): boolean {
    return this.#held.has(ZAI_KEY);
  }

  /** '' forgets it. */
  setZaiKey(key: string): Promise<void> {
    return this.#write(ZAI_KEY, key);
  }

  /** The key of an account, or ''. */
  async accountKey(id: string): Promise<string> {
    return (await this.#read(ACCOUNT_PREFIX + id)) ?? '';
  }

  /** Whether an account had a key when it was read or written last. */
  holdsAccountKey(id: string): boolean {
    return this.#held.has(ACCOUNT_PREFIX + id);
  }

  /** '' forgets it. */
  setAccountKey(id: string, key: string): Promise<void> {
    return this.#write(ACCOUNT_PREFIX + id, key);
  }

  /** A client's key (SPEC 2.10), or ''. */
  async clientKey(name: string): Promise<string> {
    return (await this.#read(CLIENT_PREFIX + name)) ?? '';
  }

  /** '' forgets it. */
  setClientKey(name: string, key: string): Promise<void> {
    return this.#write(CLIENT_PREFIX + name, key);
  }

  async #read(name: string): Promise<string | undefined> {
    const value = await this.#storage.get(name);
    this.#know(name, value);
    return value;
  }

  async #write(name: string, value: string): Promise<void> {
    this.#know(name, value);
    if (value) await this.#storage.store(name, value);
    else await this.#storage.delete(name);
  }

  #know(name: string, value: string | undefined): void {
    if (value) {
      this.#held.add(name);
      for (const secret of secretParts(value)) this.#redactor.add(secret);
    } else this.#held.delete(name);
  }
}
