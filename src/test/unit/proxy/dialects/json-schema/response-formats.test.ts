/** What each dialect makes of a response format, and of strict tools, by its rules for schemas. */
import assert from 'node:assert/strict';
import type { CanonicalRequest, Warning } from '../../../../../proxy/dialects/canonical';
import { encodeFormat as encodeAnthropic } from '../../../../../proxy/dialects/anthropic/encode-format';
import { encodeTools, mapRequestToolNames } from '../../../../../proxy/dialects/anthropic/encode-tools';
import { abilitiesOf } from '../../../../../proxy/dialects/claude/model-abilities';
import { encodeRequest as encodeOpenAi } from '../../../../../proxy/dialects/openai-chat/encode-request';
import type { EncodeContext } from '../../../../../proxy/dialects/adapter';
import type { JsonObject } from '../../../../../shared/json';

const LIST: JsonObject = { type: 'array', items: { type: 'string' } };
const MAP: JsonObject = { type: 'object', additionalProperties: { type: 'number' } };
const TREE: JsonObject = {
  type: 'object',
  properties: { children: { type: 'array', items: { $ref: '#' } } },
};

const anthropic = (schema: JsonObject, warnings: Warning[] = []) =>
  encodeAnthropic(
    { type: 'json-schema', schema },
    abilitiesOf('claude-sonnet-4-6'),
    { optional: 0, unions: 0 },
    (one) => warnings.push(one),
  );

describe('response formats', () => {
  it('are enforced by Anthropic within its limits, with bounds in words', () => {
    const warnings: Warning[] = [];
    const { format } = anthropic({ ...LIST, minItems: 3 }, warnings);
    assert.deepEqual(format, {
      type: 'json_schema',
      schema: { type: 'array', description: 'At least 3 items.', items: { type: 'string' } },
    });
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['changed', 'response_format.schema']],
    );
  });

  for (const [what, schema] of [
    ['free names', MAP],
    ['recursion', TREE],
    ['any value', { type: 'object', properties: { a: {} } }],
    [
      'too many optional',
      {
        type: 'object',
        properties: Object.fromEntries([...'abcdefghijklmnopqrstuvwxyz'].map((name) => [name, LIST])),
      },
    ],
  ] as [string, JsonObject][])
    it(`are asked for in words where Anthropic cannot enforce ${what}`, () => {
      const warnings: Warning[] = [];
      const { format, instruction } = anthropic(schema, warnings);
      assert.equal(format, undefined);
      assert.ok(String(instruction?.['text']).includes(JSON.stringify(schema)));
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!.message, new RegExp(what));
    });

  const openAi = (responseFormat: CanonicalRequest['responseFormat'], warnings: Warning[]) => {
    const messages = [
      { role: 'system', content: [{ type: 'text', text: 's' }] },
      { role: 'user', content: [{ type: 'text', text: 'u' }] },
    ];
    const request = {
      model: 'm',
      stream: false,
      messages,
      tools: [],
      responseFormat,
    } as unknown as CanonicalRequest;
    const warn = (one: Warning) => warnings.push(one);
    return encodeOpenAi(request, { model: 'm', stream: false, warn } as unknown as EncodeContext).body;
  };

  it('of lists are asked for in words where OpenAI takes objects only', () => {
    const warnings: Warning[] = [];
    const body = openAi({ type: 'json-schema', schema: LIST }, warnings);
    assert.equal(body['response_format'], undefined);
    const messages = body['messages'] as JsonObject[];
    assert.deepEqual(
      messages.map((message) => message['role']),
      ['system', 'system', 'user'],
    );
    assert.ok(String(messages[1]?.['content']).includes(JSON.stringify(LIST)));
    assert.equal(warnings.length, 1);
  });

  it('of OpenAI lose strictness, not meaning, where strict mode would refuse them', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const warnings: Warning[] = [];
    assert.deepEqual(openAi({ type: 'json-schema', schema, strict: true }, warnings)['response_format'], {
      type: 'json_schema',
      json_schema: { name: 'response', schema, strict: false },
    });
    assert.equal(warnings[0]?.type, 'approximated');
  });
});

describe('strict tools at Anthropic', () => {
  const closed = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const encode = (
    parameters: JsonObject[],
    cost: { optional: number; unions: number } | undefined,
    warnings: Warning[],
  ) => {
    const tools = parameters.map((each, i) => ({
      type: 'function',
      name: `t${i}`,
      parameters: each,
      strict: true,
    }));
    const request = { messages: [], tools } as unknown as CanonicalRequest;
    return encodeTools(request, mapRequestToolNames(request), cost, (one) => warnings.push(one));
  };

  it('stay strict within its rules, and lose it with a warning outside of them', () => {
    const warnings: Warning[] = [];
    const tools = encode([closed, { type: 'object', properties: {} }], { optional: 0, unions: 0 }, warnings);
    assert.deepEqual(
      tools.map((tool) => tool['strict']),
      [true, undefined],
    );
    assert.deepEqual(
      warnings.map(({ field }) => field),
      ['tools[1].strict'],
    );
  });

  it('are no more than the API takes in one request', () => {
    const warnings: Warning[] = [];
    const tools = encode(
      Array.from({ length: 22 }, () => closed),
      { optional: 0, unions: 0 },
      warnings,
    );
    assert.equal(tools.filter((tool) => tool['strict'] === true).length, 20);
    assert.equal(warnings.length, 2);
  });

  it('are not asked of models that have none', () => {
    const warnings: Warning[] = [];
    assert.equal(encode([closed], undefined, warnings)[0]?.['strict'], undefined);
    assert.equal(warnings[0]?.field, 'tools[0].strict');
  });
});
