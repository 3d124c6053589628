import assert from 'node:assert/strict';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { UpstreamError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { collect, contexts, decodeAll, grammarProblems, payload } from './fixtures';

const types = (parts: { type: string }[]) => parts.map((part) => part.type);

describe("reading Gemini's answers", () => {
  it('opens a text once, adds deltas, ends it with its signature, then usage and finish', () => {
    const parts = decodeAll([
      payload([{ text: 'Hel' }], undefined, {
        responseId: 'r',
        modelVersion: 'v',
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 1 },
      }),
      payload([{ text: 'lo' }], undefined, {
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
      }),
      payload([{ text: '', thoughtSignature: 'sig' }], 'STOP', {
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
      }),
    ]);
    assert.deepEqual(types(parts), [
      'start',
      'text-start',
      'text-delta',
      'usage',
      'text-delta',
      'usage',
      'text-end',
      'finish',
    ]);
    assert.deepEqual(parts[6], {
      type: 'text-end',
      id: 'text-0-0',
      metadata: { gemini: { thoughtSignature: 'sig' } },
    });
    assert.deepEqual(parts[7], { type: 'finish', finish: { reason: 'stop', raw: 'STOP' } });
    assert.deepEqual(collect(parts).usage, { inputTokens: 3, outputTokens: 2 });
  });

  it('changes from thought to text inside one chunk without losing either', () => {
    const parts = decodeAll([payload([{ text: 'hm', thought: true }, { text: 'A' }], 'STOP')]);
    assert.deepEqual(types(parts), [
      'start',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
    assert.deepEqual(grammarProblems(parts), []);
  });

  it('keeps two calls of one chunk apart, makes their ids up and remembers their signature', () => {
    const c = contexts();
    const parts = decodeAll(
      [
        payload(
          [
            { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
            { functionCall: { name: 'f' } },
          ],
          'STOP',
        ),
      ],
      c.answer,
    );
    const { calls, finish } = collect(parts);
    assert.deepEqual(calls, [
      { id: 'call_1', name: 'f', kind: 'function', input: '{"a":1}', signature: 'sig' },
      { id: 'call_2', name: 'f', kind: 'function', input: '{}', signature: undefined },
    ]);
    assert.equal(finish?.reason, 'tool-calls');
    assert.equal(c.signatures.recall('gemini', 'call_1'), 'sig');
    assert.deepEqual(grammarProblems(parts), []);
  });

  it("keeps Gemini's own ids", () => {
    assert.equal(
      collect(decodeAll([payload([{ functionCall: { id: 'g1', name: 'f' } }], 'STOP')])).calls[0]?.id,
      'g1',
    );
  });

  it('gives a signature that came before a call to the call', () => {
    const { calls } = collect(
      decodeAll([
        payload([{ text: '', thoughtSignature: 's' }]),
        payload([{ functionCall: { name: 'f' } }], 'STOP'),
      ]),
    );
    assert.equal(calls[0]?.signature, 's');
  });

  it('puts streamed arguments together', () => {
    const partial = (entries: JsonObject[], willContinue = true) =>
      payload([{ functionCall: { partialArgs: entries, willContinue } }]);
    const { calls } = collect(
      decodeAll([
        payload([{ functionCall: { name: 'f', willContinue: true } }]),
        partial([{ jsonPath: '$.a', stringValue: 'x', willContinue: true }]),
        partial([
          { jsonPath: '$.a', stringValue: 'y' },
          { jsonPath: '$.b.c[0]', numberValue: 1 },
        ]),
        partial(
          [
            { jsonPath: "$['odd key'][0].z", boolValue: true },
            { jsonPath: '$.n', nullValue: 'NULL_VALUE' },
          ],
          false,
        ),
        payload([{ text: '' }], 'STOP'),
      ]),
    );
    assert.deepEqual(JSON.parse(calls[0]!.input), {
      a: 'xy',
      b: { c: [1] },
      'odd key': [{ z: true }],
      n: null,
    });
  });

  it('reads several candidates', () => {
    const parts = decodeAll([
      {
        candidates: [
          { index: 0, content: { parts: [{ text: 'a' }] } },
          { index: 1, content: { parts: [{ text: 'b' }] } },
        ],
      },
      {
        candidates: [
          { index: 1, finishReason: 'STOP' },
          { index: 0, finishReason: 'MAX_TOKENS' },
        ],
      },
    ]);
    assert.deepEqual(
      parts.filter((part) => part.type === 'finish').map((part) => [part.choice ?? 0, part.finish.reason]),
      [
        [0, 'length'],
        [1, 'stop'],
      ],
    );
    assert.deepEqual(grammarProblems(parts), []);
  });

  it('reads files and pieces only Gemini knows', () => {
    const parts = decodeAll([
      payload(
        [{ inlineData: { mimeType: 'image/png', data: 'AA' } }, { executableCode: { code: '1' } }],
        'STOP',
      ),
    ]);
    assert.deepEqual(types(parts), ['start', 'file', 'opaque', 'finish']);
  });

  it('ends a blocked prompt as filtered', () => {
    const blocked = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
    };
    assert.deepEqual(collect(decodeAll([blocked])).finish, {
      reason: 'content-filter',
      raw: 'PROHIBITED_CONTENT',
    });
    assert.equal(
      gemini.decodeResponse(blocked, contexts().answer).choices[0]?.finish.reason,
      'content-filter',
    );
    assert.equal(gemini.isTerminal({ data: JSON.stringify(blocked) }), true);
  });

  const broken: [string, string[]][] = [
    ['nothing at all', []],
    ['no finish reason', [JSON.stringify(payload([{ text: 'a' }]))]],
    [
      'a call that does not end',
      [JSON.stringify(payload([{ functionCall: { name: 'f', willContinue: true } }]))],
    ],
    ['a stop without content', [JSON.stringify(payload([{ text: '' }], 'STOP'))]],
    ['thoughts alone', [JSON.stringify(payload([{ text: 'hm', thought: true }], 'STOP'))]],
    ['bytes that are no JSON', ['{"candidates":[']],
  ];
  for (const [name, events] of broken)
    it(`gives one error for ${name}`, () => {
      const decoder = gemini.createStreamDecoder(contexts().answer);
      const parts = [...events.flatMap((data) => decoder.push({ data })), ...decoder.end()];
      assert.deepEqual(
        types(parts).filter((type) => type === 'error' || type === 'finish'),
        ['error'],
      );
      assert.equal(parts.at(-1)?.type, 'error');
      assert.deepEqual(decoder.end(), []);
    });

  it('reads an error inside a stream with its status and time', () => {
    const data = JSON.stringify({
      error: {
        code: 429,
        message: 'slow',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
      },
    });
    const expected = {
      status: 429,
      kind: 'rate_limit',
      message: 'slow',
      code: 'RESOURCE_EXHAUSTED',
      retryAfterSeconds: 2,
    };
    assert.deepEqual(gemini.createStreamDecoder(contexts().answer).push({ data }), [
      { type: 'error', error: expected },
    ]);
    assert.deepEqual(gemini.readStreamError({ data }), expected);
    assert.equal(gemini.readStreamError({ data: '{}' }), undefined);
    assert.throws(
      () => gemini.decodeResponse(JSON.parse(data) as JsonObject, contexts().answer),
      UpstreamError,
    );
  });

  it('takes an answer without content as an error', () => {
    for (const body of [{}, { candidates: [] }, payload([], 'STOP')])
      assert.throws(() => gemini.decodeResponse(body, contexts().answer), UpstreamError);
    assert.equal(
      gemini.decodeResponse(payload([], 'MAX_TOKENS'), contexts().answer).choices[0]?.finish.reason,
      'length',
    );
  });

  it('knows the last event', () => {
    assert.equal(gemini.isTerminal({ data: JSON.stringify(payload([], 'STOP')) }), true);
    assert.equal(gemini.isTerminal({ data: JSON.stringify(payload([{ text: 'a' }])) }), false);
    assert.equal(gemini.isTerminal({ data: 'x' }), false);
  });

  it('reads log probabilities in the form of the vocabulary', () => {
    const body = payload([{ text: 'a' }], 'STOP');
    Object.assign((body['candidates'] as JsonObject[])[0]!, {
      logprobsResult: {
        chosenCandidates: [{ token: 'a', logProbability: -1 }],
        topCandidates: [{ candidates: [{ token: 'a', logProbability: -1 }] }],
      },
    });
    const a = { token: 'a', logprob: -1, bytes: null };
    assert.deepEqual(gemini.decodeResponse(body, contexts().answer).choices[0]?.logprobs, {
      content: [{ ...a, top_logprobs: [a] }],
      refusal: null,
    });
  });
});
