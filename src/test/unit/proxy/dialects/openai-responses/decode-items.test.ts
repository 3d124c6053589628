import assert from 'node:assert/strict';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import { makeCompaction } from '../../../../../proxy/dialects/openai-responses/compaction';
import { InvalidRequestError } from '../../../../../proxy/errors';
import type { Json, JsonObject } from '../../../../../shared/json';
import { clientContexts, decodeBody, decodeInput } from './client-side';

const own = (fields: JsonObject) => ({ metadata: { 'openai-responses': fields } });
const refused = (input: Json, param: string) => {
  assert.throws(
    () => decodeInput(input),
    (error) => error instanceof InvalidRequestError && error.param === param,
    `${JSON.stringify(input)} is not refused at ${param}`,
  );
};
/** The content of the one user message with this part. */
const partOf = (part: JsonObject) => {
  const [message] = decodeInput([{ role: 'user', content: [part] }]);
  assert.equal(message?.role, 'user');
  return message.content[0];
};

describe('openai-responses: decoding messages', () => {
  it('takes messages with and without a type, of all roles, as text and as lists', () => {
    assert.deepEqual(
      decodeInput([
        { role: 'developer', content: 'D' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'S' }] },
        {
          type: 'message',
          id: 'msg_0',
          role: 'user',
          status: 'completed',
          content: [{ type: 'input_text', text: 'U' }],
          internal_chat_message_metadata_passthrough: { turn_id: 't' },
        },
        { role: 'assistant', content: 'A' },
      ]),
      [
        { role: 'system', content: [{ type: 'text', text: 'D' }], ...own({ role: 'developer' }) },
        { role: 'system', content: [{ type: 'text', text: 'S' }], ...own({ role: 'system' }) },
        { role: 'user', content: [{ type: 'text', text: 'U' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'A' }] },
      ],
    );
  });

  it('keeps id, phase and citations of what the assistant said', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://x', title: 't', start_index: 0, end_index: 1 },
    ];
    const content = [
      { type: 'output_text', text: 'A', annotations, logprobs: [] },
      { type: 'refusal', refusal: 'No.' },
    ];
    assert.deepEqual(
      decodeInput([{ type: 'message', role: 'assistant', id: 'msg_1', phase: 'commentary', content }]),
      [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'A', ...own({ id: 'msg_1', phase: 'commentary', annotations }) },
            { type: 'refusal', text: 'No.', ...own({ id: 'msg_1', phase: 'commentary' }) },
          ],
        },
      ],
    );
  });

  it('reads images', () => {
    assert.deepEqual(
      partOf({ type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'high' }),
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' }, detail: 'high' },
    );
    assert.deepEqual(partOf({ type: 'input_image', image_url: 'https://x.test/a.png' }), {
      type: 'file',
      mediaType: 'image/*',
      source: { type: 'url', url: 'https://x.test/a.png' },
    });
    assert.deepEqual(partOf({ type: 'input_image', file_id: 'file-1', detail: 'auto' }), {
      type: 'file',
      mediaType: 'image/*',
      source: { type: 'id', id: 'file-1' },
      detail: 'auto',
      ...own({ uploaded: true }),
    });
  });

  it('reads files and audio', () => {
    assert.deepEqual(
      partOf({ type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' }),
      {
        type: 'file',
        mediaType: 'application/pdf',
        source: { type: 'base64', data: 'QUJD' },
        filename: 'a.pdf',
      },
    );
    assert.deepEqual(partOf({ type: 'input_file', filename: 'a.txt', file_data: 'QUJD' }), {
      type: 'file',
      mediaType: 'text/plain',
      source: { type: 'base64', data: 'QUJD' },
      filename: 'a.txt',
    });
    assert.deepEqual(partOf({ type: 'input_file', file_url: 'https://x.test/a.csv?x=1' }), {
      type: 'file',
      mediaType: 'text/csv',
      source: { type: 'url', url: 'https://x.test/a.csv?x=1' },
    });
    assert.deepEqual(partOf({ type: 'input_file', file_id: 'file-2' }), {
      type: 'file',
      mediaType: 'application/octet-stream',
      source: { type: 'id', id: 'file-2' },
      ...own({ uploaded: true }),
    });
    assert.deepEqual(partOf({ type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } }), {
      type: 'file',
      mediaType: 'audio/mpeg',
      source: { type: 'base64', data: 'QUJD' },
    });
  });

  it('says where a message is wrong', () => {
    refused([{ role: 'user', content: [{ type: 'input_video' }] }], 'input[0].content[0].type');
    refused([{ role: 'user', content: [{ type: 'input_text' }] }], 'input[0].content[0].text');
    refused([{ role: 'user', content: [{ type: 'input_image' }] }], 'input[0].content[0].image_url');
    refused([{ role: 'user', content: [{ type: 'input_file' }] }], 'input[0].content[0].file_data');
    refused([{ role: 'user', content: 5 }], 'input[0].content');
    refused([{ role: 'robot', content: 'x' }], 'input[0].role');
    refused([{ type: 'message', content: 'x' }], 'input[0].role');
    refused([{ type: 5 }], 'input[0].type');
    refused([null], 'input[0]');
    refused(
      [{ role: 'system', content: [{ type: 'input_image', file_id: 'f' }] }],
      'input[0].content[0].type',
    );
  });
});

