import { isObject, type Json, type JsonObject } from '../../shared/json';
import { InvalidRequestError, NotFoundError } from '../errors';
import { outputOf, type ResponseStore, type StoredResponse } from './response-store';

/** `input` as the list of items that it stands for. */
export function inputItems(input: Json | undefined): Json[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return Array.isArray(input) ? input : [];
}

/** What OpenAI answers to an id that it does not know. Codex starts over with the whole conversation then. */
export function unknownResponse(id: string): InvalidRequestError {
  return new InvalidRequestError(
    `Previous response with id '${id.slice(0, 100)}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

/**
 * Reasoning without its encrypted form can be looked up only where responses are stored: with `store: false` the API
 * refuses the item.
 */
function carriesOver(item: Json, stored: boolean): boolean {
  return stored || !isObject(item) || item.type !== 'reasoning' || typeof item.encrypted_content === 'string';
}

/**
 * The request with the whole conversation in `input`, in place of `previous_response_id`.
 * The instructions of earlier turns do not carry over (https://platform.openai.com/docs/api-reference/responses/create).
 */
export function withHistory(body: JsonObject, previous: StoredResponse): JsonObject {
  const { previous_response_id: _replaced, ...rest } = body;
  const stored = body.store !== false;
  const output = outputOf(previous).filter((item) => carriesOver(item, stored));
  return { ...rest, input: [...previous.input, ...output, ...inputItems(body.input)] };
}

/** The id that an item of the input names instead of the item itself. */
function referenceOf(item: Json): string | undefined {
  if (!isObject(item) || typeof item.id !== 'string') return undefined;
  const bare = (item.type === undefined || item.type === null) && item.role === undefined;
  return bare || item.type === 'item_reference' ? item.id : undefined;
}

/**
 * The request with the items that Portside keeps in place of their references
 * (https://platform.openai.com/docs/api-reference/responses/create, `item_reference`).
 */
export function withItems(
  body: JsonObject,
  store: ResponseStore,
): { body: JsonObject; /** Ids that only an account may know. */ unknown: string[] } {
  const unknown: string[] = [];
  if (!Array.isArray(body.input)) return { body, unknown };
  const stored = body.store !== false;
  const given = body.input;
  const input = given.flatMap((one) => {
    const id = referenceOf(one);
    if (id === undefined) return [one];
    const item = store.item(id);
    if (item !== undefined) return carriesOver(item, stored) ? [item] : [];
    unknown.push(id);
    return [one];
  });
  const untouched = input.length === body.input.length && input.every((item, at) => item === given[at]);
  return { body: untouched ? body : { ...body, input }, unknown };
}

/** What OpenAI answers to the id of an item that it does not know. */
export function unknownItem(id: string): NotFoundError {
  return new NotFoundError(
    `Item with id '${id.slice(0, 100)}' not found. Send the item itself instead of its id; ids are known as long as ` +
      'the response that they belong to, and none when "store" is false.',
  );
}

/** The id in `previous_response_id`, if there is one. */
export function previousId(body: JsonObject): string | undefined {
  const id = body.previous_response_id;
  if (id === undefined || id === null || id === '') return undefined;
  if (typeof id === 'string') return id;
  throw new InvalidRequestError('The field "previous_response_id" must be a string.', 'previous_response_id');
}

/** Who knows the conversation that a request goes on with. */
export type Continued =
  | { type: 'ours'; body: JsonObject; id: string }
  | { type: 'account'; id: string; accountId: string | undefined };

/** Undefined when the request begins a conversation. */
export function continued(body: JsonObject, store: ResponseStore): Continued | undefined {
  const id = previousId(body);
  if (id === undefined) return undefined;
  const previous = store.get(id);
  if (previous) return { type: 'ours', body: withHistory(body, previous), id };
  return { type: 'account', id, accountId: store.ownerOf(id) };
}
