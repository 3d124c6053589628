/** The items of a streamed answer, each a small state machine from its events to parts: what they have in common. */
import type { Json, JsonObject } from '../../../shared/json';
import type { AnswerContext } from '../adapter';
import type { StreamPart } from '../canonical';
import type { ReasoningTrail } from './reasoning-memory';

/** What the items of one answer share. */
export interface StreamScope {
  context: AnswerContext;
  trail: ReasoningTrail;
  usedIds: Set<string>;
  /** The texts that have ended. */
  said: string;
  /** Counts parts, for ids that are unique in the stream. */
  parts: number;
  calls: number;
  refused: boolean;
}

/** One item. Parts go to `out`, in order. */
export interface StreamItem {
  /** Calls may be open at the same time; nothing else may be open beside anything. */
  readonly isCall: boolean;
  /** A part of it has begun and not ended. */
  readonly isOpen: boolean;
  /** An event between the item's beginning and its end; unknown ones are let pass. */
  push(type: string, payload: JsonObject, out: StreamPart[]): void;
  /**
   * The item as it is at its end, or nothing where the server does not say. What was not streamed follows; asked again
   * with a later form of the item, only what is new.
   */
  finish(item: JsonObject | undefined, out: StreamPart[]): void;
  /** Something else begins: ends what is open. */
  interrupt(out: StreamPart[]): void;
  /** See `StreamDecoder.skipped`: text of the part `id`, which may be this item's. */
  skipped(id: string, text: string): void;
}

/** An index within an item; 0 where the server does not say. */
export const indexOf = (value: Json | undefined): number =>
  typeof value === 'number' && value >= 0 && value < 10_000 ? value : 0;
