/** Random answers from every kind of account to every kind of client, as the proxy carries them: what is read is what was said. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { AnswerContext, ReplyContext } from '../../../proxy/dialects/adapter';
import type { Dialect, StreamPart, Usage } from '../../../proxy/dialects/canonical';
import { adapterOf } from '../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../proxy/dialects/signatures/signature-store';
import { DeltaShortcut } from '../../../proxy/stream/delta-shortcut';
import { createEventSplitter } from '../../../proxy/stream/event-splitter';
import { splitSeeded } from '../../support/split-bytes';
import { PAIRS, read, tokensOf } from './pairs';

type Segment =
  | { kind: 'text' | 'reasoning'; pieces: string[] }
  /** Calls side by side: their pieces come in turns where the protocol can do that. */
  | { kind: 'calls'; calls: { name: string; input: string; pieces: string[] }[] };

interface Answer {
  segments: Segment[];
  usage: Usage;
  usageLast: boolean;
  cut: boolean;
  seed: number;
}

const LOOKALIKES = [
  '[DONE]',
  '\n\n',
  'data: ',
  'event: x\n',
  '\r',
  '\u2028',
  '\\',
  '"',
  '😀',
  '</s>',
  '{',
  '}',
];
const words = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(...LOOKALIKES) },
);
const speech = fc.record({
  kind: fc.constantFrom('text' as const, 'reasoning' as const),
  pieces: fc.array(words, { minLength: 1, maxLength: 25 }),
});
const call = fc
  .record({
    name: fc.stringMatching(/^[a-zA-Z_][\w-]{0,20}$/),
    input: fc.oneof(
      { weight: 1, arbitrary: fc.constant('') },
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.dictionary(words, fc.jsonValue({ maxDepth: 2 })), fc.constantFrom(undefined, 1))
          .map(([value, indent]) => JSON.stringify(value, null, indent)),
      },
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ name, input, sizes }) => {
    const points = [...input];
    const pieces: string[] = [];
    for (let turn = 0; points.length > 0; turn++)
      pieces.push(points.splice(0, sizes[turn % sizes.length]).join(''));
    return { name, input, pieces };
  });
const calls = fc.record({
  kind: fc.constant('calls' as const),
  calls: fc.array(call, { minLength: 1, maxLength: 4 }),
});
const usage = fc
  .tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999), fc.nat(9999))
  .map(([fresh, cached, said, thought]): Usage => ({
    inputTokens: fresh + cached,
    cachedInputTokens: cached,
    outputTokens: said + thought,
    reasoningTokens: thought,
  }));
const answers: fc.Arbitrary<Answer> = fc.record({
  segments: fc.array(fc.oneof({ weight: 3, arbitrary: speech }, { weight: 1, arbitrary: calls }), {
    minLength: 1,
    maxLength: 6,
  }),
  usage,
  usageLast: fc.boolean(),
  cut: fc.boolean(),
  seed: fc.nat(),
});

const callsOf = ({ segments }: Answer) => segments.flatMap((one) => (one.kind === 'calls' ? one.calls : []));
const said = ({ segments }: Answer, kind: 'text' | 'reasoning') =>
  segments.flatMap((one) => (one.kind === kind ? one.pieces : [])).join('');

/** The parts that an account's stream is written from. */
function partsOf(answer: Answer): StreamPart[] {
  const parts: StreamPart[] = [{ type: 'start', id: 'answer_1', model: 'm', created: 1_770_000_000 }];
  let count = 0;
  let callCount = 0;
  for (const segment of answer.segments) {
    if (segment.kind !== 'calls') {
      const id = `part-${count++}`;
      parts.push({ type: `${segment.kind}-start`, id });
      for (const text of segment.pieces) parts.push({ type: `${segment.kind}-delta`, id, text });
      parts.push({ type: `${segment.kind}-end`, id });
      continue;
    }
    const open = segment.calls.map(({ name, pieces }) => ({
      id: `call_${callCount++}`,
      name,
      pieces: [...pieces],
    }));
    for (const { id, name } of open) parts.push({ type: 'tool-input-start', id, name, kind: 'function' });
    while (open.some(({ pieces }) => pieces.length > 0))
      for (const { id, pieces } of open) {
        const text = pieces.shift();
        if (text !== undefined) parts.push({ type: 'tool-input-delta', id, text });
      }
    for (const { id } of open) parts.push({ type: 'tool-input-end', id });
  }
  const end: StreamPart[] = [
    { type: 'usage', usage: answer.usage },
    {
      type: 'finish',
      finish: { reason: callsOf(answer).length > 0 ? 'tool-calls' : answer.cut ? 'length' : 'stop' },
    },
  ];
  return [...parts, ...(answer.usageLast ? end.reverse() : end)];
}

function contexts(): { answer: AnswerContext; reply: ReplyContext } {
  let next = 0;
  const newId = (prefix: string) => `${prefix}${++next}`;
  const warn = () => undefined;
  return {
    answer: { warn, newId, signatures: createSignatureStore() },
    reply: {
      model: 'asked-model',
      now: 1_770_000_000,
      newId,
      warn,
      request: {
        model: 'asked-model',
        stream: true,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        tools: [],
        streamUsage: true,
        reasoning: { mode: 'on', visible: true },
      },
    },
  };
}

