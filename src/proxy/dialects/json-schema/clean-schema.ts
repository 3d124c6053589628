import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import { cleanTyped } from './clean-typed';
import { describeKeyword, joinDescription } from './describe-keyword';
import { flattenSchema } from './flatten-schema';
import { orderKeywords } from './order-keywords';
import type { Cleaning, SchemaTarget, SchemaType } from './schema-target';
import { TYPES, typeOf } from './schema-target';
import { isAnything, isNull, listAlternatives, withNull } from './unite-schemas';

export type { SchemaTarget } from './schema-target';

/** Schemas visited at most; what lies beyond becomes "any value". */
const BUDGET = 4000;

/** Say something about a value's shape; a branch without any of them only adds a constraint to its parent. */
const SHAPE = [
  'type',
  'properties',
  'items',
  'prefixItems',
  'enum',
  'const',
  '$ref',
  'anyOf',
  'oneOf',
  'allOf',
];
/** Stay with the parent when its keywords are spread over its alternatives. */
const ANNOTATIONS = new Set([
  'description',
  'title',
  'default',
  'examples',
  'example',
  'deprecated',
  'nullable',
]);

/**
 * Rewrites any JSON Schema into the subset that `target` accepts (SPEC 4.7). References are inlined, cycles cut
 * after two levels; meaning that the subset cannot hold goes into descriptions. One warning names the keywords
 * concerned, another those left out; `path` is their field.
 */
export function cleanSchema(
  schema: JsonObject | boolean,
  target: SchemaTarget,
  warn: Warn,
  path: string,
): JsonObject {
  return cleanNoting(schema, target, warn, path).cleaned;
}

/** {@link cleanSchema}, with what was noticed on the way. */
export function cleanNoting(
  schema: JsonObject | boolean,
  target: SchemaTarget,
  warn: Warn,
  path: string,
): { cleaned: JsonObject; state: Cleaning } {
  const state: Cleaning = {
    root: isObject(schema) ? schema : {},
    target,
    budget: BUDGET,
    described: new Set(),
    dropped: new Set(),
    impossible: new Set(),
    clean: (inner, references) => orderKeywords(cleanNode(inner, references, state)),
  };
  const cleaned = orderKeywords(cleanNode(schema, ['#'], state));
  const list = (keywords: Set<string>) => [...keywords].sort().join(', ');
  if (state.described.size > 0)
    warn({
      type: 'changed',
      field: path,
      message: `Written into descriptions, because the target's schemas have no such keyword: ${list(state.described)}.`,
    });
  if (state.dropped.size > 0)
    warn({ type: 'dropped', field: path, message: `Schema keywords left out: ${list(state.dropped)}.` });
  if (state.budget <= 0)
    warn({
      type: 'approximated',
      field: path,
      message: 'The schema is too large; its deepest parts accept any value.',
    });
  return { cleaned, state };
}

function cleanNode(value: Json | undefined, references: readonly string[], state: Cleaning): JsonObject {
  if (value === false) return { description: 'No value is accepted here.' };
  if (!isObject(value)) return {};
  if (state.budget <= 0) return { description: 'Any value.' };
  const flat = flattenSchema(value, state, references);
  const { anyOf, ...own } = flat.schema;
  if (Array.isArray(anyOf) && anyOf.length > 0) {
    if (anyOf.every((branch) => isObject(branch) && !SHAPE.some((keyword) => keyword in branch))) {
      state.described.add('anyOf');
      return finish(own, flat.references, state, [describeKeyword('anyOf', anyOf)]);
    }
    return cleanAlternatives(own, anyOf, flat.references, state);
  }
  return finish(own, flat.references, state, []);
}

