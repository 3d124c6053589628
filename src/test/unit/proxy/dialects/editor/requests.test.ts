import assert from 'node:assert/strict';
import { editorAdapter } from '../../../../../proxy/dialects/editor/index';
import type { CanonicalRequest, Message, Warning } from '../../../../../proxy/dialects/canonical';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { LmRequest } from '../../../../../shared/language-models';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const tool = (name: string) => ({ type: 'function' as const, name, description: `Does ${name}.` });
const call = (id: string, name = 'f', input = '{"a":1}'): Message => ({
  role: 'assistant',
  content: [{ type: 'tool-call', id, name, kind: 'function', input }],
});
const result = (callId: string, text: string, isError?: boolean): Message => ({
  role: 'tool',
  content: [
    {
      type: 'tool-result',
      callId,
      content: [{ type: 'text', text }],
      ...(isError !== undefined && { isError }),
    },
  ],
});

function encode(parts: Partial<CanonicalRequest>, stream = false) {
  const warnings: Warning[] = [];
  const request = { model: 'm', stream, messages: [user('Hi')], tools: [], ...parts };
  const wire = editorAdapter.encodeRequest(request, {
    model: 'parrot',
    stream,
    warn: (one) => warnings.push(one),
    signatures: createSignatureStore(),
  });
  const body = wire.body as unknown as LmRequest;
  return { wire, body, warned: warnings.map(({ type, field }) => `${type} ${field}`) };
}

describe('the editor’s models: a request', () => {
  it('asks for nothing that the client did not ask for', () => {
    const { body, wire, warned } = encode({});
    assert.deepEqual(body, {
      model: 'parrot',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    });
    assert.deepEqual(warned, []);
    assert.ok(wire.inputTokens! > 0);
    assert.notEqual(encode({}, true).wire.path, wire.path);
  });

  it('has the system prompt as the first message of the user, and later ones where they stand', () => {
    const system = (text: string): Message => ({ role: 'system', content: [{ type: 'text', text }] });
    const { body, warned } = encode({
      messages: [system('One.'), system('Two.'), user('Hi'), system('Three.')],
    });
    assert.deepEqual(
      body.messages.map(({ role, content }) => [role, content]),
      ['One.\n\nTwo.', 'Hi', 'Three.'].map((text) => ['user', [{ type: 'text', text }]]),
    );
    assert.deepEqual(warned.sort(), ['changed messages[3]', 'changed system']);
  });

  it('has the results of calls in the user’s next message, failed and missing ones in words', () => {
    const calls: Message = {
      role: 'assistant',
      content: ['a', 'b', 'c'].flatMap((id) => call(id).content as never),
    };
    const { body, warned } = encode({
      messages: [user('Hi'), calls, result('b', 'no', true), result('a', 'yes')],
    });
    assert.deepEqual(body.messages.slice(1), [
      {
        role: 'assistant',
        content: ['a', 'b', 'c'].map((id) => ({ type: 'tool-call', id, name: 'f', input: { a: 1 } })),
      },
      {
        role: 'user',
        content: [
          { type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'yes' }] },
          {
            type: 'tool-result',
            callId: 'b',
            content: [
              { type: 'text', text: 'The tool failed:' },
              { type: 'text', text: 'no' },
            ],
          },
          { type: 'tool-result', callId: 'c', content: [{ type: 'text', text: 'The tool gave no result.' }] },
        ],
      },
    ]);
    assert.deepEqual(warned.sort(), ['changed messages', 'changed messages[1].is_error']);
  });

  it('tells a result without a call as text', () => {
    const { body, warned } = encode({ messages: [user('Hi'), result('lost', 'found')] });
    assert.match(JSON.stringify(body.messages.at(-1)), /Result of the tool lost:.*found/);
    assert.deepEqual(warned, ['changed messages[1]']);
  });

  it('takes images by their bytes, and no other files', () => {
    const file = (mediaType: string, data: string): Message => ({
      role: 'user',
      content: [{ type: 'file', mediaType, source: { type: 'base64', data } }],
    });
    const { body } = encode({ messages: [file('image/jpeg', PNG)] });
    assert.deepEqual(body.messages[0]?.content, [{ type: 'data', mimeType: 'image/png', data: PNG }]);
    assert.throws(() => encode({ messages: [file('application/pdf', 'JVBE')] }), {
      name: 'NotSupportedError',
    });
    const link = {
      type: 'file' as const,
      mediaType: 'image/*',
      source: { type: 'url' as const, url: 'https://x/y.png' },
    };
    assert.throws(() => encode({ messages: [{ role: 'user', content: [link] }] }), {
      name: 'NotSupportedError',
      param: 'messages[0].content[0]',
    });
  });

  it('leaves earlier reasoning out and says so', () => {
    const { body, warned } = encode({
      messages: [
        user('Hi'),
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'Yes?' },
          ],
        },
        user('Go on'),
      ],
    });
    assert.doesNotMatch(JSON.stringify(body), /hm/);
    assert.deepEqual(warned, ['dropped messages']);
  });

  it('hands settings over under the names that most makers read, and says that nobody promises to', () => {
    const { body, warned } = encode({
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.5,
      stop: ['END'],
      seed: 0,
    });
    assert.deepEqual(body.modelOptions, {
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      stop: ['END'],
      seed: 0,
    });
    assert.deepEqual(
      warned.sort(),
      ['max_tokens', 'seed', 'stop', 'temperature', 'top_p'].map((field) => `approximated ${field}`),
    );
  });

  it('names what it cannot say', () => {
    const { warned } = encode({
      reasoning: { effort: 'high' },
      candidates: 2,
      logprobs: true,
      parallelToolCalls: false,
      tools: [tool('f')],
      promptCacheKey: 'k',
      userId: 'u',
      responseFormat: { type: 'json' },
    });
    assert.deepEqual(warned.sort(), [
      'approximated response_format',
      'dropped logprobs',
      'dropped n',
      'dropped parallel_tool_calls',
      'dropped prompt_cache_key',
      'dropped reasoning',
      'dropped user',
    ]);
    assert.deepEqual(encode({ reasoning: { mode: 'off' } }).warned, []);
  });

  it('asks for JSON in words, behind the conversation', () => {
    const schema = { type: 'object', title: 'Answer' };
    const { body } = encode({ responseFormat: { type: 'json-schema', schema } });
    assert.equal(body.messages.length, 2);
    assert.match(JSON.stringify(body.messages.at(-1)), /Answer with JSON/);
  });

  it('refuses a conversation without content', () => {
    assert.throws(() => encode({ messages: [] }), { name: 'InvalidRequestError' });
  });
});

