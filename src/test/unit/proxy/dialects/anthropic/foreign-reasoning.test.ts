import assert from 'node:assert/strict';
import { anthropicAdapter as anthropic } from '../../../../../proxy/dialects/anthropic/index';
import type { Metadata, ReasoningPart, ReasoningSettings } from '../../../../../proxy/dialects/canonical';
import { wrapMetadata, wrapReasoning } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import { answering, encoding, replying, user } from './contexts';
import { assistant, call, encode, result } from './messages';

const own: Metadata = { anthropic: { signature: 'EqQB' } };
const foreign: Metadata = { gemini: { thought: true } };
const thought = (text: string, metadata?: Metadata): ReasoningPart => ({
  type: 'reasoning',
  text,
  ...(metadata && { metadata }),
});
const said = { type: 'text' as const, text: 'said' };

describe('anthropic: reasoning of other providers on its way to a client', () => {
  const ON: ReasoningSettings = { mode: 'on' };
  const cases: [name: string, ReasoningSettings | undefined, ReasoningPart, JsonObject | undefined][] = [
    [
      'shown, in an envelope',
      ON,
      thought('hm', foreign),
      { type: 'thinking', thinking: 'hm', signature: wrapMetadata(foreign) },
    ],
    [
      'of nobody known, in an envelope too',
      ON,
      thought('hm'),
      { type: 'thinking', thinking: 'hm', signature: wrapMetadata({}) },
    ],
    [
      'without words, redacted',
      ON,
      thought('', foreign),
      { type: 'redacted_thinking', data: wrapMetadata(foreign) },
    ],
    ['of nobody and without words', ON, thought(''), undefined],
    [
      'to a client that takes no words, inside the envelope',
      { mode: 'adaptive', visible: false },
      thought('hm', foreign),
      { type: 'thinking', thinking: '', signature: wrapReasoning([thought('hm', foreign)]) },
    ],
    ['to a client that asked for none', undefined, thought('hm', foreign), undefined],
    [
      'of Anthropic itself, whatever was asked',
      undefined,
      thought('hm', own),
      { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
    ],
    [
      'redacted by Anthropic itself',
      undefined,
      thought('', { anthropic: { redacted: 'data' } }),
      { type: 'redacted_thinking', data: 'data' },
    ],
  ];
  for (const [name, reasoning, part, block] of cases) {
    const parts = reasoning ? { reasoning } : {};
    it(`${name}`, () => {
      const body = anthropic.encodeResponse(
        { choices: [{ content: [part, said], finish: { reason: 'stop' } }] },
        replying(parts),
      );
      assert.deepEqual(body['content'], [...(block ? [block] : []), said]);
    });

    it(`${name}, streaming`, () => {
      const encoder = anthropic.createStreamEncoder(replying(parts));
      const text = [
        encoder.push({ type: 'reasoning-start', id: 'r' }),
        ...[...part.text].map((one) => encoder.push({ type: 'reasoning-delta', id: 'r', text: one })),
        encoder.push({ type: 'reasoning-end', id: 'r', ...(part.metadata && { metadata: part.metadata }) }),
        encoder.push({ type: 'finish', finish: { reason: 'stop' } }),
        encoder.end(),
      ].join('');
      const decoder = anthropic.createStreamDecoder(answering());
      const events = text.split('\n\n').flatMap((event) => {
        const data = event.split('\n').find((line) => line.startsWith('data: '));
        return data === undefined ? [] : [JSON.parse(data.slice(6)) as JsonObject];
      });
      const start = events.find(({ type }) => type === 'content_block_start')?.['content_block'];
      const parsed = events.flatMap((event) => decoder.push({ data: JSON.stringify(event) }));
      const end = parsed.find((one) => one.type === 'reasoning-end');
      const thinking = parsed.map((one) => (one.type === 'reasoning-delta' ? one.text : '')).join('');
      const written =
        end === undefined
          ? undefined
          : end.metadata?.anthropic?.['redacted'] !== undefined
            ? { type: 'redacted_thinking', data: end.metadata.anthropic['redacted'] }
            : { type: 'thinking', thinking, signature: end.metadata?.anthropic?.['signature'] };
      assert.deepEqual(written, block);
      assert.equal((start as JsonObject | undefined)?.['type'], block?.['type']);
    });
  }

  it('comes back as what it was', () => {
    const parts = [thought('hm', foreign), thought('', foreign), thought('hidden', foreign)];
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: wrapMetadata(foreign) },
      { type: 'redacted_thinking', data: wrapMetadata(foreign) },
      { type: 'thinking', thinking: '', signature: wrapReasoning([thought('hidden', foreign)]) },
    ];
    const request = anthropic.decodeRequest(
      { model: 'm', max_tokens: 1, messages: [{ role: 'assistant', content: blocks }] },
      { warn: () => assert.fail('warned') },
    );
    assert.deepEqual(request.messages, [{ role: 'assistant', content: parts }]);
  });
});

