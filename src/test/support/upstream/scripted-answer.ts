/** What a scripted upstream shall say, in no protocol yet; each `speak-*.ts` puts it into one. Pure data. */
import type { JsonObject } from '../../../shared/json';

export interface ScriptedToolCall {
  id?: string;
  name: string;
  arguments: JsonObject;
  /** OpenAI's protocols: a call of a free-text tool, with this instead of the arguments. */
  free?: string;
  /** Gemini's thought signature of this call. */
  signature?: string;
}

export interface ScriptedToken {
  token: string;
  logprob: number;
  /** The likeliest at this place. */
  top: { token: string; logprob: number }[];
}

export interface ScriptedUsage {
  input: number;
  output: number;
  cached?: number;
  /** Written to a cache; Gemini does not say. */
  cacheWrite?: number;
  reasoning?: number;
}

export interface ScriptedAnswer {
  reasoning?: string;
  /** Anthropic's signature of the reasoning, Gemini's of the text after it, Responses' encrypted reasoning. */
  signature?: string;
  /** Anthropic: reasoning that is not shown, before the text. */
  redacted?: string;
  text?: string;
  /** The model declines in words: a field of its own in OpenAI's protocols, text elsewhere. */
  refusal?: string;
  /** A picture after the text, base64 PNG; Gemini alone answers with one. */
  image?: string;
  toolCalls?: ScriptedToolCall[];
  usage?: ScriptedUsage;
  /** Absent: `stop`, or `tool-calls` where there are calls. */
  stop?: 'stop' | 'length' | 'content-filter' | 'refusal' | 'stop-sequence';
  /** The sequence that was met; Anthropic alone says it. */
  stopSequence?: string;
  /** Of the text. Anthropic has none. */
  logprobs?: ScriptedToken[];
  /** Texts of further answers; chat completions and Gemini. */
  alternatives?: string[];
  /** Characters of each delta; 5 when absent. */
  pieceSize?: number;
  /** The model as the upstream names it; absent: as it was asked. */
  model?: string;
  /** Unknown members put into the answer's top level, to see that they survive. */
  extra?: JsonObject;
}

/** One event of a stream as it stands on the wire. */
export interface WireEvent {
  event?: string;
  data: string;
}

/** An answer in the words of one protocol. */
export interface SpokenAnswer {
  body: JsonObject;
  events: WireEvent[];
}

export interface SpeakContext {
  model: string;
  /** OpenAI chat: whether the client asked for usage in the stream. */
  streamUsage: boolean;
}

export const DEFAULT_USAGE: ScriptedUsage = { input: 21, output: 7 };

/** A text in pieces of `size` characters (code points), as models stream it. */
export function pieces(text: string, size = 5): string[] {
  const points = [...text];
  const result: string[] = [];
  for (let at = 0; at < points.length; at += size) result.push(points.slice(at, at + size).join(''));
  return result;
}

/** The id of the n-th call, made up where the script names none. */
export function callId(call: ScriptedToolCall, index: number, prefix: string): string {
  return call.id ?? `${prefix}${String(index + 1).padStart(8, '0')}`;
}

/** Log probabilities as both OpenAI protocols write them. */
export function openaiLogprobs(tokens: ScriptedToken[]): JsonObject[] {
  const one = ({ token, logprob }: { token: string; logprob: number }): JsonObject => ({
    token,
    logprob,
    bytes: [...new TextEncoder().encode(token)],
  });
  return tokens.map((token) => ({ ...one(token), top_logprobs: token.top.map(one) }));
}
