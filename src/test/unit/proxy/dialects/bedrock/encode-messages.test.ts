import assert from 'node:assert/strict';
import { InvalidRequestError, NotSupportedError } from '../../../../../proxy/errors';
import { bedrockAdapter } from '../../../../../proxy/dialects/bedrock/index';
import type { FilePart, Message } from '../../../../../proxy/dialects/canonical';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import { textKey } from '../../../../../proxy/dialects/signatures/text-key';
import { assistant, call, CLAUDE, encode, encoding, f, messagesOf, NOVA, result, user } from './contexts';

const PNG = 'iVBORw0KGgoAAAA=';
const file = (mediaType: string, data = 'AAAA', filename?: string): FilePart => ({
  type: 'file',
  mediaType,
  source: { type: 'base64', data },
  ...(filename !== undefined && { filename }),
});
const withFiles = (...files: FilePart[]): Message => ({
  role: 'user',
  content: [{ type: 'text', text: 'See' }, ...files],
});
const toolUse = (toolUseId: string, input = {}, name = 'f') => ({ toolUse: { toolUseId, name, input } });
const toolResult = (toolUseId: string, text = 'ok') => ({ toolResult: { toolUseId, content: [{ text }] } });
const thought = (text: string, signature: string) => ({
  reasoningContent: { reasoningText: { text, signature } },
});

describe('bedrock: the conversation', () => {
  it('alternates, begins with the user, and has its system text apart', () => {
    const context = encoding();
    const body = encode(
      {
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'A' }] },
          { role: 'system', content: [{ type: 'text', text: ' ' }] },
          assistant({ type: 'text', text: 'Hello' }),
          user('One'),
          user('Two'),
          { role: 'system', content: [{ type: 'text', text: 'B' }] },
        ],
      },
      context,
    );
    assert.deepEqual(body['system'], [{ text: 'A' }]);
    assert.deepEqual(body['messages'], [
      { role: 'user', content: [{ text: '(The conversation continues.)' }] },
      { role: 'assistant', content: [{ text: 'Hello' }] },
      { role: 'user', content: [{ text: 'One' }, { text: 'Two' }, { text: '<system>\nB\n</system>' }] },
    ]);
    assert.deepEqual(
      context.warnings.map(({ type, field }) => [type, field]),
      [
        ['dropped', 'messages[1]'],
        ['changed', 'messages[5]'],
        ['changed', 'messages'],
      ],
    );
  });

  it('without content is refused', () => {
    const empty = { model: 'm', stream: false, messages: [user('')], tools: [] };
    assert.throws(() => bedrockAdapter.encodeRequest(empty, encoding()), InvalidRequestError);
  });

  it('has every call answered at once, in its order, and by ids that are allowed', () => {
    const context = encoding();
    const long = 'x'.repeat(70);
    const messages: Message[] = [
      user('Hi'),
      assistant(
        { type: 'text', text: 'Let me' },
        call('a.1'),
        call('a.1', '{"n":2}'),
        call(long),
        call('lost'),
      ),
      user('meanwhile'),
      result('a.1', 'first'),
      result(long, 'long'),
      result('a.1', 'second'),
      result('nobody', 'orphan'),
      assistant(call('a.1')),
      { role: 'tool', content: [{ type: 'tool-result', callId: 'a.1', content: [], isError: true }] },
    ];
    const body = encode({ messages, tools: [f] }, context);
    const [, calls, answers, again, end] = body['messages'] as { content: Record<string, never>[] }[];
    const ids = calls!.content.slice(1).map((block) => block['toolUse']!['toolUseId'] as string);
    assert.deepEqual(ids.slice(0, 2), ['a_1', 'a_1_2']);
    assert.match(ids[2]!, /^call_[0-9a-f]{16}$/);
    assert.deepEqual(answers!.content, [
      toolResult('a_1', 'first'),
      toolResult('a_1_2', 'second'),
      toolResult(ids[2]!, 'long'),
      { toolResult: { toolUseId: 'lost', content: [{ text: 'The tool gave no result.' }], status: 'error' } },
      { text: 'meanwhile' },
      { text: 'Result of the tool nobody:\norphan' },
    ]);
    assert.deepEqual(again!.content, [toolUse('a_1_3')]);
    assert.deepEqual(end!.content, [
      {
        toolResult: {
          toolUseId: 'a_1_3',
          content: [{ text: 'The tool failed without a message.' }],
          status: 'error',
        },
      },
    ]);
    assert.equal(context.warnings.length, 2);
  });

  it('names calls as Mistral’s models want them, the same on every turn', () => {
    const ids = () =>
      JSON.stringify(
        encode(
          {
            messages: [
              user('Hi'),
              assistant(call('abcdefghi'), call('call_long')),
              result('abcdefghi'),
              result('call_long'),
            ],
            tools: [f],
          },
          encoding('mistral.mistral-large-3-675b-instruct'),
        ),
      ).match(/(?<="toolUseId":")[^"]+/g);
    assert.deepEqual(ids(), ids());
    assert.equal(ids()?.[0], 'abcdefghi');
    assert.match(ids()?.[1] ?? '', /^[a-zA-Z0-9]{9}$/);
  });

  it('has images and documents, in results of tools, too', () => {
    const answer: Message = {
      role: 'tool',
      content: [{ type: 'tool-result', callId: 'a', content: [file('image/jpeg', PNG), file('text/csv')] }],
    };
    const messages = [
      withFiles(
        file('image/*', PNG),
        file('application/pdf', 'AAAA', 'Q3: report/final.pdf'),
        file('application/pdf', 'BBBB', 'Q3: report/final.pdf'),
        file('application/json'),
        { type: 'file', mediaType: 'image/*', source: { type: 'url', url: `data:image/png;base64,${PNG}` } },
        { type: 'file', mediaType: 'image/gif', source: { type: 'url', url: 's3://bucket/a.gif' } },
      ),
      assistant(call('a')),
      answer,
    ];
    const [asked, , answered] = messagesOf(messages);
    const png = { image: { format: 'png', source: { bytes: PNG } } };
    const document = (format: string, name: string, bytes = 'AAAA') => ({
      document: { format, name, source: { bytes } },
    });
    assert.deepEqual(asked?.['content'], [
      { text: 'See' },
      png,
      document('pdf', 'Q3- report-final-pdf'),
      document('pdf', 'Q3- report-final-pdf (2)', 'BBBB'),
      document('txt', 'document'),
      png,
      { image: { format: 'gif', source: { s3Location: { uri: 's3://bucket/a.gif' } } } },
    ]);
    assert.deepEqual(answered?.['content'], [
      { toolResult: { toolUseId: 'a', content: [png, document('csv', 'document (2)')] } },
    ]);
  });

  it('says something beside a document that comes alone', () => {
    const context = encoding();
    const [only] = messagesOf([{ role: 'user', content: [file('application/pdf')] }], context);
    assert.deepEqual((only?.['content'] as unknown[]).at(-1), { text: '(See the document.)' });
    assert.equal(context.warnings[0]?.type, 'changed');
  });

  it('takes no links, no uploads of others, no sound and no unknown formats', () => {
    const files: FilePart[] = [
      { type: 'file', mediaType: 'image/*', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'file', mediaType: 'application/pdf', source: { type: 'id', id: 'file-1' } },
      file('audio/wav'),
      file('image/tiff'),
    ];
    for (const one of files)
      assert.throws(
        () => encode({ messages: [withFiles(one)] }),
        (error) => error instanceof NotSupportedError && error.param === 'messages[0].content[1]',
      );
  });

  it('ends with the user where the model does not go on with its own words', () => {
    const messages = [user('Hi'), assistant({ type: 'text', text: 'I am ' })];
    const last = (model: string) => messagesOf(messages, encoding(model)).at(-1);
    assert.deepEqual(last(CLAUDE), { role: 'assistant', content: [{ text: 'I am' }] });
    for (const model of [NOVA, 'anthropic.claude-opus-4-7-v1:0'])
      assert.deepEqual(last(model), { role: 'user', content: [{ text: '(The conversation continues.)' }] });
  });
});

