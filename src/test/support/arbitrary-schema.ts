import fc from 'fast-check';
import type { Json, JsonObject } from '../../shared/json';

/** Names that look like keywords, names of other alphabets, and plain ones. */
const NAMES = fc.constantFrom(
  'a',
  'b',
  'type',
  'format',
  'properties',
  'pattern',
  '$ref',
  'required',
  'items',
  'enum',
  '__proto__',
  'größe',
  '名前',
  'x-y',
);

const LEAF: fc.Arbitrary<Json> = fc.constantFrom<Json>('a', 'b', '', 1, 2.5, -3, null, true, false, {}, [1]);

const REFERENCES = fc.constantFrom(
  '#',
  '#/$defs/A',
  '#/$defs/B',
  '#/$defs/C',
  '#/definitions/A',
  '#/properties/a',
  '#/$defs/A/properties/b',
  '#/nowhere',
  'https://example.com/x',
);

/** Keywords without nested schemas, for one type. */
const KEYWORDS: Record<string, Record<string, fc.Arbitrary<Json>>> = {
  string: {
    minLength: fc.integer({ min: 0, max: 3 }),
    maxLength: fc.integer({ min: 1, max: 5 }),
    pattern: fc.constantFrom('^a', 'b$', '[0-9]+', '(?=a)a'),
    format: fc.constantFrom('uri', 'date-time', 'int32', 'enum', 'email', 'x-own'),
    contentEncoding: fc.constant('base64'),
  },
  number: {
    minimum: fc.integer({ min: -5, max: 5 }),
    maximum: fc.integer({ min: -5, max: 5 }),
    exclusiveMinimum: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.constant(0.5)),
    exclusiveMaximum: fc.integer({ min: -5, max: 9 }),
    multipleOf: fc.constantFrom(1, 2, 0.5),
  },
  array: {
    minItems: fc.integer({ min: 0, max: 3 }),
    maxItems: fc.integer({ min: 0, max: 3 }),
    uniqueItems: fc.boolean(),
  },
  object: {
    minProperties: fc.integer({ min: 0, max: 2 }),
    maxProperties: fc.integer({ min: 1, max: 5 }),
    required: fc.array(fc.oneof(NAMES, fc.constant('zzz')), { maxLength: 3 }),
    propertyOrdering: fc.array(NAMES, { maxLength: 2 }),
    dependentRequired: fc.constant({ a: ['b'] }),
  },
  boolean: {},
  null: {},
};

const ANNOTATIONS: Record<string, fc.Arbitrary<Json>> = {
  description: fc.constantFrom('Some text', 'Ends here.', '', 'größe 名前'),
  title: fc.constant('T'),
  default: LEAF,
  examples: fc.array(LEAF, { maxLength: 2 }),
  deprecated: fc.boolean(),
  readOnly: fc.boolean(),
  $comment: fc.constant('not for you'),
  'x-mcp-header': fc.constant({ a: 1 }),
  'x-order': fc.constant(3),
};

/** What real schemas carry at their top. */
const ROOT: Record<string, fc.Arbitrary<Json>> = {
  $schema: fc.constantFrom(
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2020-12/schema',
  ),
  $id: fc.constant('https://example.com/root'),
};

interface Options {
  /** Every keyword stands beside the type it speaks of, and nothing is malformed, so that ajv means the same. */
  plain: boolean;
  /** Without compositions that contradict what stands beside them: names in impossible branches need not survive. */
  satisfiable?: boolean;
}

/** A few of the keywords at a time: with all of them at once nothing would ever be valid. */
function some(all: Record<string, fc.Arbitrary<Json>>, max: number): fc.Arbitrary<JsonObject> {
  const keys = Object.keys(all);
  if (keys.length === 0) return fc.constant({});
  return fc
    .subarray(keys, { maxLength: Math.min(max, keys.length) })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((key) => [key, all[key]!]))),
    ) as fc.Arbitrary<JsonObject>;
}

const merged = (...parts: fc.Arbitrary<JsonObject>[]) =>
  fc.tuple(...parts).map((list) => Object.assign({}, ...list) as JsonObject);

/**
 * JSON Schemas as tools carry them: references with cycles and siblings, compositions, tuples old and new, boolean
 * schemas, vendor keys, properties named like keywords. Not all of them are valid JSON Schema, as in life.
 */
