import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { bedrockAdapter } from '../../../../../proxy/dialects/bedrock/index';
import { recallReasoning } from '../../../../../proxy/dialects/bedrock/reasoning';
import type { StreamPart } from '../../../../../proxy/dialects/canonical';
import { textKey } from '../../../../../proxy/dialects/signatures/text-key';
import { UpstreamError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { collectParts } from '../../../../support/collect-parts';
import { speakBedrock } from '../../../../support/speak/speak-bedrock';
import { answering } from './contexts';

type Event = [name: string, payload: JsonObject];

function decode(events: Event[], context = answering()): StreamPart[] {
  const decoder = bedrockAdapter.createStreamDecoder(context);
  const parts = events.flatMap(([event, payload]) => decoder.push({ event, data: JSON.stringify(payload) }));
  return [...parts, ...decoder.end()];
}
const start: Event = ['messageStart', { role: 'assistant' }];
const delta = (contentBlockIndex: number, fields: JsonObject): Event => [
  'contentBlockDelta',
  { contentBlockIndex, delta: fields },
];
const open = (contentBlockIndex: number, toolUse: JsonObject): Event => [
  'contentBlockStart',
  { contentBlockIndex, start: { toolUse } },
];
const close = (contentBlockIndex: number): Event => ['contentBlockStop', { contentBlockIndex }];
const stop = (stopReason: string, more: JsonObject = {}): Event => ['messageStop', { stopReason, ...more }];
const metadata: Event = ['metadata', { usage: { inputTokens: 3, outputTokens: 4 } }];
const answer = (content: JsonObject[], more: JsonObject = {}) => ({
  output: { message: { role: 'assistant', content } },
  stopReason: 'end_turn',
  ...more,
});
const choiceOf = (body: JsonObject, context = answering()) =>
  bedrockAdapter.decodeResponse(body, context).choices[0]!;
const thought = (text: string, signature: string) => ({
  reasoningContent: { reasoningText: { text, signature } },
});

describe('bedrock: an upstream’s stream', () => {
  it('reads reasoning, text and calls', () => {
    const context = answering({ restoreToolName: (name) => (name === 'f_1' ? 'f.1' : name) });
    const parts = decode(
      [
        start,
        delta(0, { reasoningContent: { text: 'hm' } }),
        delta(0, { reasoningContent: { signature: 'S' } }),
        close(0),
        delta(1, { text: 'a' }),
        delta(1, { text: 'b' }),
        close(1),
        delta(2, { reasoningContent: { redactedContent: 'UkVE' } }),
        close(2),
        open(3, { toolUseId: 't', name: 'f_1' }),
        delta(3, { toolUse: { input: '{"a":' } }),
        delta(3, { toolUse: { input: '1}' } }),
        close(3),
        stop('tool_use'),
        metadata,
      ],
      context,
    );
    assert.deepEqual(parts, [
      { type: 'start' },
      { type: 'reasoning-start', id: 'block-0' },
      { type: 'reasoning-delta', id: 'block-0', text: 'hm' },
      { type: 'reasoning-end', id: 'block-0', metadata: { bedrock: { signature: 'S' } } },
      { type: 'text-start', id: 'block-1' },
      { type: 'text-delta', id: 'block-1', text: 'a' },
      { type: 'text-delta', id: 'block-1', text: 'b' },
      { type: 'text-end', id: 'block-1' },
      { type: 'reasoning-start', id: 'block-2' },
      { type: 'reasoning-end', id: 'block-2', metadata: { bedrock: { redacted: 'UkVE' } } },
      { type: 'tool-input-start', id: 't', name: 'f.1', kind: 'function' },
      { type: 'tool-input-delta', id: 't', text: '{"a":' },
      { type: 'tool-input-delta', id: 't', text: '1}' },
      { type: 'tool-input-end', id: 't' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
      { type: 'finish', finish: { reason: 'tool-calls', raw: 'tool_use' } },
    ]);
    assert.deepEqual(recallReasoning(context.signatures, 't'), [
      thought('hm', 'S'),
      { reasoningContent: { redactedContent: 'UkVE' } },
    ]);
  });

  it('keeps reasoning of an answer without calls by its text, also of text that was not pushed', () => {
    const context = answering();
    const decoder = bedrockAdapter.createStreamDecoder(context);
    const push = ([event, payload]: Event) => decoder.push({ event, data: JSON.stringify(payload) });
    [start, delta(0, { reasoningContent: { text: 'h' } })].forEach(push);
    decoder.skipped?.('reasoning-delta', 'block-0', 'm');
    [delta(0, { reasoningContent: { signature: 'S' } }), close(0), delta(1, { text: 'Do' })].forEach(push);
    decoder.skipped?.('text-delta', 'block-1', 'ne.');
    [close(1), stop('end_turn'), metadata].forEach(push);
    assert.deepEqual(recallReasoning(context.signatures, textKey('Done.')), [thought('hm', 'S')]);
  });

  it('puts redacted reasoning in pieces together', () => {
    const parts = decode([
      start,
      delta(0, { reasoningContent: { redactedContent: btoa('one') } }),
      delta(0, { reasoningContent: { redactedContent: btoa('s, two') } }),
      close(0),
      stop('end_turn'),
    ]);
    const end = parts.find(({ type }) => type === 'reasoning-end');
    assert.deepEqual(end && 'metadata' in end && end.metadata, { bedrock: { redacted: btoa('ones, two') } });
  });

  it('is whole with or without usage, whichever came first', () => {
    const finish = { type: 'finish', finish: { reason: 'stop', raw: 'end_turn' } };
    const last = (...events: Event[]) => decode([start, delta(0, { text: 'a' }), close(0), ...events]).at(-1);
    assert.deepEqual(last(stop('end_turn')), finish);
    assert.deepEqual(last(metadata, stop('end_turn')), finish);
    assert.deepEqual(last(stop('end_turn'), metadata, ['messageStart', {}]), finish);
  });

  it('bears with upstreams that leave out starts and ends', () => {
    const parts = decode([
      ['contentBlockStart', { contentBlockIndex: 0, start: {} }],
      delta(0, { text: '' }),
      delta(0, { text: 'a' }),
      open(1, { toolUseId: 'x', name: 'f' }),
      delta(1, { toolUse: { input: '' } }),
      stop('end_turn'),
    ]);
    const read = collectParts(parts);
    assert.deepEqual(read.complaints, []);
    assert.equal(read.text, 'a');
    assert.deepEqual(read.calls, [{ id: 'x', name: 'f', input: '{}' }]);
    assert.equal(read.stop, 'tool-calls');
  });

  it('gives free-text tools their text, in one piece', () => {
    const context = answering({ customToolNames: new Set(['patch']) });
    const parts = decode(
      [
        start,
        open(0, { toolUseId: 'p', name: 'patch' }),
        delta(0, { toolUse: { input: '{"input":"*** ' } }),
        delta(0, { toolUse: { input: 'Begin"}' } }),
        close(0),
        stop('tool_use'),
      ],
      context,
    );
    assert.deepEqual(parts.slice(1, 4), [
      { type: 'tool-input-start', id: 'p', name: 'patch', kind: 'custom' },
      { type: 'tool-input-delta', id: 'p', text: '*** Begin' },
      { type: 'tool-input-end', id: 'p' },
    ]);
  });

  it('is an error when it is cut, no JSON, or makes no sense', () => {
    const message = (...events: Event[]) => collectParts(decode(events)).error;
    assert.match(message() ?? '', /no answer/);
    assert.match(message(start, delta(0, { text: 'a' })) ?? '', /before it was complete/);
    assert.match(message(start, delta(0, { toolUse: { input: '{' } })) ?? '', /did not begin/);
    const decoder = bedrockAdapter.createStreamDecoder(answering());
    for (const data of ['oops', '[]', '1']) {
      const [part] = bedrockAdapter.createStreamDecoder(answering()).push({ event: 'metadata', data });
      assert.equal(part?.type, 'error');
    }
    decoder.push({ event: 'validationException', data: 'oops' });
    assert.deepEqual(decoder.end(), []);
  });

  it('keeps the order of parts whatever an upstream sends', () => {
    const index = fc.nat(2);
    const text = fc.constantFrom('', 'a', '{"a":', '1}');
    const event: fc.Arbitrary<Event> = fc.oneof(
      fc.constant(start),
      fc.tuple(index, text).map(([at, one]) => delta(at, { text: one })),
      fc.tuple(index, text).map(([at, one]) => delta(at, { reasoningContent: { text: one } })),
      fc.tuple(index, text).map(([at, one]) => delta(at, { reasoningContent: { signature: one } })),
      fc.tuple(index, text).map(([at, one]) => delta(at, { toolUse: { input: one } })),
      fc
        .tuple(index, fc.constantFrom('t', 'u', ''))
        .map(([at, id]) => open(at, { toolUseId: id, name: 'f' })),
      index.map(close),
      fc.constantFrom<Event>(stop('end_turn'), metadata, ['validationException', {}], ['news', {}]),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        assert.deepEqual(collectParts(decode(events)).complaints, []);
      }),
      { numRuns: 500 },
    );
  });

  it('tells calls apart that have one id', () => {
    const call = (id: string) => ({ toolUse: { toolUseId: id, name: 'f', input: {} } });
    const read = collectParts(
      decode([
        start,
        open(0, { toolUseId: 't', name: 'f' }),
        close(0),
        open(1, { toolUseId: 't', name: 'f' }),
        stop('tool_use'),
      ]),
    );
    assert.deepEqual(
      read.calls.map(({ id }) => id),
      ['t', 'tooluse_1'],
    );
    assert.deepEqual(
      choiceOf(answer([call('t'), call('t')])).content.map((part) => part.type === 'tool-call' && part.id),
      ['t', 'tooluse_1'],
    );
  });

  it('lets events and deltas of later versions pass, the latter with a warning', () => {
    const context = answering();
    const parts = decode([start, ['constructor', {}], delta(0, { song: 'la' }), stop('end_turn')], context);
    assert.deepEqual(collectParts(parts).complaints, []);
    assert.equal(context.warnings[0]?.field, 'song');
  });
});

