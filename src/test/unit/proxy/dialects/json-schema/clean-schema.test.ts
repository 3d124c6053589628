import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import { cleanParameters } from '../../../../../proxy/dialects/json-schema/object-parameters';
import type { JsonObject } from '../../../../../shared/json';
import { json, open } from './clean-for-gemini';
import { problemsOf } from './gemini-schema-checker';

describe('cleaning JSON Schema for Gemini', () => {
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
