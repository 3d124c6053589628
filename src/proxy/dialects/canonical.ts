/**
 * The one vocabulary that every dialect is decoded into and encoded from. Pure data.
 *
 * Two rules hold it together:
 * - What only one provider understands (signatures, encrypted reasoning, cache markers, item ids) travels in
 *   `metadata[dialect]`, goes back to that dialect and nowhere else.
 * - What a target cannot carry is reported through a {@link Warning}, never dropped in silence (SPEC 4.15).
 */
import type { Json, JsonObject } from '../../shared/json';

/** The four wire protocols, named as accounts name them in settings. */
export type Dialect = 'openai-chat' | 'openai-responses' | 'anthropic' | 'gemini';

/** What accounts are spoken to in: no client speaks Amazon Bedrock's Converse API, nor what the `editor`'s models take. */
export type UpstreamDialect = Dialect | 'bedrock' | 'editor';

/** Details that belong to one dialect, keyed by it. */
export type Metadata = Partial<Record<UpstreamDialect, JsonObject>>;

// ---------------------------------------------------------------------------------------------- content

/**
 * A source that words of a text come from. `start` and `end` (exclusive) count UTF-16 units of the part's text; where they
 * are absent the source stands for all of it.
 */
export interface Citation {
  start?: number;
  end?: number;
  /** Absent for documents of the request or of a provider's storage: only the dialect that made it can say it. */
  url?: string;
  title?: string;
  /** The words of the source. */
  citedText?: string;
  /** As its own dialect wrote it. */
  metadata?: Metadata;
}

export interface TextPart {
  type: 'text';
  text: string;
  /** Of answers. What a client sends back of them stays in `metadata`: no other provider takes it. */
  citations?: Citation[];
  metadata?: Metadata;
}

/** Where the bytes of a file are. `base64` is plain base64 without a `data:` prefix; `id` names an upload. */
export type FileSource =
  { type: 'base64'; data: string } | { type: 'url'; url: string } | { type: 'id'; id: string };

/** An image, a document, audio or video. The kind is told by `mediaType` (`image/png`, `application/pdf`). */
export interface FilePart {
  type: 'file';
  /** IANA media type; `image/*` when only the family is known (an http URL of an image). */
  mediaType: string;
  source: FileSource;
  filename?: string;
  /** OpenAI's `detail` of images, Gemini's `mediaResolution`: low, high, auto. */
  detail?: string;
  metadata?: Metadata;
}

/** Visible reasoning; its signature or encrypted form is in `metadata` of the dialect that made it. */
export interface ReasoningPart {
  type: 'reasoning';
  /** May be empty: redacted, encrypted or summarised away. */
  text: string;
  metadata?: Metadata;
}

/** The model asks for a tool. */
export interface ToolCallPart {
  type: 'tool-call';
  id: string;
  name: string;
  /** `function`: `input` is JSON text, `{}` when the call has no arguments. `custom`: free text. */
  kind: 'function' | 'custom';
  input: string;
  metadata?: Metadata;
}

/** What a tool answered. */
export interface ToolResultPart {
  type: 'tool-result';
  callId: string;
  /** The tool's name where the dialect says it (Gemini); decoders of other dialects look it up by `callId`. */
  name?: string;
  content: (TextPart | FilePart)[];
  isError?: boolean;
  metadata?: Metadata;
}

/** The model declines in words (OpenAI's `refusal`). */
export interface RefusalPart {
  type: 'refusal';
  text: string;
  metadata?: Metadata;
}

/** A piece only its own dialect understands (server-side tools and their results). Others warn and leave it out. */
export interface OpaquePart {
  type: 'opaque';
  dialect: Dialect;
  /** What it is, for the warning: `web_search_tool_result`. */
  label: string;
  value: Json;
  /** What it says, where other protocols may say it, too. */
  step?: ServerStep;
}

/**
 * What a tool that the provider runs was asked and what came of it, in one step or in two with the same `id`: the asking
 * has `queries` or `code`, what came of it `sources` or `output`.
 */
export type ServerStep =
  | { type: 'web-search'; id: string; queries?: string[]; sources?: { url: string; title?: string }[] }
  | {
      type: 'code-execution';
      id: string;
      /** `python`, `bash`. */
      language?: string;
      code?: string;
      output?: string;
      failed?: boolean;
    };

