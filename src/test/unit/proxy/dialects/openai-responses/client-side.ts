/** A client of the Responses API in unit tests: its requests decoded, its answers encoded and read by the official SDK. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { Response as OpenaiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { DecodeContext, ReplyContext } from '../../../../../proxy/dialects/adapter';
import type {
  AssistantPart,
  CanonicalRequest,
  CanonicalResponse,
  Finish,
  StreamPart,
  Warning,
} from '../../../../../proxy/dialects/canonical';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { InvalidRequestError } from '../../../../../proxy/errors';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import type { Json, JsonObject } from '../../../../../shared/json';
import { checkOpenaiResponsesStream } from '../../../../support/check/check-openai-responses-stream';
import { readEvents } from '../../../../support/read-events';

export const emptyRequest: CanonicalRequest = { model: 'asked', stream: true, messages: [], tools: [] };

/** Contexts whose warnings and completed responses are collected, with ids that count up. */
export function clientContexts() {
  const warnings: Warning[] = [];
  const completed: JsonObject[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  let count = 0;
  const decode: DecodeContext = { warn };
  const reply = (request: Partial<CanonicalRequest> = {}): ReplyContext => ({
    model: 'asked',
    now: 1_700_000_000,
    newId: (prefix) => `${prefix}new${++count}`,
    warn,
    request: { ...emptyRequest, ...request },
    completed: (response) => void completed.push(response),
  });
  return { warnings, completed, decode, reply };
}

/** A request of one user message and some fields, decoded. */
export function decodeBody(fields: JsonObject, contexts = clientContexts()): CanonicalRequest {
  return openaiResponsesAdapter.decodeRequest({ model: 'asked', input: 'hi', ...fields }, contexts.decode);
}

/** The messages of a conversation of these items. */
export function decodeInput(input: Json, contexts = clientContexts()) {
  return decodeBody({ input }, contexts).messages;
}

/** An answer of these parts. */
export function answerOf(
  content: AssistantPart[],
  reason: Finish['reason'] = 'stop',
  more: Partial<CanonicalResponse> = {},
): CanonicalResponse {
  return {
    id: 'chatcmpl-1',
    model: 'upstreams-own',
    created: 5,
    choices: [{ content, finish: { reason } }],
    usage: { inputTokens: 7, cachedInputTokens: 3, outputTokens: 5, reasoningTokens: 2 },
    ...more,
  };
}

/** The whole text that a client gets for these parts. */
export function encodeParts(
  parts: StreamPart[],
  request: Partial<CanonicalRequest> = {},
  contexts = clientContexts(),
): string {
  const encoder = openaiResponsesAdapter.createStreamEncoder(contexts.reply(request));
  return parts.map((part) => encoder.push(part)).join('') + encoder.end();
}

/** The data of all events. */
export const eventsOf = (written: string): JsonObject[] =>
  readEvents(written).map(({ data }) => JSON.parse(data) as JsonObject);

/** The `response` of the last event. */
export const finalOf = (written: string): JsonObject => eventsOf(written).at(-1)?.response as JsonObject;

/** Items that carry different ids made on the way, with these left out. */
export const withoutIds = (items: Json | undefined): Json =>
  JSON.parse(JSON.stringify(items ?? null), (key, value: unknown) =>
    key === 'id' ? undefined : value,
  ) as Json;

const clientFor = (written: string): OpenAI =>
  new OpenAI({
    apiKey: 'test',
    baseURL: 'http://127.0.0.1:9/v1',
    fetch: () => Promise.resolve(new Response(written, { headers: { 'content-type': 'text/event-stream' } })),
  });

/** What the official SDK makes of a stream: its events, and the response it puts together. */
export async function readWithSdk(
  written: string,
): Promise<{ response: OpenaiResponse; events: ResponseStreamEvent[] }> {
  const events: ResponseStreamEvent[] = [];
  const stream = clientFor(written).responses.stream({ model: 'asked', input: 'hi' });
  stream.on('event', (event) => void events.push(event));
  return { response: await stream.finalResponse(), events };
}

/** The response as the official SDK puts it together from the deltas alone: the event before the last. */
export async function accumulateWithSdk(written: string): Promise<JsonObject> {
  const cut = written.lastIndexOf('event: response.');
  const stream = clientFor(written.slice(0, cut)).responses.stream({ model: 'asked', input: 'hi' });
  return (await stream.finalResponse()) as unknown as JsonObject;
}

/** Metadata of this dialect. */
export const own = (fields: JsonObject) => ({ metadata: { 'openai-responses': fields } });

/** A call of a function. */
export const callOf = (id: string, input = '{"a":1}', name = 'f'): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  input,
});

/** The stream of a whole answer. */
export function streamOf(
  content: AssistantPart[],
  request: Partial<CanonicalRequest> = {},
  reason: Finish['reason'] = 'stop',
  contexts = clientContexts(),
): string {
  return encodeParts(replayResponse(answerOf(content, reason)), request, contexts);
}

/** The types of all events, without `response.`. */
export const typesOf = (written: string): string[] =>
  eventsOf(written).map(({ type }) => String(type).replace(/^response\./, ''));

/** What the grammar has against a stream. */
export const complaintsOf = (written: string): string[] =>
  checkOpenaiResponsesStream(readEvents(written)).complaints;

/** The first part of streams in tests. */
export const START: StreamPart = { type: 'start', id: 'resp_up', created: 5 };
/** The last one. */
export const FINISH: StreamPart = { type: 'finish', finish: { reason: 'stop' } };

/** Input that is refused with the path of the field. */
export const refusedInput = (input: Json, param: string): void => {
  assert.throws(
    () => decodeInput(input),
    (error) => error instanceof InvalidRequestError && error.param === param,
    `${JSON.stringify(input)} is not refused at ${param}`,
  );
};
