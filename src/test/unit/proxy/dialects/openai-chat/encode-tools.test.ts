import assert from 'node:assert/strict';
import type { CanonicalRequest, Message } from '../../../../../proxy/dialects/canonical';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { NotSupportedError } from '../../../../../proxy/errors';
import { chunkOf, decodeChunks, emptyRequest, encodeBody, makeContexts } from './make-contexts';
import { callOf, resultOf, user } from './messages';

describe('openai-chat: encoding a request', () => {
  it('writes tools, with an object schema also where there are no arguments', () => {
    const tools: CanonicalRequest['tools'] = [
      {
        type: 'function',
        name: 'a',
        description: 'd',
        parameters: { type: 'object', properties: {}, additionalProperties: false },
        strict: true,
      },
      { type: 'function', name: 'b' },
      { type: 'function', name: 'c', parameters: true },
    ];
    assert.deepEqual(
      encodeBody({ tools, toolChoice: { type: 'tool', name: 'b' }, parallelToolCalls: false }),
      {
        model: 'served',
        messages: [{ role: 'user', content: 'hi' }],
        tools: [
          {
            type: 'function',
            function: {
              name: 'a',
              description: 'd',
              parameters: { type: 'object', properties: {}, additionalProperties: false },
              strict: true,
            },
          },
          { type: 'function', function: { name: 'b', parameters: { type: 'object', properties: {} } } },
          { type: 'function', function: { name: 'c', parameters: { type: 'object', properties: {} } } },
        ],
        tool_choice: { type: 'function', function: { name: 'b' } },
        parallel_tool_calls: false,
      },
    );
  });

  it('offers only the tools of which one is required', () => {
    const tools: CanonicalRequest['tools'] = [
      { type: 'function', name: 'a' },
      { type: 'function', name: 'b' },
    ];
    const body = encodeBody({ tools, toolChoice: { type: 'required', names: ['b'] } });
    assert.equal((body.tools as unknown[]).length, 1);
    assert.equal(body.tool_choice, 'required');
  });

  it('shortens the names of tools everywhere, and knows the way back', () => {
    const name = `mcp__${'long'.repeat(30)}.read`;
    const messages: Message[] = [
      user,
      { role: 'assistant', content: [callOf('c1', name)] },
      { role: 'tool', content: [resultOf('c1', 'ok')] },
    ];
    const request: CanonicalRequest = {
      ...emptyRequest,
      messages,
      tools: [{ type: 'function', name }],
      toolChoice: { type: 'tool', name },
    };
    const wire = openaiChatAdapter.encodeRequest(request, makeContexts().encode);
    const sent = (wire.body.tool_choice as { function: { name: string } }).function.name;
    assert.match(sent, /^[A-Za-z0-9_-]{1,64}$/);
    assert.equal(JSON.stringify(wire.body).split(sent).length - 1, 3);
    assert.equal(wire.restoreToolName?.(sent), name);
  });

  it('refuses a forced tool that only another provider runs', () => {
    const tools: CanonicalRequest['tools'] = [
      { type: 'built-in', kind: 'web-search', dialect: 'anthropic', value: { name: 'web_search' } },
    ];
    assert.throws(
      () => encodeBody({ tools, toolChoice: { type: 'tool', name: 'web_search' } }),
      NotSupportedError,
    );
    assert.throws(() => encodeBody({ tools, toolChoice: { type: 'required' } }), NotSupportedError);
  });

  it('sends a custom tool as a function with one string, and takes the text out of the answer', () => {
    const contexts = makeContexts();
    const messages: Message[] = [
      { role: 'assistant', content: [{ ...callOf('c1', 'patch'), kind: 'custom', input: 'say "x"' }] },
      { role: 'tool', content: [resultOf('c1', 'ok')] },
    ];
    const tools: CanonicalRequest['tools'] = [
      {
        type: 'custom',
        name: 'patch',
        description: 'd',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: X' },
      },
    ];
    const wire = openaiChatAdapter.encodeRequest({ ...emptyRequest, messages, tools }, contexts.encode);
    assert.match(
      JSON.stringify(wire.body.tools),
      /"type":"function".*lark grammar.*start: X.*"required":\["input"\]/,
    );
    assert.match(JSON.stringify(wire.body.messages), /"arguments":"\{\\"input\\":\\"say/);
    contexts.answer.customToolNames = wire.customToolNames ?? new Set();
    const call = { index: 0, id: 'c2', function: { name: 'patch', arguments: '{"inp' } };
    const parts = decodeChunks(
      [
        chunkOf({ tool_calls: [call] }),
        chunkOf({ tool_calls: [{ index: 0, function: { arguments: 'ut":"a\\nb"}' } }] }),
        chunkOf({}, 'tool_calls'),
        '[DONE]',
      ],
      contexts,
    );
    assert.deepEqual(parts.slice(1, 4), [
      { type: 'tool-input-start', id: 'c2', name: 'patch', kind: 'custom' },
      { type: 'tool-input-delta', id: 'c2', text: 'a\nb' },
      { type: 'tool-input-end', id: 'c2' },
    ]);
  });

  it('sends a custom tool as such to a server that knows them', () => {
    const contexts = makeContexts();
    contexts.encode.traits = { customTools: true };
    const tools: CanonicalRequest['tools'] = [
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ];
    const body = encodeBody({ tools, toolChoice: { type: 'tool', name: 'c' } }, contexts);
    assert.deepEqual(body.tools, [
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
    ]);
    assert.deepEqual(body.tool_choice, { type: 'custom', custom: { name: 'c' } });
  });
});
