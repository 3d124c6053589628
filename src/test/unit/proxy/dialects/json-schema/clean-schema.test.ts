import assert from 'node:assert/strict';
import type { Warning } from '../../../../../proxy/dialects/canonical';
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
});
