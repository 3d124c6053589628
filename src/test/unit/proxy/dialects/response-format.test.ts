/** Structured output: how each protocol asks for it, both ways (SPEC 4.6). */
import assert from 'node:assert/strict';
import type { Dialect, ResponseFormat, Warning } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../shared/json';
import { smallRequest } from '../../../support/dialect-requests';

const schema: JsonObject = {
  type: 'object',
  properties: { a: { type: 'string' }, b: { type: 'array', items: { type: 'integer' } } },
  required: ['a', 'b'],
  additionalProperties: false,
};
const MODELS: Record<Dialect, string> = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  anthropic: 'claude-opus-4-6',
  gemini: 'gemini-3-flash',
};

/** What the client adds to its request, and what it means. */
const ASKED: Record<Dialect, [string, JsonObject, ResponseFormat | undefined][]> = {
  // https://platform.openai.com/docs/api-reference/chat/create#chat-create-response_format
  'openai-chat': [
    ['text', { response_format: { type: 'text' } }, { type: 'text' }],
    ['json_object', { response_format: { type: 'json_object' } }, { type: 'json' }],
    [
      'json_schema',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', description: 'D', schema, strict: true },
        },
      },
      { type: 'json-schema', name: 'n', description: 'D', schema, strict: true },
    ],
    [
      'json_schema that is not strict',
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: false } } },
      { type: 'json-schema', name: 'n', schema, strict: false },
    ],
  ],
  // https://platform.openai.com/docs/api-reference/responses/create#responses-create-text
  'openai-responses': [
    ['text', { text: { format: { type: 'text' } } }, { type: 'text' }],
    ['json_object', { text: { format: { type: 'json_object' } } }, { type: 'json' }],
    [
      'json_schema',
      { text: { format: { type: 'json_schema', name: 'n', description: 'D', schema, strict: true } } },
      { type: 'json-schema', name: 'n', description: 'D', schema, strict: true },
    ],
  ],
  // https://platform.claude.com/docs/en/build-with-claude/structured-outputs
  anthropic: [
    [
      'output_config.format',
      { output_config: { format: { type: 'json_schema', schema } } },
      { type: 'json-schema', schema, strict: true },
    ],
    [
      'output_format, as it was in beta',
      { output_format: { type: 'json_schema', schema } },
      { type: 'json-schema', schema, strict: true },
    ],
  ],
  // https://ai.google.dev/gemini-api/docs/structured-output
  gemini: [
    ['text/plain', { generationConfig: { responseMimeType: 'text/plain' } }, { type: 'text' }],
    ['application/json', { generationConfig: { responseMimeType: 'application/json' } }, { type: 'json' }],
    [
      'responseJsonSchema',
      { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } },
      { type: 'json-schema', schema },
    ],
    [
      'responseSchema, of OpenAPI',
      {
        generationConfig: {
          responseMimeType: 'application/json',
          responseSchema: {
            type: 'OBJECT',
            properties: { a: { type: 'STRING', nullable: true } },
            required: ['a'],
          },
        },
      },
      {
        type: 'json-schema',
        schema: { type: 'object', properties: { a: { type: ['string', 'null'] } }, required: ['a'] },
      },
    ],
  ],
};

/** Where the body says it. */
const SENT: Record<Dialect, (body: JsonObject) => unknown> = {
  'openai-chat': (body) => body['response_format'],
  'openai-responses': (body) => (body['text'] as JsonObject | undefined)?.['format'],
  anthropic: (body) => (body['output_config'] as JsonObject | undefined)?.['format'],
  gemini: (body) => {
    const { responseMimeType, responseJsonSchema } = (body['generationConfig'] ?? {}) as JsonObject;
    return responseMimeType === undefined ? undefined : { responseMimeType, responseJsonSchema };
  },
};
const full: ResponseFormat = { type: 'json-schema', name: 'a name!', description: 'D', schema, strict: true };
const WANTED: [string, ResponseFormat, Record<Dialect, unknown>][] = [
  [
    'text',
    { type: 'text' },
    {
      'openai-chat': undefined,
      'openai-responses': { type: 'text' },
      anthropic: undefined,
      gemini: undefined,
    },
  ],
  [
    'any JSON',
    { type: 'json' },
    {
      'openai-chat': { type: 'json_object' },
      'openai-responses': { type: 'json_object' },
      anthropic: undefined,
      gemini: { responseMimeType: 'application/json', responseJsonSchema: undefined },
    },
  ],
  [
    'a schema',
    full,
    {
      'openai-chat': {
        type: 'json_schema',
        json_schema: { name: 'a_name_', description: 'D', schema, strict: true },
      },
      'openai-responses': { type: 'json_schema', name: 'a_name_', description: 'D', schema, strict: true },
      anthropic: { type: 'json_schema', schema: { ...schema, description: 'D' } },
      gemini: {
        responseMimeType: 'application/json',
        responseJsonSchema: { ...schema, description: 'D' },
      },
    },
  ],
];

describe('structured output', () => {
  for (const [dialect, rows] of Object.entries(ASKED) as [Dialect, (typeof ASKED)[Dialect]][])
    for (const [name, fields, format] of rows)
      it(`is read from ${dialect}: ${name}`, () => {
        const { body } = smallRequest(dialect, 'm');
        const warnings: Warning[] = [];
        const request = adapterOf(dialect).decodeRequest(
          { ...body, ...fields },
          { model: 'm', warn: (warning) => void warnings.push(warning) },
        );
        assert.deepEqual(request.responseFormat, format);
        assert.deepEqual(warnings, []);
      });

  for (const [name, format, expected] of WANTED)
    for (const [dialect, wire] of Object.entries(expected) as [Dialect, unknown][])
      it(`is asked of ${dialect}: ${name}`, () => {
        const warnings: Warning[] = [];
        const { body } = adapterOf(dialect).encodeRequest(
          {
            model: 'm',
            stream: false,
            tools: [],
            messages: [{ role: 'user', content: [{ type: 'text', text: 'Answer in JSON.' }] }],
            responseFormat: format,
          },
          {
            model: MODELS[dialect],
            stream: false,
            warn: (warning) => void warnings.push(warning),
            signatures: createSignatureStore(),
          },
        );
        assert.deepEqual(SENT[dialect](body), wire);
        const inWords = dialect === 'anthropic' && format.type === 'json';
        assert.deepEqual(
          warnings.map(({ field }) => field),
          inWords ? ['response_format'] : [],
        );
        if (inWords) assert.match(JSON.stringify(body['system']), /JSON/);
      });
});
