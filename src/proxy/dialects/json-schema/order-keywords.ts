import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';

const ORDER = [
  'type',
  'nullable',
  'title',
  'description',
  'format',
  'enum',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'prefixItems',
  'items',
];

/**
 * A cleaned schema with its keywords in one order, whatever way they came about: equal schemas are equal texts, for
 * caches upstream.
 */
export function orderKeywords(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  const keys = [
    ...ORDER.filter((key) => key in rest),
    ...Object.keys(rest).filter((key) => !ORDER.includes(key)),
  ];
  const ordered = Object.fromEntries(keys.map((key) => [key, rest[key]]));
  if (!Array.isArray(anyOf)) return ordered;
  return { ...ordered, anyOf: anyOf.map((branch) => (isObject(branch) ? orderKeywords(branch) : branch)) };
}
