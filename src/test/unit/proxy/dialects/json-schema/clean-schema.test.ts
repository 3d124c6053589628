import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanSchema } from '../../../../../proxy/dialects/json-schema/clean-schema';
import { cleanParameters } from '../../../../../proxy/dialects/json-schema/object-parameters';
import { fromOpenApiSchema } from '../../../../../proxy/dialects/json-schema/from-openapi-schema';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { problemsOf } from './gemini-schema-checker';

const json = (schema: JsonObject | boolean, warnings: Warning[] = []) =>
  cleanSchema(schema, 'gemini-json-schema', (w) => warnings.push(w), 'p');
const open = (schema: JsonObject | boolean, warnings: Warning[] = []) =>
  cleanSchema(schema, 'gemini', (w) => warnings.push(w), 'p');

/** Shape by shape: the schema, what Gemini's JSON Schema field gets, what its OpenAPI subset gets. */
const TABLE: [string, JsonObject, JsonObject, JsonObject][] = [
  [
    'a reference into $defs',
    { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } },
    { type: 'object', properties: { a: { type: 'string' } } },
    { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
  ],
  [
    "a reference's own description",
    {
      type: 'object',
      properties: { a: { $ref: '#/definitions/A', description: 'here' } },
      definitions: { A: { type: 'string', description: 'there' } },
    },
    { type: 'object', properties: { a: { type: 'string', description: 'here' } } },
    { type: 'OBJECT', properties: { a: { type: 'STRING', description: 'here' } } },
  ],
  [
    'a reference that leads nowhere',
    { $ref: '#/$defs/Gone' },
    { description: 'Refers to #/$defs/Gone, which is not defined.' },
    { description: 'Refers to #/$defs/Gone, which is not defined.' },
  ],
  [
    'a text that may be null',
    { type: ['string', 'null'] },
    { type: ['string', 'null'] },
    { type: 'STRING', nullable: true },
  ],
  [
    'two types',
    { type: ['string', 'integer'], minLength: 2, minimum: 1 },
    {
      anyOf: [
        { type: 'string', description: 'At least 2 characters.' },
        { type: 'integer', minimum: 1 },
      ],
    },
    {
      anyOf: [
        { type: 'STRING', minLength: 2 },
        { type: 'INTEGER', minimum: 1 },
      ],
    },
  ],
  ['a constant text', { const: 'a' }, { type: 'string', enum: ['a'] }, { type: 'STRING', enum: ['a'] }],
  [
    'a constant number',
    { const: 5 },
    { type: 'integer', enum: [5] },
    { type: 'INTEGER', description: 'One of: 5.' },
  ],
  [
    'a constant flag',
    { const: true },
    { type: 'boolean', description: 'One of: true.' },
    { type: 'BOOLEAN', description: 'One of: true.' },
  ],
  [
    'an enumeration of numbers',
    { type: 'number', enum: [1, 2.5] },
    { type: 'number', enum: [1, 2.5] },
    { type: 'NUMBER', description: 'One of: 1, 2.5.' },
  ],
  [
    'an empty choice',
    { enum: ['', 'a'] },
    { type: 'string', description: 'One of: "", "a".' },
    { type: 'STRING', description: 'One of: "", "a".' },
  ],
  [
    'an enumeration with null',
    { type: ['string', 'null'], enum: ['a', null] },
    { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
    { type: 'STRING', enum: ['a'], nullable: true },
  ],
  [
    'oneOf of objects',
    { oneOf: [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { type: 'null' }] },
    { type: ['object', 'null'], properties: { a: { type: 'string' } }, required: ['a'] },
    { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'], nullable: true },
  ],
  [
    'alternatives of constants',
    { anyOf: [{ const: 'a' }, { const: 'b' }, { type: 'number' }] },
    { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'number' }] },
    { anyOf: [{ type: 'STRING', enum: ['a', 'b'] }, { type: 'NUMBER' }] },
  ],
  [
    'alternatives that only ask for properties',
    { type: 'object', properties: { a: {}, b: {} }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    {
      type: 'object',
      properties: { a: {}, b: {} },
      description: 'At least one of these holds: [{"required":["a"]},{"required":["b"]}].',
    },
    {
      type: 'OBJECT',
      properties: { a: {}, b: {} },
      description: 'At least one of these holds: [{"required":["a"]},{"required":["b"]}].',
    },
  ],
  [
    'allOf',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'number', minimum: 1 } } },
        { properties: { b: { minimum: 3 } } },
      ],
    },
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'number', minimum: 3 } },
      required: ['a'],
    },
    {
      type: 'OBJECT',
      properties: { a: { type: 'STRING' }, b: { type: 'NUMBER', minimum: 3 } },
      required: ['a'],
    },
  ],
  [
    'a schema that is true',
    { type: 'object', properties: { a: true, b: false } },
    { type: 'object', properties: { a: {}, b: { description: 'No value is accepted here.' } } },
    { type: 'OBJECT', properties: { a: {}, b: { description: 'No value is accepted here.' } } },
  ],
  [
    'properties named like keywords',
    {
      type: 'object',
      properties: {
        type: { type: 'string' },
        format: { type: 'string' },
        pattern: { type: 'string' },
        $ref: { type: 'string' },
        properties: { type: 'object' },
      },
      required: ['type'],
    },
    {
      type: 'object',
      properties: {
        type: { type: 'string' },
        format: { type: 'string' },
        pattern: { type: 'string' },
        $ref: { type: 'string' },
        properties: { type: 'object' },
      },
      required: ['type'],
    },
    {
      type: 'OBJECT',
      properties: {
        type: { type: 'STRING' },
        format: { type: 'STRING' },
        pattern: { type: 'STRING' },
        $ref: { type: 'STRING' },
        properties: { type: 'OBJECT' },
      },
      required: ['type'],
    },
  ],
  [
    'a tuple',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 2 },
    {
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      prefixItems: [{ type: 'string' }, { type: 'number' }],
    },
    {
      type: 'ARRAY',
      minItems: 2,
      maxItems: 2,
      items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
      description: 'Items in order: [{"type":"STRING"},{"type":"NUMBER"}].',
    },
  ],
  ['an array without items', { type: 'array' }, { type: 'array', items: {} }, { type: 'ARRAY', items: {} }],
  [
    'a bound that excludes, for integers',
    { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
    { type: 'integer', minimum: 1, maximum: 9 },
    { type: 'INTEGER', minimum: 1, maximum: 9 },
  ],
  [
    'a bound that excludes, for numbers',
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'number', minimum: 0, description: 'Greater than 0.' },
    { type: 'NUMBER', minimum: 0, description: 'Greater than 0.' },
  ],
  [
    'a bound of draft 4',
    { type: 'integer', minimum: 1, exclusiveMinimum: true },
    { type: 'integer', minimum: 2 },
    { type: 'INTEGER', minimum: 2 },
  ],
  [
    'a free map',
    { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { pattern: '^x' } },
    {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Property names fit {"pattern":"^x"}.',
    },
    {
      type: 'OBJECT',
      description: 'Property names fit {"pattern":"^x"}. Values of other properties fit {"type":"string"}.',
    },
  ],
  [
    'a required name without a property',
    { type: 'object', required: ['a'] },
    { type: 'object', properties: { a: {} }, required: ['a'] },
    { type: 'OBJECT', properties: { a: {} }, required: ['a'] },
  ],
  [
    'a format',
    { type: 'string', format: 'uri' },
    { type: 'string', description: 'Format: uri.' },
    { type: 'STRING', description: 'Format: uri.' },
  ],
  [
    'a default',
    { type: 'integer', default: 3, description: 'How many' },
    { type: 'integer', description: 'How many. Default: 3.' },
    { type: 'INTEGER', description: 'How many. Default: 3.' },
  ],
  [
    'a pattern',
    { type: 'string', pattern: '^a$' },
    { type: 'string', description: 'Matches the regular expression ^a$.' },
    { type: 'STRING', pattern: '^a$' },
  ],
];

