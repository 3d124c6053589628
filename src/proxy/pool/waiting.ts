/** A request that waits for a place: in the queues of all who could serve it, until one of them calls it. */
import type { Ticket } from './fair-queue';
import type { Ledger, PoolEntry, Waiter } from './ledger';

export class Waiting implements Waiter {
  #ready: (() => void) | undefined;
  #tickets: { entry: PoolEntry; ticket: Ticket<Waiter> }[] = [];
  /** The account that called it to a free place, which is kept for it. */
  #promise: PoolEntry | undefined;

  /**
   * @param asker who takes turns with others
   * @param waitable those that may be asked as soon as they have a free place; undefined when nobody is left
   */
  constructor(
    private readonly ledger: Ledger,
    private readonly asker: string,
    private readonly waitable: () => Set<PoolEntry> | undefined,
  ) {}

  /** Calls back when it is its turn, or when there is nothing left to wait for. Returns the withdrawal. */
  begin(ready: () => void): () => void {
    this.#ready = ready;
    this.ledger.waiting.add(this);
    this.reconsider();
    return () => {
      if (this.#ready === ready) this.withdraw();
    };
  }

  reconsider(): void {
    const wanted = this.waitable();
    if (!wanted) {
      this.#call();
      return;
    }
    // Who stays in a queue keeps the place there.
    const kept: { entry: PoolEntry; ticket: Ticket<Waiter> }[] = [];
    for (const each of this.#tickets) {
      if (wanted.delete(each.entry)) kept.push(each);
      else each.entry.queue.remove(each.ticket);
    }
    this.#tickets = kept;
    for (const entry of wanted) kept.push({ entry, ticket: entry.queue.add(this.asker, this) });
    for (const entry of wanted) this.ledger.pump(entry);
  }

  called(entry: PoolEntry): void {
    entry.promised++;
    this.#promise = entry;
    this.#call();
  }

  #call(): void {
    this.#leave();
    queueMicrotask(() => {
      const ready = this.#ready;
      this.#ready = undefined;
      ready?.();
    });
  }

  #leave(): void {
    this.ledger.waiting.delete(this);
    for (const { entry, ticket } of this.#tickets) entry.queue.remove(ticket);
    this.#tickets = [];
  }

  /** Gives the place back that was kept for it, to take it, or leave it to others with {@link Ledger.pump}. */
  redeem(): PoolEntry | undefined {
    const promise = this.#promise;
    this.#promise = undefined;
    if (promise) promise.promised--;
    return promise;
  }

  /** Nobody waits any longer; a place that was kept goes to the next. */
  withdraw(): void {
    this.#leave();
    this.#ready = undefined;
    const promise = this.redeem();
    if (promise) this.ledger.pump(promise);
  }
}
