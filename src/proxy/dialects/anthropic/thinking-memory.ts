/**
 * Anthropic demands its thinking blocks back, unchanged, when a tool loop goes on; clients of other protocols cannot
 * carry them. They are kept under the id of the call that followed them (SPEC 4.5).
 */
import { isObject } from '../../../shared/json';
import type { SignatureStore } from '../signatures/signature-store';
import { isKeptThinking } from './tool-loop';
import type { WireBlock } from './wire';

/** Keeps the thinking blocks that stood before the call. */
export function rememberThinking(store: SignatureStore, callId: string, blocks: WireBlock[]): void {
  const kept = blocks.filter(isKeptThinking);
  if (kept.length > 0) store.remember('anthropic', callId, JSON.stringify(kept));
}

/** The thinking blocks that stood before the call; empty when there were none or they are forgotten. */
export function recallThinking(store: SignatureStore, callId: string): WireBlock[] {
  const text = store.recall('anthropic', callId);
  if (text === undefined) return [];
  try {
    const blocks: unknown = JSON.parse(text);
    return Array.isArray(blocks) ? blocks.filter((block): block is WireBlock => isObject(block)) : [];
  } catch {
    return [];
  }
}