describe('cleaning JSON Schema for Gemini', () => {
  for (const [name, schema, asJson, asOpenApi] of TABLE)
    it(`takes ${name}`, () => {
      assert.deepEqual(json(schema), asJson);
      assert.deepEqual(open(schema), asOpenApi);
    });

  it('cuts a cycle after two levels and says what was there', () => {
    const tree: JsonObject = {
      $ref: '#/$defs/Node',
      $defs: {
        Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' }, value: { type: 'number' } } },
      },
    };
    const cleaned = JSON.stringify(json(tree));
    assert.match(cleaned, /"description":"Recursive: the same shape as Node\."/);
    assert.equal(cleaned.match(/"value"/g)?.length, 2);
    assert.deepEqual(problemsOf(open(tree), 'gemini'), []);
  });

  it('survives a schema that only refers to itself', () => {
    for (const cleaned of [
      json({ $ref: '#' }),
      json({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }),
    ])
      assert.deepEqual(problemsOf(cleaned, 'gemini-json-schema'), []);
  });

  it('stops at a size, for definitions that multiply', () => {
    const $defs: JsonObject = { d0: { type: 'string' } };
    for (let i = 1; i < 30; i++)
      $defs[`d${i}`] = {
        type: 'object',
        properties: { a: { $ref: `#/$defs/d${i - 1}` }, b: { $ref: `#/$defs/d${i - 1}` } },
      };
    const warnings: Warning[] = [];
    const cleaned = json({ $ref: '#/$defs/d29', $defs }, warnings);
    assert.deepEqual(problemsOf(cleaned, 'gemini-json-schema'), []);
    assert.ok(warnings.some((warning) => warning.type === 'approximated'));
  });

  it('stops at a size, for allOf that multiplies', () => {
    const $defs: JsonObject = { d0: { type: 'string' } };
    for (let i = 1; i < 40; i++)
      $defs[`d${i}`] = { allOf: [{ $ref: `#/$defs/d${i - 1}` }, { $ref: `#/$defs/d${i - 1}` }] };
    assert.deepEqual(problemsOf(json({ $ref: '#/$defs/d39', $defs }), 'gemini-json-schema'), []);
  });

  it('names in one warning what went into descriptions and in another what was left out', () => {
    const warnings: Warning[] = [];
    json(
      {
        type: 'object',
        properties: {
          a: { type: 'string', minLength: 1, 'x-mcp-header': 'h' },
          b: { type: 'array', uniqueItems: true },
        },
      },
      warnings,
    );
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [
        ['changed', 'p'],
        ['dropped', 'p'],
      ],
    );
    assert.match(warnings[0]!.message, /minLength, uniqueItems/);
    assert.match(warnings[1]!.message, /x-mcp-header/);
  });

  it('leaves a plain schema alone and warns of nothing', () => {
    const plain: JsonObject = {
      type: 'object',
      properties: { path: { type: 'string', description: 'Where' } },
      required: ['path'],
      additionalProperties: false,
    };
    const warnings: Warning[] = [];
    assert.deepEqual(
      json({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain }, warnings),
      plain,
    );
    assert.deepEqual(warnings, []);
  });

  it('makes an object of parameters that are alternatives', () => {
    const warnings: Warning[] = [];
    const parameters = cleanParameters(
      {
        oneOf: [
          { type: 'object', properties: { a: { type: 'string' }, k: { const: 'x' } }, required: ['a', 'k'] },
          { type: 'object', properties: { b: { type: 'string' }, k: { const: 'y' } }, required: ['b', 'k'] },
        ],
      },
      'gemini-json-schema',
      (warning) => warnings.push(warning),
      'p',
    );
    assert.deepEqual(parameters?.['required'], ['k']);
    assert.deepEqual(Object.keys(parameters?.['properties'] as JsonObject), ['a', 'k', 'b']);
    assert.equal(parameters?.['type'], 'object');
    assert.equal(warnings[0]?.type, 'approximated');
  });

  it('declares no parameters where there are none', () => {
    for (const schema of [{ type: 'object', properties: {} }, { type: 'object' }, {}, true])
      assert.equal(
        cleanParameters(schema, 'gemini-json-schema', () => {}, 'p'),
        undefined,
      );
  });

  it('accepts whatever schema a tool may carry', () => {
    const leaf = fc.constantFrom<unknown>('a', '', 1, 2.5, null, true, {}, []);
    const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.boolean(),
        fc.record(
          {
            type: fc.constantFrom<unknown>(
              'string',
              'number',
              'integer',
              'boolean',
              'array',
              'object',
              'null',
              'any',
              'STRING',
              ['string', 'null'],
              ['array', 'object'],
              ['integer', 'number'],
            ),
            enum: fc.array(leaf, { maxLength: 4 }),
            const: leaf,
            $ref: fc.constantFrom(
              '#',
              '#/$defs/A',
              '#/$defs/B',
              '#/$defs/C',
              '#/nowhere',
              'https://example.com/x',
              '#/properties/a',
            ),
            properties: fc.dictionary(
              fc.constantFrom('a', 'type', 'format', 'pattern', '$ref', 'enum', '__proto__', 'items'),
              tie('schema'),
              { maxKeys: 3 },
            ),
            required: fc.array(fc.constantFrom<unknown>('a', 'type', 'zzz', 5), { maxLength: 3 }),
            items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
            prefixItems: fc.array(tie('schema'), { maxLength: 2 }),
            anyOf: fc.array(tie('schema'), { maxLength: 3 }),
            oneOf: fc.array(tie('schema'), { maxLength: 2 }),
            allOf: fc.array(tie('schema'), { maxLength: 2 }),
            not: tie('schema'),
            additionalProperties: tie('schema'),
            patternProperties: fc.dictionary(fc.constantFrom('^a', '^b'), tie('schema'), { maxKeys: 1 }),
            propertyNames: tie('schema'),
            minimum: fc.integer(),
            exclusiveMinimum: fc.oneof(
              fc.integer(),
              fc.double({ noNaN: true, noDefaultInfinity: true }),
              fc.boolean(),
            ),
            exclusiveMaximum: fc.integer(),
            multipleOf: fc.integer({ min: 1 }),
            minItems: fc.integer({ min: -1, max: 5 }),
            maxItems: fc.double({ min: 0, max: 5, noNaN: true }),
            minLength: fc.integer({ min: 0, max: 5 }),
            minProperties: fc.integer({ min: 0, max: 5 }),
            pattern: fc.constant('^a'),
            format: fc.constantFrom('uri', 'date-time', 'int32', 'enum'),
            description: fc.constantFrom('text', ''),
            title: fc.constant('T'),
            default: leaf,
            examples: fc.array(leaf, { maxLength: 2 }),
            nullable: fc.boolean(),
            uniqueItems: fc.boolean(),
            deprecated: fc.boolean(),
            'x-vendor': fc.constant({ a: 1 }),
            propertyOrdering: fc.constant(['a', 'zzz']),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    const whole = fc
      .tuple(schema, schema, schema, schema)
      .map(([root, A, B, C]) =>
        typeof root === 'boolean' ? root : { ...(root as JsonObject), $defs: { A, B, C } as JsonObject },
      );
    fc.assert(
      fc.property(whole, (input) => {
        const before = JSON.stringify(input);
        assert.deepEqual(problemsOf(json(input), 'gemini-json-schema'), []);
        assert.deepEqual(problemsOf(open(input), 'gemini'), []);
        const parameters = cleanParameters(input, 'gemini-json-schema', () => {}, 'p');
        if (parameters) {
          assert.equal(parameters['type'], 'object');
          assert.deepEqual(problemsOf(parameters, 'gemini-json-schema'), []);
        }
        assert.equal(JSON.stringify(input), before, 'the input is not changed');
        assert.deepEqual(json(input), json(input), 'the same every time');
      }),
      { numRuns: 120, seed: 20 },
    );
  }).timeout(60_000);
});

describe("reading Gemini's OpenAPI schemas", () => {
  it('gives JSON Schema', () => {
    assert.deepEqual(
      fromOpenApiSchema({
        type: 'OBJECT',
        properties: {
          b: { type: 'STRING', nullable: true, enum: ['x'], format: 'enum' },
          a: { type: 'ARRAY', items: { type: 'INTEGER', enum: ['1', '2'] }, minItems: '1' },
          type: { any_of: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
        },
        required: ['a'],
        propertyOrdering: ['a', 'b'],
      }),
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'integer', enum: [1, 2] }, minItems: 1 },
          b: { type: ['string', 'null'], enum: ['x', null] },
          type: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        },
        required: ['a'],
      },
    );
  });
});