export function arbitrarySchema({ plain, satisfiable = false }: Options): fc.Arbitrary<JsonObject> {
  const { schema } = fc.letrec<{ schema: Json }>((tie) => {
    const inner = tie('schema');
    const nested: Record<string, Record<string, fc.Arbitrary<Json>>> = {
      array: {
        items: plain ? inner : fc.oneof(inner, fc.array(inner, { maxLength: 2 })),
        prefixItems: fc.array(inner, { minLength: 1, maxLength: 2 }),
        contains: inner,
        ...(!plain && { additionalItems: inner, unevaluatedItems: inner }),
      },
      object: {
        properties: fc.dictionary(NAMES, inner, { maxKeys: 3 }),
        additionalProperties: inner,
        patternProperties: fc.dictionary(fc.constantFrom('^x', '^y'), inner, { minKeys: 1, maxKeys: 1 }),
        propertyNames: fc.constantFrom<Json>({ pattern: '^[a-z]' }, { maxLength: 20 }, true),
        ...(!plain && {
          dependentSchemas: fc.dictionary(NAMES, inner, { maxKeys: 1 }),
          unevaluatedProperties: inner,
        }),
      },
    };
    const composed: Record<string, fc.Arbitrary<Json>> = {
      anyOf: fc.array(inner, { minLength: plain ? 1 : 0, maxLength: 3 }),
      oneOf: fc.array(inner, { minLength: plain ? 1 : 0, maxLength: 2 }),
      allOf: fc.array(inner, { minLength: plain ? 1 : 0, maxLength: 2 }),
      not: inner,
      if: inner,
      then: inner,
      else: inner,
      $ref: REFERENCES,
    };
    const ofType = (type: string) =>
      merged(
        fc.constant({ type }),
        some(KEYWORDS[type === 'integer' ? 'number' : type] ?? {}, 3),
        some(nested[type] ?? {}, 3),
        some(ANNOTATIONS, 2),
        plain ? fc.constant({}) : some({ nullable: fc.boolean() }, 1),
        satisfiable ? fc.constant({}) : some(composed, 1),
      );
    const typed = fc.oneof(
      ...['string', 'number', 'integer', 'boolean', 'array', 'object', 'object', 'null'].map(ofType),
    );
    const union = merged(
      fc.record({
        type: fc.constantFrom<Json>(
          ['string', 'null'],
          ['array', 'object'],
          ['integer', 'number'],
          ['object', 'null'],
        ),
      }),
      some({ ...KEYWORDS['object'], ...nested['object'], ...nested['array'] }, 3),
      some(ANNOTATIONS, 1),
    );
    const values = merged(
      fc.oneof(
        fc.record({ const: LEAF }),
        fc.record({ enum: fc.array(LEAF, { minLength: plain ? 1 : 0, maxLength: 4 }) }),
        fc.record({
          type: fc.constant('string'),
          enum: fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1 }),
        }),
        fc.record({
          type: fc.constant('integer'),
          enum: fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
        }),
      ),
      some(ANNOTATIONS, 1),
    );
    const wild = some(
      {
        ...KEYWORDS['string'],
        ...KEYWORDS['number'],
        ...KEYWORDS['array'],
        ...KEYWORDS['object'],
        ...nested['object'],
        ...nested['array'],
        ...composed,
        ...ANNOTATIONS,
        type: fc.constantFrom<Json>(
          'any',
          'STRING',
          ['string', 'integer', 'null'],
          'file',
          'object',
          'array',
        ),
        required: fc.oneof<fc.Arbitrary<Json>[]>(
          fc.boolean(),
          fc.array(fc.constantFrom<Json>('a', 5), { maxLength: 2 }),
        ),
        minLength: fc.constantFrom(-1, 1.5),
      },
      6,
    );
    return {
      schema: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.boolean() as fc.Arbitrary<Json>,
        fc.constant({}),
        { arbitrary: typed, weight: 8 },
        { arbitrary: union, weight: 2 },
        { arbitrary: values, weight: 3 },
        {
          arbitrary: merged(
            some(satisfiable ? { anyOf: composed['anyOf']! } : composed, 3),
            some(ANNOTATIONS, 1),
          ),
          weight: 3,
        },
        ...(plain ? [] : [{ arbitrary: wild, weight: 3 }]),
      ),
    };
  });
  const named = fc.dictionary(fc.constantFrom('A', 'B', 'C'), schema, { maxKeys: 3 });
  const object = fc.oneof(
    schema,
    fc.dictionary(NAMES, schema, { maxKeys: 4 }).map((properties) => ({ type: 'object', properties })),
  );
  return fc
    .tuple(object, some(ROOT, 2), fc.option(named, { nil: undefined }), fc.option(named, { nil: undefined }))
    .map(([root, more, $defs, definitions]) => ({
      ...more,
      ...(typeof root === 'object' && !Array.isArray(root) ? root : { type: 'object' }),
      ...($defs && { $defs }),
      ...(definitions && { definitions }),
    }));
}

/** A few values to try on a schema, most of them objects with the names that {@link arbitrarySchema} uses. */
export const arbitraryValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    LEAF,
    fc.constantFrom<Json>('abc', '12', 0, 4),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(NAMES, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Schemas inside the rules of strict modes, most of the time, with small offences in some. */
export function arbitraryStrictSchema(): fc.Arbitrary<JsonObject> {
  const { schema, object } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonObject>(
        { type: 'string' },
        { type: 'number' },
        { type: ['string', 'null'] },
        { type: 'string', enum: ['a', 'b'] },
        { const: 'a' },
        { type: 'string', format: 'date-time', description: 'When' },
        { $ref: '#/$defs/A' },
      ),
      fc.constantFrom<JsonObject>(
        { type: 'integer', minimum: 1 },
        { type: 'string', minLength: 2 },
        {},
        { type: 'object' },
      ),
      tie('object'),
      tie('object'),
      tie('schema').map((items) => ({ type: 'array', items })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    ),
    object: fc
      .tuple(fc.dictionary(NAMES, tie('schema'), { minKeys: 1, maxKeys: 3 }), fc.integer({ min: 0, max: 9 }))
      .map(([properties, offence]) => {
        const names = Object.keys(properties);
        return {
          type: 'object',
          properties,
          required: offence === 0 ? names.slice(1) : names,
          additionalProperties: offence === 1,
        };
      }),
  }));
  return fc.tuple(object, schema).map(([root, A]) => ({ ...root, $defs: { A } }));
}
