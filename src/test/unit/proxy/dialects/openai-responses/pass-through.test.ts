import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { openaiResponsesAdapter as adapter } from '../../../../../proxy/dialects/openai-responses/index';
import type { JsonObject } from '../../../../../shared/json';
import { readEvents } from '../../../../support/read-events';
import { readRecordings, whyNoRecordings } from '../../../../support/recordings';
import { skipBecause } from '../../../../support/skip-because';

describe('openai-responses: passed through', () => {
  const usage = {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 2 },
  };
  const payloads: [string, JsonObject, unknown][] = [
    [
      'a whole response',
      { usage },
      { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
    ],
    [
      'the last event',
      { type: 'response.completed', response: { usage } },
      { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
    ],
    ['an event without usage', { type: 'response.created', response: { usage: null } }, undefined],
  ];
  for (const [name, payload, expected] of payloads) {
    it(`reads usage from ${name}`, () => {
      assert.deepEqual(adapter.readUsage(payload), expected);
    });
  }

  const ends: [string, boolean][] = [
    ['response.completed', true],
    ['response.incomplete', true],
    ['response.failed', true],
    ['response.created', false],
    ['response.output_text.delta', false],
    ['error', false],
  ];
  for (const [type, expected] of ends) {
    it(`takes ${type} for ${expected ? 'an' : 'no'} end, by name or by data`, () => {
      assert.equal(adapter.isTerminal({ event: type, data: '{}' }), expected);
      assert.equal(adapter.isTerminal({ data: JSON.stringify({ type }) }), expected);
    });
  }

  const failures: [string, JsonObject][] = [
    [
      'an error event with an object',
      { type: 'error', error: { type: 'tokens', code: 'rate_limit_exceeded', message: 'slow' } },
    ],
    [
      'an error event with fields of its own',
      { type: 'error', code: 'rate_limit_exceeded', message: 'slow', param: null },
    ],
    [
      'a failed response',
      { type: 'response.failed', response: { error: { code: 'rate_limit_exceeded', message: 'slow' } } },
    ],
  ];
  for (const [name, data] of failures) {
    it(`reads the error of ${name}`, () => {
      const info = adapter.readStreamError({ event: String(data.type), data: JSON.stringify(data) });
      assert.deepEqual(
        [info?.status, info?.kind, info?.message, info?.code],
        [429, 'rate_limit', 'slow', 'rate_limit_exceeded'],
      );
    });
  }

  it('ends a broken stream as OpenAI does, with the wait in the words that Codex reads', () => {
    const written = adapter.encodeStreamError({
      status: 429,
      kind: 'rate_limit',
      message: 'Slow down.',
      retryAfterSeconds: 3,
      requestId: 'r1',
    });
    const [first, second, ...others] = readEvents(written);
    assert.deepEqual([first?.event, second?.event, others], ['error', 'response.failed', []]);
    const failed = JSON.parse(second?.data ?? '') as { response: JsonObject };
    assert.equal(failed.response.id, 'resp_r1');
    assert.equal(failed.response.status, 'failed');
    assert.deepEqual(failed.response.error, {
      code: 'rate_limit_exceeded',
      message: 'Slow down. Please try again in 3s.',
    });
    assert.equal(adapter.isTerminal({ event: second?.event ?? '', data: second?.data ?? '' }), true);
  });

  it('makes the official SDK throw in the middle of a stream', async () => {
    const written = adapter.encodeStreamError({ status: 503, kind: 'overloaded', message: 'busy' });
    const answer = new Response(written, { headers: { 'content-type': 'text/event-stream' } });
    const client = new OpenAI({
      apiKey: 'none',
      baseURL: 'http://127.0.0.1:9',
      fetch: () => Promise.resolve(answer),
    });
    const stream = await client.responses.create({ model: 'm', input: 'hi', stream: true });
    await assert.rejects(
      async () => {
        for await (const event of stream) assert.fail(event.type);
      },
      (error) => error instanceof OpenAI.APIError && error.code === 'server_is_overloaded',
    );
  });

  it('finds usage and exactly one end in every recorded stream, and the error where there is one', function () {
    const missing = whyNoRecordings();
    if (missing) skipBecause(this, missing);
    const { streams, bodies } = readRecordings('openai-responses');
    assert.ok(streams.length > 0);
    for (const { name, events } of streams) {
      // A recording may hold several answers, one per turn.
      const answers = events.filter(({ event }) => event === 'response.created').length;
      assert.equal(events.filter((event) => adapter.isTerminal(event)).length, answers, name);
      const failed = events.some((event) => adapter.readStreamError(event)?.code === 'insufficient_quota');
      assert.equal(failed, name.startsWith('openai-error'), name);
      const counts = events
        .map(({ data }) => adapter.readUsage(JSON.parse(data) as JsonObject))
        .filter(Boolean);
      assert.equal(counts.length, failed ? 0 : answers, name);
    }
    for (const { name, body } of bodies) {
      if (body.error) assert.equal(adapter.decodeError(429, body).kind, 'billing', name);
      else assert.ok((adapter.readUsage(body)?.outputTokens ?? 0) > 0, name);
    }
  });
});
