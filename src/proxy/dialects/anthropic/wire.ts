/**
 * Anthropic's Messages protocol as far as it is looked into. Loose on purpose: fields not named here pass through.
 * https://platform.claude.com/docs/en/api/messages
 */
import type { JsonObject } from '../../../shared/json';

/** A content block: text, thinking, tool_use, tool_result, … */
export type WireBlock = JsonObject & { type: string };

/** One turn as sent upstream. */
export interface WireTurn {
  role: 'user' | 'assistant';
  content: WireBlock[];
}

/** `usage` of a message, a `message_start` or a `message_delta`. */
export interface WireUsage extends JsonObject {
  input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  output_tokens?: number | null;
}

/** The object without the named fields; undefined when nothing is left. */
export function omitFields(object: JsonObject, names: readonly string[]): JsonObject | undefined {
  const rest = Object.fromEntries(
    Object.entries(object).filter(([name, value]) => value !== undefined && !names.includes(name)),
  );
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** `{ metadata: { anthropic: fields } }`, or nothing: to be spread into a part. */
export function ownMetadata(
  fields: JsonObject | undefined,
): { metadata: { anthropic: JsonObject } } | undefined {
  return fields === undefined ? undefined : { metadata: { anthropic: fields } };
}