export interface SystemMessage {
  role: 'system';
  content: TextPart[];
  metadata?: Metadata;
}
export interface UserMessage {
  role: 'user';
  content: (TextPart | FilePart | OpaquePart)[];
  name?: string;
  metadata?: Metadata;
}
export type AssistantPart = TextPart | FilePart | ReasoningPart | ToolCallPart | RefusalPart | OpaquePart;
export interface AssistantMessage {
  role: 'assistant';
  content: AssistantPart[];
  metadata?: Metadata;
}
/** Results of the calls of the assistant message before it. */
export interface ToolMessage {
  role: 'tool';
  content: ToolResultPart[];
  metadata?: Metadata;
}

/** In conversation order; `system` (and OpenAI's `developer`) may stand anywhere. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

// ---------------------------------------------------------------------------------------------- tools

/** A tool the client runs. `parameters` is JSON Schema as the client wrote it; absent = no arguments. */
export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string;
  parameters?: JsonObject | boolean;
  strict?: boolean;
  metadata?: Metadata;
}

/** A tool with free text input, perhaps bound by a grammar (Responses `custom`). */
export interface CustomTool {
  type: 'custom';
  name: string;
  description?: string;
  format?: JsonObject;
  metadata?: Metadata;
}

/** A tool that the provider runs. Mapped where the target has one, otherwise warned about. */
export interface BuiltInTool {
  type: 'built-in';
  kind: 'web-search' | 'web-fetch' | 'code-execution' | 'local-shell' | 'computer' | 'file-search' | 'other';
  dialect: Dialect;
  /** As the client wrote it. */
  value: JsonObject;
  /** What of it other protocols may have settings for. */
  settings?: BuiltInSettings;
}

/** How a provider's own tool is to search or fetch. */
export interface BuiltInSettings {
  allowedDomains?: string[];
  blockedDomains?: string[];
  /** About where the user is: city, region, country (ISO code), timezone (IANA). */
  location?: JsonObject;
  maxUses?: number;
  /** How much of what is found the model reads: low, medium, high. */
  contextSize?: string;
}

export type Tool = FunctionTool | CustomTool | BuiltInTool;

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  /** At least one call; only of `names` where given. */
  | { type: 'required'; names?: string[] }
  | { type: 'tool'; name: string };

// ---------------------------------------------------------------------------------------------- request

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What was asked of reasoning. Only what the client said is present. */
export interface ReasoningSettings {
  /** `adaptive`: the model decides (Anthropic `adaptive`, Gemini `thinkingBudget: -1`). */
  mode?: 'on' | 'off' | 'adaptive';
  effort?: ReasoningEffort;
  budgetTokens?: number;
  /** Whether thoughts shall be shown (Gemini `includeThoughts`, Anthropic `display`, Responses `summary`). */
  visible?: boolean;
}

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; schema: JsonObject; name?: string; description?: string; strict?: boolean };

