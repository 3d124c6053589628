import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { define } from './merge-schemas';

/** Written as strings in Gemini's JSON because they are 64-bit integers. */
const COUNTS = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];

/** Snake-case spellings of the same fields, which Gemini's JSON accepts too. */
const SPELLINGS: Record<string, string> = {
  any_of: 'anyOf',
  min_items: 'minItems',
  max_items: 'maxItems',
  min_length: 'minLength',
  max_length: 'maxLength',
  min_properties: 'minProperties',
  max_properties: 'maxProperties',
  property_ordering: 'propertyOrdering',
};

/**
 * Gemini's `Schema` (https://ai.google.dev/api/caching#Schema) as JSON Schema: types in small letters, `nullable` as a
 * type of its own, counts as numbers, `propertyOrdering` as the order of the properties, numeric enumerations as
 * numbers.
 */
export function fromOpenApiSchema(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  let nullable = false;
  let order: Json[] = [];
  for (const [written, value] of Object.entries(schema)) {
    const key = SPELLINGS[written] ?? written;
    if (key === 'nullable') nullable = value === true;
    else if (key === 'propertyOrdering') order = Array.isArray(value) ? value : [];
    else if (key === 'type') result['type'] = lowerType(value);
    else if (COUNTS.includes(key)) result[key] = typeof value === 'string' ? Number(value) : value;
    else if (key === 'properties' && isObject(value)) result['properties'] = mapValues(value);
    else if (key === 'items' && isObject(value)) result['items'] = fromOpenApiSchema(value);
    else if (key === 'anyOf' && Array.isArray(value))
      result['anyOf'] = value.map((one) => (isObject(one) ? fromOpenApiSchema(one) : one));
    else if (key === 'example') result['examples'] = [value ?? null];
    else if (!(key === 'format' && value === 'enum')) result[key] = value;
  }
  if (result['type'] === undefined) delete result['type'];
  if (order.length > 0 && isObject(result['properties']))
    result['properties'] = ordered(result['properties'], order);
  restoreNumbers(result);
  return nullable ? withNull(result) : result;
}

function lowerType(type: Json | undefined): Json | undefined {
  if (typeof type === 'string') return /^TYPE_UNSPECIFIED$/i.test(type) ? undefined : type.toLowerCase();
  return Array.isArray(type) ? type.map((one) => lowerType(one) ?? one) : type;
}

function mapValues(properties: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(properties))
    define(result, name, isObject(value) ? fromOpenApiSchema(value) : value);
  return result;
}

function ordered(properties: JsonObject, order: Json[]): JsonObject {
  const names = order.filter(
    (name): name is string => typeof name === 'string' && Object.hasOwn(properties, name),
  );
  const result: JsonObject = {};
  for (const name of new Set([...names, ...Object.keys(properties)])) define(result, name, properties[name]);
  return result;
}

function restoreNumbers(schema: JsonObject): void {
  const values = schema['enum'];
  if (!Array.isArray(values) || (schema['type'] !== 'integer' && schema['type'] !== 'number')) return;
  schema['enum'] = values.map((value) => (typeof value === 'string' && value !== '' ? Number(value) : value));
}

function withNull(schema: JsonObject): JsonObject {
  if (Array.isArray(schema['anyOf'])) return { ...schema, anyOf: [...schema['anyOf'], { type: 'null' }] };
  if (schema['type'] === undefined) return schema;
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  return {
    ...schema,
    type: [...types, 'null'],
    ...(Array.isArray(schema['enum']) && { enum: [...schema['enum'], null] }),
  };
}
