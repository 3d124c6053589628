import { isObject } from '../../shared/json';
import { adapterOf } from '../dialects/registry';
import { NotSupportedError } from '../errors';
import { estimateTokens } from '../monitor/estimate-tokens';
import { requestJson } from '../upstream/request-json';
import { chooseAccounts } from './candidates';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { bodyFor, geminiName, parseObject, passedQuery, readTopLevel } from './model-call';
import { readBody, requireJson } from './read-body';
import { passedHeaders, translatedHeaders } from './upstream-headers';

/** Counts asked of upstreams at a time; agents count in bursts of forty, and the rest is estimated (SPEC 4.11). */
const ASKED_AT_ONCE = 4;
const TIMEOUT_MS = 10_000;
let asking = 0;

/** `POST /v1/messages/count_tokens`, `…:countTokens`: the upstream's own count where it can be had, else an estimate. */
export async function serveCountTokens(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const { count } = exchange.adapter;
  if (!count) throw new NotSupportedError('This protocol has no token counting.');
  const incoming = readTopLevel(exchange, body);
  exchange.modelAsked = incoming.model;
  const request = count.decodeRequest(parseObject(body), {
    model: incoming.model,
    stream: false,
    warn: exchange.warner,
  });
  const [choice] = chooseAccounts(core, exchange, incoming.model);
  if (choice?.type === 'upstream' && asking < ASKED_AT_ONCE) {
    const { endpoint, model, origin, basePath } = choice;
    const counter = adapterOf(endpoint.dialect).count;
    if (counter) {
      const same = endpoint.dialect === exchange.dialect;
      asking++;
      const gone = new AbortController();
      const stop = () => {
        gone.abort();
      };
      exchange.work = { clientGone: stop, serverStops: stop };
      try {
        const wire = same
          ? undefined
          : counter.encodeRequest(request, {
              model,
              stream: false,
              warn: exchange.warner,
              signatures: core.signatures,
              ...(endpoint.traits && { traits: endpoint.traits }),
            });
        const own =
          endpoint.dialect === 'gemini'
            ? `/v1beta/${geminiName(model)}:countTokens${passedQuery(exchange.query)}`
            : `/v1/messages/count_tokens${passedQuery(exchange.query)}`;
        const answer = await requestJson(core.dispatchers, {
          origin,
          basePath,
          path: wire?.path ?? own,
          method: 'POST',
          headers: wire ? translatedHeaders(choice, wire.headers) : passedHeaders(exchange.incoming, choice),
          body: wire ? Buffer.from(JSON.stringify(wire.body)) : bodyFor(incoming, model),
          timeoutMs: TIMEOUT_MS,
          signal: gone.signal,
        });
        if (answer.status === 200 && isObject(answer.body)) {
          const tokens = counter.decodeResponse(answer.body);
          if (tokens > 0) {
            exchange.json(200, same ? answer.body : count.encodeResponse(tokens));
            return;
          }
        }
      } catch {
        // Counting is a help, not a service that may fail: the estimate answers.
      } finally {
        asking--;
        exchange.work = undefined;
      }
    }
  }
  exchange.json(200, count.encodeResponse(estimateTokens(request)));
}
