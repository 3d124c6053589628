/** Upstreams that answer whole where a stream was asked for, or stream where none was: the client gets what it asked for. */
import { isObject, type Json } from '../../shared/json';
import type { AnswerContext, SseEvent } from '../dialects/adapter';
import type { CanonicalRequest, CanonicalResponse, ErrorInfo } from '../dialects/canonical';
import { collectStream } from '../dialects/collect-stream';
import { adapterOf } from '../dialects/registry';
import { errorInBody, formOf } from '../stream/first-event';
import { createSseParser } from '../stream/sse';
import { answerComplete } from './answer-complete';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { newId } from './new-id';
import { isEmpty, replyContext } from './translate';

const EMPTY = 'answered without any content';

/** What a call of a model expects back, and the request behind it, decoded only when that does not come. */
export interface Expected {
  /** `events`: a stream of events. `whole`: one JSON object. */
  form: 'events' | 'whole';
  request: () => CanonicalRequest;
}

/**
 * Reads a complete answer of the exchange's own protocol, in either form. Usage is noted.
 * @returns the answer, or the error that it holds; undefined where it is neither
 */
function readEitherForm(
  core: Core,
  exchange: Exchange,
  bytes: Buffer,
): { response: CanonicalResponse } | { error: ErrorInfo } | undefined {
  const adapter = adapterOf(exchange.dialect);
  const context: AnswerContext = { warn: exchange.warner, signatures: core.signatures, newId };
  if (formOf(bytes) === 'events') {
    const parser = createSseParser();
    return collected(adapter.createStreamDecoder(context), [...parser.push(bytes), ...parser.end()]);
  }
  let body: Json;
  try {
    body = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as Json;
  } catch {
    return undefined;
  }
  // Gemini without `alt=sse`: the chunks of a stream in an array.
  if (Array.isArray(body))
    return collected(
      adapter.createStreamDecoder(context),
      body.map((each) => ({ data: JSON.stringify(each) })),
    );
  if (!isObject(body)) return undefined;
  const error = errorInBody(body, adapter);
  if (error) return { error };
  try {
    return { response: adapter.decodeResponse(body, context) };
  } catch {
    return undefined;
  }
}

function collected(
  decoder: ReturnType<ReturnType<typeof adapterOf>['createStreamDecoder']>,
  events: SseEvent[],
): { response: CanonicalResponse } | { error: ErrorInfo } {
  const collector = collectStream();
  for (const event of events) for (const part of decoder.push(event)) collector.push(part);
  for (const part of decoder.end()) collector.push(part);
  const { error } = collector;
  return error ? { error } : { response: collector.response() };
}

/**
 * Answers with a complete answer of the exchange's own protocol, in the form that the client expects.
 * @returns undefined once the client is answered; else an error that the upstream told of, or in words what is wrong
 */
export function answerInOtherForm(
  core: Core,
  exchange: Exchange,
  expected: Expected,
  bytes: Buffer,
  served: string[],
): ErrorInfo | string | undefined {
  const read = readEitherForm(core, exchange, bytes);
  if (!read) return bytes.length === 0 ? EMPTY : 'answered with something that is not its protocol';
  if ('error' in read) return read.error;
  const { response } = read;
  if (isEmpty(response)) return EMPTY;
  let request: CanonicalRequest;
  try {
    request = expected.request();
  } catch {
    // The account took a request that cannot be read here: what its answer must look like is not known.
    return 'answered in another form than was asked for';
  }
  const adapter = adapterOf(exchange.dialect);
  const context = replyContext(core, exchange, request);
  answerComplete(exchange, adapter, response, context, expected.form, served);
  return undefined;
}
