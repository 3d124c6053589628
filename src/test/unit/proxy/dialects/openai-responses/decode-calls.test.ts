import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../../shared/json';
import { decodeBody, decodeInput, own, refusedInput } from './client-side';

describe('openai-responses: decoding calls and results', () => {
  it('gathers what an answer held in one message and the results behind it in another', () => {
    const messages = decodeInput([
      { role: 'user', content: 'go' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      {
        type: 'function_call',
        id: 'fc_1',
        call_id: 'c1',
        name: 'read',
        arguments: '{"a":1}',
        status: 'completed',
      },
      { type: 'function_call', call_id: 'c2', name: 'list', arguments: '' },
      { type: 'function_call_output', call_id: 'c1', output: 'one' },
      { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
      { type: 'message', role: 'assistant', content: 'Done. And' },
    ]);
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'assistant'],
    );
    assert.deepEqual(
      messages[1]?.content.map(({ type }) => type),
      ['reasoning', 'text', 'tool-call', 'tool-call'],
    );
    assert.deepEqual(messages[1]?.content[2], {
      type: 'tool-call',
      id: 'c1',
      name: 'read',
      kind: 'function',
      input: '{"a":1}',
      ...own({ id: 'fc_1' }),
    });
    assert.equal((messages[1]?.content[3] as { input: string }).input, '{}');
    assert.deepEqual(messages[2]?.content, [
      { type: 'tool-result', callId: 'c1', name: 'read', content: [{ type: 'text', text: 'one' }] },
      { type: 'tool-result', callId: 'c2', name: 'list', content: [{ type: 'text', text: 'two' }] },
    ]);
  });

  it('takes results with images, with success, of numbers, and without a call', () => {
    const resultOf = (item: JsonObject) => {
      const [message] = decodeInput([{ type: 'function_call_output', call_id: 'c9', ...item }]);
      return message?.content[0];
    };
    assert.deepEqual(
      resultOf({
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'data:image/png;base64,QUJD' },
        ],
      }),
      {
        type: 'tool-result',
        callId: 'c9',
        content: [
          { type: 'text', text: 'see' },
          { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' } },
        ],
      },
    );
    assert.deepEqual(resultOf({ output: { content: 'bad', success: false } }), {
      type: 'tool-result',
      callId: 'c9',
      content: [{ type: 'text', text: 'bad' }],
      isError: true,
    });
    assert.deepEqual(resultOf({ output: { rows: 2 } }), {
      type: 'tool-result',
      callId: 'c9',
      content: [{ type: 'text', text: '{"rows":2}' }],
    });
    assert.deepEqual(resultOf({ output: 5 }), {
      type: 'tool-result',
      callId: 'c9',
      content: [{ type: 'text', text: '5' }],
    });
    assert.deepEqual(resultOf({ output: '' }), { type: 'tool-result', callId: 'c9', content: [] });
  });

  it('flattens the names of namespaced calls', () => {
    const [message] = decodeInput([
      { type: 'function_call', call_id: 'c1', namespace: 'crm', name: 'find', arguments: '{}' },
    ]);
    assert.deepEqual(message?.content[0], {
      type: 'tool-call',
      id: 'c1',
      name: 'crm__find',
      kind: 'function',
      input: '{}',
      ...own({ namespace: 'crm', name: 'find' }),
    });
  });

  it('knows the namespace that stands for none', () => {
    const [message] = decodeInput([
      { type: 'function_call', call_id: 'c1', namespace: 'functions', name: 'exec', arguments: '{}' },
    ]);
    assert.equal((message?.content[0] as { name: string }).name, 'exec');
  });

  it('reads free text calls', () => {
    const messages = decodeInput([
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c1', name: 'apply_patch', input: '*** Begin\n' },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'ok' },
    ]);
    assert.deepEqual(messages[0]?.content, [
      {
        type: 'tool-call',
        id: 'c1',
        name: 'apply_patch',
        kind: 'custom',
        input: '*** Begin\n',
        ...own({ id: 'ctc_1' }),
      },
    ]);
    assert.deepEqual(messages[1]?.content, [
      { type: 'tool-result', callId: 'c1', name: 'apply_patch', content: [{ type: 'text', text: 'ok' }] },
    ]);
  });

  it('reads calls of tools with items of their own', () => {
    const action = { type: 'exec', command: ['ls'], env: {} };
    const operation = { type: 'delete_file', path: 'a' };
    const shellOutput = [
      { stdout: 'out', stderr: 'err', outcome: { type: 'exit', exit_code: 2 } },
      { stdout: '', stderr: '', outcome: { type: 'timeout' } },
    ];
    const messages = decodeInput([
      { type: 'local_shell_call', id: 'lsh_1', call_id: 'c1', status: 'completed', action },
      { type: 'shell_call', id: 'sh_1', call_id: 'c2', action: { commands: ['pwd'], timeout_ms: null } },
      { type: 'apply_patch_call', call_id: 'c3', operation, status: 'completed' },
      { type: 'local_shell_call_output', id: 'lsh_1', output: 'files' },
      { type: 'shell_call_output', call_id: 'c2', output: shellOutput },
      { type: 'apply_patch_call_output', call_id: 'c3', status: 'failed', output: 'no such file' },
    ]);
    assert.deepEqual(
      messages[0]?.content.map((part) => [
        part.type === 'tool-call' && [part.id, part.name, JSON.parse(part.input)],
      ]),
      [
        [['c1', 'local_shell', action]],
        [['c2', 'shell', { commands: ['pwd'], timeout_ms: null }]],
        [['c3', 'apply_patch', operation]],
      ],
    );
    assert.deepEqual((messages[0]?.content[0] as { metadata: unknown }).metadata, {
      'openai-responses': { id: 'lsh_1', item: 'local_shell_call' },
    });
    const [local, shell, patch] = messages[1]?.content as {
      content: unknown;
      callId: string;
      isError?: boolean;
    }[];
    assert.equal(local?.callId, 'c1');
    assert.deepEqual(shell?.content, [
      { type: 'text', text: 'Exit code: 2\nout\nStandard error:\nerr' },
      { type: 'text', text: 'The command timed out.' },
    ]);
    assert.equal(patch?.isError, true);
  });

  it('makes tools of what a search loaded', () => {
    const loaded = { type: 'function', name: 'weather', parameters: { type: 'object' }, defer_loading: true };
    const request = decodeBody({
      tools: [{ type: 'tool_search', execution: 'client', description: 'Finds tools.' }],
      input: [
        { type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: { query: 'rain' } },
        {
          type: 'tool_search_output',
          call_id: 'c1',
          execution: 'client',
          status: 'completed',
          tools: [loaded],
        },
        { type: 'additional_tools', role: 'developer', tools: [loaded, { type: 'custom', name: 'note' }] },
      ],
    });
    assert.deepEqual(
      request.tools.map((tool) => tool.type !== 'built-in' && tool.name),
      ['tool_search', 'weather', 'note'],
    );
    assert.deepEqual(request.messages[0]?.content, [
      {
        type: 'tool-call',
        id: 'c1',
        name: 'tool_search',
        kind: 'function',
        input: '{"query":"rain"}',
        ...own({ item: 'tool_search_call' }),
      },
    ]);
    const [result] = request.messages[1]?.content as { content: unknown }[];
    assert.deepEqual(result?.content, [{ type: 'text', text: 'Loaded: weather.' }]);
  });

  it('says where a call is wrong', () => {
    refusedInput([{ type: 'function_call', call_id: 'c', arguments: '{}' }], 'input[0].name');
    refusedInput([{ type: 'function_call', name: 'n', arguments: '{}' }], 'input[0].call_id');
    refusedInput([{ type: 'function_call', name: 'n', call_id: 'c', arguments: 5 }], 'input[0].arguments');
    refusedInput([{ type: 'function_call_output', output: 'x' }], 'input[0].call_id');
    refusedInput([{ type: 'shell_call', action: { commands: [] } }], 'input[0].call_id');
    refusedInput(
      [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_smell' }] }],
      'input[0].output[0].type',
    );
  });
});
