import assert from 'node:assert/strict';
import type { CanonicalRequest } from '../../../../../proxy/dialects/canonical';
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import { InvalidRequestError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { answering } from './contexts';

const hi = [{ role: 'user', content: 'Hi' }];

function decode(parts: JsonObject): CanonicalRequest {
  return anthropicAdapter.decodeRequest({ model: 'm', max_tokens: 10, messages: hi, ...parts }, answering());
}

describe('anthropic: a client’s request', () => {
  it('reads system strings, blocks with markers, and system messages inside the conversation', () => {
    const { messages } = decode({
      system: [
        { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'B' },
      ],
      messages: [...hi, { role: 'system', content: 'C' }],
    });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'system'],
    );
    const marked = messages[0]?.content[0];
    assert.ok(marked?.type === 'text');
    assert.deepEqual(marked.metadata, {
      anthropic: { cache_control: { type: 'ephemeral' } },
    });
    assert.deepEqual(decode({ system: 'S' }).messages[0], {
      role: 'system',
      content: [{ type: 'text', text: 'S' }],
    });
  });

  it('leaves out what only Anthropic understands of system messages, and says so', () => {
    const context = answering();
    const added = { type: 'tool_addition', tool: { type: 'tool_reference', name: 'f' } };
    const body = {
      model: 'm',
      max_tokens: 10,
      messages: [
        ...hi,
        { role: 'system', content: [added] },
        { role: 'system', content: [added, { type: 'text', text: 'S' }] },
      ],
    };
    const { messages } = anthropicAdapter.decodeRequest(body, context);
    assert.deepEqual(messages.slice(1), [{ role: 'system', content: [{ type: 'text', text: 'S' }] }]);
    assert.deepEqual(
      context.warnings.map(({ field }) => field),
      ['messages.1.content.0', 'messages.2.content.0'],
    );
  });

  it('splits tool results from what the user says with them, and names their tool', () => {
    const { messages } = decode({
      messages: [
        ...hi,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'read', input: { a: 1 } }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't1',
              is_error: true,
              content: [
                { type: 'text', text: 'x' },
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
                { type: 'tool_reference', tool_name: 'n' },
              ],
            },
            { type: 'text', text: 'and?' },
          ],
        },
      ],
    });
    const [, , tool, user] = messages;
    assert.equal(tool?.role, 'tool');
    assert.equal(user?.role, 'user');
    const result = tool.content[0];
    assert.ok(result?.type === 'tool-result');
    assert.equal(result.name, 'read');
    assert.equal(result.isError, true);
    assert.deepEqual(
      result.content.map(({ type }) => type),
      ['text', 'file', 'text'],
    );
    assert.deepEqual(result.content[2]?.metadata?.anthropic, {
      block: { type: 'tool_reference', tool_name: 'n' },
    });
  });

  it('reads thinking with and without signature, redacted thinking and blocks it does not know', () => {
    const { messages } = decode({
      messages: [
        ...hi,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'a', signature: 'S' },
            { type: 'thinking', thinking: 'b', signature: '' },
            { type: 'redacted_thinking', data: 'R' },
            { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          ],
        },
      ],
    });
    assert.deepEqual(messages[1]?.content, [
      { type: 'reasoning', text: 'a', metadata: { anthropic: { signature: 'S' } } },
      { type: 'reasoning', text: 'b' },
      { type: 'reasoning', text: '', metadata: { anthropic: { redacted: 'R' } } },
      {
        type: 'opaque',
        dialect: 'anthropic',
        label: 'server_tool_use',
        value: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      },
    ]);
  });

  const sources: [name: string, block: JsonObject, expected: unknown][] = [
    [
      'image url',
      { type: 'image', source: { type: 'url', url: 'http://x/i.png' } },
      { type: 'file', mediaType: 'image/*', source: { type: 'url', url: 'http://x/i.png' } },
    ],
    [
      'image file',
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      { type: 'file', mediaType: 'image/*', source: { type: 'id', id: 'f' } },
    ],
    [
      'pdf',
      { type: 'document', title: 'T', source: { type: 'base64', media_type: 'application/pdf', data: 'QQ' } },
      { type: 'file', mediaType: 'application/pdf', source: { type: 'base64', data: 'QQ' }, filename: 'T' },
    ],
  ];
  for (const [name, block, expected] of sources)
    it(`reads a source: ${name}`, () => {
      assert.deepEqual(decode({ messages: [{ role: 'user', content: [block] }] }).messages[0]?.content, [
        expected,
      ]);
    });

  it('gives text documents as text and keeps the block', () => {
    const block = {
      type: 'document',
      title: 'T',
      source: { type: 'text', media_type: 'text/plain', data: 'words' },
    };
    const part = decode({ messages: [{ role: 'user', content: [block] }] }).messages[0]?.content[0];
    assert.deepEqual(part, { type: 'text', text: 'T\n\nwords', metadata: { anthropic: { block } } });
  });

  const settings: [name: string, body: JsonObject, expected: Partial<CanonicalRequest>][] = [
    [
      'enabled thinking',
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      { reasoning: { mode: 'on', budgetTokens: 2000 } },
    ],
    ['disabled thinking', { thinking: { type: 'disabled' } }, { reasoning: { mode: 'off' } }],
    [
      'adaptive thinking, effort',
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'xhigh' } },
      { reasoning: { mode: 'adaptive', visible: false, effort: 'xhigh' } },
    ],
    [
      'format',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      { responseFormat: { type: 'json-schema', schema: { type: 'object' }, strict: true } },
    ],
    [
      'beta format',
      { output_format: { type: 'json_schema', schema: {} } },
      { responseFormat: { type: 'json-schema', schema: {}, strict: true } },
    ],
    [
      'choice auto',
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      { toolChoice: { type: 'auto' }, parallelToolCalls: false },
    ],
    ['choice any', { tool_choice: { type: 'any' } }, { toolChoice: { type: 'required' } }],
    [
      'choice tool',
      { tool_choice: { type: 'tool', name: 'x' } },
      { toolChoice: { type: 'tool', name: 'x' } },
    ],
    ['choice none', { tool_choice: { type: 'none' } }, { toolChoice: { type: 'none' } }],
    [
      'sampling',
      { temperature: 0.5, top_p: 0.9, top_k: 5, stop_sequences: ['a'] },
      { temperature: 0.5, topP: 0.9, topK: 5, stop: ['a'] },
    ],
    ['user', { metadata: { user_id: 'u' } }, { userId: 'u' }],
  ];
  for (const [name, body, expected] of settings)
    it(`reads ${name}`, () => {
      const { model: _m, stream: _s, messages: _ms, tools: _t, maxOutputTokens: _x, ...rest } = decode(body);
      assert.deepEqual(rest, expected);
    });

  it('reads tools of the client and of the provider', () => {
    const search = { type: 'web_search_20250305', name: 'web_search' };
    const schema = { type: 'object' };
    const { tools } = decode({ tools: [{ name: 'a', input_schema: schema, defer_loading: true }, search] });
    assert.deepEqual(tools, [
      { type: 'function', name: 'a', parameters: schema, metadata: { anthropic: { defer_loading: true } } },
      { type: 'built-in', kind: 'web-search', dialect: 'anthropic', value: search },
    ]);
    const kinds = [
      'bash_20250124',
      'computer_20250124',
      'code_execution_20250825',
      'text_editor_20250728',
      'web_fetch_20250910',
    ];
    assert.deepEqual(
      decode({ tools: kinds.map((type) => ({ type, name: 'n' })) }).tools.map((tool) =>
        tool.type === 'built-in' ? tool.kind : tool.type,
      ),
      ['function', 'computer', 'code-execution', 'function', 'web-fetch'],
    );
  });

  it('keeps unknown fields for Anthropic and warns of them', () => {
    const context = answering();
    const body = { model: 'm', max_tokens: 1, messages: hi, context_management: { edits: [] } };
    const decoded = anthropicAdapter.decodeRequest(body, context);
    assert.deepEqual(decoded.metadata, { anthropic: { context_management: { edits: [] } } });
    assert.deepEqual(
      context.warnings.map(({ field }) => field),
      ['context_management'],
    );
  });

  const refused: [path: string, body: JsonObject][] = [
    ['max_tokens', { max_tokens: undefined }],
    ['max_tokens', { max_tokens: 'x' }],
    ['model', { model: 5 }],
    ['messages', { messages: [] }],
    ['messages', { messages: 'x' }],
    ['messages.0.role', { messages: [{ role: 'tool', content: '' }] }],
    ['messages.0.content', { messages: [{ role: 'user' }] }],
    [
      'messages.0.content.1.type',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }, {}] }] },
    ],
    ['messages.0.content.0.text', { messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] }],
    [
      'messages.0.content.0.source.data',
      {
        messages: [
          { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png' } }] },
        ],
      },
    ],
    ['system.0.type', { system: [{ type: 'image' }] }],
    ['tools.0.input_schema', { tools: [{ name: 'x' }] }],
    ['tool_choice.type', { tool_choice: { type: 'x' } }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled' } }],
    ['stop_sequences.0', { stop_sequences: [1] }],
    ['temperature', { temperature: '1' }],
  ];
  for (const [path, body] of refused)
    it(`refuses ${JSON.stringify(body)} at ${path}`, () => {
      assert.throws(
        () => decode(body),
        (error: unknown) =>
          error instanceof InvalidRequestError && error.param === path && error.status === 400,
      );
    });

  it('counts without max_tokens', () => {
    assert.equal(
      anthropicAdapter.count?.decodeRequest({ model: 'm', messages: hi }, answering()).maxOutputTokens,
      undefined,
    );
  });
});
