/**
 * What the files of this folder agree on: how items of the Responses API stand in the canonical vocabulary.
 * Reference: https://platform.openai.com/docs/api-reference/responses/create
 *
 * Items that an answer may hold (`reasoning`, `message`, `function_call`, …) become parts of assistant messages; neighbours
 * become one message. `metadata['openai-responses']` holds what only this API understands:
 * - request: {@link RequestNote}; system message: {@link SystemNote}; text and refusal: {@link MessageNote};
 *   reasoning: {@link ReasoningNote}; file: {@link FileNote}; tool call: {@link CallNote}; tool result: {@link ResultNote}; tool: {@link ToolNote}.
 * - An item that nobody else understands (`web_search_call`, `mcp_call`, `image_generation_call`, `compaction`, …) is an
 *   `OpaquePart` with `label` = its type and `value` = the item.
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Metadata } from '../canonical';

export const DIALECT = 'openai-responses';

/** What `include` asks for to get reasoning items that can be sent back to a server that stores nothing. */
export const ENCRYPTED_REASONING = 'reasoning.encrypted_content';

/** On `CanonicalRequest.metadata`. */
export interface RequestNote {
  /** Top-level fields that the vocabulary does not name, as the client wrote them (`store`, `include`, `truncation`, …). */
  fields?: JsonObject;
  /** Fields that the answer's `response` object repeats, as the client wrote them (`instructions`, `tools`, `text`, …). */
  echo?: JsonObject;
}

/** On system messages. */
export interface SystemNote {
  role: 'system' | 'developer';
  /** It came as the top-level `instructions`. */
  instructions?: true;
}

/** On text and refusal parts of assistant messages; parts with the same id were one item. */
export interface MessageNote {
  /** The item's id, `msg_…`. */
  id?: string;
  /** `commentary` or `final_answer`. */
  phase?: string;
  annotations?: Json[];
}

/** On reasoning parts. `text` is the summaries, or the content where there is none, joined by blank lines. */
export interface ReasoningNote {
  /** The item's id, `rs_…`. */
  id?: string;
  encrypted_content?: string;
  /** Both as they came. */
  summary?: Json[];
  content?: Json[];
}

/** On files of requests that `file_id` names: ids of this API's own storage mean nothing to others. */
export interface FileNote {
  uploaded?: true;
}

/** On tool calls. */
export interface CallNote {
  /** The item's id, `fc_…`. */
  id?: string;
  /** The item's type where it is neither `function_call` nor `custom_tool_call` (`local_shell_call`, …): see {@link CLIENT_TOOLS}. */
  item?: string;
  /** The namespace and the name within it, for tools that the client declared in one. */
  namespace?: string;
  name?: string;
}

/** On tool results. */
export interface ResultNote {
  id?: string;
  /** The item's type where it is neither `function_call_output` nor `custom_tool_call_output`. */
  item?: string;
  /** The item as it came, for types whose output is not text. */
  value?: JsonObject;
}

/** On function tools that were declared otherwise than by `type: 'function'` at the top level. */
export interface ToolNote {
  /** Declared inside this namespace, under this name; the canonical name is {@link flatName}. */
  namespace?: string;
  name?: string;
  /** Declared as a tool that the client runs (`local_shell`, `shell`, `apply_patch`, `tool_search`): the declaration. */
  tool?: JsonObject;
}

/** Tools with items of their own which the client runs; elsewhere they travel as functions of that name. */
export const CLIENT_TOOLS = ['local_shell', 'shell', 'apply_patch', 'tool_search'] as const;

/** OpenAI's own name for where tools stand that are in no namespace: Codex declares them there for some models. */
export const DEFAULT_NAMESPACE = 'functions';

/** A namespaced tool's name where namespaces do not exist. */
export function flatName(namespace: string, name: string): string {
  return namespace === DEFAULT_NAMESPACE ? name : `${namespace}__${name}`;
}

/** Reads a note; empty where there is none. */
export function noteOf(metadata: Metadata | undefined): JsonObject {
  const own = metadata?.[DIALECT];
  return isObject(own) ? own : {};
}
