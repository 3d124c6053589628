/** Who waits for a place: askers take turns, and of each the one who came first is served first. All steps are O(1). */

interface Lane<T> {
  readonly asker: string;
  head: Ticket<T> | undefined;
  tail: Ticket<T> | undefined;
  /** Lanes stand in a ring. */
  next: Lane<T>;
  previous: Lane<T>;
}

/** A place in a {@link FairQueue}, to leave it with. */
export interface Ticket<T> {
  readonly value: T;
  readonly lane: Lane<T>;
  next: Ticket<T> | undefined;
  previous: Ticket<T> | undefined;
  waiting: boolean;
}

// Linked by hand: the outgrown tables of a busy Set keep what left it alive.
export class FairQueue<T> {
  readonly #lanes = new Map<string, Lane<T>>();
  /** Whose turn it is. */
  #turn: Lane<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param asker who shares one turn with others of the same name */
  add(asker: string, value: T): Ticket<T> {
    const lane = this.#lanes.get(asker) ?? this.#open(asker);
    const ticket: Ticket<T> = { value, lane, next: undefined, previous: lane.tail, waiting: true };
    if (lane.tail) lane.tail.next = ticket;
    else lane.head = ticket;
    lane.tail = ticket;
    this.#size++;
    return ticket;
  }

  /** Takes out whose turn it is; undefined when nobody waits. */
  take(): T | undefined {
    const lane = this.#turn;
    const ticket = lane?.head;
    if (!lane || !ticket) return undefined;
    this.#turn = lane.next;
    this.remove(ticket);
    return ticket.value;
  }

  /** Leaves the queue; nothing when it already did. */
  remove(ticket: Ticket<T>): void {
    if (!ticket.waiting) return;
    ticket.waiting = false;
    this.#size--;
    const { lane, next, previous } = ticket;
    if (previous) previous.next = next;
    else lane.head = next;
    if (next) next.previous = previous;
    else lane.tail = previous;
    if (!lane.head) this.#close(lane);
  }

  /** A new asker comes last: right before the one whose turn it is. */
  #open(asker: string): Lane<T> {
    const lane = { asker, head: undefined, tail: undefined } as Lane<T>;
    const turn = this.#turn ?? lane;
    lane.next = turn;
    lane.previous = this.#turn ? turn.previous : lane;
    lane.previous.next = lane;
    turn.previous = lane;
    this.#turn ??= lane;
    this.#lanes.set(asker, lane);
    return lane;
  }

  #close(lane: Lane<T>): void {
    this.#lanes.delete(lane.asker);
    if (this.#turn === lane) this.#turn = lane.next === lane ? undefined : lane.next;
    lane.previous.next = lane.next;
    lane.next.previous = lane.previous;
  }
}
