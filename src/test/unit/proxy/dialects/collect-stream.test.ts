import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collectStream } from '../../../../proxy/dialects/collect-stream';
import type {
  AssistantPart,
  CanonicalResponse,
  StopReason,
  StreamPart,
} from '../../../../proxy/dialects/canonical';
import { replayResponse } from '../../../../proxy/dialects/replay-response';

const collect = (parts: StreamPart[]) => {
  const collector = collectStream();
  for (const part of parts) collector.push(part);
  return collector;
};

const text = fc.string();
const metadata = fc.option(fc.record({ gemini: fc.record({ thoughtSignature: text }) }), { nil: undefined });
const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text, metadata }),
  fc.record({ type: fc.constant('reasoning' as const), text, metadata }),
  // The stream has no place for metadata of refusals.
  fc.record({ type: fc.constant('refusal' as const), text }),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: fc.uuid(),
    name: text,
    kind: fc.constant('function' as const),
    input: fc.json(),
    metadata,
  }),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: fc.uuid(),
    name: text,
    kind: fc.constant('custom' as const),
    input: text,
  }),
  fc.constant<AssistantPart>({
    type: 'file',
    mediaType: 'image/png',
    source: { type: 'base64', data: 'QUJD' },
  }),
  fc.constant<AssistantPart>({ type: 'opaque', dialect: 'anthropic', label: 'x', value: { a: 1 } }),
) as fc.Arbitrary<AssistantPart>;
const reason = fc.constantFrom<StopReason>('stop', 'length', 'tool-calls', 'refusal', 'other');
const response = fc
  .record(
    {
      id: text,
      model: text,
      created: fc.nat(),
      choices: fc.array(
        fc.record(
          {
            content: fc.array(part),
            finish: fc.record({ reason, raw: text }, { requiredKeys: ['reason'] }),
            logprobs: fc.constant({ content: [{ token: 'a' }] }),
          },
          { requiredKeys: ['content', 'finish'] },
        ),
        { maxLength: 3 },
      ),
      usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat(), cachedInputTokens: fc.nat() }),
      metadata: fc.constant({ gemini: { a: 'b' } }),
    },
    { requiredKeys: ['choices'] },
  )
  .map((whole) => JSON.parse(JSON.stringify(whole)) as CanonicalResponse);

describe('collecting and replaying streams', () => {
  it('gives back every answer that was replayed', () => {
    fc.assert(
      fc.property(response, (whole) => {
        const collector = collect(replayResponse(whole));
        assert.deepEqual(collector.response(), whole);
        assert.equal(collector.error, undefined);
      }),
    );
  });

  it('replays so that every part is closed before the next begins, with one finish per choice', () => {
    fc.assert(
      fc.property(response, (whole) => {
        let open: string | undefined;
        let finishes = 0;
        for (const event of replayResponse(whole)) {
          if (event.type.endsWith('-start')) {
            assert.equal(open, undefined);
            open = (event as { id: string }).id;
          } else if (event.type.endsWith('-end')) {
            assert.equal((event as { id: string }).id, open);
            open = undefined;
          } else if (event.type === 'finish') finishes++;
        }
        assert.equal(finishes, whole.choices.length);
      }),
    );
  });

  it('puts together calls whose inputs arrive in turns', () => {
    const { choices } = collect([
      { type: 'tool-input-start', id: 'a', name: 'f', kind: 'function' },
      { type: 'tool-input-start', id: 'b', name: 'g', kind: 'function' },
      { type: 'tool-input-delta', id: 'a', text: '{"x"' },
      { type: 'tool-input-delta', id: 'b', text: '{}' },
      { type: 'tool-input-delta', id: 'a', text: ':1}' },
      { type: 'tool-input-end', id: 'b' },
      { type: 'tool-input-end', id: 'a' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ]).response();
    assert.deepEqual(
      choices[0]?.content.map((part) => part.type === 'tool-call' && part.input),
      ['{"x":1}', '{}'],
    );
  });

  it('gives a function without arguments an empty object, and free text its emptiness', () => {
    const { choices } = collect([
      { type: 'tool-input-start', id: 'a', name: 'f', kind: 'function' },
      { type: 'tool-input-end', id: 'a' },
      { type: 'tool-input-start', id: 'b', name: 'g', kind: 'custom' },
      { type: 'tool-input-end', id: 'b' },
    ]).response();
    assert.deepEqual(
      choices[0]?.content.map((part) => part.type === 'tool-call' && part.input),
      ['{}', ''],
    );
  });

  it('joins metadata of start and end, and logprobs of all pieces; the last usage counts', () => {
    const whole = collect([
      { type: 'start', usage: { inputTokens: 1, outputTokens: 0 } },
      { type: 'reasoning-start', id: 'r', metadata: { anthropic: { a: 1 } } },
      { type: 'reasoning-end', id: 'r', metadata: { anthropic: { signature: 's' } } },
      { type: 'logprobs', value: { content: [1], refusal: null } },
      { type: 'logprobs', value: { content: [2], refusal: null } },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 4 } },
      { type: 'finish', finish: { reason: 'stop' } },
    ]).response();
    assert.deepEqual(whole.choices[0]?.content[0], {
      type: 'reasoning',
      text: '',
      metadata: { anthropic: { a: 1, signature: 's' } },
    });
    assert.deepEqual(whole.choices[0]?.logprobs, { content: [1, 2], refusal: null });
    assert.deepEqual(whole.usage, { inputTokens: 1, outputTokens: 4 });
  });

  it('tells the error that ended the stream', () => {
    const error = { status: 502, kind: 'upstream' as const, message: 'cut' };
    assert.deepEqual(collect([{ type: 'error', error }]).error, error);
  });
});
