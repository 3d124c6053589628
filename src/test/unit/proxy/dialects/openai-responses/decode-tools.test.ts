import assert from 'node:assert/strict';
import type { Tool } from '../../../../../proxy/dialects/canonical';
import { InvalidRequestError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { clientContexts, decodeBody } from './client-side';

const fn = (name: string): JsonObject => ({ type: 'function', name, parameters: { type: 'object' } });
const names = (tools: Tool[]) => tools.map((tool) => (tool.type === 'built-in' ? tool.kind : tool.name));
const refused = (fields: JsonObject, param: string) => {
  assert.throws(
    () => decodeBody(fields),
    (error) => error instanceof InvalidRequestError && error.param === param,
    `${JSON.stringify(fields)} is not refused at ${param}`,
  );
};

describe('openai-responses: decoding tools', () => {
  it('reads functions and tools of free text', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
    assert.deepEqual(
      decodeBody({
        tools: [
          { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
          { type: 'function', name: 'g', description: null, parameters: null, strict: null },
          { type: 'custom', name: 'c', description: 'd', format },
        ],
      }).tools,
      [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'function', name: 'g' },
        { type: 'custom', name: 'c', description: 'd', format },
      ],
    );
    assert.deepEqual(decodeBody({ tools: [] }).tools, []);
  });

  it('flattens namespaces and says what they are for once', () => {
    const contexts = clientContexts();
    const { tools } = decodeBody(
      {
        tools: [
          {
            type: 'namespace',
            name: 'crm',
            description: 'Customers.',
            tools: [
              { ...fn('find'), description: 'Finds.' },
              { type: 'custom', name: 'note' },
            ],
          },
        ],
      },
      contexts,
    );
    assert.deepEqual(tools, [
      {
        type: 'function',
        name: 'crm__find',
        description: 'Customers.\n\nFinds.',
        parameters: { type: 'object' },
        metadata: { 'openai-responses': { namespace: 'crm', name: 'find' } },
      },
      {
        type: 'custom',
        name: 'crm__note',
        metadata: { 'openai-responses': { namespace: 'crm', name: 'note' } },
      },
    ]);
    assert.deepEqual(
      contexts.warnings.map(({ type, field }) => [type, field]),
      [['changed', 'tools[0].description']],
    );
  });

  it('leaves the names in the namespace that stands for none', () => {
    const functions = { type: 'namespace', name: 'functions', tools: [fn('exec')] };
    const input = [
      { type: 'additional_tools', role: 'developer', tools: [functions] },
      { role: 'user', content: 'x' },
    ];
    assert.deepEqual(names(decodeBody({ input }).tools), ['exec']);
  });

  it('makes functions of the tools that clients run', () => {
    const declared: JsonObject[] = [
      { type: 'local_shell' },
      { type: 'shell' },
      { type: 'apply_patch' },
      {
        type: 'tool_search',
        execution: 'client',
        description: 'Mine.',
        parameters: { type: 'object', properties: { goal: {} } },
      },
    ];
    const { tools } = decodeBody({ tools: declared });
    assert.deepEqual(names(tools), ['local_shell', 'shell', 'apply_patch', 'tool_search']);
    for (const [index, tool] of tools.entries()) {
      assert.equal(tool.type, 'function');
      assert.ok(tool.description);
      assert.equal((tool.parameters as JsonObject).type, 'object');
      assert.deepEqual(tool.metadata, { 'openai-responses': { tool: declared[index] } });
    }
    const search = tools[3];
    assert.deepEqual(search?.type === 'function' && [search.description, search.parameters], [
      'Mine.',
      { type: 'object', properties: { goal: {} } },
    ]);
  });

  it('knows the tools that OpenAI runs', () => {
    const types = {
      web_search: 'web-search',
      web_search_preview_2025_03_11: 'web-search',
      file_search: 'file-search',
      code_interpreter: 'code-execution',
      computer_use_preview: 'computer',
      image_generation: 'other',
      mcp: 'other',
      tool_search: 'other',
      something_new: 'other',
    };
    const { tools } = decodeBody({ tools: Object.keys(types).map((type) => ({ type })) });
    assert.deepEqual(
      tools,
      Object.entries(types).map(([type, kind]) => ({
        type: 'built-in',
        kind,
        dialect: 'openai-responses',
        value: { type },
      })),
    );
    const container = { type: 'shell', environment: { type: 'container_auto' } };
    assert.deepEqual(names(decodeBody({ tools: [container] }).tools), ['code-execution']);
  });

  it('says where a tool is wrong', () => {
    refused({ tools: [{ type: 'function' }] }, 'tools[0].name');
    refused({ tools: [{ type: 'custom', name: '' }] }, 'tools[0].name');
    refused({ tools: [{ type: 'function', name: 'f', parameters: 'x' }] }, 'tools[0].parameters');
    refused(
      { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function' }] }] },
      'tools[0].tools[0].name',
    );
    refused({ tools: ['f'] }, 'tools[0]');
  });
});

describe('openai-responses: decoding tool_choice', () => {
  const tools = [
    fn('a'),
    fn('b'),
    { type: 'namespace', name: 'ns', tools: [fn('c')] },
    { type: 'apply_patch' },
    { type: 'web_search' },
  ];
  const choose = (tool_choice: JsonObject | string) => decodeBody({ tools, tool_choice });

  it('reads the words', () => {
    for (const type of ['auto', 'none', 'required'] as const)
      assert.deepEqual(choose(type).toolChoice, { type });
    assert.equal(decodeBody({ tools, tool_choice: null }).toolChoice, undefined);
  });

  it('reads one tool: by name, in a namespace, of the client, of OpenAI', () => {
    assert.deepEqual(choose({ type: 'function', name: 'a' }).toolChoice, { type: 'tool', name: 'a' });
    assert.deepEqual(choose({ type: 'custom', name: 'b' }).toolChoice, { type: 'tool', name: 'b' });
    assert.deepEqual(choose({ type: 'function', name: 'c' }).toolChoice, { type: 'tool', name: 'ns__c' });
    assert.deepEqual(choose({ type: 'function', namespace: 'ns', name: 'c' }).toolChoice, {
      type: 'tool',
      name: 'ns__c',
    });
    assert.deepEqual(choose({ type: 'apply_patch' }).toolChoice, { type: 'tool', name: 'apply_patch' });
    assert.deepEqual(choose({ type: 'web_search' }).toolChoice, { type: 'tool', name: 'web_search' });
  });

  it('reads several tools, of which one may or must be called', () => {
    const allowed = [
      { type: 'function', name: 'a' },
      { type: 'function', name: 'c' },
      { type: 'web_search' },
      { type: 'apply_patch' },
    ];
    const contexts = clientContexts();
    const may = decodeBody(
      { tools, tool_choice: { type: 'allowed_tools', mode: 'auto', tools: allowed } },
      contexts,
    );
    assert.deepEqual(may.toolChoice, { type: 'auto' });
    assert.deepEqual(names(may.tools), ['a', 'ns__c', 'apply_patch', 'web-search']);
    assert.equal(contexts.warnings.length, 1);
    const must = choose({ type: 'allowed_tools', mode: 'required', tools: allowed.slice(0, 1) });
    assert.deepEqual(must.toolChoice, { type: 'required', names: ['a'] });
    assert.equal(must.tools.length, tools.length);
    // Built-in tools have no canonical names to be chosen by: the others are not offered.
    const some = choose({ type: 'allowed_tools', mode: 'required', tools: allowed });
    assert.deepEqual(some.toolChoice, { type: 'required', names: ['a', 'ns__c', 'apply_patch'] });
    assert.deepEqual(names(some.tools), ['a', 'ns__c', 'apply_patch', 'web-search']);
  });

  it('says what is wrong', () => {
    refused({ tools, tool_choice: 'maybe' }, 'tool_choice');
    refused({ tools, tool_choice: { type: 'function' } }, 'tool_choice.name');
    refused({ tools, tool_choice: { type: 'magic' } }, 'tool_choice.type');
    refused({ tools, tool_choice: { type: 'allowed_tools', mode: 'never', tools: [] } }, 'tool_choice.mode');
  });
});
