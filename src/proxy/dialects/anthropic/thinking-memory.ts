/**
 * Anthropic demands its thinking blocks back, unchanged, when a tool loop goes on; clients of other protocols cannot
 * carry them. They are kept under the id of the call that followed them, or under the text of an answer without calls
 * (SPEC 4.5).
 */
import { isObject } from '../../../shared/json';
import type { SignatureStore } from '../signatures/signature-store';
import { isKeptThinking } from './tool-loop';
import type { WireBlock } from './wire';

/** Keeps the thinking blocks under a call's id, or under a key of text-key.ts. */
export function rememberThinking(store: SignatureStore, key: string | undefined, blocks: WireBlock[]): void {
  const kept = blocks.filter(isKeptThinking);
  if (key !== undefined && kept.length > 0) store.remember('anthropic', key, JSON.stringify(kept));
}

/** The thinking blocks that are kept under the key; empty when there were none or they are forgotten. */
export function recallThinking(store: SignatureStore, key: string | undefined): WireBlock[] {
  const text = key === undefined ? undefined : store.recall('anthropic', key);
  if (text === undefined) return [];
  try {
    const blocks: unknown = JSON.parse(text);
    return Array.isArray(blocks) ? blocks.filter((block): block is WireBlock => isObject(block)) : [];
  } catch {
    return [];
  }
}
