import assert from 'node:assert/strict';
import type { Message } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { chunkOf, decodeChunks, encodeBody, makeContexts } from './make-contexts';
import { callOf, resultOf, text, user } from './messages';

const messagesOf = (messages: Message[], contexts = makeContexts()) =>
  encodeBody({ messages }, contexts).messages;

describe('openai-chat: encoding a conversation', () => {
  it('leaves system messages where they stand', () => {
    const system: Message = { role: 'system', content: [text('a'), text('b')] };
    const developer: Message = { ...system, metadata: { 'openai-chat': { role: 'developer' } } };
    assert.deepEqual(messagesOf([system, user, developer]), [
      { role: 'system', content: 'a\n\nb' },
      { role: 'user', content: 'hi' },
      { role: 'developer', content: 'a\n\nb' },
    ]);
  });

  it('writes images, PDFs and audio as parts, and text files as text', () => {
    const file = (mediaType: string, data = 'QUJD') => ({
      type: 'file' as const,
      mediaType,
      source: { type: 'base64' as const, data },
    });
    const content = [
      text('see'),
      { ...file('image/png'), detail: 'low' },
      { ...file('image/*'), source: { type: 'url' as const, url: 'https://a.example/b' } },
      file('application/pdf'),
      file('audio/wav'),
      file('text/plain', 'w6Q='),
    ];
    assert.deepEqual(messagesOf([{ role: 'user', content }]), [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://a.example/b' } },
          { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
          { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
          { type: 'text', text: 'ä' },
        ],
      },
    ]);
  });

  it('makes one turn of assistant messages whose calls are answered together', () => {
    const messages: Message[] = [
      { role: 'assistant', content: [text('so'), callOf('a')] },
      { role: 'assistant', content: [callOf('b')] },
      { role: 'tool', content: [resultOf('a', '1'), resultOf('b', '2')] },
      { role: 'assistant', content: [text('done')] },
    ];
    const contexts = makeContexts();
    const sent = messagesOf(messages, contexts) as JsonObject[];
    assert.deepEqual(
      sent.map(({ role, tool_call_id, tool_calls }) => [role, tool_call_id ?? (tool_calls as [])?.length]),
      [
        ['assistant', 2],
        ['tool', 'a'],
        ['tool', 'b'],
        ['assistant', undefined],
      ],
    );
    assert.deepEqual(contexts.warnings, []);
  });

  it('leaves out what lies in the storage of another provider, and says so', () => {
    const contexts = makeContexts();
    const image = { type: 'file' as const, mediaType: 'image/png' };
    const content = [text('see'), { ...image, source: { type: 'url' as const, url: 'gs://bucket/a.png' } }];
    assert.deepEqual(messagesOf([{ role: 'user', content }], contexts), [
      { role: 'user', content: [{ type: 'text', text: 'see' }] },
    ]);
    assert.equal(contexts.warnings.length, 1);
    const [alone] = messagesOf([{ role: 'user', content: content.slice(1) }]) as JsonObject[];
    assert.match(String(alone?.content), /could not be carried over/);
  });

  it('puts results behind their calls in the order of the calls, text that stood between after them', () => {
    const messages: Message[] = [
      { role: 'assistant', content: [text('so'), callOf('a'), callOf('b')] },
      { role: 'user', content: [text('by the way')] },
      { role: 'tool', content: [resultOf('b', '2'), resultOf('a', '1')] },
    ];
    assert.deepEqual(messagesOf(messages), [
      {
        role: 'assistant',
        content: 'so',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'by the way' },
    ]);
  });

  it('gives a result that answers no call as a user message, and says so', () => {
    const contexts = makeContexts();
    assert.deepEqual(messagesOf([user, { role: 'tool', content: [resultOf('lost', 'x')] }], contexts), [
      { role: 'user', content: 'hi' },
      { role: 'user', content: '[Result of the tool call lost]\n\nx' },
    ]);
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('answers a call that has no result, and says so', () => {
    const contexts = makeContexts();
    const messages = messagesOf(
      [{ role: 'assistant', content: [callOf('a')] }, user],
      contexts,
    ) as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['assistant', 'tool', 'user'],
    );
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('sends images of results in a user message behind the last result', () => {
    const image = {
      type: 'file' as const,
      mediaType: 'image/png',
      source: { type: 'base64' as const, data: 'QUJD' },
    };
    const contexts = makeContexts();
    const messages = messagesOf(
      [
        { role: 'assistant', content: [callOf('a'), callOf('b')] },
        {
          role: 'tool',
          content: [{ ...resultOf('a', 'shot'), content: [text('shot'), image] }, resultOf('b', 'ok')],
        },
      ],
      contexts,
    ) as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['assistant', 'tool', 'tool', 'user'],
    );
    assert.match(String(messages[1]?.content), /^shot\n\n\[1 file/);
    assert.match(JSON.stringify(messages[3]?.content), /tool call a \(f\).*data:image\/png;base64,QUJD/);
    assert.equal(contexts.warnings[0]?.type, 'changed');
  });

  it('makes ids of calls fit, the same for call and result', () => {
    const id = `toolu_${'x'.repeat(60)}`;
    const messages = messagesOf([
      { role: 'assistant', content: [callOf(id)] },
      { role: 'tool', content: [resultOf(id, 'ok')] },
    ]) as JsonObject[];
    const sent = (messages[0]?.tool_calls as JsonObject[])[0]?.id;
    assert.ok(typeof sent === 'string' && sent.length <= 40);
    assert.equal(messages[1]?.tool_call_id, sent);
  });

  it('sends its own reasoning back where it stood, and drops that of others with one warning', () => {
    const contexts = makeContexts();
    const own: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'mine', metadata: { 'openai-chat': { field: 'reasoning' } } },
        text('a'),
      ],
    };
    const foreign: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'theirs', metadata: { anthropic: { signature: 's' } } },
        text('b'),
      ],
    };
    const sent = messagesOf([own, foreign, foreign], contexts);
    assert.deepEqual(sent, [
      { role: 'assistant', content: 'a', reasoning: 'mine' },
      { role: 'assistant', content: 'b' },
      { role: 'assistant', content: 'b' },
    ]);
    assert.equal(contexts.warnings.length, 1);
    assert.match(contexts.warnings[0]?.message ?? '', /2 earlier/);
  });

  it('restores reasoning_content by the call when the client could not carry it (DeepSeek demands it)', () => {
    const contexts = makeContexts();
    decodeChunks(
      [
        chunkOf({ reasoning_content: 'because' }),
        chunkOf({ tool_calls: [{ index: 0, id: 'c9', function: { name: 'f', arguments: '{}' } }] }),
        chunkOf({}, 'tool_calls'),
        '[DONE]',
      ],
      contexts,
    );
    const history: Message[] = [
      user,
      { role: 'assistant', content: [callOf('c9')] },
      { role: 'tool', content: [resultOf('c9', 'ok')] },
    ];
    const sent = messagesOf(history, contexts) as JsonObject[];
    assert.equal(sent[1]?.reasoning_content, 'because');
    contexts.encode.traits = { reasoningContent: false };
    assert.equal((messagesOf(history, contexts) as JsonObject[])[1]?.reasoning_content, undefined);
  });

  it('reports error marks of results once', () => {
    const contexts = makeContexts();
    const failed = { ...resultOf('a'), isError: true };
    const sent = messagesOf(
      [
        { role: 'assistant', content: [callOf('a')] },
        { role: 'tool', content: [failed] },
      ],
      contexts,
    ) as JsonObject[];
    assert.equal(sent[1]?.content, 'Error');
    assert.equal(contexts.warnings.length, 1);
  });
});
