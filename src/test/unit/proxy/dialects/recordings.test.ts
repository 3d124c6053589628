/** What real providers really sent, through every decoder and out of every encoder (SPEC 4.2, 4.10). */
import assert from 'node:assert/strict';
import type { AnswerContext, DialectAdapter, ReplyContext } from '../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Dialect, StreamPart } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import { createSseParser } from '../../../../proxy/stream/sse';
import { checkAnthropicStream } from '../../../support/check/check-anthropic-stream';
import { checkGeminiStream } from '../../../support/check/check-gemini-stream';
import { checkOpenaiChatStream } from '../../../support/check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../../support/check/check-openai-responses-stream';
import { collectParts } from '../../../support/collect-parts';
import { parsedInput, readBody, readUsageTotals } from '../../../support/read-body';
import { isObject } from '../../../../shared/json';
import { readEvents } from '../../../support/read-events';
import { readRecordings, whyNoRecordings } from '../../../support/recordings';
import type { WireEvent } from '../../../support/upstream/scripted-answer';
import { skipBecause } from '../../../support/skip-because';
import { splitEveryByte, splitSeeded } from '../../../support/split-bytes';
import type { StreamReading } from '../../../support/stream-reading';
import { frameEvents } from '../../../support/upstream/write-answer';

const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const;

const CHECKS: Record<Dialect, (events: WireEvent[]) => StreamReading> = {
  'openai-chat': (events) => checkOpenaiChatStream(events, { usage: true }),
  'openai-responses': checkOpenaiResponsesStream,
  anthropic: checkAnthropicStream,
  gemini: checkGeminiStream,
};
const REQUEST: CanonicalRequest = {
  model: 'asked-model',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  // So that what providers' own tools did is told, too.
  tools: (['web-search', 'code-execution'] as const).map((kind) => ({
    type: 'built-in',
    kind,
    dialect: 'gemini',
    value: {},
  })),
  streamUsage: true,
  reasoning: { mode: 'on', visible: true },
};

function answerContext(): AnswerContext {
  let next = 0;
  return {
    warn: () => undefined,
    signatures: createSignatureStore(),
    newId: (prefix) => `${prefix}made-up-${++next}`,
  };
}

function replyContext(): ReplyContext {
  let next = 0;
  return {
    model: 'asked-model',
    now: 1770000000,
    newId: (prefix) => `${prefix}${++next}`,
    warn: () => undefined,
    request: REQUEST,
  };
}

/** Bytes in pieces → events → parts, as the server does it. */
function decodeBytes(adapter: DialectAdapter, parts: Buffer[]): StreamPart[] {
  const parser = createSseParser();
  const decoder = adapter.createStreamDecoder(answerContext());
  const decoded: StreamPart[] = [];
  for (const part of parts) for (const event of parser.push(part)) decoded.push(...decoder.push(event));
  for (const event of parser.end()) decoded.push(...decoder.push(event));
  return [...decoded, ...decoder.end()];
}

function encodeParts(target: Dialect, parts: StreamPart[]): string {
  const encoder = adapterOf(target).createStreamEncoder(replyContext());
  return parts.map((part) => encoder.push(part)).join('') + encoder.end();
}

/** The recorded stream as it should be read. */
const readRecording = (dialect: Dialect, events: WireEvent[]) =>
  dialect === 'openai-responses'
    ? checkOpenaiResponsesStream(events, { recorded: true })
    : CHECKS[dialect](events);

/** Free text travels as the one member of an object where there are only functions; `type: exec` says nothing. */
function meant(input: unknown): unknown {
  const said = parsedInput(input);
  if (!isObject(said)) return said;
  const { input: free, ...others } = said;
  if (typeof free === 'string' && Object.keys(others).length === 0) return free;
  return said;
}
const parsed = (calls: { name: string; input: unknown }[]) =>
  calls.map(({ name, input }) => [name, meant(input)]);

