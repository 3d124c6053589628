import assert from 'node:assert/strict';
import type { StopReason } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import {
  START,
  FINISH,
  clientContexts,
  complaintsOf,
  encodeParts,
  eventsOf,
  finalOf,
  readWithSdk,
  streamOf,
} from './client-side';

describe('openai-responses: the end of a stream', () => {
  it('says why an answer is incomplete, and which item is', () => {
    const ends: [StopReason, string, JsonObject | null][] = [
      ['length', 'incomplete', { reason: 'max_output_tokens' }],
      ['content-filter', 'incomplete', { reason: 'content_filter' }],
      ['refusal', 'incomplete', { reason: 'content_filter' }],
      ['stop', 'completed', null],
      ['stop-sequence', 'completed', null],
      ['tool-calls', 'completed', null],
      ['pause', 'completed', null],
      ['malformed-tool-call', 'completed', null],
      ['other', 'completed', null],
    ];
    for (const [reason, status, details] of ends) {
      const contexts = clientContexts();
      const written = streamOf([{ type: 'text', text: 'Hal' }], {}, reason, contexts);
      const final = finalOf(written);
      assert.deepEqual([final.status, final.incomplete_details], [status, details], reason);
      assert.equal(eventsOf(written).at(-1)?.type, `response.${status}`);
      assert.equal((final.output as JsonObject[])[0]?.status, status);
      assert.deepEqual(contexts.completed, [final]);
      assert.deepEqual(complaintsOf(written), []);
    }
  });

  it('fails where the context was too small, with the code that makes Codex compact', () => {
    const written = streamOf([{ type: 'text', text: 'Hal' }], {}, 'context-length');
    const last = eventsOf(written).at(-1);
    assert.equal(last?.type, 'response.failed');
    assert.equal(((last.response as JsonObject).error as JsonObject).code, 'context_length_exceeded');
  });

  it('never takes half an answer for the whole', () => {
    const contexts = clientContexts();
    const written = encodeParts(
      [START, { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', text: 'Hal' }],
      {},
      contexts,
    );
    assert.deepEqual(
      eventsOf(written)
        .slice(-2)
        .map(({ type }) => type),
      ['error', 'response.failed'],
    );
    assert.deepEqual(contexts.completed, []);
  });

  it('tells an error with the right numbers and the id of the response', async () => {
    const contexts = clientContexts();
    const written = encodeParts(
      [
        START,
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', text: 'Hal' },
        {
          type: 'error',
          error: { status: 429, kind: 'rate_limit', message: 'Slow down.', retryAfterSeconds: 3 },
        },
        FINISH,
      ],
      {},
      contexts,
    );
    const events = eventsOf(written);
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    const [error, failed] = events.slice(-2);
    assert.equal(error?.type, 'error');
    assert.equal(error.code, 'rate_limit_exceeded');
    const response = failed?.response as JsonObject;
    assert.deepEqual(
      [failed?.type, response.id, response.status, response.error],
      [
        'response.failed',
        'resp_up',
        'failed',
        { code: 'rate_limit_exceeded', message: 'Slow down. Please try again in 3s.' },
      ],
    );
    assert.deepEqual(contexts.completed, []);
    await assert.rejects(readWithSdk(written), /Slow down/);
  });

  it('closes what the parts left open', () => {
    const written = encodeParts([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', text: 'b' },
      { type: 'tool-input-start', id: 'c', name: 'f', kind: 'function' },
      { type: 'tool-input-delta', id: 'c', text: '{"x":' },
      { type: 'finish', finish: { reason: 'length' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
    const final = finalOf(written);
    assert.deepEqual(
      (final.output as JsonObject[]).map(({ type, status }) => [type, status]),
      [
        ['message', 'completed'],
        ['reasoning', undefined],
        ['function_call', 'incomplete'],
      ],
    );
    assert.deepEqual(final.usage, {
      input_tokens: 0,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 0,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 0,
    });
  });
});
