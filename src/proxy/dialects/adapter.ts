/** What every dialect gives: the same functions in the same files, found by name in `registry.ts`. */
import type { JsonObject } from '../../shared/json';
import type {
  CanonicalRequest,
  CanonicalResponse,
  Dialect,
  ErrorInfo,
  StreamPart,
  UpstreamDialect,
  Usage,
  Warning,
} from './canonical';
import type { SignatureStore } from './signatures/signature-store';

export type Warn = (warning: Warning) => void;

/** For decoding a client's request. Gemini names model and streaming in the path, so they come from outside. */
export interface DecodeContext {
  /** The model in the path, when the protocol has it there. */
  model?: string;
  stream?: boolean;
  warn: Warn;
}

/** Where servers of one dialect differ; a provider's table says it. Absent: what most of them understand. */
export interface UpstreamTraits {
  /** OpenAI's reasoning models refuse `max_tokens`; most compatible servers know nothing else. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Takes tools of type `custom` (free text input) in chat completions. */
  customTools?: boolean;
  /** `false`: refuses `reasoning_effort`. */
  reasoningEffort?: boolean;
  /** `false`: refuses its own reasoning in assistant messages (OpenAI itself); DeepSeek demands it. */
  reasoningContent?: boolean;
}

/** For encoding a request to an upstream. */
export interface EncodeContext {
  /** The model to ask the upstream for. */
  model: string;
  stream: boolean;
  warn: Warn;
  signatures: SignatureStore;
  traits?: UpstreamTraits;
}

/** What encoding a request changed about tools, to be undone in the answer (SPEC 4.12). */
export interface ToolMemory {
  /** The client's name of a tool, from the name sent upstream; unknown names come back as they are. */
  restoreToolName?: (name: string) => string;
  /** The client's names of its `custom` tools that were sent as functions with one string, `input`. */
  customToolNames?: ReadonlySet<string>;
  /** About how many tokens the input has, where the upstream counts none. */
  inputTokens?: number;
}

/** For decoding an upstream's answer. The request's {@link ToolMemory} comes along. */
export interface AnswerContext extends ToolMemory {
  warn: Warn;
  signatures: SignatureStore;
  /** Makes a fresh id, for calls that the upstream left without one: `newId('call_')`. */
  newId: (prefix: string) => string;
}

/** For encoding an answer to a client. */
export interface ReplyContext {
  /** The model as the client asked for it (SPEC 4.13). */
  model: string;
  /** Unix time in seconds, for `created` fields the upstream left out. */
  now: number;
  /** Makes a fresh id: `newId('chatcmpl-')`. */
  newId: (prefix: string) => string;
  warn: Warn;
  /** The request, for what an answer must repeat or leave out (usage chunks, reasoning the client did not ask for). */
  request: CanonicalRequest;
  /** Gemini without `alt=sse` streams a JSON array. */
  framing?: 'sse' | 'json-array';
  /** Anthropic: about how many tokens the input has, for streams that must say so before the upstream does. */
  estimateInput?: () => number;
  /** Responses: takes the whole `response` object once it is complete, encrypted reasoning included, to be stored. */
  completed?: (response: JsonObject) => void;
}

/** A request for the upstream: path below the account's base URL (query included) and JSON body. */
export interface WireRequest extends ToolMemory {
  path: string;
  body: JsonObject;
  headers?: Record<string, string>;
}

/** One server-sent event. */
export interface SseEvent {
  event?: string;
  data: string;
}

/**
 * A delta whose text is still escaped, as it stood in the upstream's JSON: on the hot path it is copied and not parsed.
 * It has no escapes but those that `JSON.stringify` writes, so that copying and writing anew give the same bytes.
 */
export interface EscapedDelta {
  type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta';
  id: string;
  choice: number | undefined;
  escaped: string;
}