export interface CanonicalRequest {
  /** As the client named it; the model sent upstream comes with the {@link EncodeContext}. */
  model: string;
  stream: boolean;
  messages: Message[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  /** `false`: at most one call per turn. */
  parallelToolCalls?: boolean;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  /** Number of alternative answers (`n`, `candidateCount`). */
  candidates?: number;
  logprobs?: boolean;
  topLogprobs?: number;
  responseFormat?: ResponseFormat;
  reasoning?: ReasoningSettings;
  /** The end user's or session's id (OpenAI `user`, Anthropic `metadata.user_id`). */
  userId?: string;
  promptCacheKey?: string;
  /** Streams: whether the client asked for usage (OpenAI chat `stream_options.include_usage`). */
  streamUsage?: boolean;
  /** Fields of the client's own dialect that the vocabulary does not name. */
  metadata?: Metadata;
}

// ---------------------------------------------------------------------------------------------- answer

/** Tokens. `inputTokens` and `outputTokens` are totals; the others are parts of them. */
export interface Usage {
  /** All of the prompt, cached or not. */
  inputTokens: number;
  /** Read from a cache. */
  cachedInputTokens?: number;
  /** Written to a cache. */
  cacheWriteTokens?: number;
  /** Of those: kept for an hour instead of minutes. */
  cacheWrite1hTokens?: number;
  /** All that was generated, reasoning included. */
  outputTokens: number;
  reasoningTokens?: number;
  metadata?: Metadata;
}

export type StopReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  /** The provider paused a long turn of server-side tools (Anthropic `pause_turn`). */
  | 'pause'
  | 'context-length'
  | 'malformed-tool-call'
  | 'other';

export interface Finish {
  reason: StopReason;
  /** Which stop sequence was met, where the provider tells. */
  stopSequence?: string;
  /** The provider's own word, for the monitor. */
  raw?: string;
  metadata?: Metadata;
}

export interface Choice {
  content: AssistantPart[];
  finish: Finish;
  /** OpenAI's `logprobs` object, as it is. */
  logprobs?: Json;
}

/** A whole answer. */
export interface CanonicalResponse {
  id?: string;
  /** The model as the upstream named it. */
  model?: string;
  /** Unix time in seconds. */
  created?: number;
  choices: Choice[];
  usage?: Usage;
  metadata?: Metadata;
}

/**
 * One event of a streamed answer. Parts begin and end explicitly; `id` ties the events of one part together and
 * is unique in the stream. Parts of one choice do not overlap except tool inputs, which may run in parallel.
 * `choice` is absent for choice 0. Exactly one `finish` per choice or one `error` ends a stream; `usage` may come
 * before or after `finish` (the last one counts, it is cumulative).
 */
export type StreamPart =
  | { type: 'start'; id?: string; model?: string; created?: number; usage?: Usage; metadata?: Metadata }
  | { type: 'text-start'; id: string; choice?: number; metadata?: Metadata }
  | { type: 'text-delta'; id: string; text: string; choice?: number; metadata?: Metadata }
  /**
   * Of the text that is open; of what was said of it so far where it names no place. `said` is all text of the choice so
   * far, in which the part begins at `from`: encoders whose protocol counts in it need not keep it.
   */
  | { type: 'citation'; id: string; citation: Citation; said: string; from: number; choice?: number }
  | { type: 'text-end'; id: string; choice?: number; metadata?: Metadata }
  | { type: 'reasoning-start'; id: string; choice?: number; metadata?: Metadata }
  | { type: 'reasoning-delta'; id: string; text: string; choice?: number; metadata?: Metadata }
  /** `metadata` of the end holds what came with any of its deltas: the signature. */
  | { type: 'reasoning-end'; id: string; choice?: number; metadata?: Metadata }
  | { type: 'refusal-start'; id: string; choice?: number }
  | { type: 'refusal-delta'; id: string; text: string; choice?: number }
  | { type: 'refusal-end'; id: string; choice?: number }
  /** `id` is the tool call's id. */
  | {
      type: 'tool-input-start';
      id: string;
      name: string;
      kind: 'function' | 'custom';
      choice?: number;
      metadata?: Metadata;
    }
  | { type: 'tool-input-delta'; id: string; text: string; choice?: number }
  | { type: 'tool-input-end'; id: string; choice?: number; metadata?: Metadata }
  /** A whole file (Gemini's generated images). */
  | { type: 'file'; part: FilePart; choice?: number }
  | { type: 'opaque'; part: OpaquePart; choice?: number }
  | { type: 'logprobs'; value: Json; choice?: number }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; finish: Finish; choice?: number }
  | { type: 'error'; error: ErrorInfo };

// ---------------------------------------------------------------------------------------------- trouble

/** What kind of trouble; each dialect has its own word for each of these. */
export type ErrorKind =
  | 'invalid_request'
  | 'authentication'
  | 'permission'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_too_large'
  | 'unsupported_media_type'
  | 'upgrade_required'
  | 'rate_limit'
  | 'billing'
  | 'overloaded'
  | 'timeout'
  | 'unavailable'
  | 'not_supported'
  | 'upstream'
  | 'internal';

/** An error on its way to a client, in nobody's dialect yet. */
export interface ErrorInfo {
  /** HTTP status; 4xx or 5xx. */
  status: number;
  kind: ErrorKind;
  message: string;
  /** The provider's own code or type, kept where the client's dialect has a field for it. */
  code?: string;
  /** Path of the offending field: `messages[2].content[0].type`. */
  param?: string;
  /** Seconds until a retry may work. */
  retryAfterSeconds?: number;
  requestId?: string;
}

/** A loss or a change that a translation made. Travels with the exchange's record. */
export interface Warning {
  /** `dropped`: left out. `changed`: carried in another form. `approximated`: nearest value of the target. */
  type: 'dropped' | 'changed' | 'approximated';
  /** Path in the client's request: `tools[3]`, `logit_bias`. */
  field: string;
  message: string;
}
