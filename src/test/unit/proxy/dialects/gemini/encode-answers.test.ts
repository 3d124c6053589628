import assert from 'node:assert/strict';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import { contexts } from './fixtures';

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
        [
          {
            text: '',
            thought: true,
            thoughtSignature: wrapMetadata({ anthropic: { signature: 'FOREIGN' } }),
          },
        ],
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
