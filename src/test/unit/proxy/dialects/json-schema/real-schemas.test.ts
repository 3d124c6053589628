/** Schemas that real tools carry, and that made whole requests fail elsewhere. */
import assert from 'node:assert/strict';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import { functionParameters } from '../../../../../proxy/dialects/json-schema/function-parameters';
import { cleanParameters } from '../../../../../proxy/dialects/json-schema/object-parameters';
import {
  openAiParameters,
  openAiResponseSchema,
} from '../../../../../proxy/dialects/json-schema/openai-schema';
import type { JsonObject } from '../../../../../shared/json';
import { isObject } from '../../../../../shared/json';
import { problemsOfParameters } from '../../../../support/check/check-tool-schema';
import { open } from './clean-for-gemini';
import { problemsOf } from './gemini-schema-checker';

/** One tuple per answer, as zod writes them for draft 2020-12. */
const TUPLES: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    ranges: {
      type: 'array',
      items: {
        type: 'array',
        prefixItems: [
          { type: 'integer', minimum: 0 },
          { type: 'integer', minimum: 0 },
        ],
      },
    },
    at: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
  },
  required: ['ranges'],
  additionalProperties: false,
};

const SCHEMAS: Record<string, JsonObject> = {
  'tuples by prefixItems': TUPLES,
  'tuples of draft 7': {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false },
    },
  },
  'keys of vendors': {
    type: 'object',
    properties: { token: { type: 'string', 'x-mcp-header': 'Authorization' } },
    'x-mcp-header': 'X-Token',
  },
  'an array without items': {
    type: 'object',
    properties: { list: { type: 'array' }, any: { type: ['array', 'null'] } },
  },
  'a property named pattern': {
    type: 'object',
    properties: { pattern: { type: 'string', pattern: '^[a-z]+$' }, path: { type: 'string' } },
    required: ['pattern'],
  },
  'nested definitions with cycles': {
    type: 'object',
    properties: { filter: { $ref: '#/$defs/Filter' } },
    $defs: {
      Filter: {
        anyOf: [
          { $ref: '#/$defs/Leaf' },
          { type: 'object', properties: { and: { type: 'array', items: { $ref: '#/$defs/Filter' } } } },
        ],
      },
      Leaf: { type: 'object', properties: { field: { type: 'string' }, value: {} }, required: ['field'] },
    },
  },
  'what the Gemini refusals of others were about': {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    propertyNames: { type: 'string' },
    properties: {
      count: { type: 'integer', exclusiveMinimum: 0 },
      mode: { const: 'fast' },
      value: { type: ['string', 'number', 'null'] },
      size: { type: 'integer', enum: [1, 2, 4] },
    },
  },
  'only one of several required': {
    type: 'object',
    properties: { version: { type: 'string' }, from: { type: 'string' } },
    anyOf: [{ required: ['version'] }, { required: ['from'] }],
  },
};

function at(schema: JsonObject, ...path: string[]): JsonObject {
  let value: unknown = schema;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  assert.ok(isObject(value), path.join('.'));
  return value;
}

describe('schemas of real tools (CASES 19, 20)', () => {
  for (const [name, schema] of Object.entries(SCHEMAS))
    it(`take ${name} to every provider`, () => {
      assert.deepEqual(problemsOf(open(schema), 'gemini'), []);
      const json = cleanParameters(schema, 'gemini-json-schema', () => undefined, 'p');
      assert.deepEqual(problemsOf(json, 'gemini-json-schema'), []);
      assert.deepEqual(
        problemsOfParameters(openAiParameters(schema, undefined, () => undefined, 'p').schema),
        [],
      );
      assert.deepEqual(problemsOfParameters(functionParameters(schema, () => undefined, 'p')), []);
    });

  it('keep tuples as tuples where the target has them', () => {
    const cleaned = cleanParameters(TUPLES, 'gemini-json-schema', () => undefined, 'p')!;
    const pair = at(cleaned, 'properties', 'ranges', 'items');
    assert.deepEqual(pair['prefixItems'], at(TUPLES, 'properties', 'ranges', 'items')['prefixItems']);
    assert.equal(at(cleaned, 'properties', 'at')['maxItems'], 2);
    const openAi = openAiParameters(TUPLES, undefined, () => undefined, 'p').schema;
    assert.equal(at(openAi, 'properties', 'at')['items'], false);
  });

  it('keep a property that is named pattern, and the pattern of it', () => {
    const schema = SCHEMAS['a property named pattern']!;
    assert.deepEqual(
      functionParameters(schema, () => undefined, 'p'),
      schema,
    );
    const cleaned = cleanParameters(schema, 'gemini-json-schema', () => undefined, 'p')!;
    assert.match(String(at(cleaned, 'properties', 'pattern')['description']), /\^\[a-z\]\+\$/);
    assert.deepEqual(cleaned['required'], ['pattern']);
  });

  it('keep recursion where the target has references', () => {
    const schema = SCHEMAS['nested definitions with cycles']!;
    assert.deepEqual(
      functionParameters(schema, () => undefined, 'p'),
      schema,
    );
  });

  it('say in words which of several parameters is wanted', () => {
    const warnings: Warning[] = [];
    const cleaned = functionParameters(
      SCHEMAS['only one of several required'],
      (one) => warnings.push(one),
      'p',
    );
    assert.match(String(cleaned['description']), /At least one of these holds: \{?\[?.*version.*from/);
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['changed', 'p']],
    );
  });

  it('stay strict for OpenAI where they can, and lose strictness with a warning where not', () => {
    const strict = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const warnings: Warning[] = [];
    assert.deepEqual(
      openAiParameters(strict, true, (one) => warnings.push(one), 't'),
      { schema: strict, strict: true },
    );
    assert.equal(warnings.length, 0);
    const loose = { ...strict, properties: { ...strict.properties, b: { type: 'number' } } };
    assert.deepEqual(
      openAiParameters(loose, true, (one) => warnings.push(one), 't'),
      { schema: loose, strict: false },
    );
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['approximated', 't.strict']],
    );
    assert.match(warnings[0]!.message, /b is not required/);
  });

  it('are no response format of OpenAI when the answer is no object', () => {
    const list = { type: 'array', items: { type: 'string' } };
    assert.equal(
      openAiResponseSchema(list, undefined, () => undefined, 'r'),
      undefined,
    );
  });
});
