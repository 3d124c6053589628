import { isObject } from '../../shared/json';
import { checkModel } from '../access/check-model';
import { abilitiesOf } from '../dialects/claude/model-abilities';
import type { UpstreamAdapter } from '../dialects/adapter';
import type { CanonicalRequest } from '../dialects/canonical';
import { upstreamAdapterOf } from '../dialects/registry';
import { NotSupportedError } from '../errors';
import { estimateTokens } from '../monitor/estimate-tokens';
import { askUpstream } from '../exchange/ask-upstream';
import type { Target } from '../exchange/attempts/attempt';
import { chooseAccounts, responsesEndpoint, targetOf, type Choice } from '../exchange/attempts/candidates';
import type { Core } from '../exchange/core';
import { countingOf, type Outcome } from '../exchange/counting';
import type { Exchange } from '../exchange/exchange';
import { encodeContext } from '../exchange/translate';
import { bodyFor, parseObject, readTopLevel, type Incoming } from './incoming';
import { geminiName, passedQuery } from './model-call';
import { readBody, requireJson } from '../exchange/read-body';
import { passedHeaders, translatedHeaders } from '../exchange/upstream-headers';

const TIMEOUT_MS = 10_000;

type Counter = NonNullable<UpstreamAdapter['count']>;

/**
 * `POST /v1/messages/count_tokens`, `…:countTokens`, `/v1/responses/input_tokens`: the upstream's own count where it
 * can be had, else an estimate. Chats have no part in it: no queue, no attempt, no cooldown.
 */
export async function serveCountTokens(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const { count } = exchange.adapter;
  if (!count) throw new NotSupportedError('This protocol has no token counting.');
  const incoming = readTopLevel(exchange, body);
  exchange.modelAsked = incoming.model;
  checkModel(exchange, incoming.model);
  const request = count.decodeRequest(parseObject(body), {
    model: incoming.model,
    stream: false,
    warn: exchange.warner,
  });
  // A resting account is not asked, not even this.
  const [choice] = core.pool.order(chooseAccounts(core, exchange, incoming.model)).filter(isHealthy(core));
  const target = choice && countingTarget(choice);
  const estimate = estimateTokens(request);
  if (!target) {
    exchange.json(200, count.encodeResponse(estimate));
    return;
  }
  const { account, model, endpoint } = target;
  const counting = countingOf(core);
  const counter = upstreamAdapterOf(endpoint.dialect).count;
  const asked =
    counter &&
    !counting.isSilent(account, endpoint.dialect) &&
    counting.ask(account, endpoint.dialect, body, `${exchange.dialect} ${model}`, (signal) =>
      send(core, exchange, incoming, request, target, counter, signal),
    );
  if (asked) {
    exchange.work = { clientGone: asked.leave, serverStops: asked.leave };
    const counted = await asked.answer;
    exchange.work = undefined;
    if (counted) {
      counting.learn(account, model, estimate, counted.tokens);
      const same = endpoint.dialect === exchange.dialect && isObject(counted.body);
      exchange.json(200, same ? counted.body : count.encodeResponse(counted.tokens));
      return;
    }
  }
  const factor = counting.ratio(account, model) ?? usualRatio(target);
  exchange.json(200, count.encodeResponse(Math.max(1, Math.ceil(estimate * factor))));
}

const isHealthy =
  (core: Core) =>
  ({ account, model }: Choice): boolean =>
    core.pool.health(account, model).state === 'healthy';

/** Where the account counts: at the endpoint for the client's protocol, or at that for Responses. */
function countingTarget(choice: Choice): Target | undefined {
  if (choice.type === 'demo') return undefined;
  if (upstreamAdapterOf(choice.endpoint.dialect).count) return choice;
  const responses = responsesEndpoint(choice.account);
  return responses ? targetOf(choice.account, responses, choice.model) : choice;
}

/** Claude's tokenisers make more of a text than those that estimates are made for. */
function usualRatio({ endpoint, model }: Target): number {
  return endpoint.dialect === 'anthropic' || endpoint.dialect === 'bedrock'
    ? abilitiesOf(model).tokenRatio
    : 1;
}

/** Below the account's base URL, for a request that goes as it came. */
function ownPath({ endpoint, model }: Target): string {
  switch (endpoint.dialect) {
    case 'gemini':
      return `/v1beta/${geminiName(model)}:countTokens`;
    case 'openai-responses':
      return '/responses/input_tokens';
    case 'anthropic':
    case 'openai-chat':
    case 'bedrock':
    case 'editor':
      return '/v1/messages/count_tokens';
  }
}

async function send(
  core: Core,
  exchange: Exchange,
  incoming: Incoming,
  request: CanonicalRequest,
  target: Target,
  counter: Counter,
  signal: AbortSignal,
): Promise<Outcome> {
  const { endpoint, model } = target;
  const wire =
    endpoint.dialect === exchange.dialect
      ? undefined
      : counter.encodeRequest(request, encodeContext(core, exchange, target, false));
  const answer = await askUpstream(core.dispatchers, target, {
    path: wire?.path ?? ownPath(target) + passedQuery(exchange.query),
    method: 'POST',
    headers: wire ? translatedHeaders(target, wire.headers) : passedHeaders(exchange.incoming, target),
    body: wire ? Buffer.from(JSON.stringify(wire.body)) : bodyFor(incoming, model),
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (answer.status === 405 || answer.status === 501) return 'never';
  // What is not found may be the model, or the conversation that the request goes on with.
  if (answer.status === 404)
    return /model|previous_response/i.test(JSON.stringify(answer.body)) ? 'not-this' : 'never';
  if (answer.status === 429 || answer.status >= 500) return 'later';
  if (answer.status !== 200 || !isObject(answer.body)) return undefined;
  const tokens = counter.decodeResponse(answer.body);
  return tokens > 0 ? { tokens, body: answer.body } : undefined;
}
