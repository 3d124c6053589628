import assert from 'node:assert/strict';
import {
  COMPACTION_MARK,
  makeCompaction,
  readCompaction,
} from '../../../../../proxy/dialects/openai-responses/compaction';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { decodeFinish } from '../../../../../proxy/dialects/openai-responses/map-stop-reason';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';

describe("openai-responses: what OpenAI must not get of Portside's", () => {
  it('takes out reasoning of other providers and gives compactions as words', () => {
    const kept: JsonObject[] = [
      { role: 'user', content: 'hi' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
      { type: 'compaction', id: 'cmp_0', encrypted_content: 'gAAAA' },
    ];
    const foreign = { type: 'reasoning', summary: [], encrypted_content: wrapMetadata({ gemini: { a: 1 } }) };
    const body: JsonObject = { input: [...kept, foreign, makeCompaction('So far.', 'cmp_1'), 'text'] };
    openaiResponsesAdapter.dropEnvelopes(body);
    assert.deepEqual(body.input, [
      ...kept,
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'Summary of the conversation so far:\n\nSo far.' }],
      },
      'text',
    ]);
    const plain: JsonObject = { input: 'hi' };
    openaiResponsesAdapter.dropEnvelopes(plain);
    assert.deepEqual(plain, { input: 'hi' });
  });

  it('knows its own compactions by their beginning', () => {
    const item = makeCompaction('Grüße 👋', 'cmp_1');
    assert.ok(String(item.encrypted_content).startsWith(COMPACTION_MARK));
    assert.equal(readCompaction(item), 'Grüße 👋');
    assert.equal(readCompaction({ type: 'compaction', encrypted_content: 'gAAAA' }), undefined);
    assert.equal(
      readCompaction({ type: 'compaction', encrypted_content: `${COMPACTION_MARK}%%` }),
      undefined,
    );
    assert.equal(readCompaction({ type: 'compaction' }), undefined);
  });
});

describe('openai-responses: how an answer ended', () => {
  it('is read from status, details and content', () => {
    const read = (response: JsonObject, calls = false, refused = false) =>
      decodeFinish(response, { calls, refused }).reason;
    assert.equal(read({ status: 'completed' }), 'stop');
    assert.equal(read({ status: 'completed' }, true), 'tool-calls');
    assert.equal(read({ status: 'completed' }, false, true), 'refusal');
    assert.equal(
      read({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, true),
      'length',
    );
    assert.equal(
      read({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
      'content-filter',
    );
    assert.equal(read({ status: 'incomplete', incomplete_details: { reason: 'weather' } }), 'other');
    assert.equal(read({ status: 'incomplete', incomplete_details: null }), 'length');
  });
});
