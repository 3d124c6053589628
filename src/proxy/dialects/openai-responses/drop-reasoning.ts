import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { ENCRYPTED_REASONING } from './wire';

const isReasoning = (item: Json): boolean =>
  isObject(item) &&
  (item['type'] === 'reasoning' ||
    // Reasoning items have ids of their own kind, by which a stored one may be meant.
    (item['type'] === 'item_reference' && typeof item['id'] === 'string' && item['id'].startsWith('rs_')));

/** Items of answers that stood behind reasoning: `msg_…`, `fc_…`, `ctc_…`. */
const ANSWERED = ['message', 'function_call', 'custom_tool_call', 'local_shell_call', 'shell_call'];

/** The wish for encrypted reasoning: models that do not reason refuse it. */
function dropInclude(body: JsonObject): boolean {
  const { include } = body;
  if (!Array.isArray(include) || !include.includes(ENCRYPTED_REASONING)) return false;
  const others = include.filter((each) => each !== ENCRYPTED_REASONING);
  if (others.length > 0) body['include'] = others;
  else delete body['include'];
  return true;
}

/**
 * See `DialectAdapter.dropReasoning`: reasoning items, and the wish for new ones in their encrypted form. What followed them loses its id, because the API refuses an item
 * that it knows "without its required 'reasoning' item".
 * https://platform.openai.com/docs/guides/reasoning#keeping-reasoning-items-in-context
 */
export function dropReasoning(body: JsonObject): boolean {
  const unasked = dropInclude(body);
  const { input } = body;
  if (!Array.isArray(input) || !input.some(isReasoning)) return unasked;
  body['input'] = input
    .filter((item) => !isReasoning(item))
    .map((item): Json => {
      if (!isObject(item) || !ANSWERED.includes(String(item['type'])) || item['id'] === undefined)
        return item;
      const { id: _id, ...rest } = item;
      return rest;
    });
  return true;
}
