/** A model is called: decode as far as needed → resolve → send → encode, account after account until one serves. */
import { checkModel } from '../access/check-model';
import type { CanonicalRequest, Dialect } from '../dialects/canonical';
import { upstreamAdapterOf } from '../dialects/registry';
import { withUniqueTools } from '../dialects/tools/unique-tools';
import { ENVELOPE_MARK } from '../dialects/signatures/envelope';
import { replayResponse } from '../dialects/replay-response';
import { NotSupportedError } from '../errors';
import { demoAnswer, DEMO_MODEL } from '../providers/demo';
import type { Done, Outcome, Target } from '../exchange/attempts/attempt';
import {
  modelKey,
  noteSubstitution,
  responsesEndpoint,
  targetOf,
  type Choice,
} from '../exchange/attempts/candidates';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { fittingTarget } from '../exchange/attempts/fitting-target';
import { refuseHeldThread } from './held-thread';
import { bodyFor, parseObject, readTopLevel, type Incoming } from './incoming';
import type { Expected } from '../exchange/other-form';
import { lookForModel } from '../exchange/attempts/look-for-model';
import { passThrough } from '../exchange/pass-through';
import { inputItems } from '../responses/continue-conversation';
import { requireJson, takeBody } from '../exchange/read-body';
import { sessionKey } from '../exchange/session-key';
import { addBlankReasoning, dropEffort, type Remedy } from '../exchange/attempts/remedy';
import { chooseForConversation } from './response-chain';
import { tryEach } from '../exchange/attempts/try-each';
import { encodeContext, hasEvents, replyContext, streamHeaders, Translate } from '../exchange/translate';
import { translatedHeaders } from '../exchange/upstream-headers';

/** The path below the base URL for a same-protocol call. */
export type UpstreamPath = (model: string) => string;

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
export function serveModelCall(core: Core, exchange: Exchange): void {
  requireJson(exchange.incoming);
  const fail = (error: unknown) => {
    exchange.fail(error);
  };
  const take = (body: Buffer) => {
    try {
      callModel(core, exchange, body);
    } catch (error) {
      fail(error);
    }
  };
  takeBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576, take, fail);
}

function callModel(core: Core, exchange: Exchange, body: Buffer): void {
  const asked = readTopLevel(exchange, body);
  exchange.modelAsked = asked.model;
  checkModel(exchange, asked.model);
  const looking = lookForModel(core, exchange.dialect, asked.model);
  if (!looking) {
    callAsked(core, exchange, asked);
    return;
  }
  looking
    .then(() => {
      if (!exchange.gone) callAsked(core, exchange, asked);
    })
    .catch((error: unknown) => {
      exchange.fail(error);
    });
}

function callAsked(core: Core, exchange: Exchange, asked: Incoming): void {
  const { incoming, choices } = chooseForConversation(core, exchange, asked);
  exchange.session = () => sessionKey(exchange.incoming.headers, incoming.body);
  const path = generationPath(exchange);
  const decoded: { request?: CanonicalRequest } = {};
  tryEach(
    core,
    exchange,
    choices,
    (choice, done, remedy) => {
      attempt(core, exchange, incoming, choice, path, decoded, done, remedy);
    },
    () => {
      callAsked(core, exchange, asked);
    },
  );
}

function attempt(
  core: Core,
  exchange: Exchange,
  incoming: Incoming,
  choice: Choice,
  path: UpstreamPath,
  decoded: { request?: CanonicalRequest },
  done: Done,
  remedy?: Remedy,
): void {
  const decode = () => (decoded.request ??= decodeRequest(exchange, incoming));
  const holds = choice.type === 'upstream' && choice.endpoint.holdsThreads === true;
  if (!holds && exchange.dialect === 'anthropic') refuseHeldThread(incoming);
  if (choice.type === 'demo') {
    done(answerDemo(core, exchange, decode()));
    return;
  }
  if (remedy === 'over-responses') {
    translate(core, exchange, decode(), overResponses(core, choice), done);
    return;
  }
  noteSubstitution(core, exchange, choice);
  if (choice.endpoint.dialect !== exchange.dialect) {
    const target = fittingTarget(core, choice, decode());
    exchange.upstreamDialect = target.endpoint.dialect;
    translate(core, exchange, decode(), target, done, remedy);
    return;
  }
  const body = sameDialectBody(exchange, bodyFor(incoming, choice.model), remedy);
  const { stream: streamed } = incoming;
  const call = { method: 'POST', path: path(choice.model), body, streamed } as const;
  passThrough(core, exchange, choice, call, done, expectedOf(exchange, incoming, decode));
}

/** The form of answer that the client waits for; Gemini's arrays are forwarded as they come. */
function expectedOf(
  exchange: Exchange,
  incoming: Incoming,
  request: () => CanonicalRequest,
): Expected | undefined {
  if (!incoming.stream) return { form: 'whole', request };
  return hasEvents(exchange) ? { form: 'events', request } : undefined;
}

