import { isObject, type Json, type JsonObject } from '../../../shared/json';

const isReasoning = (item: Json): boolean =>
  isObject(item) &&
  (item['type'] === 'reasoning' ||
    // Reasoning items have ids of their own kind, by which a stored one may be meant.
    (item['type'] === 'item_reference' && typeof item['id'] === 'string' && item['id'].startsWith('rs_')));

/** Items of answers that stood behind reasoning: `msg_…`, `fc_…`, `ctc_…`. */
const ANSWERED = ['message', 'function_call', 'custom_tool_call', 'local_shell_call', 'shell_call'];

/**
 * See `DialectAdapter.dropReasoning`: reasoning items. What followed them loses its id, because the API refuses an item
 * that it knows "without its required 'reasoning' item".
 * https://platform.openai.com/docs/guides/reasoning#keeping-reasoning-items-in-context
 */
export function dropReasoning(body: JsonObject): boolean {
  const { input } = body;
  if (!Array.isArray(input) || !input.some(isReasoning)) return false;
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
