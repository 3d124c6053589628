import { checkModel } from '../access/check-model';
import type { UpstreamDialect } from '../dialects/canonical';
import type { EmbeddingAnswer, EmbeddingDialect, EmbeddingRequest } from '../dialects/embedding';
import { geminiEmbeddings, renameInRequest } from '../dialects/gemini/embeddings';
import { isTokenInput, openaiEmbeddings, tokensRefused } from '../dialects/openai-chat/embeddings';
import { UpstreamError } from '../errors';
import { estimateTextTokens } from '../monitor/estimate-tokens';
import { askJson } from '../exchange/ask-json';
import type { Done, Target } from '../exchange/attempts/attempt';
import { capableAccounts, takeTarget, type Wish } from '../exchange/attempts/capable-accounts';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { bodyFor, parseObject, readTopLevel, type Incoming } from './incoming';
import { geminiName, passedQuery } from './model-call';
import { passThrough } from '../exchange/pass-through';
import { readBody, requireJson } from '../exchange/read-body';
import { tryEach } from '../exchange/attempts/try-each';

const DIALECTS: Partial<Record<UpstreamDialect, EmbeddingDialect>> = {
  'openai-chat': openaiEmbeddings,
  gemini: geminiEmbeddings,
};

/** The dialect's embeddings; accounts of others are never asked for any. */
function embeddingsOf(dialect: UpstreamDialect): EmbeddingDialect {
  return DIALECTS[dialect] ?? openaiEmbeddings;
}

const EMBEDDINGS = { kind: 'embedding', what: 'embeddings' } as const;

/** `POST /v1/embeddings`, `…:embedContent`, `…:batchEmbedContents`. */
export async function serveEmbeddings(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const incoming = readTopLevel(exchange, body);
  exchange.modelAsked = incoming.model;
  checkModel(exchange, incoming.model);
  const choices = capableAccounts(core, exchange, incoming.model, wishOf(exchange, body));
  let decoded: EmbeddingRequest | undefined;
  tryEach(core, exchange, choices, (choice, done) => {
    const target = takeTarget(core, exchange, choice);
    if (target.endpoint.dialect === exchange.dialect) {
      passEmbeddings(core, exchange, incoming, target, done);
      return;
    }
    decoded ??= embeddingsOf(exchange.dialect).decodeRequest(parseObject(body), exchange.warner);
    translateEmbeddings(core, exchange, decoded, target, done);
  });
}

function wishOf(exchange: Exchange, body: Buffer): Wish {
  // Only a body with a list can hold token numbers.
  if (exchange.dialect === 'openai-chat' && body.includes('[') && isTokenInput(parseObject(body).input))
    return { ...EMBEDDINGS, dialects: ['openai-chat'], because: tokensRefused('input') };
  return { ...EMBEDDINGS, dialects: ['openai-chat', 'gemini'] };
}

function passEmbeddings(
  core: Core,
  exchange: Exchange,
  incoming: Incoming,
  target: Target,
  done: Done,
): void {
  const { model } = target;
  const query = passedQuery(exchange.query);
  const { version = 'v1beta', route } = exchange.path;
  const gemini = exchange.dialect === 'gemini';
  const renamed = gemini && model !== incoming.model;
  passThrough(
    core,
    exchange,
    target,
    {
      method: 'POST',
      path: gemini
        ? `/${version}/${geminiName(model)}:${route.slice('/v1beta/'.length)}${query}`
        : `/embeddings${query}`,
      body: renamed
        ? Buffer.from(JSON.stringify(renameInRequest(parseObject(incoming.body), model)))
        : bodyFor(incoming, model),
      streamed: false,
    },
    done,
  );
}

/** Asks for all vectors, in as many requests as the upstream wants, and answers with them in the client's form. */
function translateEmbeddings(
  core: Core,
  exchange: Exchange,
  request: EmbeddingRequest,
  target: Target,
  done: Done,
): void {
  const upstream = embeddingsOf(target.endpoint.dialect);
  const { texts } = request;
  if (request.dimensions !== undefined && target.endpoint.dialect === 'gemini')
    exchange.warn({
      type: 'changed',
      field: 'dimensions',
      message:
        'Some Gemini models do not scale shortened vectors to length 1; they are passed on as they are.',
    });
  const batches = Array.from({ length: Math.ceil(texts.length / upstream.batchLimit) }, (_, index) =>
    texts.slice(index * upstream.batchLimit, (index + 1) * upstream.batchLimit),
  );
  askJson(
    core,
    exchange,
    target,
    batches.map((batch) => upstream.encodeRequest({ ...request, texts: batch }, target.model)),
    (answers) => {
      const parts = answers.map((answer, index) => {
        const part = upstream.decodeResponse(answer);
        const wanted = batches[index]?.length ?? 0;
        if (part.vectors.length !== wanted)
          throw new UpstreamError(
            `The account "${target.label}" answered with ${part.vectors.length} embeddings for ${wanted} texts.`,
          );
        return part;
      });
      const answer = joined(parts, texts, exchange);
      exchange.usage = { inputTokens: answer.inputTokens ?? 0, outputTokens: 0 };
      exchange.firstByte();
      exchange.json(
        200,
        embeddingsOf(exchange.dialect).encodeResponse(answer, request, exchange.modelAsked ?? target.model),
        target.served,
      );
    },
    done,
  );
}

function joined(parts: EmbeddingAnswer[], texts: string[], exchange: Exchange): EmbeddingAnswer {
  const vectors = parts.flatMap((part) => part.vectors);
  if (parts.every((part) => part.inputTokens !== undefined))
    return { vectors, inputTokens: parts.reduce((sum, part) => sum + (part.inputTokens ?? 0), 0) };
  exchange.warn({
    type: 'approximated',
    field: 'usage',
    message: 'The upstream told no usage; the tokens are estimated.',
  });
  return { vectors, inputTokens: estimateTextTokens(texts) };
}