/** The way to the same model over the Responses API, which is remembered: the account said that there is no other. */
export function overResponses(core: Core, { account, model }: Target): Target {
  const endpoint = responsesEndpoint(account);
  if (!endpoint) throw new NotSupportedError('This account has no Responses API.');
  core.responsesOnly.add(modelKey(account, model));
  core.choices.clear();
  return targetOf(account, endpoint, model);
}

function decodeRequest(exchange: Exchange, incoming: Incoming): CanonicalRequest {
  const body = parseObject(incoming.body);
  // The answer repeats the id although the conversation stands in full in the body.
  if (incoming.previousId !== undefined) body.previous_response_id = incoming.previousId;
  if (exchange.dialect === 'openai-responses' && body.store !== false)
    exchange.storedInput = inputItems(body.input);
  const request = exchange.adapter.decodeRequest(body, {
    model: incoming.model,
    stream: incoming.stream,
    warn: exchange.warner,
  });
  return withUniqueTools(request, exchange.warner);
}

/**
 * The bytes for an account of the client's own dialect: as they are, unless the history holds what Portside kept there
 * for another provider, or the account refused its signatures.
 */
function sameDialectBody(exchange: Exchange, body: Buffer, remedy: Remedy | undefined): Buffer {
  const enveloped = body.includes(ENVELOPE_MARK);
  if (!enveloped && remedy === undefined) return body;
  const parsed = parseObject(body);
  if (enveloped) exchange.adapter.dropEnvelopes(parsed);
  if (remedy === 'without-reasoning') exchange.adapter.dropReasoning(parsed);
  if (remedy === 'blank-reasoning') addBlankReasoning(parsed);
  if (enveloped)
    warnOfReasoning(exchange, 'Reasoning of earlier answers came from another provider and is not sent.');
  warnOfRemedy(exchange, remedy);
  return Buffer.from(JSON.stringify(parsed));
}

function warnOfReasoning(exchange: Exchange, message: string): void {
  exchange.warn({ type: 'dropped', field: 'messages', message });
}

function warnOfEffort(exchange: Exchange): void {
  exchange.warn({
    type: 'dropped',
    field: 'reasoning_effort',
    message: 'The account refuses to be told how much to reason; it was asked without.',
  });
}

function warnOfRemedy(exchange: Exchange, remedy: Remedy | undefined): void {
  if (remedy === 'without-reasoning')
    warnOfReasoning(
      exchange,
      'The account refused the signed reasoning of earlier answers; it was asked again without.',
    );
  if (remedy === 'blank-reasoning')
    warnOfReasoning(
      exchange,
      'The account wants the reasoning of earlier answers back, which the client did not send; it was asked again with none.',
    );
}

/**
 * Sends a request to an account of another dialect and answers with what comes, in the exchange's own words.
 * @throws InvalidRequestError for what the account's dialect cannot take
 */
export function translate(
  core: Core,
  exchange: Exchange,
  request: CanonicalRequest,
  target: Target,
  done: Done,
  remedy?: Remedy,
): void {
  const upstream = upstreamAdapterOf(target.endpoint.dialect);
  const limit =
    typeof remedy === 'object'
      ? remedy.tokens
      : core.outputLimits.get(modelKey(target.account, target.model));
  const wire = upstream.encodeRequest(
    limitOutput(exchange, request, limit),
    encodeContext(core, exchange, target, request.stream),
  );
  if (remedy === 'without-reasoning' || core.unencrypted.has(modelKey(target.account, target.model)))
    upstream.dropReasoning(wire.body);
  if (remedy === 'blank-reasoning') addBlankReasoning(wire.body);
  const effortless =
    remedy === 'without-effort' || core.effortless.has(modelKey(target.account, target.model));
  if (effortless && dropEffort(wire.body)) warnOfEffort(exchange);
  warnOfRemedy(exchange, remedy);
  for (const { type, field, message } of exchange.warnings)
    core.log.debug(`${exchange.id} ${type} ${field}: ${message}`);
  new Translate(core, exchange, target, request, wire).run(
    {
      method: 'POST',
      path: wire.path,
      headers: translatedHeaders(target, wire.headers),
      body: Buffer.from(JSON.stringify(wire.body)),
      streamed: request.stream,
    },
    done,
  );
}

/** The request with no more output than the account's model gives, as it said when it was asked for more. */
function limitOutput(
  exchange: Exchange,
  request: CanonicalRequest,
  limit: number | undefined,
): CanonicalRequest {
  if (limit === undefined || (request.maxOutputTokens ?? Number.POSITIVE_INFINITY) <= limit) return request;
  if (request.maxOutputTokens !== undefined)
    exchange.warn({
      type: 'approximated',
      field: 'max_tokens',
      message: `The account gives at most ${limit} tokens of output here.`,
    });
  return { ...request, maxOutputTokens: limit };
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

/** For routes that only pass through: which dialect an account must speak. */
export function requireDialect(choice: Choice, dialect: Dialect): Target {
  if (choice.type === 'upstream' && choice.endpoint.dialect === dialect) return choice;
  throw new NotSupportedError(`This request needs an account that speaks ${dialect}.`);
}
