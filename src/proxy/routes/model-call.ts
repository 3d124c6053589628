/** A model is called: decode as far as needed → resolve → send → encode, account after account until one serves. */
import type { JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import type { CanonicalRequest, Dialect } from '../dialects/canonical';
import { adapterOf } from '../dialects/registry';
import { replayResponse } from '../dialects/replay-response';
import { InvalidRequestError, NoAccountError, NotSupportedError, UpstreamError } from '../errors';
import { demoAnswer, DEMO_MODEL } from '../providers/demo';
import { labelOf } from '../pool/pool';
import { routeTargets } from '../routing/resolve-model';
import { patchSpan, scanMembers, type ValueSpan } from '../stream/scan-json';
import type { Outcome, Target } from './attempt';
import { chooseAccounts, noteSubstitution, type Choice } from './candidates';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { bookFailure, type Failure } from './failure';
import { PassThrough } from './pass-through';
import { parseJson, readBody, requireJson } from './read-body';
import { replyContext, streamHeaders, Translate } from './translate';
import { passedHeaders, translatedHeaders } from './upstream-headers';

const WANTED = new Set(['model', 'stream']);
/** Names are remembered, matched and told: a bound keeps all of that cheap. */
const LONGEST_MODEL = 1000;

/** A request as far as it must be known to route it. */
export interface Incoming {
  body: Buffer;
  model: string;
  /** Whether the body names the model: Gemini has it in the path, forms have it nowhere. */
  modelInBody: boolean;
  stream: boolean;
}

/** The path below the base URL for a same-protocol call. */
export type UpstreamPath = (model: string) => string;

/** Up to this size parsing is cheaper than walking the bytes. */
const SMALL_BODY = 2048;

/** The members that routing needs; undefined when the bytes are not one object. */
function topLevelOf(body: Buffer): { model?: unknown; stream?: unknown } | undefined {
  if (body.length <= SMALL_BODY) {
    try {
      const parsed = JSON.parse(body.toString('utf8')) as unknown;
      if (isObject(parsed)) return parsed;
    } catch {
      // The walk below forgives a byte order mark, and the caller finds the place of an error.
    }
  }
  const spans = scanMembers(body, WANTED);
  if (!spans) return undefined;
  const model = spans.get('model');
  const stream = spans.get('stream');
  return { ...(model && { model: valueAt(body, model) }), ...(stream && { stream: valueAt(body, stream) }) };
}

/** Finds model and `stream` in the body's bytes. Bad JSON is told with its position. */
export function readTopLevel(exchange: Exchange, body: Buffer): Incoming {
  const members = topLevelOf(body);
  if (!members) {
    const parsed = parseJson(body);
    if (!isObject(parsed)) throw new InvalidRequestError('The request body must be a JSON object.');
    throw new InvalidRequestError('The request body is not valid JSON.');
  }
  const fromPath = exchange.path.model;
  if (fromPath !== undefined) {
    const stream = exchange.path.route === '/v1beta/streamGenerateContent';
    return { body, model: fromPath, modelInBody: false, stream };
  }
  const { model, stream } = members;
  if (model === undefined) throw new InvalidRequestError('The field "model" is required.', 'model');
  if (typeof model !== 'string' || model === '')
    throw new InvalidRequestError('The field "model" must be a non-empty string.', 'model');
  if (model.length > LONGEST_MODEL)
    throw new InvalidRequestError(`The field "model" has more than ${LONGEST_MODEL} characters.`, 'model');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw new InvalidRequestError('The field "stream" must be true or false.', 'stream');
  return { body, model, modelInBody: true, stream: stream === true };
}

function valueAt(body: Buffer, span: ValueSpan): unknown {
  const text = body.toString('utf8', span.start, span.end);
  if (text === 'true') return true;
  if (text === 'false') return false;
  // A plain string, as nearly every model's name is, needs no parser.
  if (/^"[\w./:@-]+"$/.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    parseJson(body);
    return undefined;
  }
}

/** The query for the upstream: the client's, less the key. */
export function passedQuery(query: string): string {
  if (!query) return '';
  if (!/key|%/.test(query)) return `?${query}`;
  const kept = query.split('&').filter((pair) => !new URLSearchParams(pair).has('key'));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** A model's name in a Gemini path: `models/x` for `x` and `models/x`, `tunedModels/x` as it is. */
export function geminiName(model: string): string {
  const [, kind = 'models', name = model] = /^(models|tunedModels)\/(.+)$/s.exec(model) ?? [];
  return `${kind}/${encodeURIComponent(name)}`;
}

/** Where each dialect's generation stands below an account's base URL. */
function generationPath(exchange: Exchange): UpstreamPath {
  const query = passedQuery(exchange.query);
  switch (exchange.dialect) {
    case 'openai-chat':
      return () => `/chat/completions${query}`;
    case 'openai-responses':
      return () => `/responses${query}`;
    case 'anthropic':
      return () => `/v1/messages${query}`;
    case 'gemini': {
      const { version, route } = exchange.path;
      const verb = route.slice('/v1beta/'.length);
      return (model) => `/${version ?? 'v1beta'}/${geminiName(model)}:${verb}${query}`;
    }
  }
}

/** `POST /v1/chat/completions`, `/v1/responses`, `/v1/messages`, `…:generateContent`, `…:streamGenerateContent`. */
export async function serveModelCall(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const incoming = readTopLevel(exchange, body);
  exchange.modelAsked = incoming.model;
  const translatable = exchange.dialect !== 'openai-responses';
  const choices = chooseAccounts(
    core,
    exchange,
    incoming.model,
    translatable ? undefined : 'openai-responses',
  );
  const path = generationPath(exchange);
  const decoded: { request?: CanonicalRequest } = {};
  await tryEach(core, exchange, choices, (choice) =>
    attempt(core, exchange, incoming, choice, path, decoded),
  );
}

/** Asks one after another until one serves; the last failure is the client's answer. */
export async function tryEach(
  core: Core,
  exchange: Exchange,
  choices: Choice[],
  attemptOne: (choice: Choice) => Promise<Outcome>,
): Promise<void> {
  let failure: Failure | undefined;
  for (const choice of choices) {
    const account = choice.type === 'demo' ? choice.candidate.account : choice.account;
    const model = choice.type === 'demo' ? DEMO_MODEL : choice.model;
    for (let again = choices.length === 1 ? 1 : 0; again >= 0; again--) {
      const record: { account: string; model: string; status?: number; reason?: string } = {
        account: labelOf(account),
        model,
      };
      exchange.attempts.push(record);
      exchange.account = record.account;
      exchange.modelServed = model;
      if (choice.type === 'upstream') exchange.upstreamDialect = choice.endpoint.dialect;
      let outcome: Outcome;
      try {
        outcome = await attemptOne(choice);
      } catch (error) {
        // The request itself cannot be taken: nobody was asked.
        exchange.attempts.pop();
        throw error;
      }
      if (outcome.served) {
        record.status = exchange.outgoing.statusCode;
        core.pool.recovered(account.id);
        return;
      }
      failure = outcome.failure;
      record.status = failure.error.status;
      record.reason = failure.error.message;
      bookFailure(core.pool, account.id, failure);
      core.log.warn(`${exchange.id} ${record.account}: ${failure.error.message}`);
      if (!failure.reset) break;
    }
    if (!failure?.retryable || exchange.gone) break;
  }
  answerFailure(core, exchange, failure);
}

function answerFailure(core: Core, exchange: Exchange, failure: Failure | undefined): void {
  if (!failure) throw new NoAccountError('No account could be asked.');
  const { verbatim, error } = failure;
  if (verbatim) {
    exchange.noteError(error.message);
    if (exchange.outgoing.headersSent || exchange.outgoing.destroyed) return;
    const headers = verbatim.headers.flatMap((value, index, all) =>
      /^(content-length|content-type)$/i.test(index % 2 === 0 ? value : (all[index - 1] ?? ''))
        ? []
        : [value],
    );
    exchange.head(verbatim.status, [
      ...headers,
      'content-type',
      'application/json',
      'content-length',
      String(verbatim.body.length),
    ]);
    exchange.outgoing.end(verbatim.body);
    return;
  }
  const lastOne = failure.rest?.kind === 'refused' && core.pool.enabled().length <= 1;
  exchange.fail(
    lastOne && error.status === 502
      ? new UpstreamError(error.message, {
          status: 503,
          kind: 'unavailable',
          ...(error.code !== undefined && { code: error.code }),
        })
      : error,
  );
}

function attempt(
  core: Core,
  exchange: Exchange,
  incoming: Incoming,
  choice: Choice,
  path: UpstreamPath,
  decoded: { request?: CanonicalRequest },
): Promise<Outcome> {
  const decode = () => (decoded.request ??= decodeRequest(exchange, incoming));
  if (choice.type === 'demo') return Promise.resolve(answerDemo(core, exchange, decode()));
  if (incoming.model !== choice.model) {
    const routed =
      routeTargets(incoming.model, core.settings.routes) !== undefined ||
      incoming.model.endsWith(`/${choice.model}`);
    noteSubstitution(exchange, choice, routed);
  }
  if (choice.endpoint.dialect === exchange.dialect)
    return passThrough(core, exchange, incoming, choice, path);
  return translate(core, exchange, decode(), choice);
}

function decodeRequest(exchange: Exchange, incoming: Incoming): CanonicalRequest {
  const parsed = parseJson(incoming.body);
  if (!isObject(parsed)) throw new InvalidRequestError('The request body must be a JSON object.');
  return exchange.adapter.decodeRequest(parsed, {
    model: incoming.model,
    stream: incoming.stream,
    warn: exchange.warner,
  });
}

/** The body for an account that knows the model by another name: one value replaced, every other byte kept. */
export function bodyFor(incoming: Incoming, model: string): Buffer {
  if (!incoming.modelInBody || incoming.model === model) return incoming.body;
  const span = scanMembers(incoming.body, WANTED)?.get('model');
  return span ? patchSpan(incoming.body, span, JSON.stringify(model)) : incoming.body;
}

function passThrough(core: Core, exchange: Exchange, incoming: Incoming, target: Target, path: UpstreamPath) {
  return new PassThrough(core, exchange, target).run({
    method: 'POST',
    path: path(target.model),
    headers: passedHeaders(exchange.incoming, target),
    body: bodyFor(incoming, target.model),
    streamed: incoming.stream,
  });
}

function translate(
  core: Core,
  exchange: Exchange,
  request: CanonicalRequest,
  target: Target,
): Promise<Outcome> {
  const { endpoint } = target;
  const upstream = adapterOf(endpoint.dialect);
  const wire = upstream.encodeRequest(request, {
    model: target.model,
    stream: request.stream,
    warn: exchange.warner,
    signatures: core.signatures,
    ...(endpoint.traits && { traits: endpoint.traits }),
  });
  for (const { type, field, message } of exchange.warnings)
    core.log.debug(`${exchange.id} ${type} ${field}: ${message}`);
  return new Translate(core, exchange, target, request, wire).run({
    method: 'POST',
    path: wire.path,
    headers: translatedHeaders(target, wire.headers),
    body: Buffer.from(JSON.stringify(wire.body)),
    streamed: request.stream,
  });
}

/** The built-in account: the same text for the same request, streamed word by word where a stream was asked for. */
function answerDemo(core: Core, exchange: Exchange, request: CanonicalRequest): Outcome {
  const response = demoAnswer(request);
  const context = replyContext(core, exchange, request);
  const served = ['x-portside-account', 'Demo', 'x-portside-model', DEMO_MODEL];
  exchange.usage = response.usage;
  exchange.firstByte();
  if (!request.stream) {
    exchange.json(200, exchange.adapter.encodeResponse(response, context), served);
    return { served: true };
  }
  exchange.head(200, [...streamHeaders(context), ...served]);
  const encoder = exchange.adapter.createStreamEncoder(context);
  for (const part of replayResponse(response)) {
    const deltas =
      part.type === 'text-delta' ? part.text.split(/(?<=\s)/).map((text) => ({ ...part, text })) : [part];
    for (const delta of deltas) {
      const text = encoder.push(delta);
      if (text) exchange.outgoing.write(text);
    }
  }
  exchange.outgoing.end(encoder.end());
  return { served: true };
}

/** Body of a request that is counted or embedded rather than answered. */
export function parseObject(body: Buffer): JsonObject {
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw new InvalidRequestError('The request body must be a JSON object.');
  return parsed;
}

/** For routes that only pass through: which dialect an account must speak. */
export function requireDialect(choice: Choice, dialect: Dialect): Target {
  if (choice.type === 'upstream' && choice.endpoint.dialect === dialect) return choice;
  throw new NotSupportedError(`This request needs an account that speaks ${dialect}.`);
}
