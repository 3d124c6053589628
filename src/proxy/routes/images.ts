import type { JsonObject } from '../../shared/json';
import { checkModel } from '../access/check-model';
import type { ImageAnswer, ImageRequest } from '../dialects/image';
import {
  decodeImageAnswer,
  decodePredict,
  encodeImageRequest,
  encodePredict,
} from '../dialects/gemini/images';
import { decodeEdit, decodeEditForm, decodeGeneration } from '../dialects/openai-chat/decode-image-request';
import { encodeImageEvents, encodeImages, imageVoice } from '../dialects/openai-chat/encode-images';
import { InvalidRequestError } from '../errors';
import { askJson } from '../exchange/ask-json';
import type { Done, Target } from '../exchange/attempts/attempt';
import { capableAccounts, takeTarget, type Wish } from '../exchange/attempts/capable-accounts';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { bodyFor, parseObject, readTopLevel } from './incoming';
import { passedQuery } from './model-call';
import { passThrough } from '../exchange/pass-through';
import { readBody, requireJson } from '../exchange/read-body';
import { decodeForm, formFor, isForm, readForm } from '../exchange/read-form';
import { tryEach } from '../exchange/attempts/try-each';

const IMAGES: Wish = { kind: 'image', what: 'images', dialects: ['openai-chat', 'gemini'] };

/** A request for images as far as it must be known to route it. */
interface Incoming {
  model: string | undefined;
  stream: boolean;
  /** The bytes for an account that knows the model by this name. */
  bodyFor: (model: string) => Buffer;
  decode: () => ImageRequest;
}

/** `POST /v1/images/generations`, and `/v1/images/edits` as a form or as JSON. */
export async function serveImages(core: Core, exchange: Exchange): Promise<void> {
  const edits = exchange.path.route === '/v1/images/edits';
  const incoming =
    edits && isForm(exchange) ? await formOf(core, exchange) : await jsonOf(core, exchange, edits);
  exchange.modelAsked = incoming.model;
  checkModel(exchange, incoming.model);
  exchange.voice = imageVoice;
  let decoded: ImageRequest | undefined;
  tryEach(core, exchange, capableAccounts(core, exchange, incoming.model, IMAGES), (choice, done) => {
    const target = takeTarget(core, exchange, choice);
    if (target.endpoint.dialect !== exchange.dialect) {
      makeImages(core, exchange, (decoded ??= incoming.decode()), target, done);
      return;
    }
    const call = {
      method: 'POST' as const,
      path: `${exchange.path.route.slice('/v1'.length)}${passedQuery(exchange.query)}`,
      body: incoming.bodyFor(target.model),
      streamed: incoming.stream,
    };
    passThrough(core, exchange, target, call, done);
  });
}

async function formOf(core: Core, exchange: Exchange): Promise<Incoming> {
  const form = await readForm(core, exchange);
  return {
    model: form.model,
    stream: form.stream,
    bodyFor: (model) => formFor(form, model),
    decode: () => decodeEditForm(decodeForm(form), exchange.warner),
  };
}

async function jsonOf(core: Core, exchange: Exchange, edits: boolean): Promise<Incoming> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const decode = edits ? decodeEdit : decodeGeneration;
  const common = { decode: () => decode(parseObject(body), exchange.warner) };
  try {
    const named = readTopLevel(exchange, body);
    return { ...common, model: named.model, stream: named.stream, bodyFor: (model) => bodyFor(named, model) };
  } catch (error) {
    // Here alone the model may be left to the server.
    if (!(error instanceof InvalidRequestError) || error.param !== 'model') throw error;
    const { model, stream } = parseObject(body);
    if (model !== undefined && model !== null) throw error;
    return { ...common, model: undefined, stream: stream === true, bodyFor: () => body };
  }
}

function makeImages(core: Core, exchange: Exchange, request: ImageRequest, target: Target, done: Done): void {
  const { warner } = exchange;
  const take = (decode: (body: JsonObject) => ImageAnswer) => (answers: JsonObject[]) => {
    answer(core, exchange, request, joined(answers.map(decode)), target);
  };
  // Gemini makes one image at a time.
  const wire = encodeImageRequest(request, target.model, warner);
  const wires = Array.from({ length: request.count }, () => wire);
  askJson(core, exchange, target, wires, take(decodeImageAnswer), (outcome) => {
    const elsewhere = !outcome.served && outcome.failure.error.status === 404 && request.images.length === 0;
    if (!elsewhere) {
      done(outcome);
      return;
    }
    // "… is not found …, or is not supported for generateContent": then it is one of Imagen's, or of nobody's.
    askJson(
      core,
      exchange,
      target,
      [encodePredict(request, target.model, warner)],
      take(decodePredict),
      (second) => {
        done(second.served || second.failure.error.status !== 404 ? second : outcome);
      },
    );
  });
}

function joined(answers: ImageAnswer[]): ImageAnswer {
  const images = answers.flatMap((each) => each.images);
  const usages = answers.flatMap(({ usage }) => usage ?? []);
  if (usages.length === 0) return { images };
  const total = (name: 'inputTokens' | 'outputTokens' | 'inputImageTokens') =>
    usages.reduce((sum, usage) => sum + (usage[name] ?? 0), 0);
  return {
    images,
    usage: {
      inputTokens: total('inputTokens'),
      outputTokens: total('outputTokens'),
      inputImageTokens: total('inputImageTokens'),
    },
  };
}

function answer(
  core: Core,
  exchange: Exchange,
  request: ImageRequest,
  made: ImageAnswer,
  target: Target,
): void {
  const created = Math.floor(core.now() / 1000);
  if (made.usage) {
    const { inputTokens, outputTokens } = made.usage;
    exchange.usage = { inputTokens, outputTokens };
  }
  exchange.firstByte();
  if (!request.stream) {
    exchange.json(200, encodeImages(made, request, created), target.served);
    return;
  }
  exchange.head(200, [
    'content-type',
    'text/event-stream; charset=utf-8',
    'cache-control',
    'no-cache',
    ...target.served,
  ]);
  exchange.outgoing.end(encodeImageEvents(made, request, created));
}
