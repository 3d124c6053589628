import assert from 'node:assert/strict';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import { makeCompaction } from '../../../../../proxy/dialects/openai-responses/compaction';
import type { JsonObject } from '../../../../../shared/json';
import { clientContexts, decodeInput, own, refusedInput } from './client-side';

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
    refusedInput([{ role: 'user', content: [{ type: 'input_video' }] }], 'input[0].content[0].type');
    refusedInput([{ role: 'user', content: [{ type: 'input_text' }] }], 'input[0].content[0].text');
    refusedInput([{ role: 'user', content: [{ type: 'input_image' }] }], 'input[0].content[0].image_url');
    refusedInput([{ role: 'user', content: [{ type: 'input_file' }] }], 'input[0].content[0].file_data');
    refusedInput([{ role: 'user', content: 5 }], 'input[0].content');
    refusedInput([{ role: 'robot', content: 'x' }], 'input[0].role');
    refusedInput([{ type: 'message', content: 'x' }], 'input[0].role');
    refusedInput([{ type: 5 }], 'input[0].type');
    refusedInput([null], 'input[0]');
    refusedInput(
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
