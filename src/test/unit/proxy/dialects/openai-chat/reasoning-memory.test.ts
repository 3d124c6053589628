import assert from 'node:assert/strict';
import {
  recallReasoning,
  rememberReasoning,
} from '../../../../../proxy/dialects/openai-chat/reasoning-memory';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';

const thought = (text: string) => ({ field: 'reasoning_content' as const, text });
const called = (id: string, input: string) => ({ call: { id, input }, text: '' });

describe('the memory of reasoning_content', () => {
  it('knows an answer by its first call, or by its text', () => {
    const store = createSignatureStore();
    rememberReasoning(store, called('call_1', '{"a":1}'), thought('for the call'));
    rememberReasoning(store, { call: undefined, text: 'Hello.' }, thought('for the text'));
    assert.deepEqual(recallReasoning(store, called('call_1', '{ "a": 1.0 }')), thought('for the call'));
    assert.deepEqual(recallReasoning(store, { call: undefined, text: ' Hello.' }), thought('for the text'));
    assert.equal(recallReasoning(store, called('call_2', '{"a":1}')), undefined);
  });

  it('tells conversations apart whose server counts its ids anew', () => {
    const store = createSignatureStore();
    rememberReasoning(store, called('functions.f:0', '{"a":1}'), thought('one'));
    rememberReasoning(store, called('functions.f:0', '{"a":2}'), thought('other'));
    assert.deepEqual(recallReasoning(store, called('functions.f:0', '{"a":1}')), thought('one'));
    assert.deepEqual(recallReasoning(store, called('functions.f:0', '{"a":2}')), thought('other'));
  });

  it('gives the last one of the id when a client has changed the arguments', () => {
    const store = createSignatureStore();
    rememberReasoning(store, called('call_1', '{"a":1'), thought('one'));
    assert.deepEqual(recallReasoning(store, called('call_1', '{"input":"{\\"a\\":1"}')), thought('one'));
  });

  it('keeps details as they came, and nothing where there is nothing', () => {
    const store = createSignatureStore();
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    rememberReasoning(store, called('a', '{}'), { ...thought(''), details });
    assert.deepEqual(recallReasoning(store, called('a', '{}')), { ...thought(''), details });
    rememberReasoning(store, called('b', '{}'), thought(''));
    assert.equal(recallReasoning(store, called('b', '{}')), undefined);
  });
});
