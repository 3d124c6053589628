/** An account that speaks the Responses API in unit tests: requests to it encoded, its answers decoded. */
import type { AnswerContext, EncodeContext, ToolMemory } from '../../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Message, StreamPart, Warning } from '../../../../../proxy/dialects/canonical';
import { collectStream } from '../../../../../proxy/dialects/collect-stream';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import { isObject, type Json, type JsonObject } from '../../../../../shared/json';

/** Contexts of one proxy: what an answer leaves behind, the next request finds. Warnings are collected. */
export function upstreamContexts(memory: ToolMemory = {}, more: Partial<EncodeContext> = {}) {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const signatures = createSignatureStore();
  let count = 0;
  const encode: EncodeContext = { model: 'served', stream: false, warn, signatures, ...more };
  const answer: AnswerContext = {
    ...memory,
    warn,
    signatures,
    newId: (prefix) => `${prefix}new${++count}`,
  };
  return { warnings, encode, answer };
}

export const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

/** What goes upstream for these messages and fields. */
export function encodeBody(fields: Partial<CanonicalRequest>, contexts = upstreamContexts()): JsonObject {
  const request = { model: 'asked', stream: false, messages: [user('hi')], tools: [], ...fields };
  return openaiResponsesAdapter.encodeRequest(request, contexts.encode).body;
}

/** The items that go upstream for these messages. */
export function encodeItems(messages: Message[], contexts = upstreamContexts()): JsonObject[] {
  const { input } = encodeBody({ messages }, contexts);
  return Array.isArray(input) ? input.filter(isObject) : [];
}

/** An event: its type and the other members of its data. */
export type Told = [type: string, rest?: JsonObject];

/** All parts of a stream of these events. */
export function decodeEvents(events: Told[], contexts = upstreamContexts()): StreamPart[] {
  const decoder = openaiResponsesAdapter.createStreamDecoder(contexts.answer);
  const parts = events.flatMap(([type, rest]) =>
    decoder.push({ event: type, data: JSON.stringify({ type, ...rest }) }),
  );
  return [...parts, ...decoder.end()];
}

/** The answer that a stream of these events makes: its content, its end, its error. */
export function collectEvents(events: Told[], contexts = upstreamContexts()) {
  const collector = collectStream();
  decodeEvents(events, contexts).forEach(collector.push);
  const response = collector.response();
  const [choice] = response.choices;
  return { response, content: choice?.content ?? [], finish: choice?.finish, error: collector.error };
}

/** The last event of a stream. */
export const completed = (output: Json[] = [], more: JsonObject = {}): Told => [
  'response.completed',
  { response: { id: 'resp_1', status: 'completed', output, ...more } },
];

export const created: Told = [
  'response.created',
  { response: { id: 'resp_1', model: 'served', created_at: 5, status: 'in_progress', output: [] } },
];

export const message = (text: string, more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...more,
});

export const call = (id: string, args: string, more: JsonObject = {}): JsonObject => ({
  id: `fc_${id}`,
  type: 'function_call',
  call_id: `call_${id}`,
  name: 'look',
  arguments: args,
  ...more,
});

export const reasoning = (encrypted: string, ...summaries: string[]): JsonObject => ({
  id: 'rs_1',
  type: 'reasoning',
  summary: summaries.map((text) => ({ type: 'summary_text', text })),
  encrypted_content: encrypted,
});
