import { editorParts } from '../vscode-stub';
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { toChatRequest, UnsupportedPartError } from '../../../../host/chat-models/to-chat-request';

const {
  LanguageModelTextPart: Text,
  LanguageModelToolCallPart: Call,
  LanguageModelToolResultPart: Result,
} = editorParts;
const text = (value: string) => new Text(value);
const data = (mimeType: string, content: string) => ({
  mimeType,
  data: new Uint8Array(Buffer.from(content)),
});
const [USER, ASSISTANT, SYSTEM] = [1, 2, 3];

const message = (role: number, content: unknown[], name?: string) =>
  ({ role, content, name }) as unknown as vscode.LanguageModelChatRequestMessage;
const warnings: string[] = [];
const request = (
  messages: vscode.LanguageModelChatRequestMessage[],
  options: Parameters<typeof toChatRequest>[2] = {},
  cacheMarks = false,
) => toChatRequest('m', messages, options, cacheMarks, (warning) => warnings.push(warning));
const messagesOf = (content: unknown[], role = USER, cacheMarks = false) =>
  request([message(role, content)], {}, cacheMarks)['messages'];

describe('what the editor asks, as a chat completion', () => {
  it('has texts as strings, and roles by their names', () => {
    const body = request([
      message(SYSTEM, [text('Be brief.')]),
      message(USER, [text('Hi')], 'Ann'),
      message(ASSISTANT, [text('Hello')]),
      message(USER, [text('Again')], 'A name with spaces'),
    ]);
    assert.deepEqual(body, {
      model: 'm',
      stream: true,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi', name: 'Ann' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Again' },
      ],
    });
  });

  it('has calls with their text, and results in messages of their own ahead of the user’s words', () => {
    const { messages } = request([
      message(ASSISTANT, [text('Let me see.'), new Call('a', 'look', { at: 1 }), new Call('b', 'go', {})]),
      message(USER, [text('Go on'), new Result('a', [text('a dot')]), new Result('b', [text('gone')])]),
    ]);
    assert.deepEqual(messages, [
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'look', arguments: '{"at":1}' } },
          { id: 'b', type: 'function', function: { name: 'go', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'a dot' },
      { role: 'tool', tool_call_id: 'b', content: 'gone' },
      { role: 'user', content: 'Go on' },
    ]);
  });

  it('has an answer of calls alone without content, and leaves out one of nothing', () => {
    const [first] = messagesOf([new Call('a', 'look', {})], ASSISTANT) as { content: unknown }[];
    assert.equal(first?.content, null);
    assert.deepEqual(messagesOf([text('')], ASSISTANT), []);
  });

  it('has images and documents as data URLs, also in results', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,UE5H' } };
    assert.deepEqual(messagesOf([text('What?'), data('image/png', 'PNG')]), [
      { role: 'user', content: [{ type: 'text', text: 'What?' }, image] },
    ]);
    assert.deepEqual(messagesOf([new Result('a', [text('seen'), data('image/png', 'PNG')])]), [
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'seen' }, image] },
    ]);
    assert.match(
      JSON.stringify(messagesOf([data('application/pdf', 'PDF')])),
      /"file_data":"data:application\/pdf;base64,UERG"/,
    );
    assert.deepEqual(messagesOf([data('text/plain; charset=utf-8', 'plain')]), [
      { role: 'user', content: 'plain' },
    ]);
  });

  it('says an empty result', () => {
    assert.deepEqual(messagesOf([new Result('a', [])]), [{ role: 'tool', tool_call_id: 'a', content: '' }]);
  });

  it('takes the editor’s marks for the prompt cache to who understands them, and to nobody else', () => {
    const parts = [
      text('Long'),
      data('cache_control', 'ephemeral'),
      data('stateful_marker', 'x'),
      text('Short'),
    ];
    const marked = { type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } };
    const short = { type: 'text', text: 'Short' };
    assert.deepEqual(messagesOf(parts, USER, true), [{ role: 'user', content: [marked, short] }]);
    assert.deepEqual(messagesOf(parts), [{ role: 'user', content: [{ type: 'text', text: 'Long' }, short] }]);
  });

  it('refuses what it has no place for, in words', () => {
    for (const part of [data('audio/wav', 'x'), 7])
      assert.throws(() => messagesOf([part]), UnsupportedPartError);
    assert.deepEqual(messagesOf([{ value: 'a thought', metadata: {} }, text('Hi')]), [
      { role: 'user', content: 'Hi' },
    ]);
  });

  it('has tools, and asks for a call where one is required', () => {
    const tools = [
      { name: 'look', description: 'Looks.', inputSchema: { type: 'object' } },
      { name: 'go', description: 'Goes.' },
    ];
    const body = request([message(USER, [text('Hi')])], { tools, toolMode: 2 });
    assert.equal(body['tool_choice'], 'required');
    assert.deepEqual(body['tools'], [
      { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } },
      {
        type: 'function',
        function: { name: 'go', description: 'Goes.', parameters: { type: 'object', properties: {} } },
      },
    ]);
    assert.equal('tool_choice' in request([message(USER, [text('Hi')])], { tools, toolMode: 1 }), false);
    assert.equal('tool_choice' in request([message(USER, [text('Hi')])], { toolMode: 2 }), false);
  });

  it('has the options that models know, and says which are left out', () => {
    warnings.length = 0;
    const modelOptions = { temperature: 0, model: 'other', stream: false, mood: 'good' };
    const body = request([message(USER, [text('Hi')])], { modelOptions });
    assert.deepEqual([body['temperature'], body['model'], body['stream']], [0, 'm', true]);
    assert.equal('mood' in body, false);
    assert.match(warnings.join(), /model, stream, mood/);
  });
});