/** What an account of that dialect sends. */
function spoken(account: Dialect, answer: Answer): Buffer {
  const encoder = adapterOf(account).createStreamEncoder(contexts().reply);
  const text = partsOf(answer).map((part) => encoder.push(part));
  return Buffer.from(text.join('') + encoder.end());
}

/** What a client of that dialect gets of it: bytes in pieces → events → parts → text, the short way included. */
function carried(client: Dialect, account: Dialect, pieces: Buffer[]): string {
  const { answer, reply } = contexts();
  const splitter = createEventSplitter();
  const decoder = adapterOf(account).createStreamDecoder(answer);
  const encoder = adapterOf(client).createStreamEncoder(reply);
  const shortcut = new DeltaShortcut(decoder);
  let text = '';
  const take = (events: ReturnType<typeof splitter.push>) => {
    for (const event of events) {
      const copied = shortcut.take(event.data, encoder);
      if (copied !== undefined) {
        text += copied;
        continue;
      }
      const parts = decoder.push(event);
      shortcut.learn(event.data, parts);
      for (const part of parts) text += encoder.push(part);
    }
  };
  for (const piece of pieces) take(splitter.push(piece));
  take(splitter.end());
  shortcut.settle();
  for (const part of decoder.end()) text += encoder.push(part);
  return text + encoder.end();
}

/** The kinds of content in their order, as the client's own decoder finds them: runs of one kind are one. */
function orderOf(client: Dialect, bytes: Buffer): string[] {
  const splitter = createEventSplitter();
  const decoder = adapterOf(client).createStreamDecoder(contexts().answer);
  const events = [...splitter.push(bytes), ...splitter.end()];
  const parts = [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
  const kinds = parts.flatMap((part) =>
    part.type === 'tool-input-start'
      ? [`call ${part.name}`]
      : (part.type === 'text-delta' || part.type === 'reasoning-delta') && part.text !== ''
        ? [part.type]
        : [],
  );
  return kinds.filter((kind, at) => kind.startsWith('call ') || kind !== kinds[at - 1]);
}

const LENGTH: Record<Dialect, string> = {
  'openai-chat': 'length',
  'openai-responses': 'response.incomplete',
  anthropic: 'max_tokens',
  gemini: 'MAX_TOKENS',
};

describe('random answers', () => {
  for (const { client, account, name } of PAIRS)
    it(`arrive as they were said: ${name}`, () => {
      fc.assert(
        fc.property(answers, (answer) => {
          // Gemini's thoughts alone are no answer, however they end.
          fc.pre(
            account !== 'gemini' || answer.cut || answer.segments.some(({ kind }) => kind !== 'reasoning'),
          );
          const pieces = splitSeeded(spoken(account, answer), answer.seed, 1 + (answer.seed % 200));
          const bytes = Buffer.from(carried(client, account, pieces));
          const reading = read(client, bytes.toString());
          assert.deepEqual(reading.complaints, []);
          assert.equal(reading.error, undefined);
          assert.equal(reading.text, said(answer, 'text'));
          assert.equal(reading.reasoning, said(answer, 'reasoning'));
          assert.deepEqual(
            reading.calls.map((each) => [each.name, JSON.parse(each.input)]),
            callsOf(answer).map((each) => [each.name, JSON.parse(each.input || '{}')]),
          );
          assert.deepEqual(tokensOf(client, reading.usage), {
            input: answer.usage.inputTokens,
            output: answer.usage.outputTokens,
          });
          if (callsOf(answer).length === 0) assert.equal(reading.stop === LENGTH[client], answer.cut);
          const kinds = answer.segments.flatMap((one) =>
            one.kind === 'calls' ? one.calls.map((each) => `call ${each.name}`) : [`${one.kind}-delta`],
          );
          assert.deepEqual(
            orderOf(client, bytes),
            kinds.filter((kind, at) => kind.startsWith('call ') || kind !== kinds[at - 1]),
          );
        }),
        { seed: 20260101, numRuns: 60 },
      );
    });

  for (const { client, account, name } of PAIRS)
    it(`are never taken for whole when they are cut: ${name}`, () => {
      fc.assert(
        fc.property(answers, fc.double({ min: 0, max: 1, noNaN: true }), (answer, share) => {
          const whole = spoken(account, answer);
          // Somewhere before the first of the events that end the answer.
          const end = whole.lastIndexOf(
            {
              'openai-chat': '"finish_reason":"',
              'openai-responses': 'event: response.',
              anthropic: 'event: message_stop',
              gemini: '"finishReason"',
            }[account],
          );
          const cut = whole.subarray(0, Math.floor(share * end));
          const reading = read(client, carried(client, account, splitSeeded(cut, answer.seed)));
          assert.ok(reading.error, 'it ends with an error');
          assert.deepEqual(
            reading.complaints.filter((one) => !/are no JSON/.test(one)),
            [],
          );
          assert.ok(said(answer, 'text').startsWith(reading.text));
          assert.ok(said(answer, 'reasoning').startsWith(reading.reasoning));
        }),
        { seed: 20260101, numRuns: 40 },
      );
    });
});