describe('openai-responses: decoding reasoning', () => {
  const only = (item: JsonObject) => {
    const [message] = decodeInput([{ type: 'reasoning', ...item }]);
    assert.equal(message?.role, 'assistant');
    return message.content[0];
  };

  it("keeps OpenAI's own for OpenAI alone", () => {
    const summary = [
      { type: 'summary_text', text: 'One.' },
      { type: 'summary_text', text: 'Two.' },
    ];
    assert.deepEqual(only({ id: 'rs_1', summary, encrypted_content: 'gAAAA', status: null }), {
      type: 'reasoning',
      text: 'One.\n\nTwo.',
      ...own({ id: 'rs_1', encrypted_content: 'gAAAA', summary }),
    });
    const content = [{ type: 'reasoning_text', text: 'raw' }];
    assert.deepEqual(only({ id: 'rs_1', summary: [], content }), {
      type: 'reasoning',
      text: 'raw',
      ...own({ id: 'rs_1', summary: [], content }),
    });
  });

  it("opens the envelope of another provider's", () => {
    const metadata = { anthropic: { signature: 'Sig+/=ü' } };
    const summary = [{ type: 'summary_text', text: 'Hm.' }];
    assert.deepEqual(only({ id: 'rs_new1', summary, encrypted_content: wrapMetadata(metadata) }), {
      type: 'reasoning',
      text: 'Hm.',
      metadata,
    });
  });

  it('drops a damaged envelope and keeps the words', () => {
    const damaged = `${wrapMetadata({ anthropic: { signature: 's' } }).slice(0, 12)}!!`;
    assert.deepEqual(only({ summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: damaged }), {
      type: 'reasoning',
      text: 'Hm.',
    });
  });
});

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
    refused([{ type: 'function_call', call_id: 'c', arguments: '{}' }], 'input[0].name');
    refused([{ type: 'function_call', name: 'n', arguments: '{}' }], 'input[0].call_id');
    refused([{ type: 'function_call', name: 'n', call_id: 'c', arguments: 5 }], 'input[0].arguments');
    refused([{ type: 'function_call_output', output: 'x' }], 'input[0].call_id');
    refused([{ type: 'shell_call', action: { commands: [] } }], 'input[0].call_id');
    refused(
      [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_smell' }] }],
      'input[0].output[0].type',
    );
  });
});

describe('openai-responses: decoding items that nobody else understands', () => {
  it('keeps them whole, unknown ones too', () => {
    const items: JsonObject[] = [
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
      { type: 'file_search_call', id: 'fs_1', queries: [] },
      { type: 'computer_call', id: 'cu_1' },
      { type: 'image_generation_call', id: 'ig_1', result: 'QUJD' },
      { type: 'code_interpreter_call', id: 'ci_1' },
      { type: 'mcp_call', id: 'mcp_1' },
      { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAAA' },
      { type: 'item_reference', id: 'msg_9' },
      { type: 'tool_search_call', execution: 'server', arguments: {} },
      {
        type: 'shell_call',
        call_id: 'c',
        environment: { type: 'container_reference' },
        action: { commands: [] },
      },
      { type: 'brand_new_item', anything: 1 },
    ];
    const [message, ...others] = decodeInput([...items, { id: 'rs_9' }]);
    assert.deepEqual(others, []);
    assert.deepEqual(
      message?.content,
      [...items, { type: 'item_reference', value: { id: 'rs_9' } } as JsonObject].map((item) => ({
        type: 'opaque',
        dialect: 'openai-responses',
        label: item.type,
        value: item.value ?? item,
      })),
    );
  });

  it("reads Portside's own compaction as the user's words", () => {
    const [message] = decodeInput([makeCompaction('They spoke of Zürich.', 'cmp_1')]);
    assert.equal(message?.role, 'user');
    assert.match(
      (message.content[0] as { text: string }).text,
      /^Summary of the conversation.*\n\nThey spoke of Zürich\.$/,
    );
  });

  it("reads one agent's words to another", () => {
    const [message] = decodeInput([
      { type: 'agent_message', author: 'planner', content: [{ type: 'input_text', text: 'Go.' }] },
    ]);
    assert.deepEqual(message, {
      role: 'user',
      content: [{ type: 'text', text: '[Message of planner]\nGo.' }],
    });
    const contexts = clientContexts();
    const hidden = {
      type: 'agent_message',
      content: [{ type: 'encrypted_content', encrypted_content: 'x' }],
    };
    assert.equal(decodeInput([hidden], contexts)[0]?.content[0]?.type, 'opaque');
    assert.equal(contexts.warnings.length, 1);
  });
});
