import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { ResponseFormat } from '../canonical';
import type { ModelAbilities } from './model-abilities';
import type { WireBlock } from './wire';

/** Keywords that the structured output refuses; what they say goes into the description. */
const REFUSED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];
const SCHEMA_MAPS = ['properties', '$defs', 'definitions'];
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf'];

/**
 * A schema inside the limits of structured output: closed objects, no numeric or length bounds.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
export function closeSchema(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const closed: JsonObject = {};
  const words: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || keyword === '$schema') continue;
    if (REFUSED.includes(keyword) || (keyword === 'minItems' && value !== 0 && value !== 1))
      words.push(`${keyword}: ${JSON.stringify(value)}`);
    else if (SCHEMA_MAPS.includes(keyword) && isObject(value))
      closed[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, closeSchema(inner ?? null)]),
      );
    else if (SCHEMA_LISTS.includes(keyword) && Array.isArray(value))
      closed[keyword === 'oneOf' ? 'anyOf' : keyword] = value.map(closeSchema);
    else if (keyword === 'items') closed[keyword] = closeSchema(value);
    else closed[keyword] = value;
  }
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  if (types.includes('object') || isObject(schema['properties'])) closed['additionalProperties'] = false;
  if (words.length > 0)
    closed['description'] = [schema['description'], `{${words.join(', ')}}`].filter(Boolean).join(' ');
  return closed;
}

/** `output_config.format` where the model has it; otherwise words for the system prompt, with a warning. */
export function encodeFormat(
  format: ResponseFormat | undefined,
  abilities: ModelAbilities,
  warn: Warn,
): { format?: JsonObject; instruction?: WireBlock } {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json-schema' && abilities.structuredOutput)
    return { format: { type: 'json_schema', schema: closeSchema(format.schema) } };
  warn({
    type: 'approximated',
    field: 'response_format',
    message: 'JSON was asked for in words; this model does not enforce it so.',
  });
  const schema =
    format.type === 'json-schema' ? ` that follows this JSON schema:\n${JSON.stringify(format.schema)}` : '.';
  return { instruction: { type: 'text', text: `Answer with one JSON object and nothing else${schema}` } };
}