/** Alternatives stand alone in both targets, so what stood beside them is merged into each. */
function cleanAlternatives(
  own: JsonObject,
  branches: Json[],
  references: readonly string[],
  state: Cleaning,
): JsonObject {
  const shared = Object.fromEntries(
    Object.entries(own).filter(([key]) => !ANNOTATIONS.has(key) && !key.startsWith('$')),
  );
  const spread = Object.keys(shared).length > 0;
  const cleaned: JsonObject[] = [];
  let nullable = own['nullable'] === true;
  for (const branch of branches) {
    if (branch === false) continue;
    const one = state.clean(spread ? { allOf: [shared, branch] } : branch, references);
    for (const each of listAlternatives([one]))
      if (isNull(each)) nullable = true;
      else cleaned.push(each);
  }
  const unique = listAlternatives(cleaned);
  const notes: string[] = [];
  noteAnnotations(own, state, notes);
  const [only] = unique;
  if (unique.length > 1 && unique.every(isAnything)) {
    state.described.add('anyOf');
    return annotate({}, own, [...notes, describeKeyword('anyOf', branches)]);
  }
  if (only === undefined) return withNull(annotate({}, own, notes), nullable, state.target, true);
  if (unique.length === 1) return withNull(annotate(only, own, notes), nullable, state.target);
  return withNull(annotate({ anyOf: unique }, own, notes), nullable, state.target);
}

function finish(
  own: JsonObject,
  references: readonly string[],
  state: Cleaning,
  notes: string[],
): JsonObject {
  const all = typesOf(own);
  const types = all.filter((type) => type !== 'null' && !(type === 'integer' && all.includes('number')));
  const nullable = own['nullable'] === true || (all.includes('null') && types.length > 0);
  const [first] = types;
  if (types.length > 1) {
    const branches = types.map((type) => {
      const inner: string[] = [];
      const one = cleanTyped(own, type, references, state, inner);
      return annotate(one, {}, inner);
    });
    noteAnnotations(own, state, notes);
    return withNull(annotate({ anyOf: branches }, own, notes), nullable, state.target);
  }
  const type = first ?? (all.includes('null') ? 'null' : undefined);
  const cleaned = cleanTyped(own, type, references, state, notes);
  noteAnnotations(own, state, notes);
  return withNull(annotate(cleaned, own, notes), nullable, state.target);
}

function noteAnnotations(own: JsonObject, state: Cleaning, notes: string[]): void {
  for (const key of ['default', 'examples', 'example', 'deprecated'])
    if (own[key] !== undefined && own[key] !== false) {
      state.described.add(key);
      notes.push(describeKeyword(key, own[key]));
    }
}

/** The types a schema names, or those its keywords speak of when it names none. */
function typesOf(schema: JsonObject): SchemaType[] {
  const named = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  const known = named
    .map((type) => (typeof type === 'string' ? type.toLowerCase() : ''))
    .filter((type): type is SchemaType => (TYPES as readonly string[]).includes(type));
  const values = schema['enum'];
  if (known.length > 0) {
    if (Array.isArray(values) && values.includes(null) && !known.includes('null')) return [...known, 'null'];
    return [...new Set(known)];
  }
  if (Array.isArray(values) && values.length > 0) return [...new Set(values.map(typeOf))];
  if (
    ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'].some(
      (k) => k in schema,
    )
  )
    return ['object'];
  if (['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'].some((k) => k in schema))
    return ['array'];
  if (['minLength', 'maxLength', 'pattern', 'format'].some((k) => k in schema)) return ['string'];
  if (['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].some((k) => k in schema))
    return ['number'];
  return [];
}

function annotate(cleaned: JsonObject, own: JsonObject, notes: readonly string[]): JsonObject {
  const inner = typeof cleaned['description'] === 'string' ? [cleaned['description']] : [];
  const description = joinDescription(own['description'] ?? inner.shift(), [...inner, ...notes]);
  const title = typeof own['title'] === 'string' ? own['title'] : cleaned['title'];
  const { description: _old, title: _title, ...rest } = cleaned;
  return {
    ...rest,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}
