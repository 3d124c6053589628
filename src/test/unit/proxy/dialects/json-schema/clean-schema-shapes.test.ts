import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../../shared/json';
import { json, open } from './clean-for-gemini';

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
});