describe('anthropic: reasoning on its way to the upstream', () => {
  const blockTypes = (body: { messages: JsonObject[] }) =>
    body.messages
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => (content as JsonObject[]).map(({ type }) => type));

  it('of others is left out, with one warning for all of them', () => {
    const context = encoding();
    const body = encode(
      {
        messages: [
          user('a'),
          assistant(thought('1', foreign), said),
          user('b'),
          assistant(thought('2'), thought('3', foreign), call('x')),
          result('x'),
        ],
      },
      context,
    );
    assert.deepEqual(blockTypes(body), [['text'], ['tool_use']]);
    assert.deepEqual(
      context.warnings.map(({ type, field }) => [type, field]),
      [['dropped', 'messages[1].content[0]']],
    );
  });

  it('stands before the text it led to, wherever the history had it, and behind calls where it was', () => {
    const body = encode({
      messages: [
        user('a'),
        assistant(said, thought('1', own), call('x'), thought('2', own), call('y')),
        result('x'),
        result('y'),
      ],
    });
    assert.deepEqual(blockTypes(body), [['thinking', 'text', 'tool_use', 'thinking', 'tool_use']]);
  });

  it('of an answer without calls is remembered by its text, from whole answers and from streams', () => {
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'One. ' },
      { type: 'text', text: 'Two.' },
    ];
    const { signatures } = encoding();
    anthropic.decodeResponse(
      { type: 'message', role: 'assistant', content: blocks, stop_reason: 'end_turn' },
      answering({ signatures }),
    );
    const streamed = encoding().signatures;
    const decoder = anthropic.createStreamDecoder(answering({ signatures: streamed }));
    const push = (data: JsonObject) => decoder.push({ data: JSON.stringify(data) });
    push({ type: 'message_start', message: {} });
    for (const [index, block] of blocks.entries()) {
      const empty = block.type === 'text' ? { ...block, text: '' } : block;
      push({ type: 'content_block_start', index, content_block: empty });
      if (block.type === 'text')
        for (const piece of block.text ?? '')
          push({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } });
      push({ type: 'content_block_stop', index });
    }
    push({ type: 'message_delta', delta: { stop_reason: 'end_turn' } });
    push({ type: 'message_stop' });
    for (const store of [signatures, streamed]) {
      const answer = { type: 'text' as const, text: 'One. Two.' };
      const context = encoding('claude-sonnet-4-5', { signatures: store });
      const body = encode({ messages: [user('a'), assistant(thought('seen'), answer), user('b')] }, context);
      assert.deepEqual(body.messages[1]?.['content'], [...blocks.slice(0, 2), answer]);
      assert.deepEqual(context.warnings, []);
    }
  });

  it('is asked for as long as one step of the tool loop begins with thinking', () => {
    const reasoning = { mode: 'on', budgetTokens: 2000 } as const;
    const loop = (...last: ReasoningPart[]) =>
      encode({
        reasoning,
        messages: [
          user('a'),
          assistant(thought('1', own), call('x')),
          result('x'),
          assistant(...last, call('y')),
          result('y'),
        ],
      });
    assert.deepEqual(loop()['thinking'], { type: 'enabled', budget_tokens: 2000 });
    const other = encode({
      reasoning,
      messages: [
        user('a'),
        assistant(thought('1', own), call('x')),
        result('x'),
        assistant(said),
        user('b'),
        assistant(call('y')),
        result('y'),
      ],
    });
    assert.equal(other['thinking'], undefined);
  });
});
