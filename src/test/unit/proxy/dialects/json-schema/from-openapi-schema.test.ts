import assert from 'node:assert/strict';
import { fromOpenApiSchema } from '../../../../../proxy/dialects/json-schema/from-openapi-schema';

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
