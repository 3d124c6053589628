/** Puts the events of a stream together to the answer that they tell. */
import { isObject, type Json } from '../../../shared/json';
import type { SseEvent } from '../../dialects/adapter';
import type { UpstreamDialect } from '../../dialects/canonical';
import { collectStream } from '../../dialects/collect-stream';
import { upstreamAdapterOf } from '../../dialects/registry';
import { ENVELOPE_MARK } from '../../dialects/signatures/envelope';
import { createSseParser } from '../../stream/sse';
import { indentJson } from './indent-json';
import { wholeAnswer } from './whole-answer';

/** An answer as JSON, and in words what is wrong with it. */
export interface Reassembled {
  json: string;
  trouble?: string;
}

const DIALECTS: readonly string[] = [
  'openai-chat',
  'openai-responses',
  'anthropic',
  'gemini',
  'bedrock',
  'editor',
];
/** Whether a dialect's name, as records hold it, is one whose streams can be read. */
export const isDialect = (name: string | undefined): name is UpstreamDialect =>
  name !== undefined && DIALECTS.includes(name);

/** The events in the text of a stream. */
export function eventsOf(text: string): SseEvent[] {
  const parser = createSseParser();
  return [...parser.push(Buffer.from(text, 'utf8')), ...parser.end()];
}

/**
 * Gemini's decoder opens the envelopes that Portside makes of other providers' signatures, or leaves them out. Here they are to be
 * seen where they stood: with a letter ahead they are a signature like any other.
 */
const ENVELOPE = `"${ENVELOPE_MARK}`;
const CLOSED_ENVELOPE = `"~${ENVELOPE_MARK}`;

/** The Responses API ends its streams with the whole response: better than any that is put together. */
function toldWhole(events: SseEvent[]): string | undefined {
  for (const { data } of events.slice(-3).reverse()) {
    if (!data.includes('"response.')) continue;
    try {
      const { type, response } = JSON.parse(data) as { type?: string; response?: Json };
      if (!/^response\.(completed|incomplete)$/.test(type ?? '') || !isObject(response)) continue;
      if (Array.isArray(response.output) && response.output.length > 0) return JSON.stringify(response);
    } catch {
      // Cut, or none of ours.
    }
  }
  return undefined;
}

/**
 * Reads the events with the dialect's own decoder.
 * @param model as it was asked for, where the stream names none
 * @param time Unix ms
 * @returns undefined where they say nothing in that dialect
 */
export function reassemble(
  events: SseEvent[],
  dialect: UpstreamDialect,
  model: string,
  time: number,
): Reassembled | undefined {
  const told = dialect === 'openai-responses' ? toldWhole(events) : undefined;
  if (told !== undefined) return { json: told };
  const decoder = upstreamAdapterOf(dialect).createStreamDecoder({
    warn: () => undefined,
    signatures: { remember: () => undefined, recall: () => undefined },
    newId: (prefix) => prefix.replace(/[-_]$/, ''),
  });
  const collected = collectStream();
  let said = false;
  const take = (parts: ReturnType<typeof decoder.push>) => {
    for (const part of parts) {
      if (part.type !== 'error' && part.type !== 'start') said = true;
      collected.push(part);
    }
  };
  for (const event of events) {
    const data = dialect === 'gemini' ? event.data.replaceAll(ENVELOPE, CLOSED_ENVELOPE) : event.data;
    take(decoder.push({ ...event, data }));
    // What comes behind an error belongs to no answer.
    if (collected.error) break;
  }
  if (!collected.error) take(decoder.end());
  if (!said) return undefined;
  const response = collected.response();
  return {
    json: JSON.stringify(wholeAnswer(dialect, response, response.model ?? model, time)).replaceAll(
      CLOSED_ENVELOPE,
      ENVELOPE,
    ),
    ...(collected.error && { trouble: collected.error.message }),
  };
}

/** Events one after another, their data indented where it is JSON. */
export function eventBlocks(events: SseEvent[]): string {
  return events
    .map(({ event, data }) => {
      const json = /^\s*[[{]/.test(data) ? indentJson(data) : data;
      return event === undefined ? json : `${event}\n${json}`;
    })
    .join('\n\n');
}
