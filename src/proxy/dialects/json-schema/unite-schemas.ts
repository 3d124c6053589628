import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { orderKeywords } from './order-keywords';
import type { SchemaTarget } from './schema-target';

/** Keywords that leave every value possible. */
const WORDS = new Set(['title', 'description', 'nullable']);

/**
 * The alternatives among cleaned schemas: nested `anyOf` without words of its own opened, equal ones once, choices of
 * texts joined.
 */
export function listAlternatives(schemas: readonly JsonObject[]): JsonObject[] {
  const open = schemas.flatMap((one) => {
    const inner = one['anyOf'];
    if (Array.isArray(inner) && Object.keys(one).length === 1) return inner.filter(isObject);
    const types = one['type'];
    return Array.isArray(types)
      ? types.map((type) => (type === 'null' ? { type } : { ...one, type }))
      : [one];
  });
  return joinEnums([...new Map(open.map((one) => [JSON.stringify(one), one])).values()]);
}

/** One schema for values that fit any of the cleaned schemas. */
export function uniteSchemas(schemas: readonly JsonObject[], target: SchemaTarget): JsonObject {
  const all = listAlternatives(schemas);
  const others = all.filter((one) => !isNull(one));
  const [first] = others;
  if (first === undefined) return all[0] ?? {};
  if (others.every(isAnything)) return others.length === 1 ? first : {};
  const one = others.length === 1 ? first : { anyOf: others };
  return orderKeywords(withNull(one, others.length < all.length, target));
}

/** A cleaned schema that every value fits. */
export function isAnything(cleaned: JsonObject): boolean {
  return Object.keys(cleaned).every((key) => WORDS.has(key));
}

/** A cleaned schema that says "null" and no more. */
export function isNull(cleaned: JsonObject): boolean {
  return Object.keys(cleaned).length === 1 && String(cleaned['type']).toLowerCase() === 'null';
}

/** `anyOf` of single strings is an enumeration, which models follow better. */
function joinEnums(branches: JsonObject[]): JsonObject[] {
  const isEnum = (one: JsonObject) =>
    Object.keys(one).length === 2 &&
    Array.isArray(one['enum']) &&
    String(one['type']).toLowerCase() === 'string';
  const enums = branches.filter(isEnum);
  const [first] = enums;
  if (enums.length < 2 || first === undefined) return branches;
  const values = [...new Set(enums.flatMap((one) => (Array.isArray(one['enum']) ? one['enum'] : [])))];
  return [{ ...first, enum: values }, ...branches.filter((one) => !isEnum(one))];
}

/** "Or null", in the words of the target. */
export function withNull(
  cleaned: JsonObject,
  nullable: boolean,
  target: SchemaTarget,
  empty = false,
): JsonObject {
  if (!nullable || String(cleaned['type']).toLowerCase() === 'null') return cleaned;
  if (empty) return { ...cleaned, type: target === 'gemini' ? 'NULL' : 'null' };
  if (target === 'gemini') return { ...cleaned, nullable: true };
  const { anyOf, type } = cleaned;
  if (Array.isArray(anyOf)) {
    const has = anyOf.some((one) => isObject(one) && isNull(one));
    return has ? cleaned : { ...cleaned, anyOf: [...anyOf, { type: 'null' }] };
  }
  if (typeof type !== 'string') return cleaned;
  if (cleaned['enum'] === undefined) return { ...cleaned, type: [type, 'null'] };
  // An enumeration would still exclude null.
  const { title, description, ...rest } = cleaned;
  return {
    anyOf: [rest, { type: 'null' }],
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}