describe('recordings of real providers', () => {
  const missing = whyNoRecordings();
  if (missing) {
    it('survive every decoder and encoder', function () {
      skipBecause(this, missing);
    });
    return;
  }

  for (const dialect of DIALECTS) {
    const { streams, bodies } = readRecordings(dialect);
    const adapter = adapterOf(dialect);
    const framing = { dialect, endpoint: 'generate', framing: 'sse' } as const;

    for (const { name, events } of streams) {
      describe(`stream ${dialect}/${name}`, () => {
        const expected = readRecording(dialect, events);
        const parts = () => decodeBytes(adapter, [frameEvents(events, framing)]);

        if (expected.error !== undefined) {
          it('gives its error, and so does every encoder', () => {
            const collected = collectParts(parts());
            assert.deepEqual(collected.complaints, []);
            assert.equal(collected.error, expected.error);
            for (const target of DIALECTS) {
              const reading = CHECKS[target](readEvents(encodeParts(target, parts())));
              assert.equal(reading.error, expected.error, target);
            }
          });
          return;
        }

        it('gives its text, reasoning, calls, end and usage', () => {
          // The other protocols' compatible servers stray, and their recordings are here because of that.
          if (dialect === 'openai-responses') assert.deepEqual(expected.complaints, []);
          const collected = collectParts(parts());
          assert.deepEqual(collected.complaints, []);
          assert.equal(collected.error, undefined);
          assert.equal(collected.text, expected.text);
          assert.equal(collected.reasoning, expected.reasoning);
          assert.deepEqual(parsed(collected.calls), parsed(expected.calls));
          assert.ok(collected.stop);
          if (expected.calls.length > 0) assert.equal(collected.stop, 'tool-calls');
          if (expected.usage) {
            const { input, output } = readUsageTotals(dialect, expected.usage);
            assert.equal(collected.usage?.inputTokens, input);
            assert.ok((collected.usage?.outputTokens ?? 0) >= output, 'output tokens got lost');
          }
        });

        it('gives the same parts however its bytes are cut and framed', () => {
          const whole = parts();
          const again = (pieces: Buffer[]) => assert.deepEqual(decodeBytes(adapter, pieces), whole);
          const bytes = frameEvents(events, framing);
          for (let seed = 1; seed <= 5; seed++) again(splitSeeded(bytes, seed));
          if (bytes.length < 10_000) again(splitEveryByte(bytes));
          for (const how of [
            { crlf: true },
            { bom: true },
            { comments: true },
            { noFinalNewline: true },
            { crlf: true, noFinalNewline: true },
          ])
            again(splitSeeded(frameEvents(events, framing, how), 9));
        });

        it('is an error when it is cut before its end', () => {
          const cut = frameEvents(events.slice(0, Math.max(1, Math.floor(events.length / 2))), framing);
          const collected = collectParts(decodeBytes(adapter, [cut]));
          assert.deepEqual(collected.complaints, []);
          assert.ok(collected.error, 'a cut stream passed for a whole one');
        });

        for (const target of DIALECTS)
          it(`becomes a legal ${target} stream`, () => {
            const reading = CHECKS[target](readEvents(encodeParts(target, parts())));
            assert.deepEqual(reading.complaints, []);
            assert.equal(reading.error, undefined);
            assert.equal(reading.text, expected.text);
            assert.equal(reading.reasoning, expected.reasoning);
            assert.deepEqual(parsed(reading.calls), parsed(expected.calls));
            if (expected.usage && reading.usage)
              assert.equal(
                readUsageTotals(target, reading.usage).input,
                readUsageTotals(dialect, expected.usage).input,
              );
          });
      });
    }

    for (const { name, body } of bodies) {
      if (body.error) continue;
      describe(`answer ${dialect}/${name}`, () => {
        const expected = readBody(dialect, body);

        it('gives its text, reasoning, calls, end and usage', () => {
          const response = adapter.decodeResponse(body, answerContext());
          const choice = response.choices[0];
          assert.ok(choice);
          const join = (type: 'text' | 'reasoning') =>
            choice.content.map((part) => (part.type === type ? part.text : '')).join('');
          assert.equal(join('text'), expected.text);
          assert.equal(join('reasoning'), expected.reasoning);
          const calls = choice.content.filter((part) => part.type === 'tool-call');
          assert.deepEqual(parsed(calls), parsed(expected.calls));
          assert.ok(choice.finish.reason);
          assert.equal(response.usage?.inputTokens, expected.usage.input);
          assert.ok((response.usage?.outputTokens ?? 0) >= expected.usage.output);
        });

        for (const target of DIALECTS)
          it(`becomes a ${target} answer`, () => {
            const response = adapter.decodeResponse(body, answerContext());
            const encoded = readBody(target, adapterOf(target).encodeResponse(response, replyContext()));
            assert.equal(encoded.text, expected.text);
            assert.equal(encoded.reasoning, expected.reasoning);
            assert.deepEqual(parsed(encoded.calls), parsed(expected.calls));
            assert.equal(encoded.usage.input, expected.usage.input);
            assert.ok(encoded.stop);
          });
      });
    }
  }

  it('reads when to retry from a 429 of Gemini', () => {
    const recording = readRecordings('gemini').bodies.find(({ name }) => name.includes('429'));
    assert.ok(recording);
    const error = adapterOf('gemini').decodeError(429, recording.body);
    assert.equal(error.kind, 'rate_limit');
    assert.ok(Math.abs((error.retryAfterSeconds ?? 0) - 34.4) < 1);
  });

  it('reads usage and the end of passed-through Responses streams', () => {
    const adapter = adapterOf('openai-responses');
    for (const { name, events } of readRecordings('openai-responses').streams) {
      const terminal = events.filter((event) => adapter.isTerminal(event));
      const failed = events.filter((event) => adapter.readStreamError(event));
      assert.ok(terminal.length + failed.length >= 1, `${name} has no end`);
      if (failed.length > 0) continue;
      const usage = events.map((event) => adapter.readUsage(JSON.parse(event.data))).filter(Boolean);
      assert.ok((usage.at(-1)?.inputTokens ?? 0) > 0, `${name} has no usage`);
    }
  });
});
