/** `GET`/`DELETE /v1/responses/{id}` and what hangs below it: answered here, or by the account that made the response. */
import type { Json, JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import { InvalidRequestError, NotFoundError } from '../errors';
import type { StoredResponse } from '../responses/response-store';
import { responsesEndpoint, targetOf, type Choice, type Choices } from '../exchange/attempts/candidates';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { passedQuery, requireDialect } from './model-call';
import { passThrough } from '../exchange/pass-through';
import { tryEach } from '../exchange/attempts/try-each';

function unknown(id: string): NotFoundError {
  return new NotFoundError(`Response with id '${id.slice(0, 100)}' not found.`);
}

/** The accounts that may know a response: its maker, else all that keep responses. */
function keepers(core: Core, id: string): Choices {
  const owner = core.responses.ownerOf(id);
  const able = core.pool.enabled().filter((account) => owner === undefined || account.id === owner);
  const group = able.flatMap((account): Choice[] => {
    const endpoint = responsesEndpoint(account);
    return endpoint ? [{ type: 'upstream', ...targetOf(account, endpoint, '') }] : [];
  });
  return group.length > 0 ? [group] : [];
}

/** An input item as it is listed: every one has an id. */
function listed(item: Json, index: number): Json {
  return isObject(item) && item.id === undefined ? { id: `item_${index}`, ...item } : item;
}

/**
 * `GET /v1/responses/{id}/input_items`, a page of it.
 * https://platform.openai.com/docs/api-reference/responses/input-items
 */
function inputPage({ input }: StoredResponse, query: string): JsonObject {
  const asked = new URLSearchParams(query);
  const given = asked.get('limit');
  const limit = given === null ? 20 : Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new InvalidRequestError('"limit" must be a number from 1 to 100.', 'limit');
  const items = input.map(listed);
  if (asked.get('order') !== 'asc') items.reverse();
  const after = asked.get('after');
  const from = after === null ? 0 : items.findIndex((item) => isObject(item) && item.id === after) + 1;
  const data = items.slice(from, from + limit);
  const idOf = (item: Json | undefined) => (isObject(item) ? (item.id ?? null) : null);
  return {
    object: 'list',
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: from + limit < items.length,
  };
}

/** `GET`, `DELETE /v1/responses/{id}`; `GET …/input_items`; `POST …/cancel`. */
export function serveStoredResponse(core: Core, exchange: Exchange): void {
  const { id = '', below } = exchange.path;
  const method = exchange.incoming.method === 'HEAD' ? 'GET' : (exchange.incoming.method ?? 'GET');
  exchange.incoming.resume();
  const kept = core.responses.get(id);
  if (kept) {
    if (below === 'cancel')
      throw new InvalidRequestError('Only responses with "background": true can be cancelled.');
    if (method === 'DELETE') {
      core.responses.delete(id);
      exchange.json(200, { id, object: 'response', deleted: true });
      return;
    }
    if (/(^|&)stream=true(&|$)/.test(exchange.query))
      throw new InvalidRequestError(
        'Only responses made with "background": true can be streamed again.',
        'stream',
      );
    exchange.json(200, below === 'input_items' ? inputPage(kept, exchange.query) : kept.response);
    return;
  }
  const choices = keepers(core, id);
  if (choices.length === 0) throw unknown(id);
  const path = `/responses/${encodeURIComponent(id)}${below ? `/${below}` : ''}${passedQuery(exchange.query)}`;
  tryEach(core, exchange, choices, (choice, done) => {
    const call = {
      method:
        method === 'DELETE' ? ('DELETE' as const) : method === 'POST' ? ('POST' as const) : ('GET' as const),
      path,
      body: null,
      streamed: false,
    };
    passThrough(core, exchange, requireDialect(choice, 'openai-responses'), call, done);
  });
}
