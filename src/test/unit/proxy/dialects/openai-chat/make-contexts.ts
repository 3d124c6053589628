import type {
  AnswerContext,
  DecodeContext,
  EncodeContext,
  ReplyContext,
} from '../../../../../proxy/dialects/adapter';
import type { CanonicalRequest, StreamPart, Warning } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { Json, JsonObject } from '../../../../../shared/json';

export const emptyRequest: CanonicalRequest = { model: 'asked', stream: true, messages: [], tools: [] };

/** Contexts whose warnings are collected, with ids that count up. */
export function makeContexts() {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const signatures = createSignatureStore();
  let count = 0;
  const newId = (prefix: string) => `${prefix}new${++count}`;
  const decode: DecodeContext = { warn };
  const encode: EncodeContext = { model: 'served', stream: false, warn, signatures };
  const answer: AnswerContext = { warn, signatures, newId };
  const reply = (request: Partial<CanonicalRequest> = {}): ReplyContext => ({
    model: 'asked',
    now: 1_700_000_000,
    newId,
    warn,
    request: { ...emptyRequest, ...request },
  });
  return { warnings, signatures, decode, encode, answer, reply };
}

/** A client's request of one user message and some fields, decoded. */
export function decodeBody(fields: JsonObject, contexts = makeContexts()): CanonicalRequest {
  const body = { model: 'asked', messages: [{ role: 'user', content: 'hi' }], ...fields };
  return openaiChatAdapter.decodeRequest(body, contexts.decode);
}

/** What goes upstream for a request of one user message and some fields. */
export function encodeBody(fields: Partial<CanonicalRequest>, contexts = makeContexts()): JsonObject {
  const messages: CanonicalRequest['messages'] = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }];
  return openaiChatAdapter.encodeRequest({ ...emptyRequest, messages, ...fields }, contexts.encode).body;
}

/** A chunk with one choice. */
export const chunkOf = (
  delta: JsonObject,
  finish: string | null = null,
  more: JsonObject = {},
): JsonObject => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

/** All parts of a stream of chunks; strings are sent as they are. */
export function decodeChunks(chunks: (Json | string)[], contexts = makeContexts()): StreamPart[] {
  const decoder = openaiChatAdapter.createStreamDecoder(contexts.answer);
  const parts = chunks.flatMap((chunk) =>
    decoder.push({ data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }),
  );
  return [...parts, ...decoder.end()];
}

/** The whole text that a client gets for these parts. */
export function encodeParts(
  parts: StreamPart[],
  request: Partial<CanonicalRequest> = {},
  contexts = makeContexts(),
): string {
  const encoder = openaiChatAdapter.createStreamEncoder(contexts.reply(request));
  return parts.map((part) => encoder.push(part)).join('') + encoder.end();
}