describe('bedrock: a whole answer', () => {
  it('says what its stream says', () => {
    for (const script of [
      { text: 'Hi ☂' },
      { reasoning: 'hm', signature: 'S', text: 'Hi', toolCalls: [{ name: 'f', arguments: { a: [1] } }] },
      { redacted: 'UkVE', text: 'x', stop: 'length' as const },
      {
        text: 'x',
        stop: 'stop-sequence' as const,
        stopSequence: 'END',
        usage: { input: 9, output: 2, cached: 4, cacheWrite: 1 },
      },
    ]) {
      const { body, events } = speakBedrock(script);
      const [whole, streamed] = [answering(), answering()];
      const response = bedrockAdapter.decodeResponse(body, whole);
      const read = collectParts(decode(events, streamed));
      const { content, finish } = response.choices[0]!;
      assert.deepEqual(read.complaints, []);
      assert.equal(read.text, content.map((part) => (part.type === 'text' ? part.text : '')).join(''));
      assert.equal(
        read.reasoning,
        content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
      );
      assert.deepEqual(
        read.calls,
        content.flatMap((part) =>
          part.type === 'tool-call' ? [{ id: part.id, name: part.name, input: part.input }] : [],
        ),
      );
      assert.deepEqual(read.usage, response.usage);
      assert.deepEqual(decode(events).at(-1), { type: 'finish', finish });
    }
  });

  it('knows every reason to stop', () => {
    const reason = (stopReason: string) => choiceOf(answer([{ text: 'a' }], { stopReason })).finish.reason;
    assert.deepEqual(
      ['end_turn', 'max_tokens', 'stop_sequence', 'guardrail_intervened', 'content_filtered'].map(reason),
      ['stop', 'length', 'stop-sequence', 'content-filter', 'content-filter'],
    );
    assert.deepEqual(
      ['model_context_window_exceeded', 'malformed_tool_use', 'malformed_model_output', 'constructor'].map(
        reason,
      ),
      ['context-length', 'malformed-tool-call', 'malformed-tool-call', 'other'],
    );
  });

  it('may hold images, cited text and what nobody knows', () => {
    const context = answering();
    const { content } = choiceOf(
      answer([
        { image: { format: 'png', source: { bytes: 'AAAA' } } },
        { citationsContent: { content: [{ text: 'a' }, { text: 'b' }], citations: [] } },
        { song: {} },
      ]),
      context,
    );
    assert.deepEqual(content, [
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AAAA' } },
      { type: 'text', text: 'ab' },
    ]);
    assert.match(context.warnings[0]?.message ?? '', /song/);
  });

  it('that is none is an error', () => {
    assert.throws(() => bedrockAdapter.decodeResponse({ message: 'x' }, answering()), UpstreamError);
  });
});

