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
import { parseData } from '../openai/errors';
import { DIALECT, objectsIn, REASONING_FIELDS, type ReasoningField } from './wire';

/** Longer reasoning is not kept: it would push out that of hundreds of other turns. */
const LONGEST = 1_000_000;

/** What goes back: the text in the field it came in, and OpenRouter's details as they came. */
export interface KeptReasoning {
  field: ReasoningField;
  text: string;
  details?: JsonObject[];
}

/** What an answer is known by: its first call, or its text where it calls nothing. */
export interface AnswerMark {
  /** The call's id and its arguments as they stand on the wire. */
  call: { id: string; input: string } | undefined;
  text: string;
}

/** Arguments as every client gives them back: parsed and written again. */
function canonical(input: string): string {
  try {
    return JSON.stringify(JSON.parse(input));
  } catch {
    return input;
  }
}

/** Some servers count their ids anew in every conversation (`functions.read:0`), so the arguments tell calls apart. */
const exactKey = ({ id, input }: { id: string; input: string }): string =>
  `${id}\n${textKey(canonical(input)) ?? ''}`;

/** Keeps the reasoning of an answer; nothing where there is nothing to know it by, no reasoning, or too much. */
export function rememberReasoning(store: SignatureStore, mark: AnswerMark, kept: KeptReasoning): void {
  const details = kept.details ?? [];
  const key = mark.call ? exactKey(mark.call) : textKey(mark.text);
  if (key === undefined || (kept.text === '' && details.length === 0)) return;
  const value = JSON.stringify({ ...kept, details: details.length > 0 ? details : undefined });
  if (value.length > LONGEST) return;
  store.remember(DIALECT, key, value);
  // For clients that change arguments: the last answer with this id.
  if (mark.call) store.remember(DIALECT, mark.call.id, key);
}

function recall(store: SignatureStore, { call, text }: AnswerMark): string | undefined {
  const key = call ? exactKey(call) : textKey(text);
  const exact = key === undefined ? undefined : store.recall(DIALECT, key);
  if (exact !== undefined || !call) return exact;
  const last = store.recall(DIALECT, call.id);
  return last === undefined ? undefined : store.recall(DIALECT, last);
}

/** The reasoning that led to this answer, if it is still known. */
export function recallReasoning(store: SignatureStore, mark: AnswerMark): KeptReasoning | undefined {
  const stored = recall(store, mark);
  const kept = stored === undefined ? undefined : parseData(stored);
  if (!isObject(kept) || typeof kept.text !== 'string') return undefined;
  const field = REASONING_FIELDS.find((name) => name === kept.field);
  const details = objectsIn(kept.details);
  return field && { field, text: kept.text, ...(details.length > 0 && { details }) };
}
