/**
 * Remembers the reasoning of an answer that calls tools, by its first call. DeepSeek refuses the next turn when
 * `reasoning_content` of such an answer does not come back, and clients of other protocols cannot carry it.
 * https://api-docs.deepseek.com/guides/thinking_mode#tool-calls
 */
import { isObject } from '../../../shared/json';
import type { SignatureStore } from '../signatures/signature-store';
import { parseData } from '../openai-errors';
import { DIALECT, REASONING_FIELDS, type ReasoningField } from './wire';

/** Longer reasoning is not kept: the store counts entries, not bytes. */
const LONGEST = 100_000;

/** The text and the field it came in. */
export interface KeptReasoning {
  field: ReasoningField;
  text: string;
}

/** Keeps the reasoning of an answer under its first call; nothing where there is no call, no text, or too much. */
export function rememberReasoning(
  store: SignatureStore,
  callId: string | undefined,
  kept: KeptReasoning,
): void {
  if (callId === undefined || kept.text === '' || kept.text.length > LONGEST) return;
  store.remember(DIALECT, callId, JSON.stringify(kept));
}

/** The reasoning that led to this call, if it is still known. */
export function recallReasoning(
  store: SignatureStore,
  callId: string | undefined,
): KeptReasoning | undefined {
  const stored = callId === undefined ? undefined : store.recall(DIALECT, callId);
  const kept = stored === undefined ? undefined : parseData(stored);
  if (!isObject(kept) || typeof kept.text !== 'string') return undefined;
  const field = REASONING_FIELDS.find((name) => name === kept.field);
  return field && { field, text: kept.text };
}