/** Turns the upstream's events into parts. A state machine without I/O. */
export interface StreamDecoder {
  /** The parts of one event. Never throws: garbage becomes an `error` part. */
  push(event: SseEvent): StreamPart[];
  /**
   * Events like the last one but for their text were not pushed: takes note of the text that they would have given to
   * that part. Where it is absent every event is pushed.
   */
  skipped?(type: EscapedDelta['type'], id: string, text: string): void;
  /** At the end of the bytes: closes what is open; an `error` part if the answer was cut. */
  end(): StreamPart[];
}

/** Turns parts into the text to write to the client. */
export interface StreamEncoder {
  push(part: StreamPart): string;
  /** {@link push} for a delta that was not parsed; undefined when it has to be. */
  pushEscaped?(delta: EscapedDelta): string | undefined;
  /** After the last part: what the protocol wants at the very end (`[DONE]`, `]`). */
  end(): string;
  /** Written after 15 s of silence; '' where the protocol allows none. */
  heartbeat(): string;
}

/** A model as `/v1/models` lists it. */
export interface ModelInfo {
  id: string;
  displayName?: string;
  /** Unix time in seconds. */
  created?: number;
  ownedBy?: string;
  inputTokenLimit?: number;
  outputTokenLimit?: number;
}

/** What the tail of a same-protocol stream tells without translating it. */
export interface StreamSummary {
  usage?: Usage;
  /** The terminal event of the protocol was there. */
  complete: boolean;
}

/** What an account's dialect gives: requests are written in it, answers read. */
export interface UpstreamAdapter {
  readonly dialect: UpstreamDialect;

  encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest;

  decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse;

  createStreamDecoder(context: AnswerContext): StreamDecoder;

  /**
   * `body` is the parsed JSON, or the text where it was none; `headers` a flat list. AWS names the kind of an error in a
   * header.
   */
  decodeError(status: number, body: unknown, headers?: readonly string[]): ErrorInfo;

  /**
   * Takes all reasoning of earlier turns, signatures included, out of a request of this dialect, in place and so that
   * the rest is accepted: for one more try after the upstream refused a signature (signatures/signature-refusal.ts).
   * Says whether there was any.
   */
  dropReasoning(body: JsonObject): boolean;

  /** The error that this event carries, when it is one (an error inside a 200, SPEC 5.6a). */
  readStreamError(event: SseEvent): ErrorInfo | undefined;

  /** Token counting, where the protocol has an endpoint for it. */
  count?: {
    encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest;
    /** The number of input tokens. */
    decodeResponse(body: JsonObject): number;
  };
}

/** What a dialect gives that clients speak, too. */
export interface DialectAdapter extends UpstreamAdapter {
  readonly dialect: Dialect;

  /** Throws `InvalidRequestError` with the path of a bad field. */
  decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest;
  /**
   * Takes out of a request of this dialect, in place, what Portside put into signature fields for another provider
   * (see signatures/envelope.ts): this provider would refuse it. Asked only about bodies that hold an envelope.
   */
  dropEnvelopes(body: JsonObject): void;

  encodeResponse(response: CanonicalResponse, context: ReplyContext): JsonObject;
  createStreamEncoder(context: ReplyContext): StreamEncoder;

  encodeError(error: ErrorInfo): JsonObject;
  /** The error as a stream's last bytes (event and terminator), for a stream that has begun. */
  encodeStreamError(error: ErrorInfo): string;
  heartbeat: string;

  /** Usage in one payload: a whole answer, or one event's data. Undefined when it carries none. */
  readUsage(payload: JsonObject): Usage | undefined;
  /** Whether this event's data ends the stream well (`message_stop`, `[DONE]`, a `finishReason`). */
  isTerminal(event: SseEvent): boolean;

  encodeModel(model: ModelInfo): JsonObject;
  encodeModelList(models: ModelInfo[]): JsonObject;

  count?: NonNullable<UpstreamAdapter['count']> & {
    decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest;
    encodeResponse(inputTokens: number): JsonObject;
  };
}
