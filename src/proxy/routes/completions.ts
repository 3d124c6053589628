import type { Account } from '../../shared/settings';
import { checkModel } from '../access/check-model';
import type { CanonicalRequest, CanonicalResponse, Usage } from '../dialects/canonical';
import { decodeCompletion, type CompletionRequest } from '../dialects/openai-chat/decode-completion';
import { isTokenInput } from '../dialects/openai-chat/embeddings';
import { completionVoice } from '../dialects/openai-chat/encode-completion';
import { upstreamAdapterOf } from '../dialects/registry';
import { UpstreamError } from '../errors';
import { demoAnswer, DEMO_MODEL } from '../providers/demo';
import { answerComplete } from '../exchange/answer-complete';
import { askJson } from '../exchange/ask-json';
import type { Done, Outcome, Target } from '../exchange/attempts/attempt';
import { chooseAccounts, onlyThose, type Choice } from '../exchange/attempts/candidates';
import { takeTarget } from '../exchange/attempts/capable-accounts';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { bodyFor, parseObject, readTopLevel } from './incoming';
import { overResponses, passedQuery, translate } from './model-call';
import { newId } from '../exchange/new-id';
import { passThrough } from '../exchange/pass-through';
import { readBody, requireJson } from '../exchange/read-body';
import { encodeContext, replyContext } from '../exchange/translate';
import { tryEach } from '../exchange/attempts/try-each';

/** Models that chat but complete nothing, by account, as the accounts said themselves. */
const chatOnly = new WeakMap<Account, Set<string>>();

/**
 * `POST /v1/completions`: passed on to OpenAI-like accounts that have it; for all others, and for models that only
 * chat, the prompt becomes a chat's message.
 */
export async function serveCompletions(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const incoming = readTopLevel(exchange, body);
  exchange.modelAsked = incoming.model;
  checkModel(exchange, incoming.model);
  let decoded: CompletionRequest | undefined;
  const decode = () =>
    (decoded ??= decodeCompletion(parseObject(body), {
      model: incoming.model,
      stream: incoming.stream,
      warn: exchange.warner,
    }));
  const all = chooseAccounts(core, exchange, incoming.model);
  const chosen = isTokenInput(body.includes('[') ? parseObject(body).prompt : undefined)
    ? onlyThose(all, completes)
    : all;
  tryEach(core, exchange, chosen.length > 0 ? chosen : all, (choice, done, remedy) => {
    if (choice.type === 'demo') {
      done(answerDemo(core, exchange, decode()));
      return;
    }
    const target = takeTarget(core, exchange, choice);
    if (remedy === 'over-responses')
      completeByChat(core, exchange, decode(), overResponses(core, target), done);
    else if (!completes(choice)) completeByChat(core, exchange, decode(), target, done);
    else {
      exchange.voice = undefined;
      const call = {
        method: 'POST' as const,
        path: `/completions${passedQuery(exchange.query)}`,
        body: bodyFor(incoming, target.model),
        streamed: incoming.stream,
      };
      passThrough(core, exchange, target, call, (outcome) => {
        if (outcome.served || !hasNone(outcome)) done(outcome);
        else orChat(core, exchange, decode, target, done);
      });
    }
  });
}

/** Whether the account may have text completions for this model. */
function completes(choice: Choice): boolean {
  return (
    choice.type === 'upstream' &&
    choice.endpoint.dialect === 'openai-chat' &&
    chatOnly.get(choice.account)?.has(choice.model) !== true
  );
}

/** OpenAI: 404, "This is a chat model and not supported in the v1/completions endpoint"; others: 404, 405 or 501. */
function hasNone(outcome: Outcome): boolean {
  return !outcome.served && [404, 405, 501].includes(outcome.failure.error.status);
}

/** The second try at an account that has no text completions; where it serves, the first is spared from then on. */
function orChat(
  core: Core,
  exchange: Exchange,
  decode: () => CompletionRequest,
  target: Target,
  done: Done,
): void {
  try {
    completeByChat(core, exchange, decode(), target, (outcome) => {
      if (outcome.served && !exchange.gone) {
        const models = chatOnly.get(target.account) ?? new Set();
        if (models.size < 1000) chatOnly.set(target.account, models.add(target.model));
      }
      done(outcome);
    });
  } catch (error) {
    // What the chat cannot take is the request's fault.
    exchange.fail(error);
    done({ served: true });
  }
}

function completeByChat(
  core: Core,
  exchange: Exchange,
  { requests, prompts, echo }: CompletionRequest,
  target: Target,
  done: Done,
): void {
  // Text completions never reason, and thoughts would use up the few tokens that they ask for.
  const fitted = requests.map((request): CanonicalRequest =>
    target.endpoint.dialect === 'gemini' ? { ...request, reasoning: { mode: 'off' } } : request,
  );
  const [first] = fitted;
  exchange.voice = completionVoice(echo ? prompts : []);
  if (first && fitted.length === 1) translate(core, exchange, first, target, done);
  else completeAll(core, exchange, fitted, echo ? prompts : [], target, done);
}

/** Several prompts: one chat after another, answered as one. */
function completeAll(
  core: Core,
  exchange: Exchange,
  requests: CanonicalRequest[],
  echoes: string[],
  target: Target,
  done: Done,
): void {
  const upstream = upstreamAdapterOf(target.endpoint.dialect);
  const context = encodeContext(core, exchange, target, false);
  const wires = requests.map((request) => upstream.encodeRequest({ ...request, stream: false }, context));
  askJson(
    core,
    exchange,
    target,
    wires,
    (answers) => {
      const responses = answers.map((answer, index) =>
        upstream.decodeResponse(answer, {
          ...wires[index],
          warn: context.warn,
          signatures: context.signatures,
          newId,
        }),
      );
      if (responses.some(({ choices }) => choices.length === 0))
        throw new UpstreamError(`The account "${target.label}" answered without any content.`);
      answerAll(core, exchange, requests, responses, echoes, target.served);
    },
    done,
  );
}

/** Writes several answers as the choices of one. */
function answerAll(
  core: Core,
  exchange: Exchange,
  requests: CanonicalRequest[],
  responses: CanonicalResponse[],
  echoes: string[],
  served: string[],
): void {
  const [request] = requests;
  const [first] = responses;
  if (!request || !first) return;
  const usages = responses.flatMap(({ usage }) => usage ?? []);
  const all: CanonicalResponse = {
    ...first,
    choices: responses.flatMap(({ choices }) => choices),
    ...(usages.length > 0 && { usage: summed(usages) }),
  };
  const before = echoes.flatMap((echo, index) => (responses[index]?.choices ?? []).map(() => echo));
  const voice = completionVoice(before);
  const context = replyContext(core, exchange, request);
  answerComplete(exchange, voice, all, context, request.stream ? 'events' : 'whole', served);
}

function summed(usages: Usage[]): Usage {
  const total = (name: 'inputTokens' | 'outputTokens') => usages.reduce((sum, usage) => sum + usage[name], 0);
  return { inputTokens: total('inputTokens'), outputTokens: total('outputTokens') };
}

function answerDemo(core: Core, exchange: Exchange, decoded: CompletionRequest): Outcome {
  const { requests, prompts, echo } = decoded;
  const served = ['x-portside-account', 'Demo', 'x-portside-model', DEMO_MODEL];
  answerAll(core, exchange, requests, requests.map(demoAnswer), echo ? prompts : [], served);
  return { served: true };
}
