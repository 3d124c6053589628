/** Which account a conversation stays with (SPEC 5.4). Bounded, and forgotten after a while. */
import type { PoolCandidate } from './pool-request';

const MOST = 10_000;

export interface Binding {
  readonly account: string;
  /** Counts up: the smaller, the older. */
  readonly since: number;
  /** Unix ms of its last request. */
  used: number;
}

const keyOf = (session: string, model: string) => `${model}\n${session}`;

export class StickySessions {
  /** In the order of their last use. */
  readonly #bindings = new Map<string, Binding>();
  #count = 0;
  /** How long a binding lasts after its last request, in milliseconds. */
  lifeMs = 3_600_000;

  /** @param most bindings kept; beyond, the one that was not used for longest goes */
  constructor(private readonly most = MOST) {}

  get size(): number {
    return this.#bindings.size;
  }

  /** The account of a conversation for one model; it counts as used. */
  find(session: string, model: string, now: number): Binding | undefined {
    const key = keyOf(session, model);
    const binding = this.#bindings.get(key);
    if (!binding) return undefined;
    this.#bindings.delete(key);
    if (now - binding.used > this.lifeMs) return undefined;
    binding.used = now;
    this.#bindings.set(key, binding);
    return binding;
  }

  /**
   * Whom of these a conversation belongs to; of two, for two models, the one that had it first.
   * @param candidates of one group
   */
  owner<C extends PoolCandidate>(candidates: readonly C[], session: string, now: number): C | undefined {
    let found: C | undefined;
    let since = Infinity;
    let model: string | undefined;
    let binding: Binding | undefined;
    for (const candidate of candidates) {
      // Most groups ask for one model only.
      if (candidate.model !== model) binding = this.find(session, (model = candidate.model), now);
      if (binding?.account !== candidate.account.id || binding.since >= since) continue;
      since = binding.since;
      found = candidate;
    }
    return found;
  }

  /** Binds anew. Returns what {@link unbind} takes. */
  bind(session: string, model: string, account: string, now: number): Binding {
    const key = keyOf(session, model);
    const binding = { account, since: ++this.#count, used: now };
    this.#bindings.delete(key);
    this.#bindings.set(key, binding);
    if (this.#bindings.size > this.most) {
      const oldest = this.#bindings.keys().next();
      if (!oldest.done) this.#bindings.delete(oldest.value);
    }
    return binding;
  }

  /** Takes a binding back, unless the conversation has another by now. */
  unbind(session: string, model: string, binding: Binding): void {
    const key = keyOf(session, model);
    if (this.#bindings.get(key) === binding) this.#bindings.delete(key);
  }

  /** Forgets the conversations of accounts that are gone. */
  keep(exists: (account: string) => boolean): void {
    for (const [key, { account }] of this.#bindings) if (!exists(account)) this.#bindings.delete(key);
  }
}