describe('bedrock: reasoning in the conversation', () => {
  const signed = (text: string, metadata: object) =>
    ({ type: 'reasoning', text, metadata }) as Extract<Message, { role: 'assistant' }>['content'][number];

  it('goes back with its signature, ahead of what was said', () => {
    const [, answer] = messagesOf([
      user('Hi'),
      assistant(
        { type: 'text', text: 'So' },
        signed('hm', { bedrock: { signature: 'S' } }),
        signed('', { bedrock: { redacted: 'UkVE' } }),
      ),
      user('Go on'),
    ]);
    assert.deepEqual(answer?.['content'], [
      thought('hm', 'S'),
      { reasoningContent: { redactedContent: 'UkVE' } },
      { text: 'So' },
    ]);
  });

  it('of Anthropic itself goes to Claude only, that of others and in envelopes to nobody', () => {
    const messages = [
      user('Hi'),
      assistant(
        signed('a', { anthropic: { signature: 'A' } }),
        signed('b', { gemini: { thoughtSignature: 'G' } }),
        signed('c', { anthropic: { signature: wrapMetadata({ gemini: {} }) } }),
        signed('d', {}),
        { type: 'text', text: 'So' },
      ),
      user('Go on'),
    ];
    const [claude, nova] = [encoding(), encoding(NOVA)];
    assert.deepEqual(messagesOf(messages, claude)[1]?.['content'], [thought('a', 'A'), { text: 'So' }]);
    assert.deepEqual(messagesOf(messages, nova)[1]?.['content'], [{ text: 'So' }]);
    assert.match(claude.warnings[0]?.message ?? '', /3 parts/);
    assert.match(nova.warnings[0]?.message ?? '', /4 parts/);
  });

  it('is remembered for clients that cannot carry it, by call and by text', () => {
    const context = encoding();
    const keep = (key: string, signature: string) => {
      context.signatures.remember('bedrock', key, JSON.stringify([thought(signature, signature)]));
    };
    keep('a', 'A');
    keep('b', 'B');
    keep(textKey('Done.')!, 'T');
    const messages = [
      user('Hi'),
      assistant({ type: 'text', text: 'So' }, call('a'), call('b')),
      result('a'),
      result('b'),
      assistant({ type: 'text', text: ' Done. ' }),
      user('Go on'),
    ];
    const [, calls, , done] = messagesOf(messages, context);
    assert.deepEqual(calls?.['content'], [
      thought('A', 'A'),
      { text: 'So' },
      toolUse('a'),
      thought('B', 'B'),
      toolUse('b'),
    ]);
    assert.deepEqual(done?.['content'], [thought('T', 'T'), { text: ' Done. ' }]);
  });

  it('can be taken out of a request, and thinking with it where it could not begin', () => {
    const messages = [
      user('Hi'),
      assistant(signed('hm', { bedrock: { signature: 'S' } }), call('a')),
      result('a'),
    ];
    const body = encode({
      messages,
      tools: [f],
      reasoning: { mode: 'on', budgetTokens: 2000 },
      maxOutputTokens: 9000,
    });
    assert.deepEqual(body['additionalModelRequestFields'], {
      thinking: { type: 'enabled', budget_tokens: 2000 },
    });
    assert.equal(bedrockAdapter.dropReasoning(body), true);
    assert.deepEqual((body['messages'] as object[])[1], { role: 'assistant', content: [toolUse('a')] });
    assert.deepEqual(body['additionalModelRequestFields'], {});
    assert.equal(bedrockAdapter.dropReasoning(body), false);
  });

  it('leaves turns that alternate when a message of nothing else is taken out', () => {
    const body = {
      messages: [
        { role: 'user', content: [{ text: 'a' }] },
        { role: 'assistant', content: [thought('t', 's')] },
        { role: 'user', content: [{ text: 'b' }] },
      ],
    };
    assert.equal(bedrockAdapter.dropReasoning(body), true);
    assert.deepEqual(body.messages, [{ role: 'user', content: [{ text: 'a' }, { text: 'b' }] }]);
  });
});

