/** Endpoints that are served by accounts of the same dialect only: embeddings, images, audio, stored responses. */
import type { Dialect } from '../dialects/canonical';
import { NotSupportedError } from '../errors';
import { chooseAccounts, targetOf, type Choice } from './candidates';
import { endpointFor } from '../routing/resolve-model';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { bodyFor, passedQuery, readTopLevel, requireDialect, type Incoming } from './model-call';
import { tryEach } from './try-each';
import { passThrough } from './pass-through';
import { readBody } from './read-body';

/** The accounts that speak a dialect, in the pool's order, for requests that name no model. */
function speakers(core: Core, dialect: Dialect): Choice[] {
  const able = core.pool.enabled().filter((account) => endpointFor(account, dialect)?.dialect === dialect);
  if (able.length === 0)
    throw new NotSupportedError(`No account can take this request: it needs one that speaks ${dialect}.`);
  return core.pool.order(able).flatMap((account): Choice[] => {
    const endpoint = endpointFor(account, dialect);
    return endpoint ? [{ type: 'upstream', ...targetOf(account, endpoint, '') }] : [];
  });
}

/**
 * Passes a request on as it is.
 * @param path below the account's base URL, given the model's name there
 */
export async function forward(
  core: Core,
  exchange: Exchange,
  dialect: Dialect,
  path: (model: string) => string,
): Promise<void> {
  const method = exchange.incoming.method === 'HEAD' ? 'GET' : exchange.incoming.method;
  const query = passedQuery(exchange.query);
  if (method !== 'POST') {
    const choices = speakers(core, dialect);
    tryEach(core, exchange, choices, (choice, done) => {
      const target = requireDialect(choice, dialect);
      const asked = method === 'DELETE' ? 'DELETE' : 'GET';
      passThrough(
        core,
        exchange,
        target,
        { method: asked, path: path('') + query, body: null, streamed: false },
        done,
      );
    });
    return;
  }
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const form = /^multipart\/form-data/i.test(exchange.incoming.headers['content-type'] ?? '');
  const incoming: Incoming = form
    ? { body, model: '', modelInBody: false, stream: false }
    : readTopLevel(exchange, body);
  if (!form) exchange.modelAsked = incoming.model;
  const choices = form ? speakers(core, dialect) : chooseAccounts(core, exchange, incoming.model, dialect);
  tryEach(core, exchange, choices, (choice, done) => {
    const target = requireDialect(choice, dialect);
    passThrough(
      core,
      exchange,
      target,
      {
        method: 'POST',
        path: path(target.model) + query,
        body: bodyFor(incoming, target.model),
        streamed: incoming.stream,
      },
      done,
    );
  });
}
