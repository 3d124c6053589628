/**
 * Remembers the reasoning of an answer, by its first call, or by its text where it calls nothing. DeepSeek refuses the
 * next turn when `reasoning_content` of an answer with calls does not come back, other servers think better with it, and
 * clients of other protocols cannot carry it.
 * https://api-docs.deepseek.com/guides/thinking_mode#tool-calls,
 * https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#preserving-reasoning-blocks
 */
import { isObject, type JsonObject } from '../../../shared/json';
import type { SignatureStore } from '../signatures/signature-store';
import { textKey } from '../signatures/text-key';
import { parseData } from '../openai-errors';
import { DIALECT, objectsIn, REASONING_FIELDS, type ReasoningField } from './wire';

/** Longer reasoning is not kept: it would push out that of hundreds of other turns. */
const LONGEST = 1_000_000;

/** What goes back: the text in the field it came in, and OpenRouter's details as they came. */
export interface KeptReasoning {
  field: ReasoningField;
  text: string;
  details?: JsonObject[];
}

/** What an answer is known by: its first call, or its text. */
export function reasoningKey(callId: string | undefined, text: string): string | undefined {
  return callId ?? textKey(text);
}

/** Keeps the reasoning of an answer; nothing where there is no key, no reasoning, or too much. */
export function rememberReasoning(store: SignatureStore, key: string | undefined, kept: KeptReasoning): void {
  const details = kept.details ?? [];
  if (key === undefined || (kept.text === '' && details.length === 0)) return;
  const value = JSON.stringify({ ...kept, details: details.length > 0 ? details : undefined });
  if (value.length <= LONGEST) store.remember(DIALECT, key, value);
}

/** The reasoning that led to this answer, if it is still known. */
export function recallReasoning(store: SignatureStore, key: string | undefined): KeptReasoning | undefined {
  const stored = key === undefined ? undefined : store.recall(DIALECT, key);
  const kept = stored === undefined ? undefined : parseData(stored);
  if (!isObject(kept) || typeof kept.text !== 'string') return undefined;
  const field = REASONING_FIELDS.find((name) => name === kept.field);
  const details = objectsIn(kept.details);
  return field && { field, text: kept.text, ...(details.length > 0 && { details }) };
}
