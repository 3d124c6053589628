/**
 * A conversation in no protocol at all, and one form of it to compare by. Not the product's vocabulary: what the tests say
 * must not depend on what they test.
 */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';

export type Part =
  | { type: 'text'; text: string; cached?: true }
  | { type: 'image'; mediaType?: string; data?: string; url?: string; detail?: string }
  | { type: 'pdf'; data: string; name?: string }
  | { type: 'audio'; data: string };

export interface Call {
  id: string;
  name: string;
  /** JSON text; free text where `custom`. */
  input: string;
  custom?: true;
}

export interface Result {
  id: string;
  parts: Part[];
  error?: true;
}

export type Turn =
  | { role: 'system'; texts: string[]; developer?: true; cached?: true }
  | { role: 'user'; parts: Part[] }
  | { role: 'assistant'; text?: string; refusal?: string; calls?: Call[] }
  | { role: 'tool'; results: Result[] };

export interface Tool {
  name: string;
  description?: string;
  parameters?: JsonObject;
  strict?: true;
  cached?: true;
  /** A free-text tool; `grammar` is a Lark grammar. */
  custom?: { grammar?: string };
}

/** What is asked of a model. Absent: nothing was said about it. */
export interface Ask {
  turns: Turn[];
  tools?: Tool[];
  choice?: 'auto' | 'none' | 'required' | { tool: string } | { some: string[] };
  /** The provider may search the web. */
  webSearch?: true;
  parallel?: false;
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  n?: number;
  /** Number of alternatives per token. */
  logprobs?: number;
  format?: 'json' | { name: string; description?: string; schema: JsonObject };
  /** How hard to think; `budget` in tokens. Thoughts shall be shown. */
  thinking?: { effort?: string; budget?: number };
  userId?: string;
  cacheKey?: string;
}

/** A request as it stands on the wire. */
export interface WireAsk {
  path: string;
  headers: Record<string, string>;
  body: JsonObject;
}

/** What a client is told. */
export interface Answer {
  text: string;
  reasoning: string;
  refusal: string;
  calls: Call[];
  /** The protocol's own word. */
  stop: string;
  stopSequence?: string;
  usage: { input: number; output: number; cached?: number; cacheWrite?: number; reasoning?: number };
  model: string;
  logprobs: { token: string; logprob: number; top: string[] }[];
  /** Texts of all the answers, where several were asked for. */
  choices: string[];
}

/** Objects in a list; nothing where it is none. */
export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export const text = (value: string): Part => ({ type: 'text', text: value });

/** Object members that are not undefined: `exactOptionalPropertyTypes` wants absence. */
export function present<T extends object>(given: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function parsed(input: string): Json {
  try {
    return JSON.parse(input) as Json;
  } catch {
    return input;
  }
}

/** Texts side by side are one text: protocols differ in whether they keep the seam. */
function normalParts(parts: Part[]): Json[] {
  const normal: JsonObject[] = [];
  for (const part of parts) {
    if (part.type !== 'text') {
      normal.push({ ...part });
      continue;
    }
    if (part.text === '') continue;
    const last = normal.at(-1);
    if (last?.type === 'text') last.text = `${String(last.text)}\n\n${part.text}`;
    else normal.push({ type: 'text', text: part.text });
  }
  return normal;
}

/** Calls by the order in which they are made; some clients use the same ids again in every turn. */
class Labels {
  private readonly latest = new Map<string, string>();
  private count = 0;

  called(id: string): string {
    const label = `call ${this.count++}`;
    this.latest.set(id, label);
    return label;
  }

  answered(id: string): string {
    return this.latest.get(id) ?? `unknown ${id}`;
  }
}

function normalCall(call: Call, ids: Labels | undefined): JsonObject {
  return {
    id: ids?.called(call.id) ?? call.id,
    name: call.name,
    input: call.custom ? call.input : parsed(call.input),
    ...(call.custom && { custom: true }),
  };
}

function normalTurn(turn: Turn, ids: Labels | undefined): JsonObject {
  switch (turn.role) {
    case 'system':
      return { role: 'system', text: turn.texts.filter((one) => one !== '').join('\n\n') };
    case 'user':
      return { role: 'user', parts: normalParts(turn.parts) };
    case 'assistant':
      return {
        role: 'assistant',
        text: (turn.text ?? '') + (turn.refusal ?? ''),
        calls: (turn.calls ?? []).map((call) => normalCall(call, ids)),
      };
    case 'tool':
      return {
        role: 'tool',
        results: turn.results
          .map((result) => ({
            id: ids?.answered(result.id) ?? result.id,
            parts: normalParts(result.parts).map((part) =>
              isObject(part) && typeof part.text === 'string'
                ? { ...part, text: part.text.replace(/\n+/g, '\n') }
                : part,
            ),
            ...(result.error && { error: true }),
          }))
          // The order of results means nothing.
          .sort((one, other) => one.id.localeCompare(other.id)),
      };
  }
}

/** Neighbours of one role are one turn: several protocols allow no others. */
function joinTurns(turns: Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === 'user' && turn.role === 'user') last.parts.push(...turn.parts);
    else if (last?.role === 'system' && turn.role === 'system') last.texts.push(...turn.texts);
    else if (last?.role === 'tool' && turn.role === 'tool') last.results.push(...turn.results);
    else if (last?.role === 'assistant' && turn.role === 'assistant') {
      if (turn.text !== undefined) last.text = (last.text ?? '') + turn.text;
      if (turn.calls) last.calls = [...(last.calls ?? []), ...turn.calls];
    } else joined.push(structuredClone(turn));
  }
  return joined.filter((turn) => turn.role !== 'user' || normalParts(turn.parts).length > 0);
}

/**
 * The form to compare two requests by: equal exactly when they mean the same.
 * @param byOrder compares the ids of calls by who answers whom only, for protocols that cannot carry the ids given
 */
export function normalAsk(ask: Ask, byOrder = false): JsonObject {
  const ids = byOrder ? new Labels() : undefined;
  const { turns, tools, choice, ...settings } = ask;
  return {
    turns: joinTurns(turns).map((turn) => normalTurn(turn, ids)),
    tools: (tools ?? []).map(({ cached: _cached, ...tool }) => ({
      ...tool,
      // A tool without parameters is one that takes an empty object.
      parameters: tool.custom ? undefined : (tool.parameters ?? { type: 'object', properties: {} }),
      custom: tool.custom && { ...tool.custom },
    })) as Json[],
    // What happens anyway need not be said.
    ...(choice !== undefined && choice !== 'auto' && { choice }),
    ...(structuredClone(settings) as JsonObject),
  };
}
