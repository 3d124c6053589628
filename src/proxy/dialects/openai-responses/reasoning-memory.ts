/**
 * Reasoning models go on thinking where they stopped when their reasoning items come back, encrypted, before what they
 * led to; clients of other protocols cannot carry them. They are kept under the id of the call that followed, or under the
 * text of an answer without calls (SPEC 4.5).
 * https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
 */
import type { JsonObject } from '../../../shared/json';
import { parseData } from '../openai/errors';
import type { SignatureStore } from '../signatures/signature-store';
import { textKey } from '../signatures/text-key';
import { contentsOf, filled, objectsIn, textOf } from './read-item';
import { DIALECT } from './wire';

/** Whether the API can use the item without having stored it: encrypted, or the open reasoning of open models. */
export function isSelfContained(item: JsonObject): boolean {
  return filled(item.encrypted_content) !== undefined || objectsIn(item.content).length > 0;
}

/** A reasoning item as it goes back. */
export function reasoningItem(item: JsonObject): JsonObject {
  const { id, encrypted_content: encrypted, content, summary } = item;
  return {
    type: 'reasoning',
    ...(filled(id)?.startsWith('rs_') && { id }),
    summary: objectsIn(summary),
    ...(objectsIn(content).length > 0 && { content }),
    ...(filled(encrypted) !== undefined && { encrypted_content: encrypted }),
  };
}

/** Collects what stands before a call in an answer, item by item. */
export class ReasoningTrail {
  private trail: JsonObject[] = [];
  private text = '';
  private hasCall = false;

  constructor(private readonly store: SignatureStore) {}

  /** An item of the answer, once it is complete. Messages leave their place and their phase. */
  add(item: JsonObject): void {
    if (item.type === 'message') {
      const phase = filled(item.phase);
      this.trail.push({ type: 'message', ...(phase !== undefined && { phase }) });
      for (const part of contentsOf(item)) this.text += textOf(part.text);
    } else if (item.type === 'reasoning' && isSelfContained(item)) this.trail.push(reasoningItem(item));
  }

  /** A call with this id follows what was added since the last call. */
  endWithCall(callId: string): void {
    this.hasCall = true;
    this.keep(callId);
  }

  /** The answer is complete: one without a call is known by its text. */
  end(): void {
    const key = this.hasCall ? undefined : textKey(this.text);
    if (key !== undefined) this.keep(key);
  }

  private keep(key: string): void {
    const { trail } = this;
    this.trail = [];
    const worth = trail.some((item) => item.type === 'reasoning' || item.phase !== undefined);
    if (worth) this.store.remember(DIALECT, key, JSON.stringify(trail));
  }
}

/**
 * What stood before a call, or in an answer without one: reasoning items, and `{type: 'message', phase?}` for the place
 * of each message. Empty when there was none or it is forgotten.
 * @param key the call's id, or the text-key.ts key of an answer that made no call
 */
export function recallTrail(store: SignatureStore, key: string): JsonObject[] {
  const kept = store.recall(DIALECT, key);
  return kept === undefined ? [] : objectsIn(parseData(kept));
}
