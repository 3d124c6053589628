import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { mergeSchemas } from './merge-schemas';
import { resolveReference } from './resolve-reference';

/** How often a definition may stand inside itself before it is cut: trees keep two levels. */
const MAX_UNROLL = 2;

/** The root that references point into, and how much work may still be done: `allOf` can multiply without end. */
export interface Budgeted {
  readonly root: JsonObject;
  budget: number;
  /** Set where a cycle was cut. */
  cut?: boolean;
}

export interface FlatSchema {
  /** Without `$ref`, `allOf`, `oneOf` and `const` at its top. */
  schema: JsonObject;
  /** The references followed on the way here, to notice cycles. */
  references: readonly string[];
}

/**
 * Takes the indirections off the top of a schema: follows `$ref` (cutting cycles, with words in the description),
 * merges `allOf`, writes `oneOf` as `anyOf` and `const` as `enum`. Nested schemas are left as they are.
 */
export function flattenSchema(
  schema: JsonObject,
  cleaning: Budgeted,
  references: readonly string[],
): FlatSchema {
  cleaning.budget--;
  const { $ref, allOf, oneOf, const: constant, ...own } = schema;
  let flat: FlatSchema = { schema: own, references };
  if (constant !== undefined) flat = merge(flat, { enum: [constant] });
  if (Array.isArray(oneOf)) flat = merge(flat, { anyOf: oneOf });
  if (Array.isArray(allOf) && cleaning.budget > 0) {
    for (const branch of allOf) {
      if (!isObject(branch)) {
        if (branch === false) flat = merge(flat, { not: {} });
        continue;
      }
      const inner = flattenSchema(branch, cleaning, flat.references);
      flat = { ...merge(flat, inner.schema), references: inner.references };
    }
  }
  return typeof $ref === 'string' && cleaning.budget > 0 ? follow($ref, flat, cleaning) : flat;
}

function merge(flat: FlatSchema, other: JsonObject): FlatSchema {
  return { ...flat, schema: mergeSchemas(flat.schema, other) };
}

function follow(reference: string, flat: FlatSchema, cleaning: Budgeted): FlatSchema {
  const target = resolveReference(cleaning.root, reference);
  if (target === undefined) return noted(flat, `Refers to ${reference}, which is not defined.`);
  if (target === true) return flat;
  if (target === false) return merge(flat, { not: {} });
  const seen = flat.references.filter((one) => one === reference).length;
  if (seen >= MAX_UNROLL) {
    cleaning.cut = true;
    const name = reference === '#' ? 'the whole' : (reference.split('/').at(-1) ?? reference);
    const kind: Json | undefined = target['type'] ?? (isObject(target['properties']) ? 'object' : undefined);
    const cut = noted(flat, `Recursive: the same shape as ${name}.`);
    return kind === undefined ? cut : merge(cut, { type: kind });
  }
  const inner = flattenSchema(target, cleaning, [...flat.references, reference]);
  // The reference's siblings say the last word: their description is about this place.
  const { description, ...siblings } = flat.schema;
  const merged = mergeSchemas(inner.schema, siblings);
  return {
    schema: description === undefined ? merged : { ...merged, description },
    references: inner.references,
  };
}

function noted(flat: FlatSchema, note: string): FlatSchema {
  const { description } = flat.schema;
  const text = typeof description === 'string' ? `${description} ${note}` : note;
  return { ...flat, schema: { ...flat.schema, description: text } };
}
