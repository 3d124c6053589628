import { isObject, type Json, type JsonObject } from '../../shared/json';
import { InvalidRequestError } from '../errors';
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
