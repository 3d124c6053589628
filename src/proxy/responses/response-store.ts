/**
 * Responses that Portside itself answers for: conversations to go on with by `previous_response_id`, answers to be read
 * and deleted by id. An account that speaks the Responses API keeps its own; of those only the owner is remembered.
 * https://platform.openai.com/docs/guides/conversation-state
 */
import { isObject, type Json, type JsonObject } from '../../shared/json';

/** A turn that is over. */
export interface StoredResponse {
  /** The `response` object as the client got it, with all that a next turn needs. */
  response: JsonObject;
  /** Every input item up to this turn, those of earlier turns included. */
  input: Json[];
}

export interface ResponseStoreLimits {
  entries: number;
  /** Characters of all entries together, as JSON. */
  characters: number;
  ttlMs: number;
}

const DAY_MS = 86_400_000;
const LIMITS: ResponseStoreLimits = { entries: 2000, characters: 128 * 1024 * 1024, ttlMs: DAY_MS };
/** Owners are two short strings each. */
const OWNERS = 20_000;

interface Entry extends StoredResponse {
  characters: number;
  expires: number;
}

/** The output items of a stored response. */
export function outputOf({ response }: StoredResponse): Json[] {
  return Array.isArray(response.output) ? response.output : [];
}

/** The ids of the output items of a stored response. */
function itemIds(turn: StoredResponse): string[] {
  return outputOf(turn).flatMap((item) => (isObject(item) && typeof item.id === 'string' ? [item.id] : []));
}

/** Bounded by number, size and age; the oldest go first. One per proxy, and one per WebSocket connection. */
export class ResponseStore {
  readonly #entries = new Map<string, Entry>();
  /** Which response holds an output item. */
  readonly #items = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  #characters = 0;

  constructor(
    private readonly now: () => number,
    private readonly limits: ResponseStoreLimits = LIMITS,
  ) {}

  /**
   * Keeps a turn.
   * @param characters its size as JSON; measured when absent
   */
  keep(id: string, turn: StoredResponse, characters = JSON.stringify(turn).length): void {
    this.delete(id);
    if (characters > this.limits.characters) return;
    this.#entries.set(id, { ...turn, characters, expires: this.now() + this.limits.ttlMs });
    this.#characters += characters;
    for (const item of itemIds(turn)) this.#items.set(item, id);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.limits.entries && this.#characters <= this.limits.characters) break;
      this.delete(oldest);
    }
  }

  /** The turn with that id, unless it is forgotten. */
  get(id: string): StoredResponse | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.expires > this.now()) return entry;
    this.delete(id);
    return undefined;
  }

  /** An output item of a turn that is kept. */
  item(id: string): Json | undefined {
    const holder = this.#items.get(id);
    const turn = holder === undefined ? undefined : this.get(holder);
    return turn && outputOf(turn).find((item) => isObject(item) && item.id === id);
  }

  /** @returns whether there was such a turn */
  delete(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#characters -= entry.characters;
    for (const item of itemIds(entry)) if (this.#items.get(item) === id) this.#items.delete(item);
    return this.#entries.delete(id);
  }

  /** Remembers which account made a response that it keeps itself. */
  own(id: string, accountId: string): void {
    this.#owners.delete(id);
    this.#owners.set(id, accountId);
    if (this.#owners.size <= OWNERS) return;
    const oldest = this.#owners.keys().next();
    if (!oldest.done) this.#owners.delete(oldest.value);
  }

  /** The account that made a response, where that is known. */
  ownerOf(id: string): string | undefined {
    return this.#owners.get(id);
  }
}
