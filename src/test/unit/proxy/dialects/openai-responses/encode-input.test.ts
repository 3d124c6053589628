import assert from 'node:assert/strict';
import type { Message, ToolCallPart, ToolResultPart } from '../../../../../proxy/dialects/canonical';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import type { JsonObject } from '../../../../../shared/json';
import {
  call,
  collectEvents,
  completed,
  encodeBody,
  encodeItems,
  message,
  reasoning,
  upstreamContexts,
  user,
} from './upstream-side';

const own = (note: JsonObject) => ({ metadata: { 'openai-responses': note } });
const asked = (id: string, input = '{}', more: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'look',
  kind: 'function',
  input,
  ...more,
});
const told = (callId: string, text: string, more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content: text === '' ? [] : [{ type: 'text', text }],
  ...more,
});
const assistant = (...content: Extract<Message, { role: 'assistant' }>['content']): Message => ({
  role: 'assistant',
  content,
});
const results = (...content: ToolResultPart[]): Message => ({ role: 'tool', content });
const system = (text: string, metadata?: JsonObject): Message => ({
  role: 'system',
  content: [{ type: 'text', text }],
  ...(metadata && own(metadata)),
});
const types = (items: JsonObject[]) => items.map((item) => item.type);

describe('openai-responses: conversations for upstreams', () => {
  it('sends what the system says first as instructions, and later words in their place', () => {
    const body = encodeBody({
      messages: [system('Be kind.'), system('Be brief.'), user('Hi'), system('Now.')],
    });
    assert.equal(body.instructions, 'Be kind.\n\nBe brief.');
    assert.deepEqual(body.input, [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Now.' }] },
    ]);
  });

  it('keeps the instructions of its own clients apart from their developer messages', () => {
    const body = encodeBody({
      messages: [
        system('I.', { role: 'system', instructions: true }),
        system('D.', { role: 'developer' }),
        user('Hi'),
      ],
    });
    assert.equal(body.instructions, 'I.');
    const [first] = body.input as JsonObject[];
    assert.equal(first?.role, 'developer');
  });

  it('keeps a conversation of system messages alone as input', () => {
    const body = encodeBody({ messages: [system('Say hi.'), system('Say it now.')] });
    assert.equal(body.instructions, undefined);
    assert.equal((body.input as JsonObject[]).length, 2);
  });

  it('sends calls and results in pairs, missing results and orphans too', () => {
    const contexts = upstreamContexts();
    const items = encodeItems(
      [
        assistant({ type: 'text', text: 'Looking.' }, asked('a', ''), asked('b')),
        results(told('b', 'B'), told('x', 'lost')),
        user('Go on'),
      ],
      contexts,
    );
    assert.deepEqual(items, [
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Looking.', annotations: [] }],
      },
      { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
      { type: 'function_call', call_id: 'b', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: 'No result was recorded for this call.' },
      { type: 'function_call_output', call_id: 'b', output: 'B' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: '[Result of the tool call x]' },
          { type: 'input_text', text: 'lost' },
        ],
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go on' }] },
    ]);
    assert.deepEqual(
      contexts.warnings.map(({ type }) => type),
      ['changed', 'changed'],
    );
  });

  it('sends images of results within them, and says when error marks are lost', () => {
    const contexts = upstreamContexts();
    const image = {
      type: 'file' as const,
      mediaType: 'image/png',
      source: { type: 'base64' as const, data: 'aGk=' },
    };
    const items = encodeItems(
      [
        assistant(asked('a'), asked('b')),
        results(
          { ...told('a', 'See:'), content: [{ type: 'text', text: 'See:' }, image] },
          told('b', '', { isError: true }),
        ),
      ],
      contexts,
    );
    assert.deepEqual(items[2]?.output, [
      { type: 'input_text', text: 'See:' },
      { type: 'input_image', image_url: 'data:image/png;base64,aGk=', detail: 'auto' },
    ]);
    assert.equal(items[3]?.output, 'Error');
    assert.match(contexts.warnings[0]?.message ?? '', /1 tool result/);
  });

  it('sends files as the API has them, and drops what it has not', () => {
    const contexts = upstreamContexts();
    const base64 = { type: 'base64' as const, data: 'aGk=' };
    const items = encodeItems(
      [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              mediaType: 'image/*',
              source: { type: 'url', url: 'https://a.example/b' },
              detail: 'low',
            },
            { type: 'file', mediaType: 'application/pdf', source: base64, filename: 'a.pdf' },
            {
              type: 'file',
              mediaType: 'application/pdf',
              source: { type: 'url', url: 'https://a.example/c.pdf' },
            },
            { type: 'file', mediaType: 'text/plain', source: base64 },
            {
              type: 'file',
              mediaType: 'image/*',
              source: { type: 'id', id: 'file-1' },
              ...own({ uploaded: true }),
            },
            { type: 'file', mediaType: 'image/*', source: { type: 'id', id: 'other' } },
          ],
        },
      ],
      contexts,
    );
    assert.deepEqual(items[0]?.content, [
      { type: 'input_image', image_url: 'https://a.example/b', detail: 'low' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,aGk=' },
      { type: 'input_file', file_url: 'https://a.example/c.pdf' },
      { type: 'input_text', text: 'hi' },
      { type: 'input_image', file_id: 'file-1', detail: 'auto' },
    ]);
    assert.deepEqual(
      contexts.warnings.map(({ type, field }) => [type, field]),
      [
        ['changed', 'messages[0].content[3][0]'],
        ['dropped', 'messages[0].content[5][0]'],
      ],
    );
  });

  it('refuses audio and video: without them the question would be another', () => {
    for (const mediaType of ['audio/wav', 'video/mp4'])
      assert.throws(
        () =>
          encodeItems(
            [
              {
                role: 'user',
                content: [{ type: 'file', mediaType, source: { type: 'base64', data: 'aGk=' } }],
              },
            ],
            upstreamContexts(),
          ),
        { name: 'NotSupportedError', param: 'messages[0].content[0][0]' },
      );
  });

  it('sends own reasoning back before what it led to, and foreign reasoning never', () => {
    const contexts = upstreamContexts();
    const foreign = { metadata: { anthropic: { signature: 'sig' } } };
    const items = encodeItems(
      [
        assistant(
          { type: 'reasoning', text: 'Hm.', ...own({ id: 'rs_9', encrypted_content: 'enc' }) },
          asked('a', '{}', own({ id: 'fc_9' })),
        ),
        results(told('a', 'A')),
        assistant({ type: 'reasoning', text: 'Other', ...foreign }, { type: 'text', text: 'Done.' }),
        user('Thanks'),
      ],
      contexts,
    );
    assert.deepEqual(items[0], {
      type: 'reasoning',
      id: 'rs_9',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: 'enc',
    });
    assert.equal(items[1]?.id, 'fc_9');
    assert.deepEqual(types(items), [
      'reasoning',
      'function_call',
      'function_call_output',
      'message',
      'message',
    ]);
    assert.doesNotMatch(JSON.stringify(items), /Other|sig/);
    assert.match(contexts.warnings[0]?.message ?? '', /Reasoning of 1 earlier answer/);
  });

  it('sends no ids of items whose reasoning is lost, nor ids that the API never made', () => {
    const lost = encodeItems([
      assistant(
        { type: 'reasoning', text: '', ...own({ id: 'rs_9' }) },
        asked('a', '{}', own({ id: 'fc_9' })),
      ),
    ]);
    assert.deepEqual(types(lost), ['function_call', 'function_call_output']);
    assert.equal(lost[0]?.id, undefined);
    const made = encodeItems([
      assistant(
        { type: 'text', text: 'A', ...own({ id: 'chatcmpl-1' }) },
        { type: 'text', text: 'B', ...own({ id: 'msg_1' }) },
      ),
    ]);
    assert.deepEqual(
      made.map(({ id }) => id),
      [undefined, 'msg_1'],
    );
  });

  it('makes parts of one message one item again, with its phase', () => {
    const note = own({ id: 'msg_1', phase: 'commentary' });
    const items = encodeItems([
      assistant(
        { type: 'text', text: 'A', ...note },
        { type: 'refusal', text: 'B', ...note },
        { type: 'text', text: 'C', ...own({ id: 'msg_2' }) },
      ),
    ]);
    assert.deepEqual(items, [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'A', annotations: [] },
          { type: 'refusal', refusal: 'B' },
        ],
        phase: 'commentary',
        status: 'completed',
      },
      {
        type: 'message',
        id: 'msg_2',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'C', annotations: [] }],
        status: 'completed',
      },
    ]);
  });

  it('puts reasoning back that a client could not carry, by the calls that followed it', () => {
    const contexts = upstreamContexts();
    const first = reasoning('enc', 'Hm.');
    const second = { ...reasoning('enc2'), id: 'rs_2' };
    const spoken = message('Looking.', { phase: 'commentary' });
    collectEvents([completed([first, spoken, call('a', '{}'), second, call('b', '{}')])], contexts);
    const items = encodeItems(
      [
        assistant({ type: 'text', text: 'Looking.' }, asked('call_a'), asked('call_b')),
        results(told('call_a', 'A'), told('call_b', 'B')),
      ],
      contexts,
    );
    assert.deepEqual(types(items).slice(0, 5), [
      'reasoning',
      'message',
      'function_call',
      'reasoning',
      'function_call',
    ]);
    assert.deepEqual(items[0], first);
    assert.equal(items[1]?.phase, 'commentary');
    assert.deepEqual(items[3], second);
    assert.deepEqual(contexts.warnings, []);
  });

  it('puts reasoning back by the text of an answer without calls, also of a whole answer', () => {
    const contexts = upstreamContexts();
    openaiResponsesAdapter.decodeResponse(
      { status: 'completed', output: [reasoning('enc', 'Hm.'), message('The answer is 42.')] },
      contexts.answer,
    );
    const history = [user('?'), assistant({ type: 'text', text: 'The answer is 42. ' }), user('Why?')];
    assert.deepEqual(types(encodeItems(history, contexts)), ['message', 'reasoning', 'message', 'message']);
    const other = [user('?'), assistant({ type: 'text', text: 'Another answer.' })];
    assert.deepEqual(types(encodeItems(other, contexts)), ['message', 'message']);
  });

  it('sends free-text calls, calls of the shell and calls within namespaces as their own items', () => {
    const items = encodeItems([
      assistant(
        asked('a', 'a\nb', { kind: 'custom', name: 'patch' }),
        asked('b', '{"commands":["ls"]}', { name: 'shell', ...own({ item: 'shell_call' }) }),
        asked('c', '{}', { name: 'files__find', ...own({ namespace: 'files', name: 'find' }) }),
      ),
      results(told('a', 'ok'), told('b', 'x.ts'), told('c', 'found')),
    ]);
    assert.deepEqual(items, [
      { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'a\nb' },
      { type: 'shell_call', call_id: 'b', status: 'completed', action: { commands: ['ls'] } },
      { type: 'function_call', call_id: 'c', name: 'find', namespace: 'files', arguments: '{}' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' },
      {
        type: 'shell_call_output',
        call_id: 'b',
        output: [{ stdout: 'x.ts', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
      },
      { type: 'function_call_output', call_id: 'c', output: 'found' },
    ]);
  });

  it('shortens ids of calls the same way in call and result', () => {
    const long = `call_${'x'.repeat(80)}`;
    const items = encodeItems([assistant(asked(long)), results(told(long, 'A'))]);
    assert.ok(String(items[0]?.call_id).length <= 64);
    assert.equal(items[0]?.call_id, items[1]?.call_id);
    assert.equal(items[1]?.output, 'A');
  });

  it('sends its own opaque items back and warns of those of others', () => {
    const contexts = upstreamContexts();
    const value = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const items = encodeItems(
      [
        assistant(
          { type: 'opaque', dialect: 'openai-responses', label: 'web_search_call', value },
          { type: 'opaque', dialect: 'anthropic', label: 'server_tool_use', value: {} },
          { type: 'text', text: 'Found.' },
        ),
      ],
      contexts,
    );
    assert.deepEqual(items[0], value);
    assert.equal(items.length, 2);
    assert.match(contexts.warnings[0]?.message ?? '', /server_tool_use/);
  });
});