describe('the editor’s models: tools', () => {
  const both = [tool('f'), tool('g')];
  const offered = ({ body }: ReturnType<typeof encode>) => body.tools?.map(({ name }) => name);

  it('are offered with schema and description', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const { body } = encode({ tools: [{ ...tool('f'), parameters }] });
    assert.deepEqual(body.tools, [{ name: 'f', description: 'Does f.', inputSchema: parameters }]);
    assert.equal(body.toolMode, undefined);
  });

  it('that must be called are the only ones offered', () => {
    const chosen = encode({ tools: both, toolChoice: { type: 'tool', name: 'g' } });
    assert.deepEqual([offered(chosen), chosen.body.toolMode], [['g'], 'required']);
    assert.deepEqual(chosen.warned, ['changed tool_choice']);
    const single = encode({ tools: [tool('f')], toolChoice: { type: 'required' } });
    assert.deepEqual([offered(single), single.body.toolMode, single.warned], [['f'], 'required', []]);
  });

  it('of which any must be called are offered, no more', () => {
    const any = encode({ tools: both, toolChoice: { type: 'required' } });
    assert.deepEqual([offered(any), any.body.toolMode], [['f', 'g'], undefined]);
    assert.deepEqual(any.warned, ['approximated tool_choice']);
  });

  it('that may not be called are not offered, unless they were called before', () => {
    const none = { tools: both, toolChoice: { type: 'none' as const } };
    assert.equal(offered(encode(none)), undefined);
    const later = encode({ ...none, messages: [user('Hi'), call('a'), result('a', 'x')] });
    assert.deepEqual([offered(later), later.warned], [['f', 'g'], ['approximated tool_choice']]);
  });

  it('have names that every maker takes, and get theirs back', () => {
    const name = `mcp:${'long.'.repeat(20)}`;
    const { body, wire } = encode({
      tools: [tool(name)],
      messages: [user('Hi'), call('a', name), result('a', 'x')],
    });
    const [sent] = body.tools!;
    assert.match(sent!.name, /^[\w-]{1,64}$/);
    assert.equal(wire.restoreToolName?.(sent!.name), name);
    assert.match(JSON.stringify(body.messages), new RegExp(sent!.name));
  });

  it('with free text are functions with one string; the provider’s own are left out', () => {
    const { body, wire, warned } = encode({
      tools: [
        { type: 'custom', name: 'patch' },
        { type: 'built-in', kind: 'web-search', dialect: 'anthropic', value: {} },
      ],
    });
    assert.deepEqual(
      body.tools?.map(({ name }) => name),
      ['patch'],
    );
    assert.ok(wire.customToolNames?.has('patch'));
    assert.deepEqual(warned, ['changed tools[0]', 'dropped tools[1]']);
  });
});
