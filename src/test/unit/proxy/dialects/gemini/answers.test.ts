import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { UpstreamError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { asked, collect, contexts, decodeAll, grammarProblems, payload } from './fixtures';

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

describe('answering a Gemini client', () => {
  const framings = ['sse', 'json-array'] as const;
  const run = (framing: 'sse' | 'json-array', visible: boolean) => {
    const c = contexts();
    const encoder = gemini.createStreamEncoder(c.reply({ reasoning: { visible } }, framing));
    const text = [
      encoder.push({ type: 'start', id: 'r1', model: 'other' }),
      encoder.push({ type: 'reasoning-start', id: '1' }),
      encoder.push({ type: 'reasoning-delta', id: '1', text: 'hm' }),
      encoder.push({ type: 'reasoning-end', id: '1', metadata: { anthropic: { signature: 'FOREIGN' } } }),
      encoder.push({ type: 'text-start', id: '2' }),
      encoder.push({ type: 'text-delta', id: '2', text: 'data: [DONE]\n' }),
      encoder.push({ type: 'text-end', id: '2' }),
      encoder.push({
        type: 'tool-input-start',
        id: 'a',
        name: 'f',
        kind: 'function',
        metadata: { gemini: { thoughtSignature: 's' } },
      }),
      encoder.push({ type: 'tool-input-start', id: 'b', name: 'g', kind: 'function' }),
      encoder.push({ type: 'tool-input-delta', id: 'a', text: '{"x"' }),
      encoder.push({ type: 'tool-input-delta', id: 'b', text: '{"y":' }),
      encoder.push({ type: 'tool-input-delta', id: 'a', text: ':1}' }),
      encoder.push({ type: 'tool-input-end', id: 'a' }),
      encoder.push({ type: 'tool-input-end', id: 'b' }),
      encoder.push({ type: 'finish', finish: { reason: 'tool-calls', raw: 'tool_use' } }),
      encoder.push({ type: 'usage', usage: { inputTokens: 3, outputTokens: 5, reasoningTokens: 2 } }),
      encoder.end(),
    ].join('');
    const chunks = (
      framing === 'sse'
        ? text
            .split('\r\n\r\n')
            .filter(Boolean)
            .map((event) => JSON.parse(event.replace(/^data: /, '')) as JsonObject)
        : JSON.parse(text)
    ) as JsonObject[];
    return { chunks, text, warnings: c.warnings };
  };

  for (const framing of framings)
    it(`streams as ${framing}: whole calls, thoughts when asked for, finish and usage last`, () => {
      const { chunks, text, warnings } = run(framing, true);
      const parts = chunks.map(
        (chunk) => (chunk['candidates'] as { content: { parts: JsonObject[] } }[])[0]!.content.parts,
      );
      assert.deepEqual(parts, [
        [{ text: 'hm', thought: true }],
        [{ text: 'data: [DONE]\n' }],
        [{ functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 's' }],
        [{ functionCall: { id: 'b', name: 'g', args: { input: '{"y":' } } }],
        [{ text: '' }],
      ]);
      const last = chunks.at(-1)!;
      assert.equal((last['candidates'] as JsonObject[])[0]!['finishReason'], 'STOP');
      assert.deepEqual(last['usageMetadata'], {
        promptTokenCount: 3,
        candidatesTokenCount: 3,
        totalTokenCount: 8,
        thoughtsTokenCount: 2,
      });
      for (const chunk of chunks)
        assert.deepEqual([chunk['modelVersion'], chunk['responseId']], ['asked-model', 'r1']);
      assert.doesNotMatch(text, /FOREIGN/);
      assert.deepEqual(
        warnings.map((warning) => warning.type),
        ['changed'],
      );
      assert.doesNotMatch(JSON.stringify(run(framing, false).chunks), /thought"/);
    });

  for (const framing of framings)
    it(`says an error in the middle as ${framing}, and nothing after it`, () => {
      const encoder = gemini.createStreamEncoder(contexts().reply({}, framing));
      const text = [
        encoder.push({ type: 'text-delta', id: '1', text: 'a' }),
        encoder.push({ type: 'error', error: { status: 503, kind: 'overloaded', message: 'busy' } }),
        encoder.push({ type: 'text-delta', id: '1', text: 'b' }),
        encoder.end(),
      ].join('');
      const chunks = (
        framing === 'sse'
          ? text
              .split('\r\n\r\n')
              .filter(Boolean)
              .map((event) => JSON.parse(event.slice(6)) as JsonObject)
          : JSON.parse(text)
      ) as JsonObject[];
      assert.equal(chunks.length, 2);
      assert.deepEqual(chunks[1], { error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } });
    });

  it('never ends well without a finish', () => {
    const encoder = gemini.createStreamEncoder(contexts().reply());
    encoder.push({ type: 'text-delta', id: '1', text: 'a' });
    assert.match(encoder.end(), /"error"/);
  });

  it('writes a whole answer', () => {
    const c = contexts();
    const body = gemini.encodeResponse(
      {
        choices: [
          {
            content: [
              { type: 'reasoning', text: 'hidden' },
              { type: 'text', text: 'Hi', metadata: { gemini: { thoughtSignature: 't' } } },
              { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AA' } },
              { type: 'tool-call', id: 'a', name: 'f', kind: 'custom', input: 'free' },
              { type: 'opaque', dialect: 'anthropic', label: 'web_search_tool_result', value: {} },
            ],
            finish: { reason: 'length' },
          },
        ],
        usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 1 },
      },
      c.reply(),
    );
    assert.deepEqual(body, {
      candidates: [
        {
          content: {
            role: 'model',
            parts: [
              { text: 'Hi', thoughtSignature: 't' },
              { inlineData: { mimeType: 'image/png', data: 'AA' } },
              { functionCall: { id: 'a', name: 'f', args: { input: 'free' } } },
            ],
          },
          finishReason: 'MAX_TOKENS',
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 1,
        candidatesTokenCount: 2,
        totalTokenCount: 3,
        cachedContentTokenCount: 1,
      },
      modelVersion: 'asked-model',
      responseId: '1',
    });
    assert.equal(c.warnings[0]?.type, 'dropped');
  });

  it('lists models', () => {
    const model = {
      name: 'models/x',
      version: '001',
      displayName: 'X',
      inputTokenLimit: 5,
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    };
    assert.deepEqual(gemini.encodeModelList([{ id: 'x', displayName: 'X', inputTokenLimit: 5 }]), {
      models: [model],
    });
  });

  it('beats in a form that stays parseable', () => {
    const beat = gemini.createStreamEncoder(contexts().reply()).heartbeat();
    assert.equal(beat, gemini.heartbeat);
    assert.match(beat, /^data: .*\r\n\r\n$/);
    const data = beat.trim().slice('data: '.length);
    const [candidate] = (JSON.parse(data) as { candidates: { content: { parts: JsonObject[] } }[] })
      .candidates;
    assert.deepEqual(
      candidate?.content.parts,
      [{ text: '' }],
      'chats of the SDK forget turns with an invalid chunk',
    );
    assert.equal(gemini.isTerminal({ data }), false);
    assert.deepEqual(gemini.createStreamDecoder(contexts().answer).push({ data }), []);
    assert.equal(gemini.createStreamEncoder(contexts().reply({}, 'json-array')).heartbeat().trim(), '');
  });
});

describe('recordings of Gemini', () => {
  const folder = join(process.env['PORTSIDE_RECORDINGS'] ?? '/work/shared/recordings', 'gemini');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) it(`are not on this machine (PORTSIDE_RECORDINGS): nothing to read`);

  for (const file of files.filter((name) => name.endsWith('.chunks.txt')))
    it(`reads ${file}, and gives a Gemini client the same`, () => {
      const payloads = readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as JsonObject);
      const raw = payloads.flatMap(
        (one) => (one['candidates'] as { content: { parts: JsonObject[] } }[])[0]!.content.parts,
      );
      const c = contexts();
      const parts = decodeAll(payloads, c.answer);
      assert.deepEqual(grammarProblems(parts), []);
      assert.deepEqual(c.warnings, []);
      const sum = collect(parts);
      const textOf = (thought: boolean) =>
        raw
          .filter((part) => (part['thought'] === true) === thought)
          .map((part) => part['text'] ?? '')
          .join('');
      assert.equal(sum.text, textOf(false));
      assert.equal(sum.reasoning, textOf(true));
      const named = raw.filter(
        (part) => (part['functionCall'] as JsonObject | undefined)?.['name'] !== undefined,
      );
      assert.equal(sum.calls.length, named.length);
      assert.deepEqual(
        sum.calls.map((call) => call.signature),
        named.map((part) => part['thoughtSignature']),
      );
      assert.equal(sum.finish?.reason, named.length > 0 ? 'tool-calls' : 'stop');
      const meta = payloads.at(-1)!['usageMetadata'] as Record<string, number>;
      assert.equal(sum.usage?.inputTokens, meta['promptTokenCount']);
      assert.equal(
        sum.usage?.outputTokens,
        meta['candidatesTokenCount']! + (meta['thoughtsTokenCount'] ?? 0),
      );

      const encoder = gemini.createStreamEncoder(c.reply({ reasoning: { visible: true } }));
      const again = [...parts.map((part) => encoder.push(part)), encoder.end()]
        .join('')
        .split('\r\n\r\n')
        .filter(Boolean);
      const reread = decodeAll(again.map((event) => JSON.parse(event.slice(6)) as JsonObject));
      assert.deepEqual({ ...collect(reread) }, sum);
      const signatures = (all: typeof parts) =>
        JSON.stringify(all).match(/"thoughtSignature":"[^"]+"/g)?.length;
      assert.equal(signatures(reread), signatures(parts));
    });

  for (const file of files.filter((name) => name.endsWith('.json') && !name.includes('429')))
    it(`reads ${file}, and gives a Gemini client the same`, () => {
      const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
      const c = contexts();
      const answer = gemini.decodeResponse(body, c.answer);
      const wire = gemini.encodeResponse(answer, c.reply({ reasoning: { visible: true } }));
      const parts = (one: JsonObject) =>
        (one['candidates'] as { content: { parts: JsonObject[] }; finishReason: string }[])[0]!;
      const withoutIds = JSON.parse(
        JSON.stringify(parts(wire), (key, value: unknown) => (key === 'id' ? undefined : value)),
      ) as JsonObject;
      assert.deepEqual(withoutIds, JSON.parse(JSON.stringify(parts(body))));
      const { promptTokensDetails: _details, ...usage } = body['usageMetadata'] as JsonObject;
      const written = wire['usageMetadata'] as JsonObject;
      for (const key of ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'])
        assert.equal(written[key], usage[key]);
      // The call comes back signed, though its client kept only the id.
      for (const part of answer.choices[0]!.content)
        if (part.type === 'tool-call') {
          const { metadata, ...bare } = part;
          const { body: next } = gemini.encodeRequest(
            asked({
              messages: [
                ...asked().messages,
                { role: 'assistant', content: [bare] },
                {
                  role: 'tool',
                  content: [{ type: 'tool-result', callId: part.id, content: [{ type: 'text', text: 'x' }] }],
                },
              ],
            }),
            c.encode,
          );
          assert.ok(JSON.stringify(next).includes(String(metadata?.gemini?.['thoughtSignature'])));
        }
    });

  for (const file of files.filter((name) => name.includes('429')))
    it(`reads ${file}`, () => {
      const error = gemini.decodeError(429, JSON.parse(readFileSync(join(folder, file), 'utf8')));
      assert.deepEqual([error.kind, error.retryAfterSeconds], ['rate_limit', 34.4]);
    });
});
