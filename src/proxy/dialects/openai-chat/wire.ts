/**
 * Chat completions on the wire, loosely: what OpenAI documents and what compatible servers add.
 * Reference: https://platform.openai.com/docs/api-reference/chat
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Metadata } from '../canonical';
import type { ToolNameLimits } from '../tools/tool-names';

export const DIALECT = 'openai-chat';

/** https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools: a-z, A-Z, 0-9, _ and -, 64 at most. */
export const TOOL_NAME_LIMITS: ToolNameLimits = { maxLength: 64, allowed: /[A-Za-z0-9_-]/ };
/** OpenAI refuses longer ids of tool calls ("string too long. Expected a string with maximum length 40"). */
export const MAX_CALL_ID = 40;
/** https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop */
export const MAX_STOPS = 4;

/** Stands as the type of the search that `web_search_options` ask for: a field of the request, and no member of `tools`. */
export const SEARCH_OPTIONS = 'web_search_options';

/** A tool call, whole or as a delta. `custom` calls have free text instead of arguments. */
export interface WireToolCall extends JsonObject {
  index?: number;
  id?: string;
  type?: 'function' | 'custom';
  function?: { name?: string; arguments?: string };
  custom?: { name?: string; input?: string };
}

/** What `metadata['openai-chat']` of a request holds. */
export interface RequestMetadata {
  /** Fields that the vocabulary does not name, as the client wrote them. */
  fields?: JsonObject;
  /** Which spelling of the output limit the client used. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** The client declared `functions` and wants `function_call` back. */
  legacyFunctions?: boolean;
}

/** Where a server writes visible reasoning: DeepSeek, xAI, z.ai; vLLM, OpenRouter, Groq. */
export const REASONING_FIELDS = ['reasoning_content', 'reasoning'] as const;
export type ReasoningField = (typeof REASONING_FIELDS)[number];

/** What this dialect once noted on a request, a message or a part. */
export function ownMetadata(metadata: Metadata | undefined): JsonObject {
  return metadata?.[DIALECT] ?? {};
}

/** The typed view of a request's own metadata. */
export function requestMetadata(metadata: Metadata | undefined): RequestMetadata {
  return ownMetadata(metadata) as RequestMetadata & JsonObject;
}

/** Metadata of this dialect, or nothing for an empty note: to be spread into a part. */
export function note(own: JsonObject): { metadata?: Metadata } {
  return Object.keys(own).length === 0 ? {} : { metadata: { [DIALECT]: own } };
}

/** A string that is not empty. */
export function filled(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The array's objects; other members and other types are left out. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
