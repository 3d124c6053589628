import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { describeKeyword, joinDescription } from './describe-keyword';

/** More alternatives than this are not multiplied out. */
const MAX_PRODUCT = 24;

const LARGER = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const SMALLER = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
const BY_NAME = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** There can be one of each only. */
const ONE_ONLY = new Set(['pattern', 'format', 'multipleOf', 'contains', 'if']);
const NESTED = new Set(['items', 'additionalProperties', 'propertyNames']);

const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

/**
 * One schema that holds where both hold (`allOf`, or the siblings of a `$ref`). Neither may have `$ref` or `allOf`
 * of its own; nested schemas that both name become an `allOf` that is merged when it is reached. Where two
 * keywords cannot be joined, the second one stays, and the first goes into the description.
 */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...first };
  const notes: string[] = [];
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    define(merged, key, before === undefined || same(before, value) ? value : join(key, before, value));
    if (ONE_ONLY.has(key) && before !== undefined && !same(before, value))
      notes.push(describeKeyword(key, before));
  }
  const description = notes.length > 0 ? joinDescription(merged['description'], notes) : undefined;
  return description === undefined ? merged : { ...merged, description };
}

function join(key: string, a: Json, b: Json | undefined): Json | undefined {
  if (b === undefined) return a;
  if (LARGER.has(key) && typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  if (SMALLER.has(key) && typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  if (BY_NAME.has(key) && isObject(a) && isObject(b)) return joinByName(a, b);
  if (NESTED.has(key)) return joinNested(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    if (key === 'required') return [...new Set([...a, ...b])];
    if (key === 'enum') return a.filter((value) => b.some((other) => same(value, other)));
    if (key === 'anyOf') return product(a, b);
  }
  if (key === 'not') return { anyOf: [a, b] };
  if (key === 'type') return joinTypes(a, b);
  if (key === 'description' && typeof a === 'string' && typeof b === 'string') return `${a} ${b}`;
  return b;
}

function joinByName(a: JsonObject, b: JsonObject): JsonObject {
  const joined: JsonObject = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const before = Object.hasOwn(joined, name) ? joined[name] : undefined;
    define(joined, name, before === undefined ? value : joinNested(before, value));
  }
  return joined;
}

function joinNested(a: Json, b: Json | undefined): Json | undefined {
  if (b === undefined || a === false) return a;
  if (a === true || same(a, b)) return b;
  if (b === true) return a;
  return isObject(a) && isObject(b) ? { allOf: [a, b] } : b;
}

function joinTypes(a: Json, b: Json): Json {
  const first = Array.isArray(a) ? a : [a];
  const second = Array.isArray(b) ? b : [b];
  const both = second.filter(
    (type) => first.includes(type) || (type === 'integer' && first.includes('number')),
  );
  if (second.includes('number') && first.includes('integer') && !both.includes('integer'))
    both.push('integer');
  const only = both.length === 0 ? second : both;
  return only.length === 1 ? (only[0] ?? b) : only;
}

/** Either of `a` and either of `b`: every pair, as long as that stays small. */
function product(a: Json[], b: Json[]): Json[] {
  if (a.length * b.length > MAX_PRODUCT) return b;
  return a.flatMap((one) => b.map((other) => ({ allOf: [one, other] })));
}

/** Sets a key that may be called `__proto__`. */
export function define(object: JsonObject, key: string, value: Json | undefined): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
