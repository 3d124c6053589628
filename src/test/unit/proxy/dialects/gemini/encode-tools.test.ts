import assert from 'node:assert/strict';
import type { Tool } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { asked, contexts } from './fixtures';
import { call, result, user } from './messages';

describe('writing a request for Gemini', () => {
  it('maps bad tool names everywhere and maps them back', () => {
    const long = `mcp__server__${'x'.repeat(80)}`;
    const c = contexts();
    const { body, restoreToolName } = gemini.encodeRequest(
      asked({
        tools: [long, 'a b', '9x', 'good'].map((name): Tool => ({ type: 'function', name })),
        toolChoice: { type: 'tool', name: long },
        messages: [user('Go'), call('a', long), result('a')],
      }),
      c.encode,
    );
    const [{ functionDeclarations }] = body['tools'] as [{ functionDeclarations: { name: string }[] }];
    const names = functionDeclarations.map((one) => one.name);
    for (const name of names) assert.match(name, /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);
    assert.equal(new Set(names).size, 4);
    assert.equal(names[3], 'good');
    assert.deepEqual(
      names.map((name) => restoreToolName!(name)),
      [long, 'a b', '9x', 'good'],
    );
    assert.deepEqual(body['toolConfig'], {
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [names[0]] },
    });
    const sent = JSON.stringify(body['contents']);
    assert.equal(sent.split(names[0]!).length, 3);
    assert.ok(!sent.includes(long));
    const answer = gemini.decodeResponse(
      {
        candidates: [
          { content: { parts: [{ functionCall: { name: names[0]!, args: {} } }] }, finishReason: 'STOP' },
        ],
      },
      { ...c.answer, restoreToolName: restoreToolName! },
    );
    assert.equal((answer.choices[0]!.content[0] as { name: string }).name, long);
  });

  it('declares a free-text tool as a function and gives its call back as free text', () => {
    const c = contexts();
    const tools: Tool[] = [
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'P',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
      },
    ];
    const { body, customToolNames } = gemini.encodeRequest(asked({ tools }), c.encode);
    assert.match(JSON.stringify(body['tools']), /"name":"apply_patch".*"required":\["input"\]/);
    assert.match(JSON.stringify(body['tools']), /start: x/);
    assert.equal(c.warnings[0]?.type, 'changed');
    const answer = gemini.decodeResponse(
      {
        candidates: [
          {
            content: {
              parts: [{ functionCall: { id: 'i', name: 'apply_patch', args: { input: '*** Begin' } } }],
            },
            finishReason: 'STOP',
          },
        ],
      },
      { ...c.answer, customToolNames: customToolNames! },
    );
    assert.deepEqual(answer.choices[0]!.content, [
      { type: 'tool-call', id: 'i', name: 'apply_patch', kind: 'custom', input: '*** Begin' },
    ]);
  });

  it('sends cleaned schemas as JSON Schema, and none for a tool without parameters', () => {
    const { body } = gemini.encodeRequest(
      asked({
        tools: [
          {
            type: 'function',
            name: 'a',
            description: 'A',
            parameters: {
              type: 'object',
              properties: { n: { type: 'integer', exclusiveMinimum: 0 } },
              $schema: 'x',
            },
          },
          { type: 'function', name: 'b', parameters: { type: 'object', properties: {} } },
        ],
      }),
      contexts().encode,
    );
    assert.deepEqual(body['tools'], [
      {
        functionDeclarations: [
          {
            name: 'a',
            description: 'A',
            parametersJsonSchema: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } },
          },
          { name: 'b' },
        ],
      },
    ]);
  });

  it('maps built-in tools alone, leaves foreign ones out beside functions, and keeps its own', () => {
    const search: Tool = {
      type: 'built-in',
      kind: 'web-search',
      dialect: 'anthropic',
      value: { type: 'web_search_20250305', name: 'web_search' },
    };
    const own: Tool = {
      type: 'built-in',
      kind: 'web-search',
      dialect: 'gemini',
      value: { googleSearch: { k: 1 } },
    };
    const alone = contexts();
    assert.deepEqual(gemini.encodeRequest(asked({ tools: [search] }), alone.encode).body['tools'], [
      { googleSearch: {} },
    ]);
    assert.deepEqual(alone.warnings, []);
    const beside = contexts();
    assert.deepEqual(
      gemini.encodeRequest(asked({ tools: [search, own, { type: 'function', name: 'f' }] }), beside.encode)
        .body['tools'],
      [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: { k: 1 } }],
    );
    assert.equal(beside.warnings[0]?.field, 'tools[0]');
  });
});
