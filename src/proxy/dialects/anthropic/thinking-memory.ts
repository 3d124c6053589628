/**
 * Anthropic demands its thinking blocks back, unchanged, when a tool loop goes on; clients of other protocols cannot
 * carry them. They are kept under the id of the call that followed them (SPEC 4.5).
 */
import { isObject } from '../../../shared/json';
import type { SignatureStore } from '../signatures/signature-store';
import type { WireBlock } from './wire';

/** Whether a block is thinking that the API will take back: signed or redacted. */
export function isKeptThinking(block: WireBlock): boolean {
  if (block.type === 'redacted_thinking') return typeof block['data'] === 'string';
  return block.type === 'thinking' && typeof block['signature'] === 'string' && block['signature'] !== '';
}

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