describe('bedrock: marks for the prompt cache', () => {
  const marked = (text: string, mark: object = { type: 'ephemeral' }) =>
    ({ type: 'text', text, metadata: { anthropic: { cache_control: mark } } }) as const;
  const point = { cachePoint: { type: 'default' } };

  it('stand behind what they mark: tools, system, messages, results', () => {
    const body = encode({
      messages: [
        { role: 'system', content: [marked('S', { type: 'ephemeral', ttl: '1h' })] } as unknown as Message,
        user('Hi'),
        assistant(call('a')),
        {
          role: 'tool',
          content: [{ type: 'tool-result', callId: 'a', content: [marked('ok') as never] }],
        },
        { role: 'user', content: [marked('Go') as never, { type: 'text', text: 'on' }] },
      ],
      tools: [{ ...f, metadata: { anthropic: { cache_control: { type: 'ephemeral' } } } }],
    });
    assert.deepEqual((body['toolConfig'] as { tools: object[] }).tools[1], point);
    assert.deepEqual(body['system'], [{ text: 'S' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
    assert.deepEqual((body['messages'] as { content: object[] }[])[2]?.content, [
      toolResult('a'),
      point,
      { text: 'Go' },
      point,
      { text: 'on' },
    ]);
  });

  it('are four at most: the first and the last three', () => {
    const context = encoding();
    const texts = ['1', '2', '3', '4', '5', '6'].map((text) => marked(text) as never);
    const [only] = messagesOf([{ role: 'user', content: texts }], context);
    assert.deepEqual(
      (only?.['content'] as Record<string, unknown>[]).map(({ text }) => text ?? '|').join(''),
      '1|234|5|6|',
    );
    assert.match(context.warnings[0]?.message ?? '', /2 of 6/);
  });

  it('are left out for models that take none, and shortened for those that forget sooner', () => {
    const long = {
      role: 'user',
      content: [marked('Hi', { type: 'ephemeral', ttl: '1h' })],
    } as unknown as Message;
    const none = encoding('meta.llama3-3-70b-instruct-v1:0');
    assert.deepEqual(messagesOf([long], none)[0]?.['content'], [{ text: 'Hi' }]);
    assert.equal(none.warnings[0]?.field, 'cache_control');
    const short = encoding(NOVA);
    assert.deepEqual(messagesOf([long], short)[0]?.['content'], [{ text: 'Hi' }, point]);
    assert.equal(short.warnings[0]?.type, 'approximated');
  });
});