describe('bedrock: errors', () => {
  const decodeError = (status: number, body: unknown, type?: string) =>
    bedrockAdapter.decodeError(
      status,
      body,
      type === undefined ? [] : ['Date', 'x', 'X-Amzn-ErrorType', type],
    );

  it('have their kind in a header, in the body, or in their status alone', () => {
    assert.deepEqual(decodeError(400, { message: 'm' }, 'ValidationException:http://x/'), {
      status: 400,
      kind: 'invalid_request',
      message: 'm',
      code: 'ValidationException',
    });
    assert.deepEqual(
      decodeError(429, { __type: 'com.amazon.coral#ThrottlingException', message: 'm' }).kind,
      'rate_limit',
    );
    assert.deepEqual(decodeError(403, { Message: 'm' }), { status: 403, kind: 'permission', message: 'm' });
    assert.equal(decodeError(403, { message: 'm' }, 'ExpiredTokenException').kind, 'authentication');
    assert.equal(decodeError(503, '<html>').kind, 'unavailable');
    assert.equal(decodeError(500, {}).message, 'Amazon Bedrock answered with status 500.');
    assert.equal(decodeError(418, {}, 'constructor').kind, 'invalid_request');
  });

  it('tell a quota that is used up as what it is', () => {
    const { status, kind } = decodeError(400, { message: 'm' }, 'ServiceQuotaExceededException');
    assert.deepEqual([status, kind], [429, 'rate_limit']);
  });

  it('do not repeat a signed request', () => {
    assert.equal(decodeError(403, { message: 'no match\n\nx-amz-security-token: t' }).message, 'no match');
  });

  it('in a stream have the status that they would have had', () => {
    const read = (event: string, body: JsonObject) => {
      const error = bedrockAdapter.readStreamError({ event, data: JSON.stringify(body) });
      return error && [error.status, error.kind, error.message];
    };
    const said = { message: 'm' };
    assert.deepEqual(read('throttlingException', said), [429, 'rate_limit', 'm']);
    assert.deepEqual(read('validationException', said), [400, 'invalid_request', 'm']);
    assert.deepEqual(read('serviceUnavailableException', said), [503, 'unavailable', 'm']);
    assert.deepEqual(read('internalServerException', said), [500, 'upstream', 'm']);
    assert.deepEqual(read('brokenStream', said), [502, 'upstream', 'm']);
    assert.deepEqual(
      read('modelStreamErrorException', { message: 'm', originalStatusCode: 424, originalMessage: 'why' }),
      [424, 'upstream', 'why'],
    );
    assert.equal(read('contentBlockDelta', said), undefined);
    assert.equal(bedrockAdapter.readStreamError({ event: 'xException', data: 'oops' })?.message, 'oops');
  });
});
